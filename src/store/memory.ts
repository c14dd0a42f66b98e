// The store of a single process: maps by hash, gone when the process ends.
//
// Nothing runs beside a verb until its first `await`, so a verb without one is atomic. Here no
// verb has one, and none may get one.

import type {
  AccessToken,
  AuthorizationCode,
  Client,
  Consent,
  Grant,
  IssuedTokens,
  RefreshToken,
  StoredKey,
  User,
} from '../types.ts';
import { extended, redemptionOf, rotationOf } from './rules.ts';
import { type Document, type Documents, type Store, UsernameTaken } from './store.ts';

/** Milliseconds of expiries that share a slot, and by which forgetting may lag behind. */
const SLOT = 16_000;

/**
 * Records by key, each in the slot its `expiresAt` falls into. What is over is found by its slot,
 * so forgetting costs what it forgets, whatever else is held.
 */
class Expiring<Value extends { readonly expiresAt: number }> {
  readonly #records = new Map<string, Value>();
  readonly #slots = new Map<number, Set<string>>();
  /** Every slot up to this one is empty. */
  #swept = Number.NEGATIVE_INFINITY;

  find(key: string, now: number): Value | undefined {
    const record = this.#records.get(key);
    return record !== undefined && now < record.expiresAt ? record : undefined;
  }

  set(key: string, record: Value): void {
    this.delete(key);
    this.#records.set(key, record);
    const slot = slotOf(record);
    const keys = this.#slots.get(slot);
    if (keys === undefined) this.#slots.set(slot, new Set([key]));
    else keys.add(key);
    // A clock may be set back, and a record may be over before it comes.
    this.#swept = Math.min(this.#swept, slot - 1);
  }

  delete(key: string): boolean {
    const record = this.#records.get(key);
    if (record === undefined) return false;
    this.#records.delete(key);
    const slot = slotOf(record);
    const keys = this.#slots.get(slot);
    keys?.delete(key);
    if (keys?.size === 0) this.#slots.delete(slot);
    return true;
  }

  values(now: number): Value[] {
    return [...this.#records.values()].filter((record) => now < record.expiresAt);
  }

  purge(now: number, limit: number): number {
    const last = Math.floor(now / SLOT);
    let forgotten = 0;
    for (const slot of this.#passed(last)) {
      for (const key of this.#slots.get(slot) ?? []) {
        if (forgotten >= limit) return forgotten;
        this.delete(key);
        forgotten += 1;
      }
    }
    this.#swept = last;
    return forgotten;
  }

  /** Slots not yet swept; after a long silence more have passed than there are to look at. */
  *#passed(last: number): Generator<number> {
    if (last - this.#swept < this.#slots.size) {
      for (let slot = this.#swept + 1; slot <= last; slot += 1) yield slot;
    } else {
      for (const slot of this.#slots.keys()) if (slot <= last) yield slot;
    }
  }
}

/** Rounded up: once a slot has passed, all that is in it is over. */
function slotOf(record: { readonly expiresAt: number }): number {
  return Math.ceil(record.expiresAt / SLOT);
}

/** A copy that neither the caller who brought it nor one who is given it can change. */
function frozen<Value extends object>(value: Value): Value {
  const copy = { ...value };
  for (const name in copy) {
    const part = copy[name];
    if (Array.isArray(part)) copy[name] = Object.freeze([...part]) as typeof part;
  }
  return Object.freeze(copy);
}

function documents(kept: Expiring<Document>): Documents {
  return {
    async find(hash, now) {
      return kept.find(hash, now);
    },
    async save(hash, document) {
      kept.set(hash, frozen(document));
    },
    async delete(hash) {
      kept.delete(hash);
    },
  };
}

/** The default store. */
export function memoryStore(): Store {
  const clients = new Map<string, Client>();
  const users = new Map<string, User>();
  const userIds = new Map<string, string>();
  const consents = new Map<string, Consent>();
  const grants = new Expiring<Grant>();
  const codes = new Expiring<AuthorizationCode>();
  const accessTokens = new Expiring<AccessToken>();
  const refreshTokens = new Expiring<RefreshToken>();
  const limits = new Expiring<{ attempts: number; readonly expiresAt: number }>();
  const sessions = new Expiring<Document>();
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
  const consentKey = ({ userId, clientId, resource }: Omit<Consent, 'scope'>) =>
    JSON.stringify([userId, clientId, resource]);

  function keep(token: AccessToken): void {
    if (token.jti === undefined) accessTokens.set(token.hash, frozen(token));
  }

  /** Stores tokens of a grant that the caller has found in force; answers the grant, extended. */
  function issue(grant: Grant, { accessToken, refreshToken }: IssuedTokens): Grant {
    keep(accessToken);
    if (refreshToken !== undefined) refreshTokens.set(refreshToken.hash, frozen(refreshToken));
    const longer = frozen(extended(grant, { accessToken, refreshToken }));
    if (longer.expiresAt > grant.expiresAt) grants.set(grant.id, longer);
    return longer;
  }

  return {
    clients: {
      async find(id) {
        return clients.get(id);
      },
      async save(client) {
        clients.set(client.id, frozen(client));
      },
    },

    users: {
      async find(id) {
        return users.get(id);
      },
      async findByUsername(username) {
        const id = userIds.get(username);
        return id === undefined ? undefined : users.get(id);
      },
      async save(user) {
        const owner = userIds.get(user.username);
        if (owner !== undefined && owner !== user.id)
          throw new UsernameTaken('The username is taken.');
        const before = users.get(user.id);
        if (before !== undefined) userIds.delete(before.username);
        userIds.set(user.username, user.id);
        users.set(user.id, frozen(user));
      },
    },

    consents: {
      async find(userId, clientId, resource) {
        return consents.get(consentKey({ userId, clientId, resource }));
      },
      async add(consent) {
        const key = consentKey(consent);
        const scope = new Set([...(consents.get(key)?.scope ?? []), ...consent.scope]);
        consents.set(key, frozen({ ...consent, scope: [...scope] }));
      },
    },

    grants: {
      async find(id, now) {
        return grants.find(id, now);
      },
      // What carries the id stays until its own expiry and is dead: every look-up asks for the grant.
      async end(id) {
        return grants.delete(id);
      },
    },

    codes: {
      async save(code, grant) {
        grants.set(grant.id, frozen(grant));
        codes.set(code.hash, frozen(code));
      },
      async find(hash, now) {
        const code = codes.find(hash, now);
        const grant = code && grants.find(code.grantId, now);
        return code && grant && { code, grant };
      },
      async redeem(hash, now, tokens) {
        const code = codes.find(hash, now);
        const grant = code && grants.find(code.grantId, now);
        const redemption = redemptionOf(code, grant);
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
        if (token?.grantId === undefined) return token;
        return grants.find(token.grantId, now) && token;
      },
      async revoke(hash, until) {
        if (!accessTokens.delete(hash)) revoked.set(hash, { expiresAt: until });
      },
      async isInForce(hash, grantId, now) {
        if (revoked.find(hash, now) !== undefined) return false;
        return grantId === undefined || grants.find(grantId, now) !== undefined;
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
        const there = keys.find(name, Number.NEGATIVE_INFINITY);
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

    sessions: documents(sessions),
    requests: documents(requests),

    async purge(now, limit) {
      let forgotten = 0;
      for (const kind of kinds) {
        forgotten += kind.purge(now, limit - forgotten);
      }
      return forgotten;
    },

    async ping() {},

    async close() {},
  };
}
