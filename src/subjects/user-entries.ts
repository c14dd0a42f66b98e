// Users as people write them down, in a seed or in code, and the records that become of them.

import { z } from 'zod';
import { name } from '../clients/metadata.ts';
import { type Checked, check, type Problem } from '../clients/problems.ts';
import { claimProblem, PERSON_CLAIMS, type PersonClaims, sizeProblem } from '../protocol/claims.ts';
import { MAX_ID } from '../protocol/names.ts';
import { costProblem, HASH_FORMS, isPasswordHash } from '../protocol/password-hashes.ts';
import { hashPassword } from '../protocol/passwords.ts';
import type { JsonObject, User } from '../types.ts';

/** What is known of a user beside what the record has fields for: the username is `preferred_username`. */
export type FurtherClaims = Omit<PersonClaims, 'name' | 'email' | 'preferred_username'>;

/** The names of these. */
export const FURTHER_CLAIMS = PERSON_CLAIMS.filter(
  (name): name is keyof FurtherClaims => !['name', 'email', 'preferred_username'].includes(name),
);

const claimFields = Object.fromEntries(
  FURTHER_CLAIMS.map((name) => {
    const isSound = (value: unknown) => claimProblem(name, value) === undefined;
    const error = ({ input }: { input?: unknown }) => claimProblem(name, input) ?? '';
    return [name, z.custom(isSound, { error }).optional()] as const;
  }),
) as object as { [Name in keyof FurtherClaims]-?: Field<FurtherClaims[Name]> };
type Field<Value> = z.ZodOptional<z.ZodType<Value, Value>>;

const fields = z.strictObject({
  id: name.optional(),
  username: name,
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
  name: name.optional(),
  email: z.email({ error: 'must be an e-mail address' }).optional(),
  disabled: z.boolean({ error: 'must be true or false' }).optional(),
  ...claimFields,
});

const tooMuch = (entry: FurtherClaims) => sizeProblem(claimsOf(entry) ?? {});

const userEntry = fields
  .refine((entry) => tooMuch(entry) === undefined, {
    error: ({ input }) => tooMuch(input as UserEntry) ?? '',
  })
  // An id is one character shorter than a name, which is the id of whoever has no other.
  .refine((entry) => userIdOf(entry).length !== MAX_ID + 1, { path: ['id'], error: 'is too long' });

/** A user as a seed file has it. */
export type UserEntry = z.output<typeof fields>;

/** The same as it is written down. */
export type UserInput = z.input<typeof fields>;

/** The names of all fields. */
export const userFields: readonly string[] = Object.keys(fields.shape);

/** Checks a user. @param plain as it comes from JSON */
export function readUserEntry(plain: unknown): Checked<UserEntry> {
  const checked = check(userEntry, plain);
  const { password, password_hash } = Object(plain);
  if ((password === undefined) !== (password_hash === undefined)) return checked;
  const either = { field: '', problem: 'needs either password or password_hash' };
  return { problems: [...checked.problems, either] };
}

/** What is wrong with some of the fields of a user, each by itself. */
export function userProblems(plain: unknown): readonly Problem[] {
  return check(fields.partial(), plain).problems;
}

/** The id of a user, which is the username if there is no other. */
export function userIdOf({ id, username }: Pick<UserEntry, 'id' | 'username'>): string {
  return id ?? username;
}

/** What is known of a user beside what the record has fields for; `undefined` if that is nothing. */
export function claimsOf(from: FurtherClaims): JsonObject | undefined {
  const known = FURTHER_CLAIMS.filter((name) => from[name] !== undefined);
  if (known.length === 0) return undefined;
  return Object.fromEntries(known.map((name) => [name, from[name]])) as JsonObject;
}

/** The record of a user; a password in the clear is hashed for it. */
export async function toUser(entry: UserEntry): Promise<User> {
  return {
    id: userIdOf(entry),
    username: entry.username,
    name: entry.name ?? entry.username,
    email: entry.email,
    claims: claimsOf(entry),
    passwordHash: entry.password_hash ?? (await hashPassword(entry.password!)),
    disabledAt: entry.disabled ? Date.now() : undefined,
  };
}
