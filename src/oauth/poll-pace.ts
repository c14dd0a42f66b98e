// How fast devices ask for their tokens (RFC 8628 section 3.5). It is remembered in this process: a
// write for each poll would cost more than what it keeps away, and a device that asks several processes
// in turn gains nothing by it.

/** Seconds between two polls, at the least. */
export const INTERVAL = 5;

/** Seconds that are added each time a device is told to slow down, and the most it comes to. */
const STEP = 5;
const MAX_INTERVAL = 60;

/** Milliseconds by which a poll may be early: the one before it may have been late on the way. */
const LEEWAY = 1000;

/** Devices that are remembered; beyond that the one that was heard of first is forgotten. */
const MAX_REMEMBERED = 10_000;

interface Poller {
  /** Milliseconds since the epoch. */
  readonly last: number;
  /** Seconds. */
  readonly interval: number;
}

export class PollPace {
  readonly #pollers = new Map<string, Poller>();

  /** Notes a poll. @returns whether it came too early; then the next one has to wait for longer */
  isTooFast(key: string, now: number): boolean {
    const { last, interval } = this.#pollers.get(key) ?? { last: 0, interval: INTERVAL };
    const isEarly = now < last + interval * 1000 - LEEWAY;
    const next = isEarly ? Math.min(interval + STEP, MAX_INTERVAL) : interval;
    this.#pollers.delete(key);
    this.#pollers.set(key, { last: now, interval: next });
    if (this.#pollers.size > MAX_REMEMBERED) this.forget(this.#pollers.keys().next().value ?? '');
    return isEarly;
  }

  forget(key: string): void {
    this.#pollers.delete(key);
  }
}
