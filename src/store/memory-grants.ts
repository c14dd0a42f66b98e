// Grants, codes and tokens of the memory store.

import type { AccessToken } from '../issued.ts';
import type { Grant } from '../types.ts';
import { isAsRead } from './as-read.ts';
import { isDisabled, isUnchanged } from './clients-and-users.ts';
import { isHeld } from './held.ts';
import { findConsent } from './memory-consents.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import { deleteTicket, findTicket } from './memory-tickets.ts';
import {
  findCodeIn,
  findRefreshTokenIn,
  isConsentEnough,
  issueIn,
  keepIn,
  openIn,
  redeemIn,
  retireIn,
  rotateIn,
} from './outcomes.ts';
import { leaveIn, prolongIn } from './session-grants.ts';
import type { Store } from './store.ts';
import type { AccessTokens } from './store-grants.ts';

export function grantsIn(
  tables: MemoryTables,
): Pick<Store, 'grants' | 'codes' | 'tokens' | 'accessTokens' | 'refreshTokens'> {
  const { clients, users, grants, sessions } = tables;
  const mayOpen = ({ clientId, userId }: Grant) =>
    clients.has(clientId) && !isDisabled(users.get(userId));

  return {
    grants: {
      async find(id, now) {
        return grants.find(id, now);
      },
      async listByUser(userId, now) {
        return grants.ofUser(userId, now).map(([, grant]) => grant);
      },
      async listBySession(session, now) {
        return grants.ofSession(session, now);
      },
      async leaveSession(leaving, now) {
        return leaveIn(tables, leaving, now);
      },
      async prolongSession(session, endsAt) {
        prolongIn(grants, grants.ofSession(session, ALWAYS), endsAt);
      },
      // What carries the id stays until its own expiry and is dead: every look-up asks for the grant.
      async end(id) {
        return grants.delete(id) !== undefined;
      },
    },

    codes: {
      async save(code, grant, needed = [], session = undefined) {
        const isOpen = session === undefined || sessions.find(session, grant.createdAt);
        const areConsentsEnough = needed.every((one) =>
          isConsentEnough(findConsent(tables, one), one),
        );
        if (!isOpen || !areConsentsEnough || !mayOpen(grant)) return false;
        openIn(tables, code, grant);
        grants.endOverMax(grant);
        return true;
      },
      async find(hash, now) {
        return findCodeIn(tables, hash, now);
      },
      async redeem(hash, now, tokens) {
        return redeemIn(tables, hash, now, tokens);
      },
    },

    tokens: {
      async issue(tokens, now, { grant, ticket } = {}) {
        if (grant !== undefined && !mayOpen(grant)) return false;
        if (ticket && !isAsRead(findTicket(tables, ticket, now), ticket)) return false;
        if (!issueIn(tables, tokens, now, grant)) return false;
        if (grant !== undefined) grants.endOverMax(grant);
        if (ticket !== undefined) deleteTicket(tables, ticket);
        return true;
      },
      async issueIfUnchanged(accessToken, client) {
        if (!isUnchanged(clients.get(client.id), client)) return false;
        keepIn(tables, accessToken);
        return true;
      },
    },

    refreshTokens: {
      async find(hash, now) {
        return findRefreshTokenIn(tables, hash, now);
      },
      async rotate(presented, now, retryWindow, tokens) {
        return rotateIn(tables, presented, now, retryWindow, tokens);
      },
      async retire(presented, now) {
        return retireIn(tables, presented, now);
      },
    },

    accessTokens: accessTokensIn(tables),
  };
}

function accessTokensIn(tables: MemoryTables): AccessTokens {
  const { clients, users, grants, accessTokens, revoked } = tables;
  const grantOf = ({ grantId }: Pick<AccessToken, 'grantId'>, now: number) =>
    grantId === undefined ? undefined : grants.find(grantId, now);
  const isHeldBy = (
    token: Pick<AccessToken, 'clientId' | 'grantId' | 'issuedAt'>,
    grant: Grant | undefined,
    now: number,
  ) => isHeld(token, { client: clients.get(token.clientId), grantEnd: grant?.expiresAt ?? 0 }, now);
  const find = (hash: string, now: number) => {
    const token = accessTokens.find(hash, now);
    if (token === undefined) return undefined;
    const grant = grantOf(token, now);
    return isHeldBy(token, grant, now) ? { token, grant } : undefined;
  };
  return {
    find: async (hash, now) => find(hash, now),
    async findWithPerson(hash, now) {
      const found = find(hash, now);
      return found && { ...found, user: users.get(found.token.userId ?? '') };
    },
    async revoke(hash, until) {
      if (accessTokens.delete(hash) === undefined) revoked.set(hash, { expiresAt: until });
    },
    async findOwner(token, now) {
      const grant = grantOf(token, now);
      const isOver = revoked.find(token.hash, now) !== undefined || !isHeldBy(token, grant, now);
      return isOver ? undefined : { userId: grant?.userId };
    },
  };
}
