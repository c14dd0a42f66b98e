// How the two tuned servers answer: one function for all URLs, a body reader of its own, and one
// `writeHead`, so that nothing is done for a request that it does not need.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorizationPath, PATHS } from '../target.ts';
import {
  answerToken,
  authenticate,
  authorize,
  introspect,
  OAuthError,
  readSecret,
  signIn,
} from './maps.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

function sendJson(res: ServerResponse, value: object, status = 200, more = {}): void {
  const body = JSON.stringify(value);
  const length = { 'Content-Length': Buffer.byteLength(body) };
  res.writeHead(status, { ...JSON_HEADERS, ...length, ...more }).end(body);
}

function redirect(res: ServerResponse, location: string, more = {}): void {
  const headers = { Location: location, 'Content-Length': 0, 'Cache-Control': 'no-store' };
  res.writeHead(302, { ...headers, ...more }).end();
}

function sendError(res: ServerResponse, error: unknown): void {
  const { status, message } =
    error instanceof OAuthError ? error : { status: 500, message: 'server_error' };
  const scheme = message === 'invalid_client' ? 'Basic' : 'Bearer';
  sendJson(res, { error: message }, status, status === 401 ? { 'WWW-Authenticate': scheme } : {});
}

const fieldsOf = (text: string) => Object.fromEntries(new URLSearchParams(text));

/** Calls back with the form that is sent, once it is there. */
function withForm(
  req: IncomingMessage,
  res: ServerResponse,
  answer: (fields: Record<string, string>) => void | Promise<void>,
): void {
  let text = '';
  req
    .setEncoding('utf8')
    .on('data', (chunk) => {
      text += chunk;
      if (text.length > 100_000) req.destroy();
    })
    .on('end', async () => {
      try {
        await answer(fieldsOf(text));
      } catch (error) {
        sendError(res, error);
      }
    });
}

/** Answers every request of the benchmark. */
export function answer(req: IncomingMessage, res: ServerResponse): void {
  const [path, query = ''] = req.url!.split('?', 2);
  const { authorization, cookie } = req.headers;
  try {
    if (req.method === 'POST' && path === PATHS.token) {
      withForm(req, res, async (fields) =>
        sendJson(res, await answerToken(authenticate(authorization), fields)),
      );
    } else if (req.method === 'POST' && path === PATHS.introspect) {
      withForm(req, res, (fields) =>
        sendJson(res, introspect(authenticate(authorization), fields['token'])),
      );
    } else if (req.method === 'GET' && path === PATHS.secret) {
      sendJson(res, readSecret(authorization));
    } else if (req.method === 'GET' && path === PATHS.authorize) {
      redirect(res, authorize(fieldsOf(query), cookie));
    } else if (req.method === 'GET' && path === '/login') {
      const person = fieldsOf(query)['person'] ?? '';
      redirect(res, authorizationPath(person), { 'Set-Cookie': signIn(person) });
    } else sendJson(res, { error: 'not_found' }, 404);
  } catch (error) {
    sendError(res, error);
  }
}
