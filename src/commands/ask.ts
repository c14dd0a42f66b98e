// Passwords that an operator gives to people: typed at a terminal, or read from standard input. An argument
// could be seen by everybody on the machine.

import { Option } from 'commander';
import { CommandError, UsageError } from './errors.ts';
import type { Operator } from './operator.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
  readonly passwordHashStdin?: boolean;
}

export const FROM_INPUT = [
  new Option('--password-stdin', 'read the password from standard input').conflicts(
    'passwordHashStdin',
  ),
  new Option('--password-hash-stdin', 'read the hash of a password, as a seed has it'),
];

/**
 * The password, or its hash, as an entry of a user has it.
 *
 * @throws UsageError if nobody can be asked for it
 * @throws CommandError if it was typed in two ways
 */
export async function readPassword(
  { terminal }: Pick<Operator, 'terminal'>,
  { passwordStdin, passwordHashStdin }: PasswordOptions,
): Promise<{ readonly password: string } | { readonly password_hash: string }> {
  if (passwordStdin || passwordHashStdin) {
    const given = (await terminal.readInput()).replace(/\r?\n$/, '');
    return passwordStdin ? { password: given } : { password_hash: given };
  }
  if (!terminal.isInteractive) {
    throw new UsageError(
      'There is no terminal in which to ask for the password. Add --password-stdin.',
    );
  }
  const password = await terminal.askSecret('Password');
  if ((await terminal.askSecret('The same again')) !== password) {
    throw new CommandError('The two are not the same. Nothing was done.');
  }
  return { password };
}
