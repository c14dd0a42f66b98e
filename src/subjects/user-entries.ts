// Users as people write them down, in a seed or in code, and the records that become of them.

import { z } from 'zod';
import { text } from '../clients/metadata.ts';
import { type Checked, check } from '../clients/problems.ts';
import { costProblem, HASH_FORMS, isPasswordHash } from '../protocol/password-hashes.ts';
import { hashPassword } from '../protocol/passwords.ts';
import type { User } from '../types.ts';

const userEntry = z.strictObject({
  id: text.optional(),
  username: text,
  password: z
    .string({ error: 'must be a string' })
    .min(1, 'must not be empty')
    .max(1024, 'is too long')
    .optional(),
  password_hash: z
    .string({ error: 'must be a string' })
    .refine(isPasswordHash, `must be a hash like ${HASH_FORMS}`)
    .refine((hash) => costProblem(hash) === undefined, {
      error: ({ input }) => costProblem(String(input)) ?? '',
    })
    .optional(),
  name: text.optional(),
  email: z.email({ error: 'must be an e-mail address' }).optional(),
});

/** A user as a seed file has it. */
export type UserEntry = z.output<typeof userEntry>;

/** The same as it is written down. */
export type UserInput = z.input<typeof userEntry>;

/** The names of all fields. */
export const userFields: readonly string[] = Object.keys(userEntry.shape);

/** Checks a user. @param plain as it comes from JSON */
export function readUserEntry(plain: unknown): Checked<UserEntry> {
  const checked = check(userEntry, plain);
  const { password, password_hash } = Object(plain);
  if ((password === undefined) !== (password_hash === undefined)) return checked;
  const either = { field: '', problem: 'needs either password or password_hash' };
  return { problems: [...checked.problems, either] };
}

/** The id of a user, which is the username if there is no other. */
export function userIdOf({ id, username }: Pick<UserEntry, 'id' | 'username'>): string {
  return id ?? username;
}

/** The record of a user; a password in the clear is hashed for it. */
export async function toUser(entry: UserEntry): Promise<User> {
  return {
    id: userIdOf(entry),
    username: entry.username,
    name: entry.name ?? entry.username,
    email: entry.email,
    passwordHash: entry.password_hash ?? (await hashPassword(entry.password!)),
  };
}
