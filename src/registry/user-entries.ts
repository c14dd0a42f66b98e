// Users as people write them down, in a seed or in code, and the records made from them.

import { name } from '../clients/metadata-values.ts';
import { claimProblem, PERSON_CLAIMS, type PersonClaims, sizeProblem } from '../protocol/claims.ts';
import { userIdProblem } from '../protocol/names.ts';
import { costProblem, HASH_FORMS, isPasswordHash } from '../protocol/password-hashes.ts';
import { hashPassword } from '../protocol/passwords.ts';
import { type Checked, type Problem, those } from '../protocol/problems.ts';
import {
  check,
  fields,
  must,
  optional,
  partial,
  type Schema,
  string,
  trueOrFalse,
  type ValueOf,
  value,
  type WrittenOf,
} from '../protocol/schema.ts';
import type { JsonObject, User } from '../types.ts';

/** What is known of a user besides what the record has fields for: the username is `preferred_username`. */
export type FurtherClaims = Omit<PersonClaims, 'name' | 'email' | 'preferred_username'>;

/** The names of these. */
export const FURTHER_CLAIMS = PERSON_CLAIMS.filter(
  (name): name is keyof FurtherClaims => !['name', 'email', 'preferred_username'].includes(name),
);

const claimFields = Object.fromEntries(
  FURTHER_CLAIMS.map((name) => [name, optional(value((given) => claimProblem(name, given)))]),
) as object as { [Name in keyof FurtherClaims]-?: Schema<FurtherClaims[Name]> };

/** RFC 5321 section 4.5.3.1.3, without the angle brackets. */
const MAX_EMAIL = 254;

/** What a browser takes in a field for an e-mail address (HTML, valid e-mail address). */
function isEmail(given: string): boolean {
  if (given.length > MAX_EMAIL) return false;
  const [local = '', domain = '', ...more] = given.split('@');
  const isLabel = (label: string) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label);
  return (
    more.length === 0 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local) &&
    domain.split('.').every(isLabel)
  );
}

const userEntry = {
  id: optional(value<string>(userIdProblem)),
  username: name,
  password: optional(
    string(
      must((given: string) => given.length > 0, 'must not be empty'),
      must((given: string) => given.length <= 1024, 'is too long'),
      // A browser takes none in its field for a password (HTML, type=password).
      must((given: string) => !/[\r\n]/.test(given), 'must not have a line break in it'),
    ),
  ),
  password_hash: optional(
    string(must(isPasswordHash, `must be a hash like ${HASH_FORMS}`), (given) =>
      costProblem(given as string),
    ),
  ),
  name: optional(name),
  email: optional(string(must(isEmail, 'must be an e-mail address'))),
  disabled: optional(trueOrFalse),
  ...claimFields,
};

const wholeEntry = fields(userEntry);

/** A user as a seed file has it. */
export type UserEntry = ValueOf<typeof wholeEntry>;

/** A user as somebody writes it down: what may be left out may be absent. */
export type UserInput = WrittenOf<typeof wholeEntry>;

/** The names of all fields. */
export const userFields: readonly string[] = Object.keys(userEntry);

/** Checks a user. @param plain as it comes from JSON */
export function readUserEntry(plain: unknown): Checked<UserEntry> {
  const checked = check(wholeEntry, plain);
  const { password, password_hash } = Object(plain);
  const problems = [
    ...checked.problems,
    ...(checked.value === undefined ? [] : asAWhole(checked.value)),
    ...those([
      (password === undefined) === (password_hash === undefined),
      '',
      'needs either password or password_hash',
    ]),
  ];
  return problems.length === 0 ? checked : { problems };
}

/** What is wrong with a user whose fields are right, each by itself. */
function asAWhole(entry: UserEntry): readonly Problem[] {
  const tooMuch = sizeProblem(claimsOf(entry) ?? {});
  const noId = entry.id === undefined ? userIdProblem(entry.username) : undefined;
  return those(
    [tooMuch !== undefined, '', tooMuch ?? ''],
    [noId !== undefined, 'id', `is left out, and cannot be the username, which ${noId}`],
  );
}

/** What is wrong with some of the fields of a user, each by itself. */
export function userProblems(plain: unknown): readonly Problem[] {
  return check(fields(partial(userEntry)), plain).problems;
}

/** The id of a user, which is the username if there is no other. */
export function userIdOf({ id, username }: Pick<UserEntry, 'id' | 'username'>): string {
  return id ?? username;
}

/** What is known of a user besides what the record has fields for; `undefined` if that is nothing. */
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
