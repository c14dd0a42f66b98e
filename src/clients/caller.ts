// Which client is calling, and what it sent: from the middleware that has found out to the endpoint.

import type { Response } from 'express';
import { carried } from '../http/carried.ts';
import type { Params } from '../http/params.ts';
import type { Client } from '../types.ts';

export interface Caller {
  /** It has authenticated, unless it is public. */
  readonly client: Client;
  /** What is in the form that it sent. */
  readonly params: Params;
  /**
   * Present if the client was read for an earlier request (remembered-clients.ts): reads it from the store,
   * for `callerOf` as well.
   *
   * @throws OAuthError if it does not authenticate by that
   */
  readonly reread?: () => Promise<Caller>;
}

const callers = carried<Response, Caller | undefined>();

/** Remembers which client a request is from, or that none has authenticated yet. */
export function setCaller(res: Response, caller: Caller | undefined): void {
  callers.set(res, caller);
}

const named = carried<Response, string>();

/** Remembers which client a request names: one that there is, whether it authenticates or not. */
export function setNamedClient(res: Response, clientId: string): void {
  named.set(res, clientId);
}

/** The id of the client that a request names, if there is such a client. */
export function namedClientOf(res: Response): string | undefined {
  return named.get(res);
}

/** The client that a request is from; behind `authenticateClient` there always is one. */
export function callerOf(res: Response): Caller | undefined {
  return callers.get(res);
}
