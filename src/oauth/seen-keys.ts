// The signing keys in the store, as far as this process has seen them.

import { type Store, StoreUnavailable } from '../store/store.ts';
import type { StoredKey } from '../types.ts';
import { type KeptKey, openKey } from './kept-key.ts';
import { KeyRing } from './key-ring.ts';

/** Milliseconds after which a store that was away is asked again. */
const RETRY_INTERVAL = 5000;

/** Milliseconds that keys are used after a look if the next ones fail in a way that no store promises. */
const PATIENCE = 60_000;

export class SeenKeys {
  readonly #store: Store;
  readonly #encryptionKey: Buffer;
  #ring = new KeyRing();
  #listedAt = Number.NEGATIVE_INFINITY;
  #awaySince = Number.NEGATIVE_INFINITY;
  /** The look at the store that is under way: whoever needs one meanwhile waits for this one. */
  #listing: Promise<void> | undefined;
  /** What came into the store since that look began. */
  #added: KeptKey[] = [];

  /** @param encryptionKey that private keys are encrypted with in the store */
  constructor(store: Store, encryptionKey: Buffer) {
    this.#store = store;
    this.#encryptionKey = encryptionKey;
  }

  get ring(): KeyRing {
    return this.#ring;
  }

  /** Whether the last look at the store is less than `interval` milliseconds ago. */
  isFresh(interval: number, now: number): boolean {
    // A clock may be set back.
    return now >= this.#listedAt && now - this.#listedAt < interval;
  }

  /**
   * Looks for keys that others have made, unless the store was away a moment ago.
   *
   * @param isEnough whether the keys that are known are good enough if the store is away, or fails for a
   *   moment
   */
  async look(now: number, isEnough: () => boolean): Promise<void> {
    const pause = this.#awaySince + RETRY_INTERVAL - now;
    if (pause > 0 && pause <= RETRY_INTERVAL && isEnough()) return;
    try {
      await this.list(now);
    } catch (error) {
      const isPassing = error instanceof StoreUnavailable || this.isFresh(PATIENCE, now);
      if (!(isPassing && isEnough())) throw error;
      this.#awaySince = now;
    }
  }

  /** Looks for keys that others have made. */
  list(now: number): Promise<void> {
    this.#listing ??= this.#read(now).finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  /** Adds a key that this process has just found, or stored. */
  add(stored: StoredKey): KeptKey {
    const key = this.#open(stored);
    this.#added.push(key);
    this.#ring.add(key);
    return key;
  }

  async #read(now: number): Promise<void> {
    this.#added = [];
    const stored = await this.#store.keys.list(now);
    const ring = new KeyRing();
    for (const one of stored) ring.add(this.#open(one));
    for (const key of this.#added) ring.add(key);
    this.#ring = ring;
    this.#listedAt = now;
  }

  #open(stored: StoredKey): KeptKey {
    const known = this.#ring.find(stored.kid);
    // Another may have taken its place.
    return known?.period === stored.period ? known : openKey(stored, this.#encryptionKey);
  }
}
