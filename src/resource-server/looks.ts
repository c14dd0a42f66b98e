// How often a key set is fetched for a key that is not in it: anybody can make up the id of one, and a
// server that changes its key at once signs with one that nobody has seen.

/** How many looks there may be at once. */
const BURST = 3;

/** Milliseconds after which there may be another. */
const INTERVAL = 30_000;

/** Milliseconds in which the same key is looked for twice: one client may go on sending its id. */
const SAME_KEY = 60_000;

/** Milliseconds between these two: another process of the server may publish a new key that much later. */
const SECOND_LOOK = 2000;

export class Looks {
  /** When the next look would be if each had to wait for the one before. */
  #due = 0;
  /** The last look for a key; there are never more of these than looks in that time. */
  readonly #kids = new Map<string, { readonly at: number; readonly isFirst: boolean }>();

  /** Whether there may be a look for a key now, which then counts as one. */
  allow(kid: string): boolean {
    const now = Date.now();
    for (const [known, { at }] of this.#kids) {
      if (now >= at + SAME_KEY || now < at) this.#kids.delete(known);
    }
    const last = this.#kids.get(kid);
    if (last !== undefined && !(last.isFirst && now >= last.at + SECOND_LOOK)) return false;
    // Later than that only if the clock was set back.
    const after = this.#due > now + INTERVAL ? 0 : this.#due;
    const due = Math.max(after, now - (BURST - 1) * INTERVAL);
    if (due > now) return false;
    this.#due = due + INTERVAL;
    this.#kids.set(kid, { at: now, isFirst: last === undefined });
    return true;
  }
}
