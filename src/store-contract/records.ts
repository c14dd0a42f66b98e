// Records of every kind, none like another, and what is asked of answers about them.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type {
  AccessToken,
  AuthorizationCode,
  RefreshToken,
  RefreshTokenHashes,
} from '../issued.ts';
import type { Store } from '../store/store.ts';
import type { Client, Grant, PendingLogout, Ticket, User } from '../types.ts';
import { strained } from './promised.ts';

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
export const CALLERS = 50;

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

/**
 * A store that has the client registered of whatever is saved in it, if a test has not seen to that
 * itself: there is no consent, no grant and no token of a client's own without one.
 */
export function registering(store: Store): Store {
  const registered = new Map<string, Promise<void>>();
  const register = async (id: string) => {
    if ((await store.clients.find(id)) === undefined) await store.clients.save(aClient({ id }));
  };
  const once = (id: string) => {
    const known = registered.get(id) ?? register(id);
    registered.set(id, known);
    return known;
  };
  const changed: Pick<Store, 'consents' | 'codes' | 'tokens' | 'requests' | 'tickets'> = {
    consents: inFrontOf(store.consents, {
      async add(...consents) {
        for (const { clientId } of consents) await once(clientId);
        return store.consents.add(...consents);
      },
    }),
    requests: inFrontOf(store.requests, {
      async add(hash, document, now, consents = []) {
        for (const { clientId } of consents) await once(clientId);
        return store.requests.add(hash, document, now, consents);
      },
    }),
    codes: inFrontOf(store.codes, {
      async save(code, grant, ...rest) {
        await once(grant.clientId);
        return store.codes.save(code, grant, ...rest);
      },
    }),
    tokens: inFrontOf(store.tokens, {
      async issue(tokens, ...rest) {
        await once(tokens.accessToken.clientId);
        return store.tokens.issue(tokens, ...rest);
      },
    }),
    tickets: inFrontOf(store.tickets, {
      async create(ticket, now) {
        if (ticket.clientId !== undefined) await once(ticket.clientId);
        return store.tickets.create(ticket, now);
      },
    }),
  };
  return inFrontOf(store, changed);
}

/** An object with some members of its own; a spread one has no members to copy. */
function inFrontOf<T extends object>(behind: T, own: Partial<T>): T {
  return new Proxy(behind, {
    get: (target, name) => own[name as keyof T] ?? target[name as keyof T],
  });
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

/** A record as plain data, because an absent field and one that is undefined say the same. */
export const plain = (record: unknown): unknown =>
  record === undefined ? undefined : JSON.parse(JSON.stringify(record));

export function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

/** What the outcomes were, and how many had each. */
export function tally(answers: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export const trues = (answers: readonly boolean[]) => answers.filter(Boolean).length;

/** Many callers, started together. */
export function race<T>(call: (caller: number) => Promise<T>): Promise<T[]> {
  strained(
    `${CALLERS} callers were started together: what a verb reads and writes has to be one transaction.`,
  );
  return Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));
}

/** The same records, in whatever order. */
export function sameSet(actual: readonly object[], expected: readonly object[]): void {
  const sorted = (records: readonly object[]) =>
    records.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
  assert.deepEqual(sorted(actual), sorted(expected));
}
