// Refusals that this process remembers: whoever comes again is refused without a question to the
// store, so that refusing costs less than serving. The store counts; nothing is decided here.

/** Refusals that are remembered; beyond that the oldest is forgotten, and the store asked again. */
const MAX_REMEMBERED = 10_000;

interface Refusal {
  readonly resetAt: number;
  readonly askAgainAt: number;
}

/** Times are milliseconds since the epoch. */
export class Refusals {
  readonly #refusals = new Map<string, Refusal>();

  /**
   * @param key what is refused, of a bounded length
   * @param resetAt when it is allowed again
   * @param askAgainAt when the store is asked again, if it may allow it before that
   */
  remember(key: string, resetAt: number, askAgainAt = resetAt): void {
    this.#refusals.delete(key);
    this.#refusals.set(key, { resetAt, askAgainAt });
    if (this.#refusals.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#refusals.keys()) {
      this.#refusals.delete(oldest);
      return;
    }
  }

  /** When a key that is refused is allowed again; `undefined` if the store has to be asked. */
  find(key: string, now: number): number | undefined {
    const refusal = this.#refusals.get(key);
    if (refusal === undefined) return undefined;
    if (now < Math.min(refusal.resetAt, refusal.askAgainAt)) return refusal.resetAt;
    this.#refusals.delete(key);
    return undefined;
  }

  forget(key: string): void {
    this.#refusals.delete(key);
  }
}
