// Records of every kind, none like another.

import { randomBytes } from 'node:crypto';
import type {
  AccessToken,
  AuthorizationCode,
  RefreshToken,
  RefreshTokenHashes,
} from '../issued.ts';
import type { Session } from '../store/store-sessions.ts';
import type { Client, Consent, Grant, PendingLogout, Ticket, User } from '../types.ts';

/**
 * The year 2100. A database that deletes by a clock of its own must not find any of it over, in whatever
 * year the contract is run.
 */
export const NOW = Date.UTC(2100);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WINDOW = 30 * SECOND;

export const unique = () => randomBytes(16).toString('base64url');

export function aClient(changes: Partial<Client> = {}): Client {
  return {
    id: unique(),
    name: 'The "client" of Zoë',
    secretHashes: [unique(), unique()],
    redirectUris: ['https://client.example/cb', 'https://client.example/cb?a=b'],
    grants: ['authorization_code', 'refresh_token'],
    scope: ['read', 'write'],
    requirePkce: true,
    ...changes,
  };
}

/** A hash of no password, with the least costs. */
export function aHash(kind = '$argon2id$v=19$m=8,t=1,p=1$'): string {
  return `${kind}${randomBytes(16).toString('hex')}$${randomBytes(32).toString('hex')}`;
}

export function aUser(changes: Partial<User> = {}): User {
  return { id: unique(), username: unique(), name: 'Zoë 山田', ...changes };
}

export function aGrant(changes: Partial<Grant> = {}): Grant {
  return {
    id: unique(),
    clientId: unique(),
    userId: unique(),
    scope: ['read', 'write'],
    resource: ['https://api.example/'],
    authTime: NOW - MINUTE,
    acr: 'urn:example:loa:2',
    amr: ['pwd', 'otp'],
    createdAt: NOW,
    expiresAt: NOW + MINUTE,
    openid: {
      sid: unique(),
      claims: { userinfo: { name: { essential: true }, picture: {} } },
      userClaims: { name: 'Zoë 山田', email_verified: true },
    },
    session: unique(),
    ...changes,
  };
}

export function aCode(grant: Grant, changes: Partial<AuthorizationCode> = {}): AuthorizationCode {
  return {
    hash: unique(),
    grantId: grant.id,
    clientId: grant.clientId,
    redirectUri: 'https://client.example/cb',
    scope: ['read', 'write'],
    codeChallenge: unique(),
    nonce: unique(),
    expiresAt: NOW + MINUTE,
    ...changes,
  };
}

export function anAccessToken(grant: Grant, changes: Partial<AccessToken> = {}): AccessToken {
  return {
    hash: unique(),
    clientId: grant.clientId,
    grantId: grant.id,
    userId: grant.userId,
    scope: ['read', 'write'],
    audience: ['https://api.example/', 'https://other.example'],
    issuedAt: NOW,
    expiresAt: NOW + HOUR,
    ...changes,
  };
}

/** What the client of a grant is to be told when the session ends. */
export function aLogout(grant: Grant, changes: Partial<PendingLogout> = {}): PendingLogout {
  return {
    id: unique(),
    clientId: grant.clientId,
    userId: grant.userId,
    subject: `Zoë '"山田"'`,
    sid: unique(),
    isSelfMade: false,
    attempts: 0,
    dueAt: NOW,
    expiresAt: NOW + DAY,
    ...changes,
  };
}

/** As RFC 6749 section 4.4 has it: the client acts for itself. */
export function aClientsOwnToken(changes: Partial<AccessToken> = {}): AccessToken {
  return {
    hash: unique(),
    clientId: unique(),
    scope: ['read'],
    audience: ['https://api.example/'],
    issuedAt: NOW,
    expiresAt: NOW + HOUR,
    ...changes,
  };
}

export type UnusedRefreshToken = RefreshToken & RefreshTokenHashes;

export function aRefreshToken(
  grant: Grant,
  changes: Partial<UnusedRefreshToken> = {},
): UnusedRefreshToken {
  return {
    hash: unique(),
    tokenHash: unique(),
    salt: unique(),
    grantId: grant.id,
    clientId: grant.clientId,
    scope: ['read', 'write'],
    expiresAt: NOW + DAY,
    ...changes,
  };
}

export function aTicket(changes: Partial<Ticket> = {}): Ticket {
  return {
    kind: 'device_code',
    hash: unique(),
    payload: { 'Zoë "山田"\0\ud800': [1, -2.5, true, null, { scope: ['a', ''] }], 10: 'b', 9: 'a' },
    expiresAt: NOW + HOUR,
    ...changes,
  };
}

/** @param before a refresh token of the same family; without one it is a family of its own */
export const someTokens = (grant: Grant, before?: RefreshToken) => ({
  accessToken: anAccessToken(grant),
  refreshToken: before === undefined ? aRefreshToken(grant) : aSuccessor(before, grant),
});

/** Another refresh token of the same family. */
export const aSuccessor = (
  { hash }: RefreshToken,
  grant: Grant,
  changes: Partial<UnusedRefreshToken> = {},
) => aRefreshToken(grant, { hash, ...changes });

/** What a person once allowed a client. */
export const aConsent = (changes: Partial<Consent> = {}): Consent => ({
  userId: unique(),
  clientId: unique(),
  resource: '',
  scope: ['read'],
  createdAt: NOW,
  ...changes,
});

/** A session in which somebody is signed in. */
export const aSession = (userId: string, changes: Partial<Session> = {}) => ({
  data: JSON.stringify({ text: `Zoë ${unique()}` }),
  expiresAt: NOW + DAY,
  userId,
  createdAt: NOW - HOUR,
  seenAt: NOW - MINUTE,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  ...changes,
});
