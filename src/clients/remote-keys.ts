// The keys that clients publish at their `jwks_uri`: fetched when they are needed, kept for a while,
// and not asked for again and again where they are not to be had.

import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { get, Unreachable } from './guarded-fetch.ts';

/** Milliseconds for which a key set is used, and after which a key that it lacks is looked for. */
const FRESH = 10 * 60_000;
const RECENT = 30_000;

/** Milliseconds in which what has failed is not tried again. */
const PAUSE = 10_000;

/** Characters of all key sets together, with something for the rest that is kept of each. */
const MOST_KEPT = 16 * 1024 * 1024;
const OVERHEAD = 2048;

/** How many failures are remembered. */
const MOST_FAILURES = 10_000;

/** Fetches under way at once: to one host, and to all. */
const MOST_TO_HOST = 32;
const MOST = 256;

/** Keys that a client may have: an assertion that names none is tried with each. */
export const MAX_KEYS = 32;

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
  /** By URI, the one that was used last at the end. A client whose URI changes leaves one behind. */
  readonly #sets = new Map<string, KeySet>();
  #kept = 0;
  /** By URI: whoever comes while a fetch is under way waits for that one. */
  readonly #pending = new Map<string, Promise<KeySet>>();
  /** By host: how many fetches are under way. */
  readonly #underWay = new Map<string, number>();
  /** By URI, or by host where that cannot be reached at all; the oldest first. */
  readonly #failures = new Map<string, Failure>();

  /** @param allowInternal whether a URI may be http and may lead to an address that is not public */
  constructor(allowInternal: boolean) {
    this.#allowInternal = allowInternal;
  }

  /**
   * The keys at a URI, as `jose` takes them.
   *
   * What that throws where they cannot be had is the same error for all who asked meanwhile. It
   * throws an OAuthError with status 503 where too many fetches are under way.
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

  /** @param age milliseconds since it was fetched that it may have */
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
