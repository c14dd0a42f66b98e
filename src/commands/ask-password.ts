// Passwords that an operator gives to people: typed at a terminal, or read from standard input. An argument
// could be seen by everybody on the machine.

import { Option } from 'commander';
import { MIN_PASSWORD_LENGTH, newPasswordProblem } from '../protocol/passwords.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Operator } from './operator.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
  readonly passwordHashStdin?: boolean;
}

/** A password, or its hash, as an entry of a user has it. */
type GivenPassword = { readonly password: string } | { readonly password_hash: string };

export const FROM_INPUT = [
  new Option('--password-stdin', 'read the password from standard input').conflicts([
    'passwordHashStdin',
    'password',
  ]),
  new Option('--password-hash-stdin', 'read the hash of a password, as a seed has it').conflicts(
    'password',
  ),
];

/**
 * Asks for a password, or reads it from standard input.
 *
 * @throws UsageError if nobody can be asked for it
 * @throws CommandError if it was typed in two ways
 */
export async function readPassword(
  { terminal }: Pick<Operator, 'terminal'>,
  { passwordStdin, passwordHashStdin }: PasswordOptions,
): Promise<GivenPassword> {
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

/**
 * Tells the operator if the account page would refuse the password that was set, and why. It is set all the
 * same, as its person may be about to change it.
 *
 * @param names of the person
 */
export function tellWeakness(
  { terminal }: Pick<Operator, 'terminal'>,
  secret: GivenPassword,
  names: readonly (string | undefined)[],
): void {
  if (!('password' in secret)) return;
  const known = names.filter((name) => name !== undefined);
  const problem = newPasswordProblem(secret.password, known);
  if (problem === undefined) return;
  const what =
    problem === 'short'
      ? `it has fewer than ${MIN_PASSWORD_LENGTH} characters`
      : 'it is among the first that are tried';
  terminal.tell(`The password is set, but nobody could choose it at the account page: ${what}.`);
}
