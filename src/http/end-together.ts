// Answers that are ready in the same turn of the event loop leave one right after the other. Each write
// wakes whoever reads it, a proxy on this machine for instance, and that costs more than the write itself.
// If the next one comes at once, the reader is still awake: at 32 connections this saves a third of what a
// token costs. An answer that is alone leaves at the end of its turn.

import { AsyncResource } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
// That of the process, though the tests of an app put a clock of their own in place of the global one.
import { setImmediate } from 'node:timers';
import { inspect } from 'node:util';

/** So many answers wait for each other at the most: a turn is as long as what strangers send at once. */
const AT_A_TIME = 16;

/** Answers whose headers are written, in the order they were ready in. */
let waiting: Answer[] = [];

/** Ends an answer whose headers are written, together with others. */
export function endTogether(res: ServerResponse, body: string | Buffer): void {
  if (waiting.length === 0) setImmediate(leave);
  waiting.push(new Answer(res, body));
  if (waiting.length === AT_A_TIME) leave();
}

/** Whether an answer is whole, and only waits for the others. */
export function isLeaving(res: ServerResponse): boolean {
  return waiting.some((answer) => answer.res === res);
}

function leave(): void {
  const together = waiting;
  waiting = [];
  for (const answer of together) answer.end();
}

/**
 * Each ends in its own context: an app may keep who is asking in an AsyncLocalStorage, and read it when the
 * answer has finished.
 */
class Answer extends AsyncResource {
  readonly res: ServerResponse;
  readonly #body: string | Buffer;

  constructor(res: ServerResponse, body: string | Buffer) {
    super('Answer');
    this.res = res;
    this.#body = body;
  }

  end(): void {
    try {
      this.runInAsyncScope(this.res.end, this.res, this.#body);
    } catch (error) {
      // An app may have put its own function in place of `res.end`, and nobody is left to catch its error.
      process.emitWarning(`An answer was not sent, because res.end() failed: ${inspect(error)}`);
      this.res.destroy();
    }
  }
}
