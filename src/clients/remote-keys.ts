// The keys that clients publish at their `jwks_uri`. They are fetched when they are needed, and kept
// for a while. If a fetch fails, it is not tried again at once.

import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { MAX_KEYS } from '../protocol/client.ts';
import { get, Unreachable } from './guarded-fetch.ts';

/** Milliseconds for which a key set is used, and after which a key that it lacks is looked for. */
const FRESH = 10 * 60_000;
const RECENT = 30_000;

/** Milliseconds after a failure in which there is no new attempt. */
const PAUSE = 10_000;

/** Characters of all key sets together, each with an overhead for what else is kept of it. */
const MOST_KEPT = 16 * 1024 * 1024;
const OVERHEAD = 2048;

/** How many failures are remembered. */
const MOST_FAILURES = 10_000;

/** The most fetches under way at once: to one host, and to all. */
const MOST_TO_HOST = 32;
const MOST = 256;

interface KeySet {
  readonly keys: JWTVerifyGetKey;
  readonly fetchedAt: number;
  readonly size: number;
}

interface Failure {
  readonly error: unknown;
  readonly until: number;
}

export class RemoteKeys {
  readonly #allowInternal: boolean;
  /** By URI, the one used last at the end. A client whose URI changes leaves one behind. */
  readonly #sets = new Map<string, KeySet>();
  #kept = 0;
  /** By URI: a request that comes while a fetch is under way waits for that one. */
  readonly #pending = new Map<string, Promise<KeySet>>();
  /** By host: how many fetches are under way. */
  readonly #underWay = new Map<string, number>();
  /** By URI, or by host if that cannot be reached at all; the oldest is first. */
  readonly #failures = new Map<string, Failure>();

  /** @param allowInternal whether a URI may be http and may lead to an address that is not public */
  constructor(allowInternal: boolean) {
    this.#allowInternal = allowInternal;
  }

  /**
   * The keys at a URI, as `jose` takes them.
   *
   * If a fetch fails, all requests that waited for it get the same error. If too many fetches are
   * under way, the error is an OAuthError with status 503.
   */
  at(uri: string): JWTVerifyGetKey {
    return async (header, token) => {
      const { keys } = await this.#set(uri, FRESH);
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const later = await this.#set(uri, RECENT);
        return later.keys(header, token);
      }
    };
  }

  /** @param age the most milliseconds since it was fetched */
  async #set(uri: string, age: number): Promise<KeySet> {
    const now = Date.now();
    const known = this.#sets.get(uri);
    if (known !== undefined && now < known.fetchedAt + age) {
      this.#sets.delete(uri);
      this.#sets.set(uri, known);
      return known;
    }
    const pending = this.#pending.get(uri);
    if (pending !== undefined) return pending;

    const { host } = new URL(uri);
    for (const key of [uri, host]) {
      const failure = this.#failures.get(key);
      if (failure !== undefined && now < failure.until) throw failure.error;
    }
    const fetched = this.#fetch(uri, host);
    this.#pending.set(uri, fetched);
    try {
      return await fetched;
    } finally {
      this.#pending.delete(uri);
    }
  }

  async #fetch(uri: string, host: string): Promise<KeySet> {
    const before = this.#underWay.get(host) ?? 0;
    if (before >= MOST_TO_HOST || this.#pending.size >= MOST) {
      const sentence = 'Too many clients need their keys at once: try again in a moment.';
      throw new OAuthError('temporarily_unavailable', sentence, { headers: RETRY_LATER });
    }
    this.#underWay.set(host, before + 1);
    try {
      const { status, body } = await get(uri, this.#allowInternal);
      if (status !== 200) throw new Error(`the key set was answered with ${status}`);
      const found = JSON.parse(body);
      if (found?.keys?.length > MAX_KEYS) {
        throw new Error(`the key set has more than ${MAX_KEYS} keys`);
      }
      const keys = createLocalJWKSet(found);
      const set = { keys, fetchedAt: Date.now(), size: body.length + OVERHEAD };
      this.#keep(uri, set);
      return set;
    } catch (error) {
      this.#fail(error instanceof Unreachable ? host : uri, error);
      throw error;
    } finally {
      const left = (this.#underWay.get(host) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(host);
      else this.#underWay.set(host, left);
    }
  }

  #keep(uri: string, set: KeySet): void {
    this.#forget(uri);
    this.#sets.set(uri, set);
    this.#kept += set.size;
    for (const [oldest, { fetchedAt }] of this.#sets) {
      if (this.#kept <= MOST_KEPT && set.fetchedAt < fetchedAt + FRESH) break;
      this.#forget(oldest);
    }
  }

  #forget(uri: string): void {
    this.#kept -= this.#sets.get(uri)?.size ?? 0;
    this.#sets.delete(uri);
  }

  #fail(key: string, error: unknown): void {
    const now = Date.now();
    this.#failures.delete(key);
    this.#failures.set(key, { error, until: now + PAUSE });
    for (const [oldest, { until }] of this.#failures) {
      if (this.#failures.size <= MOST_FAILURES && now < until) break;
      this.#failures.delete(oldest);
    }
  }
}
