// The keys this server signs with: made, rotated and shared through the store.
//
// Time is cut into periods of one key for each algorithm, and the store keeps the first key that any
// process offers for a period: that is all it takes for several processes to agree. A period's key is
// published before the period begins, and until the last token it signed has expired. It is kept for
// longer: an ID token may come back as a hint long after that.

import {
  keyAlgorithm,
  type PublicJwk,
  type SigningAlgorithm,
  signingAlgorithms,
} from '../protocol/jwt.ts';
import { deriveKey } from '../protocol/secrets.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { IdTokenAlgorithm, StoredKey } from '../types.ts';
import { type KeptKey, makeKey } from './kept-key.ts';
import { SeenKeys } from './seen-keys.ts';

interface KeyOptions {
  readonly store: Store;
  /** What access tokens are signed with. */
  readonly alg: SigningAlgorithm;
  /** The server's secret: private keys are encrypted with a key made from it. */
  readonly secret: string;
  /** Seconds that one key is used to sign. */
  readonly rotation: number;
  /** Seconds that the longest-lived token lives. */
  readonly maxTokenTtl: number;
}

/** OpenID Connect Registration section 2, RFC 9701 section 6: what a client wants signed, and with what. */
export interface WantsSigned {
  readonly id_token_signed_response_alg?: IdTokenAlgorithm | undefined;
  readonly userinfo_signed_response_alg?: IdTokenAlgorithm | undefined;
  readonly introspection_signed_response_alg?: IdTokenAlgorithm | undefined;
}

/** The algorithm whose key always exists: ID tokens are signed with it unless a client wants another. */
const ID_TOKEN_ALGORITHM: SigningAlgorithm = 'RS256';

/** Seconds that a key is published before it is used; half a period if that is shorter. */
const LEAD = 2 * 3600;

/**
 * Milliseconds after which a process looks for keys that others have made, replaced or removed; and
 * between two looks for an unknown id, which anybody can make up.
 */
const LOOK_INTERVAL = 1000;

export class Keys {
  readonly #options: KeyOptions;
  readonly #encryptionKey: Buffer;
  readonly #seen: SeenKeys;
  /** Those that are being made, by algorithm and period. */
  readonly #making = new Map<string, Promise<KeptKey>>();
  /** The algorithms of the server, of all clients, and of those that this process was told of. */
  readonly #wanted: Set<SigningAlgorithm>;

  constructor(options: KeyOptions) {
    this.#options = options;
    this.#wanted = new Set([options.alg, ID_TOKEN_ALGORITHM]);
    this.#encryptionKey = deriveKey(options.secret, 'signing keys at rest');
    this.#seen = new SeenKeys(options.store, this.#encryptionKey);
  }

  /** What this server signs with, unless a client wants another. */
  get alg(): SigningAlgorithm {
    return this.#options.alg;
  }

  /** Seconds that anybody may keep the key set: what is signed until then has its key in it. */
  get maxAge(): number {
    return Math.floor(this.#lead / 2);
  }

  /**
   * The key to sign access tokens with. After a change of the algorithm, that is for a while still the
   * key that the present period had before: everybody has that one.
   */
  async current(now = Date.now()): Promise<KeptKey> {
    const own = await this.of(this.alg, now);
    const isPublished = (key: KeptKey) => now >= key.createdAt + this.#lead * 1000;
    if (isPublished(own)) return own;
    const isOfOwn = (key: KeptKey) => key.alg === this.alg && isPublished(key);
    // A verifier that has a key of this algorithm fetches an unknown one.
    if (this.#seen.ring.published(now, this.alg).some(isOfOwn)) return own;
    const others = this.#seen.ring.ofPeriod(own.period).filter(isPublished);
    // The key for ID tokens is there in any case, and those who check access tokens may not know it.
    return others.find(({ alg }) => alg !== ID_TOKEN_ALGORITHM) ?? others[0] ?? own;
  }

  /** The key of an algorithm for the present period. From now on there is one in each. */
  async of(alg: SigningAlgorithm, now = Date.now()): Promise<KeptKey> {
    const period = this.#periodAt(now);
    const find = () => this.#seen.ring.signing(alg, period);
    if (!this.#seen.isFresh(LOOK_INTERVAL, now)) {
      await this.#seen.look(now, () => find() !== undefined);
    }
    return find() ?? this.#make(alg, period, now);
  }

  /**
   * Has a key in the key set, from now on, for what clients want signed. They may keep what they have
   * fetched of it, so a key that came with their first token would be unknown to them.
   *
   * @param clients their metadata
   */
  want(clients: readonly WantsSigned[]): void {
    for (const client of clients) {
      for (const alg of [
        client.id_token_signed_response_alg,
        client.userinfo_signed_response_alg,
        client.introspection_signed_response_alg,
      ]) {
        if (alg !== undefined) this.#wanted.add(keyAlgorithm(alg));
      }
    }
  }

  /**
   * Does what `want` does, and resolves once other processes see the keys. Nothing waits for the key that all
   * clients share.
   */
  async prepareFor(clients: readonly WantsSigned[]): Promise<void> {
    this.want(clients);
    const others = [...this.#wanted].filter((alg) => alg !== ID_TOKEN_ALGORITHM);
    await Promise.all(others.map((alg) => this.of(alg)));
  }

  /**
   * The key with an id, looked up in the store if this process has not seen it yet. It may be one that
   * is no longer published.
   */
  async find(kid: string, now = Date.now()): Promise<KeptKey | undefined> {
    const known = () => this.#seen.ring.find(kid);
    if (known() !== undefined && !this.#seen.isFresh(LOOK_INTERVAL, now)) {
      // An operator may have removed it.
      await this.#seen.look(now, () => true);
    }
    if (known() !== undefined) return known();
    if (!this.#seen.isFresh(LOOK_INTERVAL, now)) await this.#seen.list(now);
    // From here on no other process signs an access token with a key unknown here.
    await this.#makeNeeded(now);
    return known();
  }

  /**
   * RFC 7517 section 5: every key that tokens in force may be signed with, or soon will be; those of
   * access tokens first.
   */
  async jwks(now = Date.now()): Promise<{ keys: PublicJwk[] }> {
    try {
      // Readers may cache the set, so it has to include what another process has just made.
      await this.prepare(now);
    } catch (error) {
      // Nobody signs with a key that the store does not have, so these are all there can be.
      if (!(error instanceof StoreUnavailable) || this.#seen.ring.isEmpty) throw error;
    }
    return { keys: this.#seen.ring.published(now, this.alg).map(({ jwk }) => jwk) };
  }

  /** Makes the keys of the present period, and in time those of the next. */
  async prepare(now = Date.now()): Promise<void> {
    if (!this.#seen.isFresh(LOOK_INTERVAL, now)) {
      await this.#seen.look(now, () => this.#missingAt(now).length === 0);
    }
    await this.#makeNeeded(now);
  }

  /**
   * The key that signs with an algorithm now, and one to take its place.
   *
   * @returns the id of that one, and the new key as the store has it
   */
  async successorOf(
    alg: SigningAlgorithm,
    now = Date.now(),
  ): Promise<{ readonly kid: string; readonly key: StoredKey }> {
    await this.#seen.list(now);
    const old = await this.of(alg, now);
    const key = await makeKey(alg, { ...old, createdAt: now }, this.#encryptionKey);
    return { kid: old.kid, key };
  }

  /**
   * A new key that replaces one that is being revoked, in whichever period that is.
   *
   * @returns the new key as the store has it; `undefined` if there is none with that id
   */
  async replacementOf(kid: string, now = Date.now()): Promise<StoredKey | undefined> {
    await this.#seen.list(now);
    const old = this.#seen.ring.find(kid);
    // As old as that one: otherwise `current` would take it for a change of the algorithm.
    return old && makeKey(old.alg, old, this.#encryptionKey);
  }

  get #lead(): number {
    return Math.min(LEAD, this.#options.rotation / 2);
  }

  #periodAt(time: number): number {
    return Math.floor(time / (this.#options.rotation * 1000));
  }

  /**
   * The algorithms and periods whose keys are needed and not known: of those that are wanted, and of those
   * that somebody has needed in the present period.
   */
  #missingAt(now: number): { readonly alg: SigningAlgorithm; readonly period: number }[] {
    const present = this.#periodAt(now);
    const inUse = signingAlgorithms.filter(
      (alg) => this.#wanted.has(alg) || this.#seen.ring.signing(alg, present) !== undefined,
    );
    const periods = new Set([present, this.#periodAt(now + this.#lead * 1000)]);
    return inUse
      .flatMap((alg) => [...periods].map((period) => ({ alg, period })))
      .filter(({ alg, period }) => this.#seen.ring.signing(alg, period) === undefined);
  }

  async #makeNeeded(now: number): Promise<void> {
    const missing = this.#missingAt(now);
    if (missing.length === 0) return;
    await Promise.all(missing.map(({ alg, period }) => this.#make(alg, period, now)));
  }

  /** The key of a period: the one in the store, or if there is none, the one offered here. */
  #make(alg: SigningAlgorithm, period: number, now: number): Promise<KeptKey> {
    const name = `${alg} ${period}`;
    const making =
      this.#making.get(name) ??
      this.#ensure(alg, period, now).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  async #ensure(alg: SigningAlgorithm, period: number, now: number): Promise<KeptKey> {
    const { store, rotation, maxTokenTtl } = this.#options;
    const expiresAt = (period + 1) * rotation * 1000 + maxTokenTtl * 1000;
    const times = { period, createdAt: now, expiresAt };
    return this.#seen.add(await store.keys.ensure(await makeKey(alg, times, this.#encryptionKey)));
  }
}
