// The one place where an error becomes an answer: a redirect, a page or JSON.

import type { ErrorRequestHandler, Request, Response } from 'express';
import { type ErrorCode, OAuthError, type Situation } from '../errors.ts';
import type { Events } from '../events.ts';
import { setHeaders } from '../http/answer.ts';
import { isPage } from '../http/as-page.ts';
import { asOAuthError, sendError } from '../http/json-error.ts';
import { isLeaving } from '../http/leave-together.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { requestIdOf } from '../http/request-id.ts';
import type { AuthorizationResponse } from '../protocol/redirect-target.ts';
import { StoreUnavailable } from '../store/store.ts';
import { reaches, sendResponse } from './authorization-response.ts';
import { wordsFor } from './language.ts';
import { onwardWith } from './onward.ts';
import type { Render } from './render.ts';
import { troubleshooting } from './troubleshooting.ts';

/** Longest value that an error page repeats, in characters. */
const MAX_SHOWN = 200;

/** What error pages need. */
interface ErrorPages {
  readonly render: Render;
  /** Has `wordsFor` answer with the words of this server. */
  speak(res: Response): void;
  /** Whether to show everybody what is registered for a client. */
  readonly explain: boolean;
}

/**
 * Express error handler: answers every error, and never with a stack trace.
 *
 * @param pages if absent, all answers are JSON
 */
export function errorHandler(
  issuer: string,
  events: Events,
  pages?: ErrorPages,
): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const isAway = thrown instanceof StoreUnavailable;
    if (isAway) events.emit('store_unavailable', { error: thrown });
    if (res.headersSent) {
      // Too late for an answer. Express would close the connection too, but would print the stack.
      if (!isAway) events.emit('failure', { requestId: requestIdOf(res), error: thrown });
      if (!res.writableEnded && !isLeaving(res)) res.destroy();
      return;
    }
    pages?.speak(res);
    let error = asOAuthError(thrown);
    if (error === undefined) {
      const requestId = requestIdOf(res);
      events.emit('failure', { requestId, error: thrown });
      error = new OAuthError(
        'server_error',
        `Something failed here that is not your fault. Its id in the log is ${requestId}.`,
      );
    }
    const response = responseOf(error, issuer);
    if (response !== undefined && pages !== undefined && mayLeaveAtOnce(error, response, req)) {
      reportRefusal(events, error, response);
      sendResponse(res, response, pages.render);
    } else if (pages !== undefined && isPage(res)) {
      const requestId = requestIdOf(res);
      reportPage(events, error, requestId, req);
      res.statusCode = error.status;
      setHeaders(res, error.headers);
      showError(req, res, error, requestId, pages, response);
    } else {
      sendError(res, error);
    }
  };
}

function reportPage(events: Events, error: OAuthError, requestId: string, req: Request): void {
  const { status, code, message, sent } = error;
  const [path = ''] = req.url.split('?', 1);
  const caller = { path, address: addressOf(req) };
  const what = { status, error: code, description: message, sent };
  events.emit('error_answered', { requestId, ...caller, ...what });
}

function reportRefusal(events: Events, error: OAuthError, { target }: AuthorizationResponse): void {
  const { code, message: description, remedy } = error;
  events.emit('authorization_refused', {
    clientId: target.clientId,
    error: code,
    description,
    ...(remedy !== undefined && { remedy }),
  });
}

/** What the client is told, if it can be: without the description if there is no room for that. */
function responseOf(error: OAuthError, issuer: string): AuthorizationResponse | undefined {
  const { error: code, error_description } = error.body();
  return [{ error: code, error_description }, { error: code }]
    .map((answer) => error.target?.response(answer, issuer))
    .find((response) => response !== undefined && reaches(response));
}

/**
 * Whether a person may be sent on without having seen where to (RFC 9700 section 4.11.2). Anybody may have
 * registered the redirect URI of a client that nobody here vouches for, and anybody can make a link that
 * fails. Only a person who has decided, now or before, knows where they are going; and a frame takes nobody
 * anywhere.
 */
function mayLeaveAtOnce(
  error: OAuthError,
  { target }: AuthorizationResponse,
  req: Request,
): boolean {
  const isDecision = error.code === 'access_denied';
  return target.isTrusted || isDecision || req.headers['sec-fetch-dest'] === 'iframe';
}

/** @param response that the person may go on with, to the client */
function showError(
  req: Request,
  res: Response,
  error: OAuthError,
  requestId: string,
  { render, explain }: ErrorPages,
  response?: AuthorizationResponse,
): void {
  const t = wordsFor(res);
  const situation = situationOf(error, req);
  const heading = t(`error.${situation}.heading`);
  // Show everything that the developer of a client can change, and nothing else.
  const isTheClients = !OURS.has(situation);
  render(res, 'error', {
    title: heading,
    heading,
    message: t(`error.${situation}.message`),
    action: t(`error.${situation}.action`),
    requestId,
    toHome: situation === 'notFound',
    toSignOut: situation === 'signOut',
    toAccount: situation === 'browser',
    onward: response && onwardWith(response),
    ...(isTheClients && {
      error: error.code,
      description: error.message,
      sent: Object.entries(error.sent).map(([name, value]) => ({ name, value: cut(value) })),
      registered: explain ? error.registered : [],
      troubleshooting,
    }),
  });
}

/** Situations that no client can do anything about. */
const OURS: ReadonlySet<Situation> = new Set<Situation>([
  'notFound',
  'browser',
  'tooMany',
  'unavailable',
  'failure',
]);

/** Paths to which clients send people. What comes to any other page was sent by no client. */
const OF_CLIENTS = [PATHS.authorize, PATHS.endSession];

/** Codes that are not mistakes of the client: it asked, and this is the answer (Core section 3.1.2.6). */
const OF_CODE: { readonly [Code in ErrorCode]?: Situation } = {
  login_required: 'notSignedIn',
  unmet_authentication_requirements: 'notSignedIn',
  consent_required: 'notAllowed',
  interaction_required: 'notAllowed',
};

/** The situation to explain to the person, to whom `invalid_request` means nothing. */
function situationOf({ person, status, code }: OAuthError, { url }: Request): Situation {
  if (person !== undefined) return person;
  const itself = OF_CODE[code];
  if (itself !== undefined) return itself;
  if (status === 503) return 'unavailable';
  if (status >= 500) return 'failure';
  if (status === 429) return 'tooMany';
  const [path = ''] = url.split('?', 1);
  return OF_CLIENTS.some((one) => path.endsWith(one)) ? 'request' : 'browser';
}

function cut(value: string): string {
  return value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value;
}
