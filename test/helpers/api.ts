// An API that takes the tokens of a server, by requireToken(), and an authorization server of a few
// lines, which answers as a test wants it.

import { generateKeyPairSync } from 'node:crypto';
import { type RequestListener, request } from 'node:http';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import express5, { type Express } from 'express';
import { type Claims, type SigningKey, signingKey, signJwt } from '../../src/protocol/jwt.ts';
import {
  type RequireTokenOptions,
  requireToken,
  resourceMetadata,
  tokenOf,
} from '../../src/resource-server/index.ts';
import { openServer } from './harness.ts';
import { type Answer, http } from './http.ts';

const require = createRequire(import.meta.url);

export const EXPRESS: Readonly<Record<string, () => Express>> = {
  'Express 5': express5,
  'Express 4': require('express4'),
};

/** The name of the API. */
export const API = 'https://api.example.com/api';

/** What requireToken() warns of while something runs. */
export async function warningsOf(run: () => Promise<unknown>): Promise<string[]> {
  const messages: string[] = [];
  const hear = ({ name, message }: Error) => {
    if (name === 'ResourceServerWarning') messages.push(message);
  };
  process.on('warning', hear);
  try {
    await run();
    await new Promise(setImmediate);
  } finally {
    process.off('warning', hear);
  }
  return messages;
}

export interface Api {
  readonly origin: string;
  get(path: string, token?: string): Promise<Answer>;
}

/** The body of the answer to a request with the header Authorization twice. */
export function sendTwice(url: string, token: string): Promise<string> {
  const line = ['Authorization', `Bearer ${token}`];
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: ['host', new URL(url).host, ...line, ...line] });
    asked.on('response', (answer) => void text(answer).then(resolve, reject));
    asked.on('error', reject).end();
  });
}

/** Starts an app with routes that need more and more; it stops when the test file ends. */
export async function serveApi(
  options: Omit<RequireTokenOptions, 'resource'> & { resource?: string },
  make: () => Express = express5,
): Promise<Api> {
  const given = { resource: API, ...options };
  const app = make();
  app.use(resourceMetadata({ issuer: given.issuer, resource: API, scope: 'read write' }));
  const handler = (_req: express5.Request, res: express5.Response) => {
    res.json(tokenOf(res));
  };
  app.get('/unguarded', (_req: express5.Request, res: express5.Response) => {
    try {
      res.json(tokenOf(res));
    } catch (error) {
      res.status(500).send((error as Error).message);
    }
  });
  app.get('/any', requireToken(given), handler);
  app.get('/read', requireToken({ ...given, scope: 'read' }), handler);
  app.get('/write', requireToken({ ...given, scope: ['read', 'write'] }), handler);
  app.get('/fresh', requireToken({ ...given, scope: 'read', maxAge: 60 }), handler);
  app.get('/strong', requireToken({ ...given, acrValues: ['silver', 'gold'] }), handler);
  const { server, origin } = await openServer();
  server.on('request', app as RequestListener);
  return {
    origin,
    get: (path, token) =>
      http(
        `${origin}${path}`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      ),
  };
}

export function newKey(kid: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return signingKey(kid, 'ES256', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** What a path is answered with: JSON, or whatever a handler does. */
export type Page = object | RequestListener;

export interface Elsewhere {
  readonly issuer: string;
  readonly origin: string;
  /** By path; each may be changed. */
  readonly pages: Record<string, Page | undefined>;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** Whether it answers, or closes each connection. */
  isAway: boolean;
  /** A token of this issuer for the API. */
  token(key: SigningKey, claims?: Claims): string;
}

/** An authorization server with metadata and one key, in the manner of RFC 8414. */
export async function serveElsewhere(key: SigningKey, path = ''): Promise<Elsewhere> {
  const { server, origin } = await openServer();
  const issuer = `${origin}${path}`;
  const elsewhere: Elsewhere = {
    issuer,
    origin,
    pages: {
      [`/.well-known/oauth-authorization-server${path}`]: { issuer, jwks_uri: `${issuer}/jwks` },
      [`${path}/jwks`]: { keys: [key.jwk] },
    },
    asked: [],
    isAway: false,
    token(by, claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: API, sub: 'alice', client_id: 'app', scope: 'read' };
      return signJwt(by, 'at+jwt', { ...all, jti: 'some', iat: now, exp: now + 3600, ...claims });
    },
  };
  server.on('request', (req, res) => {
    if (elsewhere.isAway) return res.destroy();
    const { pathname } = new URL(req.url ?? '', origin);
    elsewhere.asked.push(pathname);
    const page = elsewhere.pages[pathname];
    if (typeof page === 'function') return (page as RequestListener)(req, res);
    res.statusCode = page === undefined ? 404 : 200;
    return res.end(JSON.stringify(page ?? {}));
  });
  return elsewhere;
}
