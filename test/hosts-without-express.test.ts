// The server where no app of Express is around it: called by node:http, or by a framework that takes
// middleware, as @fastify/middie does.

import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import type { Request } from 'express';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  authorizationServer,
  jsonHeaders,
  Routes,
} from '../src/index.ts';
import { authorizeUrl } from './helpers/flows.ts';
import { openServer } from './helpers/harness.ts';
import { http } from './helpers/http.ts';
import { SEED } from './helpers/seeds.ts';

type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** Middleware in a framework that is not Express: under a path it sees the rest of the URL. */
function framework(mounted: readonly (readonly [path: string, Middleware])[]): RequestListener {
  return (req, res) => {
    const original = req.url ?? '/';
    Object.assign(req, { originalUrl: original });
    const [next, ...others] = mounted.filter(([path]) => original.startsWith(path));
    const pass = (one: typeof next, rest: typeof others): void => {
      if (one === undefined) return void res.writeHead(404).end('of the framework');
      const [path, middleware] = one;
      req.url = original.slice(path.length) || '/';
      middleware(req, res, () => pass(rest[0], rest.slice(1)));
    };
    pass(next, others);
  };
}

const HOSTS: Record<string, (oauth: AuthorizationServer) => RequestListener> = {
  'node:http': ({ handler }) => handler,
  'a framework that takes middleware': ({ handler }) => framework([['', handler as Middleware]]),
};

async function serve(
  listenerOf: (oauth: AuthorizationServer) => RequestListener,
  path = '',
  options: Partial<AuthorizationServerOptions> = {},
) {
  const { server, origin } = await openServer();
  const issuer = `${origin}${path}`;
  const oauth = authorizationServer({
    issuer,
    scopes: SEED.scopes,
    clients: SEED.clients as never,
    ...options,
  });
  after(() => oauth.close());
  server.on('request', listenerOf(oauth));
  return { origin, issuer, oauth };
}

/** What an app may ask a request of Express for. */
const askedOf = (req: Request) => ({
  agent: req.get('user-agent'),
  ip: req.ip,
  secure: req.secure,
  path: req.path,
  query: req.query['a'],
  isMountedIn: typeof req.app.get('trust proxy fn'),
  headersSent: req.res?.headersSent,
});
const ASKED = {
  agent: 'a test',
  ip: '127.0.0.1',
  secure: false,
  query: '1',
  isMountedIn: 'function',
  headersSent: false,
};
const headers = { 'user-agent': 'a test' };

for (const [name, listenerOf] of Object.entries(HOSTS)) {
  describe(`what the app brings gets requests of Express, in ${name}`, async () => {
    const seen: object[] = [];
    const hear = (req: Request) => void seen.push(askedOf(req));
    const { origin, issuer } = await serve(listenerOf, '', {
      authenticate: (req) => {
        hear(req);
        return req.get('cookie')?.includes('in') ? { id: 7, name: 'Maria' } : undefined;
      },
      beforeConsent: hear,
      loginUrl: '/in',
      endpoints: () => {
        const routes = new Routes();
        routes.all('/j', jsonHeaders, (req, res) => {
          hear(req);
          res.status(201).json({ said: req.get('user-agent') });
        });
        return [{ routes }];
      },
    });

    it('authenticate', async () => {
      const { location } = await http(`${origin}/account?a=1`, { headers });
      assert.match(location, /^\/in/);
      assert.deepEqual(seen.splice(0), [{ ...ASKED, path: '/account' }]);
    });

    it('beforeConsent', async () => {
      const url = `${authorizeUrl({ issuer })}&a=1`;
      const page = await http(url, { headers: { ...headers, cookie: 'in' } });
      assert.equal(page.status, 200, page.text);
      const one = { ...ASKED, path: '/oauth/authorize' };
      assert.deepEqual(seen.splice(0), [one, one]);
    });

    it('the endpoints', async () => {
      const { status, json } = await http(`${origin}/j?a=1`, { headers });
      assert.deepEqual([status, json], [201, { said: 'a test' }]);
      assert.deepEqual(seen.splice(0), [{ ...ASKED, path: '/j' }]);
    });
  });
}
