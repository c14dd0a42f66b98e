// What the --help of a command says besides its options.

import type { Command } from 'commander';

/** What an operator types before a command. */
export const PROGRAM = 'express-authorization-server';

/**
 * Adds examples to the help of a command.
 *
 * @param lines what is typed, without the name of the program
 */
export function examples(command: Command, ...lines: readonly string[]): Command {
  const typed = lines.map((line) => `  ${PROGRAM} ${line}`).join('\n');
  return command.addHelpText('after', `\nExamples:\n${typed}`);
}
