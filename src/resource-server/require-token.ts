// RFC 6750: middleware for routes that want an access token of an authorization server elsewhere.

import type { Response } from 'express';
import { OAuthError } from '../errors.ts';
import { beginRefusal } from '../http/headers.ts';
import { sendError } from '../http/json-error.ts';
import type { Middleware } from '../http/middleware.ts';
import { setRouteToken } from '../http/route-token.ts';
import { readBearerToken } from '../protocol/bearer.ts';
import { createCheck, type RequireTokenOptions } from './check-token.ts';

/**
 * Makes middleware that lets a request pass whose access token is of the issuer, for the resource, in
 * force, and enough for the route. It puts the token at `res.locals.oauth.token`, and answers any other
 * request itself: with the challenge of RFC 6750 section 3, or with 503 if the authorization server is
 * away and the token cannot be checked without it.
 *
 * @throws TypeError that names the option that is wrong
 */
export function requireToken(options: RequireTokenOptions): Middleware {
  const check = createCheck('requireToken()', options);
  return async (req, res, next) => {
    try {
      setRouteToken(res as Response, await check(() => readBearerToken(req)));
    } catch (error) {
      // What failed in some way of its own.
      if (!(error instanceof OAuthError)) return next(error);
      beginRefusal(res as Response);
      return sendError(res as Response, error);
    }
    next();
  };
}
