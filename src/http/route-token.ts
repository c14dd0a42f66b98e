// The token of a request, handed to the route that it was let through to.

import type { ServerResponse } from 'node:http';
import type { Response } from 'express';

/**
 * Puts the token at `res.locals.oauth.token`. What the app keeps in `res.locals` may be frozen. Without
 * Express there is no `res.locals`.
 */
export function setRouteToken(res: Response, token: object): void {
  const { locals } = res as { locals?: Record<string, unknown> };
  if (locals && Object.isExtensible(locals)) locals['oauth'] = { token };
  else res.locals = { ...locals, oauth: { token } };
}

/**
 * The token that a guard has put there.
 *
 * @throws Error if there is none: no guard has let the request through
 */
export function readRouteToken(res: ServerResponse): object {
  const { locals } = res as { locals?: { oauth?: { token?: object } } };
  const token = locals?.oauth?.token;
  if (token !== undefined) return token;
  throw new Error('There is no access token: put protect() or requireToken() before this route.');
}
