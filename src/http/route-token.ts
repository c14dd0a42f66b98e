// The token of a request, handed to the route that it was let through to.

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
