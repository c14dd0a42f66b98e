// Limits how often this process fetches URLs that strangers have named: per minute from one host,
// whoever names it, and per minute in total.

import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';

const MINUTE = 60_000;

const MAX_FROM_HOST = 60;
const MAX_IN_ALL = 600;

export class FetchPace {
  readonly #fetches = new Map<string, number>();
  #total = 0;
  #until = 0;

  /**
   * Counts a fetch.
   *
   * @throws OAuthError with status 503 if there were too many in this minute; it is not counted then
   */
  count(host: string): void {
    const now = Date.now();
    if (now >= this.#until) {
      this.#fetches.clear();
      this.#total = 0;
      this.#until = now + MINUTE;
    }
    const fromHost = this.#fetches.get(host) ?? 0;
    if (fromHost >= MAX_FROM_HOST || this.#total >= MAX_IN_ALL) {
      const sentence = 'Too much was fetched for clients in this minute: try again later.';
      throw new OAuthError('temporarily_unavailable', sentence, { headers: RETRY_LATER });
    }
    this.#fetches.set(host, fromHost + 1);
    this.#total += 1;
  }
}
