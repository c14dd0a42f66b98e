// Which client is calling, and what it sent: from the middleware that has found out to the endpoint.
// It is not kept on `res.locals`, which is the app's around us.

import type { Response } from 'express';
import type { Params } from '../http/params.ts';
import type { Client } from '../types.ts';

export interface Caller {
  /** It has authenticated, unless it is public. */
  readonly client: Client;
  /** What is in the form that it sent. */
  readonly params: Params;
}

const callers = new WeakMap<Response, Caller>();

/** Remembers who gets an answer. */
export function setCaller(res: Response, caller: Caller): void {
  callers.set(res, caller);
}

/** Who gets an answer; there is always somebody behind `authenticateClient`. */
export function callerOf(res: Response): Caller | undefined {
  return callers.get(res);
}
