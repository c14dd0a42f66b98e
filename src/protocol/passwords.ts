// Passwords of people: argon2id (RFC 9106), with the parameters OWASP recommends.

import { availableParallelism } from 'node:os';
import { hash, type Options, verify } from '@node-rs/argon2';
import { sha256 } from './secrets.ts';
import { Turns } from './turns.ts';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } satisfies Options;

/** A hash in the PHC string format: its kind, its salt, and what came of them. */
const PHC =
  /^(\$argon2(?:id|i|d)\$v=(?:16|19)\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,10})\$)([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** The minimum lengths of the salt and the hash, in bytes (RFC 9106 section 3.1). */
const LEAST_SALT = 8;
const LEAST_HASH = 4;

/** What a hash may cost at the most: a GiB (in KiB), passes, and lanes. Each login pays it. */
const MOST_COSTS = [1024 * 1024, 64, 64] as const;

/** The kind that new hashes are of: what stands before the salt. */
export const TODAYS_KIND = `$argon2id$v=19$m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}$`;

/** A salt, and a hash that no password has with it. */
const DECOY = `${'A'.repeat(22)}$${'A'.repeat(43)}`;

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

/** Whether a string is a hash that `verifyPassword` understands (RFC 9106 section 3.1). */
export function isPasswordHash(value: string): boolean {
  const [, , memory, passes, lanes, salt, hash] = PHC.exec(value) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const isPossible = Number(passes) >= 1 && Number(lanes) >= 1;
  return (
    isPossible &&
    Number(memory) >= 8 * Number(lanes) &&
    isBase64(salt, LEAST_SALT) &&
    isBase64(hash, LEAST_HASH)
  );
}

/** Whether a text is Base64 without padding, in its one spelling, of that many bytes at the least. */
function isBase64(text: string, least: number): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length >= least && bytes.toString('base64').replace(/=+$/, '') === text;
}

/** Whether a hash costs no more than it may; true of a string that is none. */
export function isAffordable(value: string): boolean {
  const costs = PHC.exec(value)?.slice(2, 5).map(Number) ?? [];
  return costs.every((cost, index) => cost <= MOST_COSTS[index]!);
}

/** What is said of one that costs more. */
export const TOO_COSTLY = `costs too much: it may have m=${MOST_COSTS[0]}, t=${MOST_COSTS[1]} and p=${MOST_COSTS[2]} at the most`;

/** What stands before the salt of a hash: the algorithm, its version and its costs. */
export function passwordKind(passwordHash: string): string | undefined {
  return PHC.exec(passwordHash)?.[1];
}

/**
 * A value that stays the same as long as a password does, and differs from that of any other. It is
 * made of the salt, which a password keeps if it is hashed anew.
 */
export function passwordMark(passwordHash = ''): string {
  return sha256(PHC.exec(passwordHash)?.[5] ?? passwordHash);
}

/**
 * The same password hashed as new ones are, with the salt it has; `undefined` if it is already.
 *
 * @param password the right one
 */
export async function rehashPassword(
  passwordHash: string,
  password: string,
): Promise<string | undefined> {
  const [, kind, , , , salt] = PHC.exec(passwordHash) ?? [];
  if (kind === TODAYS_KIND || salt === undefined) return undefined;
  const options = { ...OPTIONS, salt: Buffer.from(salt, 'base64') };
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
      if (passwordHash !== undefined && (await verify(passwordHash, spelling))) return true;
      for (const decoy of decoysBeside(passwordHash, kinds)) await verify(decoy, spelling);
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
  const own = passwordHash && passwordKind(passwordHash);
  return [...new Set([TODAYS_KIND, ...kinds])]
    .filter((kind) => kind !== own)
    .map((kind) => `${kind}${DECOY}`)
    .filter((decoy) => isPasswordHash(decoy) && isAffordable(decoy));
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

/** Longest piece whose repetition is no password, in characters. */
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
