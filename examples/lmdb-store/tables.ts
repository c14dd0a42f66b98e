// What the store holds, and what it is found by.

import {
  type AccessToken,
  type AuthorizationCode,
  type Client,
  type Consent,
  type Document,
  foldName,
  type Grant,
  isVouchedFor,
  type PendingLogout,
  passwordKind,
  type RefreshToken,
  type Session,
  type StoredKey,
  type Ticket,
  type User,
} from '../../src/store/index.ts';
import { type Database, join } from './database.ts';

export type Tables = ReturnType<typeof tablesIn>;

export function tablesIn(db: Database) {
  const userId = (record: { userId?: string | undefined }) => record.userId;
  const clientId = (record: { clientId?: string | undefined }) => record.clientId;
  const session = (grant: Grant) => grant.session;
  const pair = (record: { userId?: string | undefined; clientId?: string | undefined }) =>
    record.userId && record.clientId && join(record.userId, record.clientId);

  return {
    clients: db.table<Client>('clients', {
      source: ({ source }) => source,
      unvouched: (client) => (isVouchedFor(client) ? undefined : client.source),
    }),
    uses: db.table<{ clientId: string; at: number }>('uses', { at: ({ at }) => at }),
    users: db.table<User>('users', {
      source: ({ source }) => source,
      name: ({ username }) => username,
      typedName: ({ username }) => foldName(username),
      passwordKind: ({ passwordHash = '' }) => passwordKind(passwordHash),
    }),
    consents: db.table<Consent>('consents', { userId, clientId, pair }),
    grants: db.table<Grant>('grants', { userId, clientId, pair, session }),
    codes: db.table<AuthorizationCode>('codes'),
    accessTokens: db.table<AccessToken>('access tokens', { clientId }),
    refreshTokens: db.table<RefreshToken>('refresh tokens'),
    revoked: db.table<{ expiresAt: number }>('revoked'),
    sessions: db.table<Session & { hash: string }>('sessions', { userId }),
    requests: db.table<Document>('requests'),
    replays: db.table<{ expiresAt: number }>('replays'),
    keys: db.table<StoredKey>('keys'),
    constants: db.table<{ value: string }>('constants'),
    tickets: db.table<Ticket>('tickets', { userId, clientId, pair }),
    logouts: db.table<PendingLogout>('logouts', {
      clientId,
      dueAt: ({ dueAt, isSelfMade }) => (isSelfMade ? undefined : dueAt),
      selfMadeDueAt: ({ dueAt, isSelfMade }) => (isSelfMade ? dueAt : undefined),
    }),
    limits: db.table<{ attempts: number; expiresAt: number }>('limits'),
  };
}

export const ticketKey = ({ kind, hash }: Pick<Ticket, 'kind' | 'hash'>): string =>
  join(kind, hash);
