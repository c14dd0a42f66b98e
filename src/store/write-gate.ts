// What happens to writes while the database takes none: its disk is full, it can only be read, or it is
// PostgreSQL and its synchronous standby is away, and every commit waits for that for ever.

import { StoreUnavailable } from './store.ts';

/**
 * Lets all writes pass while the database takes them. After a write that it did not take, one at a time
 * is tried, and the others are refused at once: each might wait as long, and keep a connection
 * meanwhile. The first write that is taken opens the gate again.
 */
export class WriteGate {
  readonly #isNotTaken: (error: unknown) => boolean;
  #isOpen = true;
  #isTrying = false;

  /** @param isNotTaken whether an error means that the database takes no writes at present */
  constructor(isNotTaken: (error: unknown) => boolean) {
    this.#isNotTaken = isNotTaken;
  }

  /** Whether the last write was taken. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws StoreUnavailable if a write would have to wait for the one that is being tried */
  assertPassable(): void {
    if (!this.#isOpen && this.#isTrying) {
      throw new StoreUnavailable('The database takes no writes; one is being tried.');
    }
  }

  /** @throws StoreUnavailable as `assertPassable()` does, and whatever `write` throws */
  async pass<T>(write: () => Promise<T>): Promise<T> {
    this.assertPassable();
    const isTrial = !this.#isOpen;
    if (isTrial) this.#isTrying = true;
    try {
      const result = await write();
      this.#isOpen = true;
      return result;
    } catch (error) {
      if (this.#isNotTaken(error)) this.#isOpen = false;
      throw error;
    } finally {
      if (isTrial) this.#isTrying = false;
    }
  }
}
