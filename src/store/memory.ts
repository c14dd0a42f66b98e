// The store of a single process: maps by hash, gone when the process ends.
//
// Nothing runs beside a verb until its first `await`, so a verb without one is atomic. Here no
// verb has one, and none may get one.

import type {
  AccessToken,
  AuthorizationCode,
  Consent,
  Grant,
  IssuedTokens,
  RefreshToken,
  StoredKey,
} from '../types.ts';
import { Expiring, ExpiringOfUsers } from './expiring.ts';
import { frozen } from './frozen.ts';
import { subjectsInMemory } from './memory-subjects.ts';
import { extended, isRemembered, MOST, redemptionOf, rotationOf } from './outcomes.ts';
import type { Document, Requests, Session, Sessions, Store } from './store.ts';

function requestsOf(
  kept: Expiring<Document>,
  addConsents: (consents: readonly Consent[]) => void,
): Requests {
  return {
    async find(hash, now) {
      return kept.find(hash, now);
    },
    async save(hash, document) {
      kept.set(hash, frozen(document));
    },
    async add(hash, document, now, consents = []) {
      const there = kept.find(hash, now);
      if (there !== undefined) return there;
      kept.set(hash, frozen(document));
      addConsents(consents);
      return undefined;
    },
    async delete(hash) {
      kept.delete(hash);
    },
  };
}

function sessionsOf(kept: ExpiringOfUsers<Session>): Sessions {
  return {
    async find(hash, now) {
      return kept.find(hash, now);
    },
    async save(hash, session) {
      kept.set(hash, frozen(session));
      const { userId, createdAt = 0 } = session;
      if (userId === undefined) return;
      const others = kept.ofUser(userId, createdAt).filter(([other]) => other !== hash);
      const newest = others.sort(([, a], [, b]) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
      for (const [oldest] of newest.slice(MOST - 1)) kept.delete(oldest);
    },
    async update(hash, { data, expiresAt }, now) {
      const session = kept.find(hash, now);
      if (session === undefined) return false;
      kept.set(hash, frozen({ ...session, data, expiresAt }));
      return true;
    },
    async note(hash, owner, now) {
      const session = kept.find(hash, now);
      if (session !== undefined) kept.set(hash, frozen({ ...session, ...owner }));
    },
    async delete(hash) {
      kept.delete(hash);
    },
    async listByUser(userId, now) {
      return kept.ofUser(userId, now).map(([hash, session]) => frozen({ ...session, hash }));
    },
    async end(hash, userId, now) {
      if (kept.find(hash, now)?.userId !== userId) return false;
      kept.delete(hash);
      return true;
    },
    async endOthers(userId, keep, now) {
      const hashes = kept.ofUser(userId, now).map(([hash]) => hash);
      const others = hashes.filter((hash) => hash !== keep);
      if (others.length === hashes.length) return 0;
      for (const hash of others) kept.delete(hash);
      return others.length;
    },
  };
}

/** The default store. */
export function memoryStore(): Store {
  /** Of each user, by client and resource. */
  const consents = new Map<string, Map<string, Consent>>();
  const grants = new ExpiringOfUsers<Grant>();
  const codes = new Expiring<AuthorizationCode>();
  const accessTokens = new Expiring<AccessToken>();
  const refreshTokens = new Expiring<RefreshToken>();
  const limits = new Expiring<{ attempts: number; readonly expiresAt: number }>();
  const sessions = new ExpiringOfUsers<Session>();
  const requests = new Expiring<Document>();
  const revoked = new Expiring<{ readonly expiresAt: number }>();
  const claimed = new Expiring<{ readonly expiresAt: number }>();
  const keys = new Expiring<StoredKey>();

  const kinds = [
    codes,
    accessTokens,
    refreshTokens,
    grants,
    limits,
    sessions,
    requests,
    revoked,
    claimed,
    keys,
  ];

  // An array in JSON, for no separator is safe from ids that may hold any character.
  const consentKey = (clientId: string, resource: string) => JSON.stringify([clientId, resource]);

  function findConsent(userId: string, clientId: string, resource: string): Consent | undefined {
    return consents.get(userId)?.get(consentKey(clientId, resource));
  }

  /** @returns whether there were any */
  function forgetConsents(userId: string, clientId: string): boolean {
    const ofUser = consents.get(userId);
    let found = false;
    for (const [key, consent] of ofUser ?? []) {
      if (consent.clientId === clientId) found = ofUser!.delete(key);
    }
    if (ofUser?.size === 0) consents.delete(userId);
    return found;
  }

  /** Whether what a token comes of is in force: its client, and its grant if it has one. */
  function isHeld({ clientId, grantId }: Pick<AccessToken, 'clientId' | 'grantId'>, now: number) {
    if (!isRegistered(clientId)) return false;
    return grantId === undefined || grants.find(grantId, now) !== undefined;
  }

  function addConsents(added: readonly Consent[]): void {
    for (const consent of added) {
      const { userId, clientId, resource } = consent;
      if (!isRegistered(clientId)) continue;
      const there = findConsent(userId, clientId, resource);
      const ofUser = consents.get(userId) ?? new Map<string, Consent>();
      consents.set(userId, ofUser);
      const scope = new Set([...(there?.scope ?? []), ...consent.scope]);
      ofUser.set(
        consentKey(clientId, resource),
        frozen({ ...(there ?? consent), scope: [...scope] }),
      );
      const keys = new Set(added.map((one) => consentKey(one.clientId, one.resource)));
      const others = [...ofUser]
        .filter(([key, other]) => other.clientId === clientId && !keys.has(key))
        .sort(([, a], [, b]) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
      for (const [key] of others.slice(Math.max(0, MOST - keys.size))) ofUser.delete(key);
    }
  }

  /** Of the others of its user and client, those used last are left. */
  function endBeyond({ id, userId, clientId, createdAt }: Grant): void {
    const used = grants
      .ofUser(userId, createdAt)
      .map(([, grant]) => grant)
      .filter((other) => other.clientId === clientId && other.id !== id)
      .sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || b.createdAt - a.createdAt);
    for (const over of used.slice(MOST - 1)) grants.delete(over.id);
  }

  function keep(token: AccessToken): void {
    if (token.jti === undefined) accessTokens.set(token.hash, frozen(token));
  }

  /** Stores tokens of a grant that the caller has found in force; answers the grant, extended. */
  function issue(grant: Grant, { accessToken, refreshToken }: IssuedTokens): Grant {
    keep(accessToken);
    if (refreshToken !== undefined) refreshTokens.set(refreshToken.hash, frozen(refreshToken));
    const longer = frozen(extended(grant, { accessToken, refreshToken }));
    grants.set(grant.id, longer);
    return longer;
  }

  const always = Number.NEGATIVE_INFINITY;

  /** What came of a client. */
  function forgetClient(id: string): void {
    for (const userId of consents.keys()) forgetConsents(userId, id);
    for (const grant of grants.values(always)) if (grant.clientId === id) grants.delete(grant.id);
    for (const token of accessTokens.values(always)) {
      if (token.clientId === id) accessTokens.delete(token.hash);
    }
  }

  /** What came of a user. */
  function forgetUser(id: string): void {
    consents.delete(id);
    for (const kind of [grants, sessions]) {
      for (const [key] of kind.ofUser(id, always)) kind.delete(key);
    }
  }

  const { isRegistered, ...subjects } = subjectsInMemory({
    client: forgetClient,
    user: forgetUser,
  });

  return {
    ...subjects,

    consents: {
      async find(userId, clientId, resource) {
        return findConsent(userId, clientId, resource);
      },
      async add(...added) {
        addConsents(added);
      },
      async listByUser(userId) {
        return [...(consents.get(userId)?.values() ?? [])];
      },
      async withdraw(userId, clientId) {
        let found = forgetConsents(userId, clientId);
        for (const [id, grant] of grants.ofUser(userId, always)) {
          if (grant.clientId !== clientId) continue;
          grants.delete(id);
          found = true;
        }
        return found;
      },
    },

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
        const areRemembered = needed.every((consent) =>
          isRemembered(findConsent(consent.userId, consent.clientId, consent.resource), consent),
        );
        if (!areRemembered || !isRegistered(grant.clientId)) return false;
        grants.set(grant.id, frozen(grant));
        codes.set(code.hash, frozen(code));
        endBeyond(grant);
        return true;
      },
      async find(hash, now) {
        const code = codes.find(hash, now);
        const grant = code && grants.find(code.grantId, now);
        return code && grant && { code, grant };
      },
      async redeem(hash, now, tokens) {
        const code = codes.find(hash, now);
        const grant = code && grants.find(code.grantId, now);
        const redemption = redemptionOf(code, grant, now);
        if (redemption.outcome === 'redeemed') {
          codes.set(hash, frozen({ ...code!, redeemedAt: now }));
          if (tokens !== undefined) issue(grant!, tokens);
        }
        return redemption;
      },
    },

    tokens: {
      async issue(tokens, now) {
        const grantId = tokens.accessToken.grantId ?? tokens.refreshToken?.grantId;
        if (grantId === undefined) {
          keep(tokens.accessToken);
          return true;
        }
        const grant = grants.find(grantId, now);
        if (grant === undefined) return false;
        issue(grant, tokens);
        return true;
      },
    },

    accessTokens: {
      async find(hash, now) {
        const token = accessTokens.find(hash, now);
        return token !== undefined && isHeld(token, now) ? token : undefined;
      },
      async revoke(hash, until) {
        if (accessTokens.delete(hash) === undefined) revoked.set(hash, { expiresAt: until });
      },
      async isInForce(token, now) {
        return revoked.find(token.hash, now) === undefined && isHeld(token, now);
      },
    },

    refreshTokens: {
      async find(hash, now) {
        const token = refreshTokens.find(hash, now);
        const grant = token && grants.find(token.grantId, now);
        return token && grant && { token, grant };
      },
      async rotate(hash, now, retryWindow, tokens) {
        const token = refreshTokens.find(hash, now);
        const grant = token && grants.find(token.grantId, now);
        const brought = tokens.refreshToken.hash;
        const rotation = rotationOf(
          token && grant && { token, grant },
          refreshTokens.find(brought, now),
          brought,
          now,
          retryWindow,
        );
        switch (rotation.outcome) {
          case 'rotated':
            refreshTokens.set(hash, frozen({ ...token!, rotatedAt: now, successorHash: brought }));
            return { ...rotation, grant: issue(rotation.grant, tokens) };
          case 'retried':
            return {
              ...rotation,
              grant: issue(rotation.grant, { accessToken: tokens.accessToken }),
            };
          default:
            return rotation;
        }
      },
      async retire(hash, now) {
        const token = refreshTokens.find(hash, now);
        if (!token || token.rotatedAt !== undefined) return false;
        if (!grants.find(token.grantId, now)) return false;
        refreshTokens.set(hash, frozen({ ...token, rotatedAt: now }));
        return true;
      },
    },

    replays: {
      async claim(kind, id, until, now) {
        const key = JSON.stringify([kind, id]);
        if (claimed.find(key, now) !== undefined) return false;
        claimed.set(key, { expiresAt: until });
        return true;
      },
    },

    keys: {
      async list(now) {
        return keys.values(now);
      },
      async ensure(key) {
        const name = JSON.stringify([key.alg, key.period]);
        const there = keys.find(name, always);
        if (there === undefined) keys.set(name, frozen(key));
        return there ?? key;
      },
    },

    limits: {
      async take(key, max, window, now) {
        let counted = limits.find(key, now);
        if (counted === undefined) {
          counted = { attempts: 0, expiresAt: now + window };
          limits.set(key, counted);
        }
        const allowed = counted.attempts < max;
        // One that was refused is not counted, or giving one back would let nobody in.
        if (allowed) counted.attempts += 1;
        return { allowed, resetAt: counted.expiresAt };
      },
      async giveBack(key, now) {
        const counted = limits.find(key, now);
        if (counted !== undefined && counted.attempts > 0) counted.attempts -= 1;
      },
    },

    sessions: sessionsOf(sessions),
    requests: requestsOf(requests, addConsents),

    async purge(now, limit) {
      let forgotten = 0;
      for (const kind of kinds) {
        forgotten += kind.purge(now, limit - forgotten);
      }
      return forgotten;
    },

    async ping() {
      return { isWritable: true };
    },

    async close() {},
  };
}
