// How often in a row something waits for PostgreSQL, counted and not timed: answers of the database
// are held back until nothing more is sent, and then delivered all at once. Each such delivery is a
// round trip; statements that are sent without waiting for one another share it.

import pg from 'pg';

/**
 * Turns of the event loop after which nobody is about to send anything: what is batched waits for
 * one, and what HTTP and the database bring in between takes its own.
 */
const QUIET = 10;

export interface RoundTrips {
  /** The round trips in a row of some work, which nothing else runs beside. */
  of(work: () => Promise<unknown>): Promise<number>;
  /** Answers come as they come again. */
  stop(): void;
}

/** Holds back the answers of every connection of this process, from now on. */
export function countRoundTrips(): RoundTrips {
  const { query } = pg.Client.prototype;
  const held: (() => void)[] = [];
  let onTheWay = 0;
  let quietFor = 0;
  let trips = 0;
  let watching = false;

  function watch(): void {
    if (watching) return;
    watching = true;
    setImmediate(function look() {
      quietFor = onTheWay > 0 ? 0 : quietFor + 1;
      if (quietFor > QUIET) {
        quietFor = 0;
        trips += 1;
        for (const deliver of held.splice(0)) deliver();
      }
      watching = onTheWay > 0 || held.length > 0;
      if (watching) setImmediate(look);
    });
  }

  const slow = function (this: pg.Client, ...args: unknown[]) {
    onTheWay += 1;
    quietFor = 0;
    watch();
    const answer = Reflect.apply(query as (...all: unknown[]) => Promise<unknown>, this, args);
    return new Promise((resolve, reject) => {
      const arrived = (deliver: () => void) => {
        onTheWay -= 1;
        quietFor = 0;
        held.push(deliver);
      };
      answer.then(
        (result) => arrived(() => resolve(result)),
        (error: unknown) => arrived(() => reject(error)),
      );
    });
  };
  pg.Client.prototype.query = slow as typeof query;

  return {
    async of(work) {
      const before = trips;
      await work();
      return trips - before;
    },
    stop() {
      pg.Client.prototype.query = query;
    },
  };
}
