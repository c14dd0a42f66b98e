// The keys that a process knows, by their ids, and by their algorithm and period.

import type { SigningAlgorithm } from '../protocol/jwt.ts';
import type { KeptKey } from './kept-key.ts';

export class KeyRing {
  readonly #byId = new Map<string, KeptKey>();
  readonly #byPeriod = new Map<number, Map<SigningAlgorithm, KeptKey>>();

  add(key: KeptKey): void {
    this.#byId.set(key.kid, key);
    const { period, alg } = key;
    this.#byPeriod.set(period, (this.#byPeriod.get(period) ?? new Map()).set(alg, key));
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  find(kid: string): KeptKey | undefined {
    return this.#byId.get(kid);
  }

  /** The key that signs with an algorithm in a period. */
  signing(alg: SigningAlgorithm, period: number): KeptKey | undefined {
    return this.#byPeriod.get(period)?.get(alg);
  }

  /** The keys of a period, in the order in which they were added. */
  ofPeriod(period: number): readonly KeptKey[] {
    return [...(this.#byPeriod.get(period)?.values() ?? [])];
  }

  /**
   * The keys whose tokens may be in force. If the store has been away for so long that there is none, all
   * that are known: there is nothing better.
   *
   * @param first the algorithm whose keys come first
   */
  published(now: number, first: SigningAlgorithm): readonly KeptKey[] {
    const known = [...this.#byId.values()];
    const inTime = known.filter(({ expiresAt }) => now < expiresAt);
    const { own = [], others = [] } = Object.groupBy(
      inTime.length > 0 ? inTime : known,
      ({ alg }) => (alg === first ? 'own' : 'others'),
    );
    return [...own, ...others];
  }
}
