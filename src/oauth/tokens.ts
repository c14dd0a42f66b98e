// Tokens between the library, which has secrets and dates, and the store, which has hashes and times.

import type OAuth2Server from '@node-oauth/oauth2-server';
import { OAuthError } from '../errors.ts';
import type { AccessToken, AuthorizationCode, IssuedTokens } from '../issued.ts';
import { type Noted, ownTokensSince } from '../protocol/client.ts';
import { hashesOf } from '../protocol/refresh-token.ts';
import { randomId, randomToken, sha256 } from '../protocol/secrets.ts';
import type { FoundAccessToken } from '../store/store-grants.ts';
import type { AuthenticationContext, Client, Grant, OpenIdGrant } from '../types.ts';

/**
 * What the library carries as the `user` of a code or token: the grant, or nothing if the client acts
 * for itself. The library hands it on untouched, and so every token knows its grant.
 */
export type LibraryUser = Grant | Readonly<Record<string, never>>;

/** The subject of a client that acts for itself: nobody. */
export const NO_USER: LibraryUser = Object.freeze({});

/** What issuing needs to know of a client. */
export type TokenClient = Pick<Client, 'id' | 'grants' | 'accessTokenFormat'> & Noted;

/** A token as the library knows it. */
export interface Token {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken?: string;
  readonly refreshTokenExpiresAt?: Date;
  /** OpenID Connect Core section 2, if the scope has `openid`. */
  readonly idToken?: string;
  readonly scope: string[];
  readonly client: Pick<Client, 'id' | 'grants'>;
  readonly user: LibraryUser;
  /** What the app around the server adds to the answer. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A code that is about to be stored, in the clear. */
export type CodeDraft = Pick<
  OAuth2Server.AuthorizationCode,
  'authorizationCode' | 'expiresAt' | 'redirectUri' | 'scope' | 'codeChallenge'
> &
  Pick<AuthorizationCode, 'nonce'>;

/** What is to be issued; times as the library has them. */
export interface TokenRequest {
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken?: string | undefined;
  readonly refreshTokenExpiresAt?: Date | undefined;
  readonly scope?: readonly string[] | undefined;
  /** RFC 8707: the resources the token is for; the server itself if there are none. */
  readonly resource?: readonly string[] | undefined;
  /** What the app around the server adds to the access token: JSON of an object. */
  readonly claims?: string | undefined;
  /** Fields that the app around the server adds to the answer of the token endpoint. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** A token that is about to be stored, its secrets in the clear. */
export interface TokenDraft extends TokenRequest {
  readonly accessToken: string;
  /** The `jti` of an access token that is a JWT. */
  readonly jti?: string | undefined;
  readonly idToken?: string | undefined;
}

/**
 * An access token that was presented and is in force. How the person signed in is absent if there is none,
 * or if nobody knows it.
 */
export interface ActiveToken extends AuthenticationContext {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly scope: string[];
  /** RFC 8707: the resources the token is good for. */
  readonly audience: readonly string[];
  readonly client: { readonly id: string };
  /** The person the token speaks for; without an id if the client acts for itself. */
  readonly user: { readonly id?: string };
  /** What the option `claims` has added to it. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The grant among what the library carries as a user. */
export function asGrant(user: OAuth2Server.User): Grant | undefined {
  return typeof user['clientId'] === 'string' && typeof user['userId'] === 'string'
    ? (user as Grant)
    : undefined;
}

/**
 * A new approval; it lasts as long as the code and the tokens issued for it.
 *
 * @throws OAuthError `access_denied` if the person has the id of the client. As the `sub` of a token
 *   beside its `client_id`, that would say that the client acts for itself (RFC 9068 section 5)
 */
export function newGrant(
  clientId: string,
  userId: string,
  {
    scope,
    resource = [],
  }: { readonly scope: readonly string[]; readonly resource?: readonly string[] },
  { authTime, acr, amr }: AuthenticationContext = {},
  openid?: OpenIdGrant,
): Grant {
  if (userId === clientId) {
    throw new OAuthError('access_denied', 'The person has the same id as the client.');
  }
  const now = Date.now();
  const id = randomId();
  const times = { createdAt: now, expiresAt: now };
  const signIn = { authTime, acr, amr };
  return { id, clientId, userId, scope, resource, ...times, ...signIn, ...(openid && { openid }) };
}

/**
 * When a token is issued, in milliseconds: now. What a client gets for itself is never older than what counts
 * (`ownTokensSince`), though the clock of the process that has noted that may be ahead.
 */
export function issuedAtOf(client: Noted, user: LibraryUser, now: number): number {
  return asGrant(user) === undefined ? Math.max(now, ownTokensSince(client)) : now;
}

/** What the store keeps of a token: hashes, no secrets. */
export function recordsOf(
  token: TokenDraft,
  client: TokenClient,
  user: LibraryUser,
  audience: readonly string[],
  now: number,
): IssuedTokens {
  const grant = asGrant(user);
  const scope = token.scope ?? [];
  const accessToken: AccessToken = {
    hash: sha256(token.jti ?? token.accessToken),
    ...(token.jti !== undefined && { jti: token.jti }),
    clientId: client.id,
    grantId: grant?.id,
    userId: grant?.userId,
    scope,
    audience,
    issuedAt: issuedAtOf(client, user, now),
    expiresAt: token.accessTokenExpiresAt.getTime(),
    ...(token.claims !== undefined && { claims: token.claims }),
  };
  const { refreshToken, refreshTokenExpiresAt } = token;
  if (grant === undefined || !refreshToken || !refreshTokenExpiresAt) return { accessToken };
  return {
    accessToken,
    refreshToken: {
      ...hashesOf(refreshToken),
      salt: randomToken(16),
      grantId: grant.id,
      clientId: client.id,
      scope,
      expiresAt: refreshTokenExpiresAt.getTime(),
    },
  };
}

/** Exactly what the library may see: it would copy anything else into the response. */
export function issuedToken(
  token: TokenDraft,
  client: Pick<Client, 'id' | 'grants'>,
  user: LibraryUser,
): Token {
  return {
    accessToken: token.accessToken,
    accessTokenExpiresAt: token.accessTokenExpiresAt,
    ...(token.refreshToken &&
      token.refreshTokenExpiresAt && {
        refreshToken: token.refreshToken,
        refreshTokenExpiresAt: token.refreshTokenExpiresAt,
      }),
    ...(token.idToken && { idToken: token.idToken }),
    scope: [...(token.scope ?? [])],
    client: { id: client.id, grants: client.grants },
    user,
    ...(token.fields && { fields: token.fields }),
  };
}

const NO_CLAIMS = Object.freeze({});

/** An access token that is in force, as a protected route is handed it. */
export function activeTokenOf(
  { token, grant }: FoundAccessToken,
  accessToken: string,
): ActiveToken {
  return {
    accessToken,
    accessTokenExpiresAt: new Date(token.expiresAt),
    audience: token.audience,
    scope: [...token.scope],
    client: { id: token.clientId },
    user: token.userId === undefined ? {} : { id: token.userId },
    authTime: grant?.authTime,
    acr: grant?.acr,
    amr: grant?.amr,
    claims: token.claims === undefined ? NO_CLAIMS : JSON.parse(token.claims),
  };
}

/** Whether a client gets refresh tokens: its record has the grant type. */
export function mayRefresh(client: Pick<Client, 'grants'>): boolean {
  return client.grants.includes('refresh_token');
}

export function grantIsOver(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The authorization this token came of has ended: ask the person to sign in again.',
  );
}
