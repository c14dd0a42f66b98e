// Many callers at once, and what they were answered.

import { strained } from './promised.ts';

export const CALLERS = 50;

/** Many callers, started together. */
export function race<T>(call: (caller: number) => Promise<T>): Promise<T[]> {
  strained(
    `${CALLERS} callers were started together: what a verb reads and writes has to be one transaction.`,
  );
  return Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
}

/** The same calls, of which each caller begins with another one. */
export function inTurn<T>(calls: readonly T[], caller: number): T[] {
  const turn = caller % calls.length;
  return [...calls.slice(turn), ...calls.slice(0, turn)];
}

/** Does something once half of the callers have begun, and before the others do. */
export async function amid<T>(
  callers: readonly (readonly (() => Promise<unknown>)[])[],
  act: () => Promise<T>,
): Promise<T> {
  const half = callers.length / 2;
  const run = (some: typeof callers) => some.flatMap((calls) => calls.map((call) => call()));
  const before = run(callers.slice(0, half));
  const done = act();
  await Promise.all([...before, done, ...run(callers.slice(half))]);
  return done;
}

/** What the outcomes were, and how many had each. */
export function tally(answers: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export const trues = (answers: readonly boolean[]) => answers.filter(Boolean).length;
