// Passwords of people: argon2id (RFC 9106), with the parameters OWASP recommends. A hash from elsewhere
// is verified in its own form (password-hashes.ts), and then replaced by one of ours.

import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, type Options } from '@node-rs/argon2';
import { decoysOf, isOfWhole, passwordKind, saltOf, verifyHash } from './password-hashes.ts';
import { Turns } from './turns.ts';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } satisfies Options;

/** The kind that new hashes are of: what stands before the salt. */
export const TODAYS_KIND = `$argon2id$v=19$m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}$`;

/** https://docs.libuv.org/en/v1.x/threadpool.html */
const POOL = Number(process.env['UV_THREADPOOL_SIZE']) || 4;

/**
 * Passwords that are hashed at a time. One core is left for everything else, and one thread of the
 * pool, which DNS and the signatures of clients need too.
 */
export const HASHING_WIDTH = Math.max(1, Math.min(availableParallelism(), POOL) - 1);

/** One for the process, as the pool is. */
const turns = new Turns(HASHING_WIDTH);

/**
 * A password in the form that is hashed: keyboards differ in whether they send an accent as a
 * character of its own (NIST SP 800-63B-4 section 3.1.1.2).
 */
const normalized = (password: string) => password.normalize('NFC');

/** Whether two passwords are one, perhaps typed on two keyboards. */
export function samePassword(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

/** A hash to keep, in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return turns.take(() => hash(normalized(password), OPTIONS));
}

/** A hash that no password has, of somebody who has none yet. */
export function randomPasswordHash(): string {
  const made = bare(randomBytes(32));
  return `${TODAYS_KIND}${markOf(made)}$${made}`;
}

/** Whether a hash is one of these. */
export function isRandomPasswordHash(passwordHash: string): boolean {
  const [salt, made] = passwordHash.split('$').slice(-2);
  return made !== undefined && salt === markOf(made);
}

const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** A salt by which such a hash is recognised. That a password has it by chance takes 2^128 attempts. */
const markOf = (made: string) => bare(createHash('sha256').update(made).digest().subarray(0, 16));

/**
 * The same password hashed as new ones are, with the salt it has; `undefined` if it is already, or if
 * only the beginning of it has been checked.
 *
 * @param password the right one
 */
export async function rehashPassword(
  passwordHash: string,
  password: string,
): Promise<string | undefined> {
  const salt = saltOf(passwordHash);
  if (salt === undefined || passwordKind(passwordHash) === TODAYS_KIND) return undefined;
  // bcrypt compared only the beginning; a new hash of another ending would lock the person out.
  if (!isOfWhole(passwordHash, password)) return undefined;
  const options = { ...OPTIONS, salt };
  return turns.take(() => hash(normalized(password), options));
}

/**
 * Whether a password is the one a hash was made from, as it was typed or normalized: a hash that came
 * from elsewhere may be of either. If it is not, or if there is no hash (no such user, or one who
 * signs in elsewhere), the work is the same for all.
 *
 * @param kinds of hashes that people have
 */
export function verifyPassword(
  passwordHash: string | undefined,
  password: string,
  kinds: readonly string[],
): Promise<boolean> {
  return turns.take(async () => {
    const spellings = [...new Set([password, normalized(password)])];
    for (const spelling of spellings) {
      if (passwordHash !== undefined && (await verifyHash(passwordHash, spelling))) return true;
      for (const decoy of decoysBeside(passwordHash, kinds)) await verifyHash(decoy, spelling);
    }
    return false;
  });
}

/**
 * What a wrong password is hashed by besides its own hash, so that whose hash it was cannot be told
 * from the time: one hash of every other kind.
 *
 * @param kinds of hashes that people have
 */
export function decoysBeside(passwordHash: string | undefined, kinds: readonly string[]): string[] {
  const own = passwordHash === undefined ? undefined : passwordKind(passwordHash);
  return decoysOf([TODAYS_KIND, ...kinds], own);
}

/**
 * Characters of a new password at the least: NIST SP 800-63B-4 section 3.1.1.2 wants 15 if nothing
 * else is asked for.
 */
export const MIN_PASSWORD_LENGTH = 15;

/** Characters of a new password, at the least, that are neither of a name nor next in a row. */
const MIN_UNEXPECTED = 8;

/** Rows of the alphabet and of the keyboard. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Longest piece whose repetition is not a password, in characters. */
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
  const characters = [...normalized(password).toLowerCase()];
  // Each code point counts as one, as the section has it.
  if (characters.length < MIN_PASSWORD_LENGTH) return 'short';
  for (let piece = 1; piece <= MAX_PIECE; piece += 1) {
    if (characters.every((character, at) => character === characters[at % piece])) return 'easy';
  }
  const words = [
    'password',
    ...names.flatMap((name) =>
      normalized(name)
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    ),
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
