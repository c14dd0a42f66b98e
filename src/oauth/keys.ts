// The keys this server signs with: made, rotated and shared through the store.
//
// Time is cut into periods of one key each, and the store keeps the first key that any process
// offers for a period: that is all it takes for several processes to agree. A period's key is
// published before the period begins, and stays until the last token it signed has expired.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { OperatorError } from '../operator-error.ts';
import {
  type PublicJwk,
  type SigningAlgorithm,
  type SigningKey,
  signingKey,
} from '../protocol/jwt.ts';
import { decrypt, deriveKey, encrypt, randomToken } from '../protocol/secrets.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import type { StoredKey } from '../types.ts';

export interface KeyOptions {
  readonly store: Store;
  readonly alg: SigningAlgorithm;
  /** The server's secret: private keys are encrypted with a key made from it. */
  readonly secret: string;
  /** Seconds that one key is used to sign. */
  readonly rotation: number;
  /** Seconds that the longest-lived token lives. */
  readonly longestToken: number;
}

/** The store has keys that the server's secret does not open. */
export class SecretError extends OperatorError {
  override readonly name = 'SecretError';
}

/** A signing key, with the times of the stored one. */
export interface KeptKey extends SigningKey {
  readonly period: number;
  readonly createdAt: number;
  /** When it will have nothing left to verify. */
  readonly expiresAt: number;
}

/** Seconds that a key is published before it is used; half a period if that is shorter. */
const LEAD = 2 * 3600;

/** Milliseconds after which a process looks for keys that others have made. */
const RELOAD_INTERVAL = 60_000;

/** Milliseconds after which a store that was away is asked again. */
const RETRY_INTERVAL = 5000;

/** Milliseconds between two looks for an unknown id, which anybody can make up. */
const LOOK_INTERVAL = 1000;

export class Keys {
  readonly #options: KeyOptions;
  readonly #encryptionKey: Buffer;
  #keys = new Map<string, KeptKey>();
  /** The keys by period, as far as this process has seen them. */
  #periods = new Map<number, KeptKey>();
  #loadedAt = Number.NEGATIVE_INFINITY;
  /** The look at the store that is under way: whoever needs one meanwhile waits for this one. */
  #loading: Promise<void> | undefined;

  constructor(options: KeyOptions) {
    this.#options = options;
    this.#encryptionKey = deriveKey(options.secret, 'signing keys at rest');
  }

  /** What this server signs with. */
  get alg(): SigningAlgorithm {
    return this.#options.alg;
  }

  /** Seconds that anybody may keep the key set: what is signed until then has its key in it. */
  get maxAge(): number {
    return Math.floor(this.#lead / 2);
  }

  /**
   * The key to sign with. After a change of the algorithm, that is for a while still the key that the
   * present period had before: everybody has that one.
   */
  async current(now = Date.now()): Promise<KeptKey> {
    const own = await this.own(now);
    const isPublished = (key: KeptKey) => now >= key.createdAt + this.#lead * 1000;
    if (isPublished(own)) return own;
    const others = [...this.#keys.values()].filter(({ period }) => period === own.period);
    return others.find(isPublished) ?? own;
  }

  /** The key of the present period and of this server's algorithm. */
  async own(now = Date.now()): Promise<KeptKey> {
    await this.prepare(now);
    return this.#periods.get(this.#periodAt(now))!;
  }

  /** The key with an id, looked up in the store if this process has not seen it yet. */
  async find(kid: string, now = Date.now()): Promise<KeptKey | undefined> {
    const known = this.#keys.get(kid);
    if (known !== undefined || this.#isFresh(LOOK_INTERVAL, now)) return known;
    await this.#refresh(now);
    return this.#keys.get(kid);
  }

  /** RFC 7517 section 5: every key that tokens in force may be signed with, or soon will be. */
  async jwks(now = Date.now()): Promise<{ keys: PublicJwk[] }> {
    try {
      await this.prepare(now);
    } catch (error) {
      // Nobody signs with a key that the store does not have, so these are all there can be.
      if (!(error instanceof StoreUnavailable) || this.#keys.size === 0) throw error;
    }
    return { keys: [...this.#keys.values()].map(({ jwk }) => jwk) };
  }

  /** Makes the key of the present period, and in time that of the next. */
  async prepare(now = Date.now()): Promise<void> {
    if (!this.#isFresh(RELOAD_INTERVAL, now)) {
      try {
        await this.#refresh(now);
      } catch (error) {
        // Tokens can be verified with the keys that are known, even if the store is away.
        if (!(error instanceof StoreUnavailable && this.#hasNeeded(now))) throw error;
        this.#loadedAt = now - RELOAD_INTERVAL + RETRY_INTERVAL;
      }
    }
    // A look that was under way may have begun before the time of a key had come.
    while (!this.#hasNeeded(now)) await this.#refresh(now);
  }

  #hasNeeded(now: number): boolean {
    return this.#neededAt(now).every((period) => this.#periods.has(period));
  }

  get #lead(): number {
    return Math.min(LEAD, this.#options.rotation / 2);
  }

  #periodAt(time: number): number {
    return Math.floor(time / (this.#options.rotation * 1000));
  }

  /** The periods whose keys have to be known. */
  #neededAt(now: number): number[] {
    return [this.#periodAt(now), this.#periodAt(now + this.#lead * 1000)];
  }

  #isFresh(interval: number, now: number): boolean {
    // A clock may be set back.
    return now >= this.#loadedAt && now - this.#loadedAt < interval;
  }

  #refresh(now: number): Promise<void> {
    this.#loading ??= this.#load(now).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /**
   * Reads the keys there are and makes those that are needed, so that afterwards no other process
   * signs with a key unknown here.
   */
  async #load(now: number): Promise<void> {
    const { store, alg } = this.#options;
    const keys = new Map<string, KeptKey>();
    const periods = new Map<number, KeptKey>();
    const add = (stored: StoredKey) => {
      const key = this.#keys.get(stored.kid) ?? this.#open(stored);
      keys.set(key.kid, key);
      if (stored.alg === alg) periods.set(stored.period, key);
    };
    for (const stored of await store.keys.list(now)) add(stored);
    for (const period of this.#neededAt(now)) {
      if (!periods.has(period)) add(await this.#ensure(period, now));
    }
    this.#keys = keys;
    this.#periods = periods;
    this.#loadedAt = now;
  }

  /** The key of a period: the one in the store, or if there is none, the one offered here. */
  async #ensure(period: number, now: number): Promise<StoredKey> {
    const { store, alg, rotation, longestToken } = this.#options;
    const end = (period + 1) * rotation * 1000;
    return store.keys.ensure({
      period,
      alg,
      kid: randomToken(12),
      createdAt: now,
      encryptedPrivateKey: encrypt(this.#encryptionKey, await generate(alg)),
      expiresAt: end + longestToken * 1000,
    });
  }

  /** @throws SecretError if the key was encrypted under another secret */
  #open({ kid, alg, encryptedPrivateKey, period, createdAt, expiresAt }: StoredKey): KeptKey {
    try {
      const pkcs8 = decrypt(this.#encryptionKey, encryptedPrivateKey).toString();
      const key = signingKey(kid, alg as SigningAlgorithm, pkcs8);
      return { ...key, period, createdAt, expiresAt };
    } catch (cause) {
      throw new SecretError(
        'What the store keeps was encrypted under another SESSION_SECRET. Set the one it had; without that, delete the rows of oauth_keys, and all signed tokens end.',
        { cause },
      );
    }
  }
}

/** @returns PKCS #8 in PEM */
async function generate(alg: SigningAlgorithm): Promise<string> {
  const { privateKey } = await generatePair(alg);
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** On another thread: an RSA key takes long enough for requests to notice. */
function generatePair(alg: SigningAlgorithm) {
  const generated = promisify(generateKeyPair);
  switch (alg) {
    case 'ES256':
      return generated('ec', { namedCurve: 'P-256' });
    case 'RS256':
      return generated('rsa', { modulusLength: 2048 });
    case 'EdDSA':
      return generated('ed25519');
  }
}
