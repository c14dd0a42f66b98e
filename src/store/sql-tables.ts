// The tables that migrations/ makes.

import type { AccessToken, AuthorizationCode, RefreshToken } from '../issued.ts';
import type {
  AuthenticationContext,
  Grant,
  PendingLogout,
  StoredKey,
  Ticket,
  User,
} from '../types.ts';
import { flag, json, number, table, text, words } from './sql-table.ts';
import type { Document, Session } from './store-sessions.ts';

/** With the name by which a user is found however it is typed. */
export const users = table<User & { readonly foldedUsername: string }>('oauth_users', {
  id: text,
  username: text,
  foldedUsername: text,
  name: text,
  email: text,
  claims: json,
  passwordHash: text,
  passwordChangedAt: number,
  disabledAt: number,
  enabledAt: number,
  source: text,
});

export const grants = table<Grant>('oauth_grants', {
  id: text,
  clientId: text,
  userId: text,
  scope: words,
  resource: json,
  authTime: number,
  acr: text,
  amr: json,
  createdAt: number,
  expiresAt: number,
  lastUsedAt: number,
  openid: json,
  session: text,
  sessionEndsAt: number,
});

/** Locks the grants with these ids, in an order that two transactions agree on. */
export const lockGrants = `select ${grants.columns} from ${grants.name} where id = any($1) order by id for update`;

/** Of a grant, what every access token says (RFC 9068 section 2.2.1). */
export const signIns = table<Pick<Grant, 'id' | keyof AuthenticationContext>>('oauth_grants', {
  id: text,
  authTime: number,
  acr: text,
  amr: json,
});

export const codes = table<AuthorizationCode>('oauth_codes', {
  hash: text,
  grantId: text,
  clientId: text,
  redirectUri: text,
  scope: words,
  codeChallenge: text,
  nonce: text,
  expiresAt: number,
  redeemedAt: number,
});

/** No JWT is among them. */
export const accessTokens = table<Omit<AccessToken, 'jti'>>('oauth_access_tokens', {
  hash: text,
  clientId: text,
  grantId: text,
  userId: text,
  scope: words,
  audience: json,
  issuedAt: number,
  expiresAt: number,
  claims: text,
});

export const refreshTokens = table<RefreshToken>('oauth_refresh_tokens', {
  hash: text,
  tokenHash: text,
  salt: text,
  grantId: text,
  clientId: text,
  scope: words,
  expiresAt: number,
  previous: json,
});

export const keys = table<StoredKey>('oauth_keys', {
  kid: text,
  alg: text,
  period: number,
  createdAt: number,
  encryptedPrivateKey: text,
  expiresAt: number,
});

export const sessions = table<Session & { readonly hash: string }>('oauth_sessions', {
  hash: text,
  data: text,
  expiresAt: number,
  userId: text,
  createdAt: number,
  seenAt: number,
  userAgent: text,
});

export const requests = table<Document & { readonly hash: string }>('oauth_requests', {
  hash: text,
  data: text,
  expiresAt: number,
});

/** Its hash is that of its kind and the hash of its secret. */
export const tickets = table<Ticket>('oauth_tickets', {
  hash: text,
  kind: text,
  payload: json,
  expiresAt: number,
  clientId: text,
  userId: text,
});

export const logouts = table<PendingLogout>('oauth_logouts', {
  id: text,
  clientId: text,
  userId: text,
  subject: text,
  sid: text,
  isSelfMade: flag,
  attempts: number,
  dueAt: number,
  expiresAt: number,
});
