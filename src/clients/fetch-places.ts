// Limits how many fetches of this process are under way at once: to one host, and to all. Strangers have a
// share of the places: whoever names hosts that accept and never answer keeps none of the clients out that
// somebody here vouches for.

import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';

/** The most to one host and to all, and the most of them that strangers have caused. */
const MAX_TO_HOST = 32;
const MAX_IN_ALL = 256;
const MAX_TO_HOST_BY_STRANGERS = 24;
const MAX_IN_ALL_BY_STRANGERS = 192;

class Places {
  readonly #maxToHost: number;
  readonly #maxInAll: number;
  /** By host: how many are taken. */
  readonly #taken = new Map<string, number>();
  #inAll = 0;

  constructor(maxToHost: number, maxInAll: number) {
    this.#maxToHost = maxToHost;
    this.#maxInAll = maxInAll;
  }

  isFull(host: string): boolean {
    return this.#inAll >= this.#maxInAll || this.#toHost(host) >= this.#maxToHost;
  }

  /** @param by 1 takes one, and -1 gives it back */
  change(host: string, by: 1 | -1): void {
    this.#inAll += by;
    const toHost = this.#toHost(host) + by;
    if (toHost === 0) this.#taken.delete(host);
    else this.#taken.set(host, toHost);
  }

  #toHost(host: string): number {
    return this.#taken.get(host) ?? 0;
  }
}

export class FetchPlaces {
  readonly #all = new Places(MAX_TO_HOST, MAX_IN_ALL);
  readonly #ofStrangers = new Places(MAX_TO_HOST_BY_STRANGERS, MAX_IN_ALL_BY_STRANGERS);

  /**
   * Takes a place.
   *
   * @returns gives it back
   * @throws OAuthError with status 503 if there is none
   */
  take(host: string, byStranger: boolean): () => void {
    const among = byStranger ? [this.#all, this.#ofStrangers] : [this.#all];
    if (among.some((places) => places.isFull(host))) {
      const sentence = 'Too much is fetched for clients at once: try again in a moment.';
      throw new OAuthError('temporarily_unavailable', sentence, { headers: RETRY_LATER });
    }
    for (const places of among) places.change(host, 1);
    return () => {
      for (const places of among) places.change(host, -1);
    };
  }
}
