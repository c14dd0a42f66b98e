// What is fetched, and kept for a while.

import { warn } from './warn.ts';

/** Milliseconds for which a value is used as it is. */
const FRESH = 10 * 60_000;

/** Milliseconds for which it is used if no newer one can be fetched. */
const STALE = 24 * 3600_000;

/** Milliseconds after a failure in which there is no new attempt. */
const PAUSE = 5000;

export class Remembered<T> {
  readonly #load: () => Promise<T>;
  #known: { readonly value: T; readonly at: number } | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  /** The attempt under way: whoever needs the value meanwhile waits for this one. */
  #loading: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  /** A value of the last minutes; of the last day if there is no newer one to be had. */
  async get(): Promise<T> {
    const known = this.#known;
    if (known !== undefined && isWithin(known.at, FRESH)) return known.value;
    const newer = this.#newer();
    if (known === undefined || !isWithin(known.at, STALE)) return newer;
    const orKnown = newer.catch(() => known.value);
    // After a failure nobody waits for the next attempt, which may take as long as it did.
    return this.#failure === undefined ? orKnown : known.value;
  }

  /**
   * A value that is fetched now, or the one that is known if `may` says that it has to do.
   *
   * @throws whatever fetching it has failed with: then nobody can say whether the one that is known will do
   */
  async another(may: () => boolean): Promise<T> {
    const isIdle = this.#loading === undefined && this.#failure === undefined;
    if (isIdle && this.#known !== undefined && !may()) return this.#known.value;
    return this.#newer();
  }

  async #newer(): Promise<T> {
    if (this.#failure !== undefined && isWithin(this.#failure.at, PAUSE)) throw this.#failure.error;
    this.#loading ??= this.#attempt().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #attempt(): Promise<T> {
    try {
      const value = await this.#load();
      this.#known = { value, at: Date.now() };
      this.#failure = undefined;
      return value;
    } catch (error) {
      warn(error as Error);
      this.#failure = { error, at: Date.now() };
      throw error;
    }
  }
}

/** Whether no more milliseconds have passed; not so if the clock was set back. */
function isWithin(then: number, milliseconds: number): boolean {
  const passed = Date.now() - then;
  return passed >= 0 && passed < milliseconds;
}
