// Work that the machine can do only so much of at a time.

/** Does work in turns, in the order in which it came. */
export class Turns {
  readonly #width: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param width how many may be at work at a time */
  constructor(width: number) {
    this.#width = width;
  }

  /** Does the work once it is its turn. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#width) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn is handed over: whoever comes in between must not overtake those that wait.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
