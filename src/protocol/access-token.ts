// RFC 9068: the claims of a JWT access token.

import type { AccessToken, Grant } from '../types.ts';
import type { Claims } from './jwt.ts';
import { formatScope, parseScope } from './scope.ts';
import { sha256 } from './secrets.ts';

/** Section 2.1: the type in the header, which no other kind of JWT has. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** What a token is to say, before it has a form. */
export interface AccessTokenContent {
  readonly clientId: string;
  /** Absent if the client acts for itself. */
  readonly grant: Grant | undefined;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** Milliseconds since the epoch, as everywhere but in the claims. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Section 2.2. `grant_id` is ours: with it the token ends when the person's approval does. */
export function accessTokenClaims(
  issuer: string,
  jti: string,
  content: AccessTokenContent,
): Claims {
  const { clientId, grant, scope, audience, issuedAt, expiresAt } = content;
  return {
    iss: issuer,
    aud: audience.length === 1 ? audience[0] : audience,
    // Section 2.2: a client that acts for itself is its own subject.
    sub: grant?.userId ?? clientId,
    client_id: clientId,
    scope: formatScope(scope),
    jti,
    iat: Math.floor(issuedAt / 1000),
    exp: Math.ceil(expiresAt / 1000),
    ...(grant?.authTime !== undefined && { auth_time: Math.floor(grant.authTime / 1000) }),
    ...(grant && { grant_id: grant.id }),
  };
}

/**
 * The token that the claims of a genuine JWT describe, or `undefined` if it is not one of this
 * issuer's or has expired.
 */
export function readAccessTokenClaims(
  claims: Claims,
  issuer: string,
  now: number,
): AccessToken | undefined {
  const { iss, aud, sub, client_id, scope = '', jti, iat, exp, grant_id } = claims;
  const audience = Array.isArray(aud) ? aud : [aud];
  const texts = [sub, client_id, scope, jti, ...audience];
  if (iss !== issuer || texts.some((text) => typeof text !== 'string')) return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || now >= exp * 1000) return undefined;
  if (grant_id !== undefined && typeof grant_id !== 'string') return undefined;
  return {
    hash: sha256(jti as string),
    jti: jti as string,
    clientId: client_id as string,
    grantId: grant_id,
    userId: grant_id === undefined ? undefined : (sub as string),
    scope: parseScope(scope as string),
    audience,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  };
}
