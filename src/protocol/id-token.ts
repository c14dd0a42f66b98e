// OpenID Connect Core section 2: the claims of an ID token.

// Not by its name, as in secrets.ts.
import crypto from 'node:crypto';
import type { Grant, JsonObject } from '../types.ts';
import { authenticationClaims } from './authentication-context.ts';
import type { Claims, SigningAlgorithm } from './jwt.ts';
import { subjectOf } from './subject.ts';

/** RFC 7519 section 5.1: an access token and an answer of this server have types of their own. */
export const ID_TOKEN_TYPE = 'JWT';

/** What the hash of an access token is made with; Ed25519 signs with SHA-512 (RFC 8032 section 5.1). */
const HASH: Record<SigningAlgorithm, string> = {
  ES256: 'sha256',
  RS256: 'sha256',
  EdDSA: 'sha512',
};

/** What an ID token is to say. */
interface IdTokenContent {
  readonly grant: Grant;
  /** That of the authorization request; absent once the token is refreshed (section 12.2). */
  readonly nonce?: string | undefined;
  /** The access token beside it. */
  readonly accessToken: string;
  /** What the ID token is signed with. */
  readonly alg: SigningAlgorithm;
  /** Milliseconds since the epoch, as everywhere but in the claims. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What is told of the person. */
  readonly person: JsonObject;
  /** What the app around the server adds: JSON of an object. */
  readonly claims?: string | undefined;
}

/**
 * The claims of an ID token (sections 2 and 3.1.3.6). What the server sets comes last, so that neither what
 * is known of the person nor the app can change it.
 */
export function idTokenClaims(issuer: string, content: IdTokenContent): Claims {
  const { grant, nonce, issuedAt, expiresAt, person, claims } = content;
  const { clientId, openid } = grant;
  return {
    ...person,
    ...(claims !== undefined && JSON.parse(claims)),
    iss: issuer,
    sub: subjectOf(grant),
    aud: clientId,
    azp: clientId,
    iat: Math.floor(issuedAt / 1000),
    exp: Math.floor(expiresAt / 1000),
    // What is undefined is not in the JSON.
    ...authenticationClaims(grant),
    nonce,
    sid: openid?.sid,
    at_hash: accessTokenHash(content.accessToken, content.alg),
  };
}

/** Section 3.1.3.6: the left half of the hash of an access token. */
function accessTokenHash(accessToken: string, alg: SigningAlgorithm): string {
  const hash = crypto.hash(HASH[alg], accessToken, 'buffer');
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

/** What a client that sends an ID token back knows of a sign-in. */
export interface IdTokenHint {
  readonly subject: string;
  readonly clientId: string;
  readonly sid?: string | undefined;
  /** Seconds since the epoch, as in the token. */
  readonly issuedAt: number;
}

/**
 * What the claims of a genuine JWT say, or `undefined` if it is not an ID token of this issuer. It may have
 * expired: as a hint it is still good (section 3.1.2.1).
 */
export function readIdTokenHint(claims: Claims, issuer: string): IdTokenHint | undefined {
  const { iss, sub, aud, iat, exp, sid } = claims;
  // A signed answer of UserInfo has the same type, and neither time.
  if (iss !== issuer || typeof iat !== 'number' || typeof exp !== 'number') return undefined;
  if (typeof sub !== 'string' || typeof aud !== 'string') return undefined;
  return {
    subject: sub,
    clientId: aud,
    issuedAt: iat,
    ...(typeof sid === 'string' && { sid }),
  };
}
