// Tests of the contract, as those who write a store read them: what fails says where its promise is
// written, what keeps it, and what usually breaks it.

import { it } from 'node:test';

const PACKAGE = 'express-authorization-server/store';

/** What the running test has done to the store that a store often does not bear. */
const strains = new Set<string>();

/** Notes a strain; it is named if the test fails. */
export function strained(advice: string): void {
  strains.add(advice);
}

/**
 * `it` for tests of one part of the port.
 *
 * @param nouns the types that promise it in their comments
 * @param rules the functions that keep it, if a store uses them
 */
export function promised(nouns: readonly string[], rules: readonly string[] = []): Test {
  const advice = [
    `Promised in the comments of ${nouns.join(', ')} (${PACKAGE}).`,
    ...(rules.length === 0 ? [] : [`Rules that keep it: ${rules.join(', ')} (${PACKAGE}).`]),
  ];
  return (title, run) =>
    void it(title, async () => {
      strains.clear();
      try {
        await run();
      } catch (error) {
        throw advised(error, [...advice, ...strains]);
      }
    });
}

type Test = (title: string, run: () => Promise<void>) => void;

/** The same error with advice at the end of its message, and of the message in its stack. */
function advised(error: unknown, advice: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack = '' } = error;
  error.message = [message, '', ...advice].join('\n');
  error.stack = stack.replace(message, () => error.message);
  return error;
}
