// Before something is done that cannot be taken back.

import { CommandError } from './errors.ts';
import type { Operator } from './operator.ts';
import { harmless } from './output.ts';

/** The option by which nobody is asked. */
export const YES = ['-y, --yes', 'do not ask for confirmation'] as const;

/**
 * Asks whether it is meant, unless the operator has said so.
 *
 * @throws CommandError if it is not, or if nobody can be asked
 */
export async function assertMeant(
  { terminal }: Pick<Operator, 'terminal'>,
  question: string,
  { yes = false }: { readonly yes?: boolean | undefined },
): Promise<void> {
  if (yes) return;
  if (!terminal.isInteractive) {
    throw new CommandError('Nothing was done: without a terminal nobody can be asked. Add --yes.');
  }
  const answer = await terminal.ask(harmless(`${question} [y/N]`));
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was done.');
}
