// The token of a request, for a route behind protect().

import type { ServerResponse } from 'node:http';
import { readRouteToken } from '../http/route-token.ts';
import type { ActiveToken } from './tokens.ts';

/**
 * The token that `protect()` has let a request pass with, in any framework: `res.locals.oauth.token`, with
 * its type.
 *
 * @throws Error if there is none, because no guard stands before the route
 */
export function tokenOf(res: ServerResponse): ActiveToken {
  return readRouteToken(res) as ActiveToken;
}
