// Pages take turns, so that those who ask for many, or are refused again and again, hold nobody else
// up: between a few of them everything else that has arrived meanwhile is seen to. A token request
// comes back to the event loop several times, and would wait for all of them each time.

import type { RequestHandler } from 'express';

/** Page requests that are begun in one turn of the event loop: some milliseconds' worth. */
const AT_A_TIME = 4;

/** Middleware: where many come at once, they go on a few at a time, in the order they came in. */
export function pace(): RequestHandler {
  const waiting: (() => void)[] = [];
  let begun = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      begun = 0;
      for (const begin of waiting.splice(0, AT_A_TIME)) {
        begun += 1;
        begin();
      }
      if (begun > 0) schedule();
    });
  }

  return (_req, res, next) => {
    schedule();
    if (begun < AT_A_TIME && waiting.length === 0) {
      begun += 1;
      next();
      return;
    }
    // Nobody waits for the answer of a connection that was closed meanwhile.
    waiting.push(() => res.closed || next());
  };
}
