// Pages take turns, so that whoever asks for many, or is refused again and again, holds nobody else
// up: after each few of them, everything else that has arrived is answered. A token request comes back
// to the event loop several times, and each time it would wait for all of them.

// Imported, because the tests of an app may replace the global one, and nothing would ever go on.
import { setImmediate } from 'node:timers';
import type { RequestHandler } from 'express';

/**
 * Page requests that are begun in one turn of the event loop: some milliseconds' worth. They run the same
 * code in a row, while it is in the processor's cache.
 */
const AT_A_TIME = 16;

/** Middleware: if many come at once, they go on a few at a time, in the order they came in. */
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

  return async (_req, res, next) => {
    schedule();
    if (begun < AT_A_TIME && waiting.length === 0) {
      begun += 1;
      next();
      return;
    }
    // Awaited, so that each goes on in its own context: an app may keep who is asking in an
    // AsyncLocalStorage, and what calls `begin` has another context.
    await new Promise<void>((begin) => waiting.push(begin));
    // Nobody waits for the answer of a connection that was closed meanwhile.
    if (!res.closed) next();
  };
}
