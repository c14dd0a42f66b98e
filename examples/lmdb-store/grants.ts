// Consents, and the grants, codes and tokens that come of them. What each comes to is decided by the
// rules that every store has; here they find and set records in a transaction.

import {
  type AccessToken,
  type Consent,
  findCodeIn,
  findRefreshTokenIn,
  type Grant,
  grantsOverMax,
  isAsRead,
  isConsentEnough,
  isDisabled,
  isHeld,
  issueIn,
  isUnchanged,
  keepIn,
  leaveIn,
  mergedConsent,
  openIn,
  prolongIn,
  redeemIn,
  resourcesOverMax,
  retireIn,
  rotateIn,
  type Store,
} from '../../src/store/index.ts';
import { type Database, join } from './database.ts';
import { type Tables, ticketKey } from './tables.ts';

type ConsentKey = Pick<Consent, 'userId' | 'clientId' | 'resource'>;

const keyOf = ({ userId, clientId, resource }: ConsentKey) => join(userId, clientId, resource);

/** Adds to what is remembered of one user and client. */
export function addConsents({ clients, consents }: Tables, added: readonly Consent[]): void {
  const [first] = added;
  if (first === undefined || clients.find(first.clientId) === undefined) return;
  const { userId, clientId } = first;
  for (const consent of added) {
    consents.set(keyOf(consent), mergedConsent(consents.find(keyOf(consent)), consent));
  }
  const all = consents.list('pair', join(userId, clientId));
  for (const resource of resourcesOverMax(all, added)) {
    consents.delete(keyOf({ userId, clientId, resource }));
  }
}

/** Ends grants of the same user and client, if there are too many with the one that was stored. */
function endOverMax({ grants }: Tables, { id, userId, clientId, createdAt }: Grant): void {
  const all = grants.list('pair', join(userId, clientId), createdAt);
  for (const beyond of grantsOverMax(all, id)) grants.delete(beyond);
}

export function grantsIn(
  db: Database,
  tables: Tables,
): Pick<Store, 'consents' | 'grants' | 'codes' | 'tokens' | 'refreshTokens'> {
  const { clients, users, consents, grants, sessions, tickets } = tables;
  const mayOpen = ({ clientId, userId }: Grant) =>
    clients.find(clientId) !== undefined && !isDisabled(users.find(userId));

  return {
    consents: {
      find: async (userId, clientId, resource) =>
        consents.find(keyOf({ userId, clientId, resource })),
      add: (...added) => db.write(() => addConsents(tables, added)),
      listByUser: async (userId) => consents.list('userId', userId),
      withdraw: (userId, clientId) =>
        db.write(() => {
          const pair = join(userId, clientId);
          const found = [consents, grants, tickets].map((table) => table.deleteAll('pair', pair));
          return found.includes(true);
        }),
    },

    grants: {
      find: async (id, now) => grants.find(id, now),
      listByUser: async (userId, now) => grants.list('userId', userId, now),
      listBySession: async (session, now) => grants.list('session', session, now),
      leaveSession: (leaving, now) => db.write(() => leaveIn(tables, leaving, now)),
      prolongSession: (session, endsAt) =>
        db.write(() => prolongIn(grants, grants.list('session', session), endsAt)),
      // Its codes and tokens stay until they expire, and are dead: the rules ask for their grant.
      end: (id) => db.write(() => grants.delete(id)),
    },

    codes: {
      save: (code, grant, needed = [], session = undefined) =>
        db.write(() => {
          if (session !== undefined && !sessions.find(session, grant.createdAt)) return false;
          if (!mayOpen(grant)) return false;
          if (!needed.every((one) => isConsentEnough(consents.find(keyOf(one)), one))) return false;
          openIn(tables, code, grant);
          endOverMax(tables, grant);
          return true;
        }),
      find: async (hash, now) => findCodeIn(tables, hash, now),
      redeem: (hash, now, tokens) => db.write(() => redeemIn(tables, hash, now, tokens)),
    },

    tokens: {
      issue: (tokens, now, { grant, ticket } = {}) =>
        db.write(() => {
          if (grant !== undefined && !mayOpen(grant)) return false;
          if (ticket && !isAsRead(tickets.find(ticketKey(ticket), now), ticket)) return false;
          if (!issueIn(tables, tokens, now, grant)) return false;
          if (grant !== undefined) endOverMax(tables, grant);
          if (ticket !== undefined) tickets.delete(ticketKey(ticket));
          return true;
        }),
      issueIfUnchanged: (accessToken, client) =>
        db.write(() => {
          if (!isUnchanged(clients.find(client.id), client)) return false;
          keepIn(tables, accessToken);
          return true;
        }),
    },

    refreshTokens: {
      find: async (hash, now) => findRefreshTokenIn(tables, hash, now),
      rotate: (presented, now, retryWindow, tokens) =>
        db.write(() => rotateIn(tables, presented, now, retryWindow, tokens)),
      retire: (presented, now) => db.write(() => retireIn(tables, presented, now)),
    },
  };
}

export function accessTokensIn(db: Database, tables: Tables): Store['accessTokens'] {
  const { clients, users, grants, accessTokens, revoked } = tables;
  const isInForce = (
    token: Pick<AccessToken, 'clientId' | 'grantId' | 'issuedAt'>,
    now: number,
  ) => {
    const client = clients.find(token.clientId);
    const grantEnd = grants.find(token.grantId ?? '')?.expiresAt ?? 0;
    return isHeld(token, { client, grantEnd }, now);
  };
  const find = (hash: string, now: number) => {
    const token = accessTokens.find(hash, now);
    if (token === undefined || !isInForce(token, now)) return undefined;
    return { token, grant: grants.find(token.grantId ?? '') };
  };

  return {
    find: async (hash, now) => find(hash, now),
    async findWithPerson(hash, now) {
      const found = find(hash, now);
      return found && { ...found, user: users.find(found.token.userId ?? '') };
    },
    revoke: (hash, until) =>
      db.write(() => {
        if (!accessTokens.delete(hash)) revoked.set(hash, { expiresAt: until });
      }),
    async findOwner(token, now) {
      if (revoked.find(token.hash, now) !== undefined || !isInForce(token, now)) return undefined;
      return { userId: grants.find(token.grantId ?? '')?.userId };
    },
  };
}
