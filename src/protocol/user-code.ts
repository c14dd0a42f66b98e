// RFC 8628 section 6.1: the code that a person types to let a device in.

import { randomInt } from 'node:crypto';

/** No vowels, so that it spells no words, and no letters that look like digits. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** What a code looks like, for people who type one. */
export const EXAMPLE = 'WDJB-MJHT';

/** A new code, of 34 bits. */
export function newUserCode(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** A code as it is shown, in two halves. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** A code as it was typed, in either case and however it is divided; `undefined` if it can be none. */
export function readUserCode(typed: string): string | undefined {
  // People who type Chinese may type full-width letters.
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter))
    ? code
    : undefined;
}
