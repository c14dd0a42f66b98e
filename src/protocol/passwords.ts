// Passwords of people: argon2id (RFC 9106), with the parameters OWASP recommends.

import { hash, verify } from '@node-rs/argon2';
import { randomToken } from './secrets.ts';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** A hash to keep, in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Whether a string is a hash that `verifyPassword` understands. */
export function isPasswordHash(value: string): boolean {
  return /^\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(value);
}

let decoy: Promise<string> | undefined;

/**
 * Whether a password is the one a hash was made from. Where there is no hash (no such user, or one
 * who signs in elsewhere) it does the same work and says no.
 */
export async function verifyPassword(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  if (passwordHash !== undefined) return verify(passwordHash, password);
  decoy ??= hashPassword(randomToken());
  await verify(await decoy, password);
  return false;
}

/**
 * Characters of a new password at the least: where nothing else is asked for, NIST SP 800-63B-4
 * section 3.1.1.2 wants 15.
 */
export const MIN_PASSWORD_LENGTH = 15;

/** Of these a new password needs some that are neither somebody's name nor next in a row. */
const MIN_UNEXPECTED = 8;

/** What fingers and minds run along. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Longest piece that is looked for again and again. */
const MAX_PIECE = 10;

/**
 * What is wrong with a new password, if anything: it is short, or among the first that are tried.
 *
 * @param names of the person: what everybody would try
 */
export function newPasswordProblem(
  password: string,
  names: readonly string[],
): 'short' | 'easy' | undefined {
  const characters = [...password.toLowerCase()];
  // Each code point counts as one, as the section has it.
  if (characters.length < MIN_PASSWORD_LENGTH) return 'short';
  for (let piece = 1; piece <= MAX_PIECE; piece += 1) {
    if (characters.every((character, at) => character === characters[at % piece])) return 'easy';
  }
  const words = [
    'password',
    ...names.flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u)),
  ];
  const rest = words
    .filter((word) => word.length > 2)
    .reduce((text, word) => text.replaceAll(word, ' '), characters.join(''));
  const unexpected = [...rest].filter((character, at, all) => !isExpected(character, all[at - 1]));
  return unexpected.length < MIN_UNEXPECTED ? 'easy' : undefined;
}

/** Whether a character says nothing new after the one before it. */
function isExpected(character: string, before = ''): boolean {
  if (/\s/.test(character) || character === before) return true;
  return ROWS.some((row) => row.includes(before + character) && before !== '');
}
