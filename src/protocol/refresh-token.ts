// What a refresh token looks like: 43 characters that all tokens of its family begin with, and 43 of its
// own. So one record is enough to know every token that a family has ever had.

import type { RefreshTokenHashes } from '../issued.ts';
import { randomToken, sha256 } from './secrets.ts';

const FAMILY_LENGTH = 43;
const OURS = /^[\w-]{86}$/;

/** The first refresh token of a new family. */
export function newRefreshToken(): string {
  return randomToken() + randomToken();
}

/**
 * The next one of the same family.
 *
 * @param own 43 characters
 */
export function successorOf(refreshToken: string, own: string): string {
  return familyOf(refreshToken) + own;
}

/** @param refreshToken anything that was presented as one */
export function hashesOf(refreshToken: string): RefreshTokenHashes {
  return { hash: sha256(familyOf(refreshToken)), tokenHash: sha256(refreshToken) };
}

/** Of one that the model of a plain oauth2-server was given: what only who has that token can tell. */
function familyOf(refreshToken: string): string {
  return OURS.test(refreshToken)
    ? refreshToken.slice(0, FAMILY_LENGTH)
    : sha256(`the family of ${refreshToken}`);
}
