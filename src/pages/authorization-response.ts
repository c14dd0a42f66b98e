// What a client is told through the browser, sent: the one place where a person leaves for a client.

import type { Response } from 'express';
import { redirect } from '../http/redirect.ts';
import { type AuthorizationResponse, locationOf } from '../protocol/redirect-target.ts';

/** Sends the browser to the client with a response. */
export function sendResponse(res: Response, response: AuthorizationResponse): void {
  redirect(res, locationOf(response));
}
