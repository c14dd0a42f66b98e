// Sends the answers of a server together with the others of their turn.

import type { ServerResponse } from 'node:http';
import { Together } from './together.ts';

type End = ServerResponse['end'];

/** Answers that are whole, with what they are to be ended with. */
const leaving = new Together<readonly [ServerResponse, End, readonly unknown[]]>(
  ([res, end, given]) => void Reflect.apply(end, res, given),
);

/**
 * Replaces `res.end`. Only a server that is ours alone may do so: a `res.end` of an app's own may still set
 * headers, and a timer of the app may look at `res.writableEnded` while the answer waits.
 */
export function leaveTogether(res: ServerResponse): void {
  const { end } = res;
  const endTogether = (...given: unknown[]) => {
    // Otherwise it is a stream, or node:http has yet to find out how long the answer is.
    if (res.headersSent || !res.hasHeader('Content-Length')) return Reflect.apply(end, res, given);
    // So that nobody answers again, or adds a header, while it waits.
    res.writeHead(res.statusCode);
    leaving.add([res, end, given]);
    return res;
  };
  // In two steps: V8 puts a function that is written where a property is set among its old objects at once.
  // Until all objects are collected it would keep the answer, with its request and all they refer to.
  res.end = endTogether as End;
}

/** Whether an answer is whole, and only waits for the others of its turn. */
export function isLeaving(res: ServerResponse): boolean {
  return leaving.some(([one]) => one === res);
}
