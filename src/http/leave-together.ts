// Has the answers of a server leave together with the others of their turn.

import type { ServerResponse } from 'node:http';
import { Together } from './together.ts';

type End = ServerResponse['end'];

/** Answers that are whole, with what they are to be ended with. */
const leaving = new Together<readonly [ServerResponse, End, readonly unknown[]]>(
  ([res, end, given]) => void Reflect.apply(end, res, given),
);

/**
 * Puts a function in place of `res.end`. Only a server may do so that is ours alone: what an app has put in
 * place may still set headers, and its timers may look whether `res.writableEnded`.
 */
export function leaveTogether(res: ServerResponse): void {
  const { end } = res;
  res.end = ((...given: unknown[]) => {
    // Of anything else, node:http has yet to find out how long it is.
    if (res.headersSent || !res.hasHeader('Content-Length')) return Reflect.apply(end, res, given);
    // Nobody takes it for one that has no answer yet.
    res.writeHead(res.statusCode);
    leaving.add([res, end, given]);
    return res;
  }) as End;
}

/** Whether an answer is whole, and only waits for the others of its turn. */
export function isLeaving(res: ServerResponse): boolean {
  return leaving.some(([one]) => one === res);
}
