// Grants, codes and tokens of the memory store.

import type { AccessToken, Grant } from '../types.ts';
import { findConsent } from './memory-consents.ts';
import type { MemoryTables } from './memory-tables.ts';
import {
  findCodeIn,
  findRefreshTokenIn,
  isHeld,
  isRemembered,
  issueIn,
  MOST,
  openIn,
  redeemIn,
  retireIn,
  rotateIn,
} from './outcomes.ts';
import type { Store } from './store.ts';
import type { AccessTokens } from './store-grants.ts';

export function grantsIn(
  tables: MemoryTables,
): Pick<Store, 'grants' | 'codes' | 'tokens' | 'accessTokens' | 'refreshTokens'> {
  const { clients, grants } = tables;

  /** Of the others of its user and client, ends those that are too many: the oldest. */
  function endBeyondMost({ id, userId, clientId, createdAt }: Grant): void {
    if (grants.countOf(userId) <= MOST) return;
    const others = grants
      .ofUser(userId, createdAt)
      .map(([, grant]) => grant)
      .filter((other) => other.clientId === clientId && other.id !== id);
    const [waiting, used] = [
      others.filter(({ lastUsedAt }) => lastUsedAt === undefined),
      others.filter(({ lastUsedAt }) => lastUsedAt !== undefined),
    ];
    for (const grant of oldest(waiting, waiting.length - (MOST - 1))) grants.delete(grant.id);
    for (const grant of oldest(used, used.length - MOST)) grants.delete(grant.id);
  }

  return {
    grants: {
      async find(id, now) {
        return grants.find(id, now);
      },
      async listByUser(userId, now) {
        return grants.ofUser(userId, now).map(([, grant]) => grant);
      },
      // What carries the id stays until its own expiry and is dead: every look-up asks for the grant.
      async end(id) {
        return grants.delete(id) !== undefined;
      },
    },

    codes: {
      async save(code, grant, needed = []) {
        const areRemembered = needed.every((one) => isRemembered(findConsent(tables, one), one));
        if (!areRemembered || !clients.has(grant.clientId)) return false;
        openIn(tables, code, grant);
        endBeyondMost(grant);
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
      async issue(tokens, now) {
        return issueIn(tables, tokens, now);
      },
    },

    refreshTokens: {
      async find(hash, now) {
        return findRefreshTokenIn(tables, hash, now);
      },
      async rotate(hash, now, retryWindow, tokens) {
        return rotateIn(tables, hash, now, retryWindow, tokens);
      },
      async retire(hash, now) {
        return retireIn(tables, hash, now);
      },
    },

    accessTokens: accessTokensIn(tables),
  };
}

/** So many of some grants as were used, or else made, the longest ago. */
function oldest(some: readonly Grant[], count: number): readonly Grant[] {
  if (count <= 0) return [];
  return some
    .toSorted((a, b) => (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0) || a.createdAt - b.createdAt)
    .slice(0, count);
}

function accessTokensIn(tables: MemoryTables): AccessTokens {
  const { clients, users, grants, accessTokens, revoked } = tables;
  const isHeldAt = (token: Pick<AccessToken, 'clientId' | 'grantId'>, now: number) => {
    const grantEnd = grants.find(token.grantId ?? '', now)?.expiresAt ?? 0;
    return isHeld(token, { isRegistered: clients.has(token.clientId), grantEnd }, now);
  };
  return {
    async find(hash, now) {
      const token = accessTokens.find(hash, now);
      return token !== undefined && isHeldAt(token, now) ? token : undefined;
    },
    async findWithPerson(hash, now) {
      const token = accessTokens.find(hash, now);
      if (token === undefined || !isHeldAt(token, now)) return undefined;
      const { grantId = '', userId = '' } = token;
      return { token, grant: grants.find(grantId, now), user: users.get(userId) };
    },
    async revoke(hash, until) {
      if (accessTokens.delete(hash) === undefined) revoked.set(hash, { expiresAt: until });
    },
    async isInForce(token, now) {
      return revoked.find(token.hash, now) === undefined && isHeldAt(token, now);
    },
  };
}
