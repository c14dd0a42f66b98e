// What a client was refused at an endpoint that it calls itself: its own log may say nothing of it.

import type { ErrorRequestHandler } from 'express';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { addressOf } from '../http/rate-limit.ts';
import { callerOf, namedClientOf } from './caller.ts';

/**
 * Middleware: tells listeners of a request that was refused, and by what words.
 *
 * @param endpoint the path, below the issuer
 */
export function reportRefusals(events: Events, endpoint: string): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    // A device that asks again and again is told so each time (RFC 8628 section 3.5).
    if (error instanceof OAuthError && error.code !== 'authorization_pending') {
      const clientId = callerOf(res)?.client.id ?? namedClientOf(res);
      events.emit('request_refused', {
        endpoint,
        ...(clientId !== undefined && { clientId }),
        address: addressOf(req),
        error: error.code,
        description: error.message,
      });
    }
    next(error);
  };
}
