// The forms that the hash of a password may have: argon2, which is ours, and those of servers that
// people come from. Each says by itself how it was made.

import { pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { sha256 } from './secrets.ts';

/** The parts of a hash, as its form has them. */
interface Parts {
  readonly text: string;
  /** What stands before the salt: the algorithm, its version and its costs. */
  readonly kind: string;
  readonly costs: readonly number[];
  /** Base64 without padding. */
  readonly salt: string;
  /** Likewise. */
  readonly hash: string;
}

interface Form {
  /** Three groups or more: the kind, its costs, the salt, and the hash. */
  readonly pattern: RegExp;
  /** Whether such a hash can have been made. */
  isPossible(parts: Parts): boolean;
  isAffordable(costs: readonly number[]): boolean;
  /** What is said of one that costs more; each login pays for it. */
  readonly limit: string;
  verify(parts: Parts, password: string): Promise<boolean>;
  /** A hash that no password has, of the same work as those of a kind. */
  decoy(kind: string): string;
}

/** Bytes of a salt, at the least (RFC 9106 section 3.1). */
const MIN_SALT = 8;
/** Bytes of a hash from elsewhere: few would be the hash of many passwords. */
const MIN_HASH = 16;

const B64 = '([A-Za-z0-9+/]+)';
/** A number in its one spelling: what verifies argon2 takes no other. */
const digits = (max: number) => `(0|[1-9]\\d{0,${max - 1}})`;
const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '');
const usualDecoy = (kind: string) => `${kind}${zeros(16)}$${zeros(32)}`;

/** A GiB (in KiB), passes, and lanes. */
const MAX_ARGON2 = [1024 * 1024, 64, 64] as const;

/** RFC 9106, in the PHC string format. */
const argon2: Form = {
  pattern: new RegExp(
    `^(\\$argon2(?:id|i|d)\\$v=(?:16|19)\\$m=${digits(10)},t=${digits(10)},p=${digits(10)}\\$)${B64}\\$${B64}$`,
  ),
  isPossible: ({ costs: [memory = 0, passes = 0, lanes = 0], salt, hash }) =>
    passes >= 1 &&
    lanes >= 1 &&
    memory >= 8 * lanes &&
    hasBytes(salt, MIN_SALT) &&
    hasBytes(hash, 4),
  isAffordable: (costs) => costs.every((cost, index) => cost <= MAX_ARGON2[index]!),
  limit: `it may have at most m=${MAX_ARGON2[0]}, t=${MAX_ARGON2[1]} and p=${MAX_ARGON2[2]}`,
  verify: ({ text }, password) => verifyArgon2(text, password),
  decoy: usualDecoy,
};

const MAX_BCRYPT = 15;

/** As OpenBSD writes it; 2a and 2y are other names of 2b. */
const bcrypt: Form = {
  pattern: /^(\$2[aby]\$(\d\d)\$)([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/,
  isPossible: ({ costs: [cost = 0] }) => cost >= 4 && cost <= 31,
  isAffordable: ([cost = 0]) => cost <= MAX_BCRYPT,
  limit: `it may have a cost of at most ${MAX_BCRYPT}`,
  async verify({ text }, password) {
    // Loaded here, as most servers have no such hash.
    const { verify } = await import('@node-rs/bcrypt');
    return verify(password, text);
  },
  decoy: (kind) => `${kind}${'.'.repeat(53)}`,
};

const derivePbkdf2 = promisify(pbkdf2);
const MAX_ITERATIONS = 2_000_000;
const MAX_PBKDF2_BYTES = 64;
const lengthIn = (kind: string) => Number(/,l=(\d+)\$$/.exec(kind)?.[1] ?? 1);

/** RFC 8018 section 5.2. The length is one of the costs: a long hash is made in several rounds. */
const pbkdf2Form: Form = {
  pattern: new RegExp(
    `^(\\$pbkdf2(?:-sha256|-sha512)?\\$i=${digits(10)},l=${digits(3)}\\$)${B64}\\$${B64}$`,
  ),
  isPossible: ({ costs: [iterations = 0, length = 0], salt, hash }) =>
    iterations >= 1 &&
    length >= MIN_HASH &&
    hasBytes(salt, MIN_SALT) &&
    hasBytes(hash, length) &&
    bytesOf(hash).length === length,
  isAffordable: ([iterations = 0, length = 0]) =>
    iterations <= MAX_ITERATIONS && length <= MAX_PBKDF2_BYTES,
  limit: `it may have at most i=${MAX_ITERATIONS} and l=${MAX_PBKDF2_BYTES}`,
  async verify({ kind, costs: [iterations = 1, length = 0], salt, hash }, password) {
    const digest = /^\$pbkdf2-(sha\d+)/.exec(kind)?.[1] ?? 'sha1';
    const made = await derivePbkdf2(password, bytesOf(salt), iterations, length, digest);
    return timingSafeEqual(made, bytesOf(hash));
  },
  decoy: (kind) => `${kind}${zeros(16)}$${zeros(lengthIn(kind))}`,
};

const deriveScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
/** Blocks: 2^18 with r=8 and p=1, which take 256 MiB. */
const MAX_BLOCKS = 2 ** 21;

/** RFC 7914, in the PHC string format. */
const scryptForm: Form = {
  pattern: new RegExp(
    `^(\\$scrypt\\$ln=${digits(2)},r=${digits(4)},p=${digits(4)}\\$)${B64}\\$${B64}$`,
  ),
  isPossible: ({ costs: [ln = 0, r = 0, p = 0], salt, hash }) =>
    ln >= 1 &&
    // Section 2 of the RFC; what verifies it fails otherwise.
    ln < 16 * r &&
    p >= 1 &&
    hasBytes(salt, MIN_SALT) &&
    hasBytes(hash, MIN_HASH),
  isAffordable: ([ln = 0, r = 0, p = 0]) => 2 ** ln * r * p <= MAX_BLOCKS,
  limit: `2^ln * r * p may be at most ${MAX_BLOCKS}`,
  async verify({ costs: [ln = 1, r = 1, p = 1], salt, hash }, password) {
    const expected = bytesOf(hash);
    const options = { N: 2 ** ln, r, p, maxmem: 2 ** 30 };
    const made = await deriveScrypt(password, bytesOf(salt), expected.length, options);
    return timingSafeEqual(made, expected);
  },
  decoy: usualDecoy,
};

const FORMS: readonly Form[] = [argon2, bcrypt, pbkdf2Form, scryptForm];

/** What a hash looks like, for messages. */
export const HASH_FORMS =
  '$argon2id$v=19$m=..., $2b$12$..., $pbkdf2-sha256$i=...,l=...$... or $scrypt$ln=...,r=...,p=...$...';

function read(text: string): { readonly form: Form; readonly parts: Parts } | undefined {
  for (const form of FORMS) {
    const [, kind, ...rest] = form.pattern.exec(text) ?? [];
    if (kind === undefined) continue;
    const [salt, hash] = rest.slice(-2) as [string, string];
    return { form, parts: { text, kind, costs: rest.slice(0, -2).map(Number), salt, hash } };
  }
  return undefined;
}

/** Whether a text is Base64 without padding, in its one spelling, of that many bytes at the least. */
function hasBytes(text: string, min: number): boolean {
  const bytes = bytesOf(text);
  return bytes.length >= min && bytes.toString('base64').replace(/=+$/, '') === text;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

/** Whether a string is a hash that `verifyHash` understands. */
export function isPasswordHash(value: string): boolean {
  const found = read(value);
  return found?.form.isPossible(found.parts) === true;
}

/** What is said of a hash that costs more than it may; `undefined` of any other string. */
export function costProblem(value: string): string | undefined {
  const found = read(value);
  if (found === undefined || found.form.isAffordable(found.parts.costs)) return undefined;
  return `costs too much: ${found.form.limit}`;
}

/** What stands before the salt of a hash: the algorithm, its version and its costs. */
export function passwordKind(passwordHash: string): string | undefined {
  return read(passwordHash)?.parts.kind;
}

export function saltOf(passwordHash: string): Buffer | undefined {
  const found = read(passwordHash);
  if (found === undefined) return undefined;
  const { form, parts } = found;
  return form === bcrypt ? bytesOf(fromBcrypt(parts.salt)) : bytesOf(parts.salt);
}

const BCRYPT = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** bcrypt has the letters of Base64 in an order of its own. */
function fromBcrypt(text: string): string {
  return [...text].map((letter) => BASE64[BCRYPT.indexOf(letter)]).join('');
}

/**
 * A value that stays the same as long as a password does, and differs from that of any other. It is
 * made of the salt, which a password keeps if it is hashed anew.
 */
export function passwordMark(passwordHash = ''): string {
  const salt = saltOf(passwordHash)?.toString('base64').replace(/=+$/, '');
  return sha256(salt ?? passwordHash);
}

/** Bytes of a password that bcrypt looks at. */
const BCRYPT_BYTES = 72;

/** Whether a hash was made of the whole of a password: bcrypt takes the beginning of a long one. */
export function isOfWhole(passwordHash: string, password: string): boolean {
  return read(passwordHash)?.form !== bcrypt || Buffer.byteLength(password) <= BCRYPT_BYTES;
}

/** Whether a hash was made of exactly this password; false of a string that is not a hash. */
export async function verifyHash(passwordHash: string, password: string): Promise<boolean> {
  const found = read(passwordHash);
  return found === undefined ? false : found.form.verify(found.parts, password);
}

/**
 * Hashes that no password has, one for each amount of work: bcrypt's 2a, 2b and 2y are the same.
 *
 * @param except the kind of a hash whose work is done already
 */
export function decoysOf(kinds: readonly string[], except: string | undefined): string[] {
  const workOf = (kind: string) => kind.replace(/^\$2[ay]\$/, '$2b$');
  const works = new Set(kinds.map(workOf));
  if (except !== undefined) works.delete(workOf(except));
  return [...works]
    .map((kind) => FORMS.map((form) => form.decoy(kind)).find(isPasswordHash) ?? '')
    .filter((decoy) => decoy !== '' && costProblem(decoy) === undefined);
}
