// CORS: what a script on a page of another origin may call, and read of the answers.

import type { Middleware } from './middleware.ts';

/** Headers of an answer that such a script may read, because they say what a client has to do next. */
export const READABLE = ['WWW-Authenticate', 'Retry-After'] as const;

/** Names of header fields, in characters; the answer's headers stay small whatever is asked for. */
const FIELD_NAMES = /^[\w!#$%&'*+.^`|~, -]{1,1024}$/;

/**
 * CORS for an endpoint that browser clients call without cookies. Any origin may, with whatever headers
 * it asks for, because a script gains nothing by it that a program would not have. Answers the preflight
 * itself. It comes after the middleware that sets the other headers.
 */
export function cors(...methods: string[]): Middleware {
  const allowed = methods.join(', ');
  return (req, res, next) => {
    res.setHeader('Access-Control-Allow-Origin', '*');
    if (req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined) {
      const asked = String(req.headers['access-control-request-headers'] ?? '');
      res.setHeader('Access-Control-Allow-Methods', allowed);
      res.setHeader('Access-Control-Max-Age', '86400');
      // Spelt out, because `*` does not include Authorization.
      if (FIELD_NAMES.test(asked)) res.setHeader('Access-Control-Allow-Headers', asked);
      res.statusCode = 204;
      res.end();
      return;
    }
    res.setHeader('Access-Control-Expose-Headers', READABLE.join(', '));
    next();
  };
}
