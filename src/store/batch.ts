// Calls that arrive together share one trip to the database, and one commit.

// Imported, because the tests of an app may replace the global one, and nothing would ever go on.
import { setImmediate } from 'node:timers';
import { StoreUnavailable } from './store.ts';

/** The most that one trip takes along. */
const MAX_TOGETHER = 100;

/** Trips of one kind that are under way at a time; meanwhile callers gather for the next one. */
const WIDTH = 2;

/** Callers that may wait for a trip: a few seconds' worth. It is better to refuse more at once. */
const MAX_WAITING = 5000;

/** Milliseconds after which nobody waits for the answer any more. */
const PATIENCE = 5000;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly since: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a function of one item from a function of many.
 *
 * @param run answers a result for each item, in their order. It has to take effect for all of its
 *   items or for none: after a failure that is the fault of one item, each is run by itself
 * @param gather milliseconds for which callers wait for a trip that is under way before a second one begins.
 *   In a database near by fewer commits are worth that; one that is far away takes longer
 * @throws StoreUnavailable to a caller if too many wait, or it has waited for too long
 */
export function batched<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  gather = 0,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = 0;
  let scheduled = false;
  /** Runs while nobody but the trip that is under way may have one. */
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    if (scheduled || running >= WIDTH || waiting.length === 0 || timer !== undefined) return;
    scheduled = true;
    // Not now: other calls of this turn of the event loop are to come along.
    setImmediate(() => {
      scheduled = false;
      running += 1;
      if (gather > 0) timer = setTimeout(goOn, gather);
      void trip(waiting.splice(0, MAX_TOGETHER)).finally(() => {
        running -= 1;
        goOn();
      });
      schedule();
    });
  }

  function goOn(): void {
    clearTimeout(timer);
    timer = undefined;
    schedule();
  }

  async function trip(all: Waiting<Item, Result>[]): Promise<void> {
    const oldest = performance.now() - PATIENCE;
    const callers = all.filter((caller) => {
      if (caller.since >= oldest) return true;
      caller.reject(new StoreUnavailable('The database is too slow for what is asked of it.'));
      return false;
    });
    if (callers.length === 0) return;
    try {
      const results = await run(callers.map(({ item }) => item));
      for (const [index, { resolve }] of callers.entries()) resolve(results[index]!);
    } catch (error) {
      if (callers.length === 1 || error instanceof StoreUnavailable) {
        for (const { reject } of callers) reject(error);
      } else {
        for (const caller of callers) await trip([caller]);
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        reject(new StoreUnavailable('Too many requests wait for the database.'));
        return;
      }
      waiting.push({ item, since: performance.now(), resolve, reject });
      schedule();
    });
}
