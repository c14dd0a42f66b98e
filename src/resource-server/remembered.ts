// What is fetched, and kept for a while.

import { warn } from './fetch-json.ts';

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
    const newer = this.newerThan(FRESH);
    if (known === undefined || !isWithin(known.at, STALE)) return newer;
    const orKnown = newer.catch(() => known.value);
    // After a failure nobody waits for the next attempt, which may take as long as it did.
    return this.#failure === undefined ? orKnown : known.value;
  }

  /** @param age the most milliseconds since it was fetched */
  async newerThan(age: number): Promise<T> {
    if (this.#known !== undefined && isWithin(this.#known.at, age)) return this.#known.value;
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
