// Errors as JSON, and whatever is thrown as an error of the protocol.

import type { Response } from 'express';
import { OAuthError } from '../errors.ts';
import { StoreUnavailable } from '../store/store.ts';
import { sendJson, setHeaders } from './answer.ts';
import { NO_STORE, RETRY_LATER } from './headers.ts';

/** Answers with the JSON of RFC 6749 section 5.2. */
export function sendError(res: Response, error: OAuthError): void {
  res.statusCode = error.status;
  setHeaders(res, { ...NO_STORE, ...error.headers });
  sendJson(res, error.body());
}

/** An error of ours, of the store or of Express's parsers; `undefined` for any other failure. */
export function asOAuthError(thrown: unknown): OAuthError | undefined {
  if (thrown instanceof OAuthError) return thrown;
  if (thrown instanceof StoreUnavailable) {
    return new OAuthError(
      'temporarily_unavailable',
      'The server cannot reach its records: try again in a moment.',
      { headers: RETRY_LATER },
    );
  }
  // `expose` is on what Express's parsers throw; an error of a store may have a `status` as well.
  const { status, expose } = (thrown ?? {}) as { status?: unknown; expose?: unknown };
  if (expose !== true || typeof status !== 'number' || status > 499) return undefined;
  const sentences: Record<number, string> = {
    413: 'The body is too large.',
    415: 'The body is in a charset or content encoding that is not supported: send UTF-8.',
  };
  return new OAuthError('invalid_request', sentences[status] ?? 'The request could not be read.', {
    status,
  });
}
