// The one place where an error becomes an answer: a redirect, a page or JSON.

import type { ErrorRequestHandler, Response } from 'express';
import { OAuthError, type Words } from '../errors.ts';
import type { Events } from '../events.ts';
import { randomToken } from '../protocol/secrets.ts';
import { StoreUnavailable } from '../store/store.ts';
import { NO_STORE, RETRY_LATER } from './headers.ts';
import { isPage, type Render } from './render.ts';

/** Answers with the JSON of RFC 6749 section 5.2. */
export function sendError(res: Response, error: OAuthError): void {
  res
    .status(error.status)
    .set({ ...NO_STORE, ...error.headers })
    .json(error.body());
}

/**
 * Express error handler: every error an answer, none a stack trace.
 *
 * @param render for the pages; without it all answers are JSON
 */
export function errorHandler(issuer: string, events: Events, render?: Render): ErrorRequestHandler {
  return (thrown: unknown, _req, res, _next) => {
    const isAway = thrown instanceof StoreUnavailable;
    if (isAway) events.emit('store_unavailable', { error: thrown });
    if (res.headersSent) {
      // Too late for an answer. Express would break off too, with the stack on standard error.
      if (!isAway) events.emit('failure', { requestId: randomToken(9), error: thrown });
      if (!res.writableEnded) res.destroy();
      return;
    }
    let error = asOAuthError(thrown);
    let requestId: string | undefined;
    if (error === undefined) {
      requestId = randomToken(9);
      events.emit('failure', { requestId, error: thrown });
      error = new OAuthError(
        'server_error',
        `Something failed here that is not your fault. Its id in the log is ${requestId}.`,
      );
    }
    if (error.target !== undefined) {
      const { error: code, error_description } = error.body();
      res.redirect(303, error.target.location({ error: code, error_description }, issuer));
    } else if (render !== undefined && isPage(res)) {
      res.status(error.status).set(error.headers);
      const { heading, message } = error.person ?? words(error);
      // What is said to the person alone would only puzzle the client's developer.
      const technical = error.person ? {} : { error: error.code, description: error.message };
      render(res, 'error', { title: heading, heading, message, ...technical, requestId });
    } else {
      sendError(res, error);
    }
  };
}

/** An error of ours, or of what reads requests for us; `undefined` for a failure. */
export function asOAuthError(thrown: unknown): OAuthError | undefined {
  if (thrown instanceof OAuthError) return thrown;
  if (thrown instanceof StoreUnavailable) {
    return new OAuthError(
      'temporarily_unavailable',
      'The server cannot reach what it keeps its records in: try again in a moment.',
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

/** What a person is told, who cannot do anything about `invalid_request`. */
function words(error: OAuthError): Words {
  if (error.status === 503) {
    return {
      heading: 'Please try again in a moment',
      message: 'The server cannot answer just now. It is not your fault, and nothing is lost.',
    };
  }
  if (error.status >= 500) {
    return {
      heading: 'Something failed on our side',
      message: 'It is not your fault. Please try again in a moment.',
    };
  }
  if (error.status === 429) {
    return {
      heading: 'Please wait a moment',
      message: 'There were too many attempts from here. Please try again later.',
    };
  }
  return {
    heading: 'This sign-in cannot go on',
    message:
      'The app that sent you here made a mistake in its request. You can go back to it and try again; if that does not help, its developer can find what is wrong below.',
  };
}
