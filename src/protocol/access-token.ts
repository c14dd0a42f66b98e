// RFC 9068: the claims of a JWT access token.

import type { AccessToken } from '../issued.ts';
import type { AuthenticationContext, Grant } from '../types.ts';
import { authenticationClaims, readAuthenticationClaims } from './authentication-context.ts';
import type { Claims } from './jwt.ts';
import { formatScope, parseScope } from './scope.ts';
import { sha256 } from './secrets.ts';
import { subjectOf } from './subject.ts';

/** Section 2.1: the type in the header, which no other kind of JWT has. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Claims that an app may not add: the server sets them, or they change what a token allows. */
const RESERVED_CLAIMS: ReadonlySet<string> = new Set([
  // RFC 7519 section 4.1
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  // RFC 7662 section 2.2, RFC 9701 section 5
  ...['active', 'scope', 'client_id', 'username', 'token_type', 'token_introspection'],
  // RFC 9068 section 2.2.1
  ...['auth_time', 'acr', 'amr'],
  // RFC 7800 section 3.1, which RFC 8705 and RFC 9449 use; RFC 8693 section 4; RFC 9396 section 9
  ...['cnf', 'act', 'may_act', 'authorization_details'],
  // OpenID Connect Core section 2 and its logout, RFC 8417: a token must not pass for one of theirs.
  ...['nonce', 'azp', 'at_hash', 'c_hash', 'sid', 'events'],
  'grant_id',
]);

/** Whether an app may not add this claim. */
export function isReservedClaim(name: string): boolean {
  return RESERVED_CLAIMS.has(name);
}

/** What a token is to say, before it has a form. */
interface AccessTokenContent {
  readonly clientId: string;
  /** Absent if the client acts for itself. */
  readonly grant: Grant | undefined;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** Milliseconds since the epoch, as everywhere but in the claims. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What the app around the server adds: JSON of an object. */
  readonly claims?: string | undefined;
}

/** Section 2.2. `grant_id` is ours: with it the token ends when the person's approval does. */
export function accessTokenClaims(
  issuer: string,
  jti: string,
  content: AccessTokenContent,
): Claims {
  const { clientId, grant, scope, audience, issuedAt, expiresAt, claims } = content;
  return {
    ...(claims !== undefined && JSON.parse(claims)),
    iss: issuer,
    aud: audience.length === 1 ? audience[0] : audience,
    // Section 2.2: a client that acts for itself is its own subject.
    sub: grant === undefined ? clientId : subjectOf(grant),
    client_id: clientId,
    scope: formatScope(scope),
    jti,
    iat: Math.floor(issuedAt / 1000),
    exp: Math.ceil(expiresAt / 1000),
    ...authenticationClaims(grant),
    ...(grant && { grant_id: grant.id }),
  };
}

/**
 * A JWT as it describes itself. Whose it is, only its grant knows: `sub` may be what this one client
 * knows the person by.
 */
export interface DescribedToken extends Omit<AccessToken, 'userId'> {
  readonly sub: string;
  readonly signIn: AuthenticationContext;
}

/**
 * The token that the claims of a genuine JWT describe, or `undefined` if it is not one of this
 * issuer's or has expired.
 */
export function readAccessTokenClaims(
  claims: Claims,
  issuer: string,
  now: number,
): DescribedToken | undefined {
  const { iss, aud, sub, client_id, scope = '', jti, iat, exp, grant_id } = claims;
  const audience = Array.isArray(aud) ? aud : [aud];
  const texts = [sub, client_id, scope, jti, ...audience];
  if (iss !== issuer || texts.some((text) => typeof text !== 'string')) return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || now >= exp * 1000) return undefined;
  if (grant_id !== undefined && typeof grant_id !== 'string') return undefined;
  const further = furtherClaims(claims);
  return {
    hash: sha256(jti as string),
    jti: jti as string,
    clientId: client_id as string,
    grantId: grant_id,
    sub: sub as string,
    signIn: readAuthenticationClaims(claims),
    scope: parseScope(scope as string),
    audience,
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    ...(further !== undefined && { claims: further }),
  };
}

/** The claims of the app among those of a token of ours; JSON of an object, or `undefined`. */
function furtherClaims(claims: Readonly<Record<string, unknown>>): string | undefined {
  // Most tokens have none, and then nothing is made.
  for (const name in claims) {
    if (RESERVED_CLAIMS.has(name)) continue;
    const further = Object.entries(claims).filter(([other]) => !RESERVED_CLAIMS.has(other));
    return JSON.stringify(Object.fromEntries(further));
  }
  return undefined;
}
