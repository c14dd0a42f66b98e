// RFC 9110 section 15.5.6: a method that a resource does not have.

import type { RequestHandler } from 'express';
import { OAuthError } from '../errors.ts';

/**
 * Lets only these methods pass. HEAD is one of them unless GET has an effect: it is answered by the
 * handlers for GET, which at the authorization endpoint issue a code.
 *
 * @throws OAuthError with status 405 and `Allow`
 */
export function methods(...allowed: string[]): RequestHandler {
  const allow = allowed.join(', ');
  return (req, _res, next) => {
    if (allowed.includes(req.method)) return next();
    throw new OAuthError(
      'invalid_request',
      `This is answered by ${allow} only, not ${req.method}.`,
      {
        status: 405,
        headers: { Allow: allow },
      },
    );
  };
}
