// The server where no app of Express is around it: called by node:http, or by a framework that takes
// middleware, as @fastify/middie does.

import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import express, { type Request, Router } from 'express';
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

/** Where each document and an endpoint of a server under a path is looked for. */
const PLACES = [
  '/auth/.well-known/openid-configuration',
  '/auth/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration/auth',
  '/.well-known/oauth-authorization-server/auth',
  '/auth/oauth/jwks',
];

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

describe('a server under a path, with wellKnown at the root', () => {
  const mounted: Record<string, (oauth: AuthorizationServer) => RequestListener> = {
    'of a framework that is not Express': ({ wellKnown, handler }) =>
      framework([
        ['', wellKnown as Middleware],
        ['/auth', handler as Middleware],
      ]),
    'of a router': ({ wellKnown, handler }) =>
      express().use('/auth', Router().use(handler)).use(wellKnown),
    'of an app that is itself mounted': ({ wellKnown, handler }) =>
      express().use('/auth', express().use(handler)).use(wellKnown),
  };
  for (const [name, listenerOf] of Object.entries(mounted)) {
    it(`has its documents in every place where clients look for them: ${name}`, async () => {
      const { origin, issuer } = await serve(listenerOf, '/auth');
      for (const place of PLACES) {
        const { status, json } = await http(`${origin}${place}`);
        assert.equal(status, 200, place);
        if (place.includes('well-known')) assert.equal(json.issuer, issuer, place);
      }
      for (const place of ['/oauth/jwks', '/auth', '/auth/nothing', '/auth/oauth/jwks/more']) {
        assert.equal((await http(`${origin}${place}`)).status, 404, place);
      }
    });
  }
});

describe('a server that is mounted where its issuer does not say', () => {
  const at = (path: string) => `The server is mounted at ${path}, but the path of its issuer is `;

  const wrong: [
    string,
    string,
    (oauth: AuthorizationServer) => RequestListener,
    string,
    string[],
  ][] = [
    [
      'at the root',
      '/auth',
      ({ handler }) => express().use(handler),
      at('/'),
      ['/auth/oauth/jwks'],
    ],
    ['by node:http', '/auth', ({ handler }) => handler, at('/'), PLACES.toSpliced(2, 2)],
    [
      'in a router under another path',
      '/auth',
      ({ handler }) => express().use(Router().use('/foo', handler)),
      at('/foo'),
      ['/foo/oauth/jwks', '/foo/.well-known/openid-configuration', '/foo/anything'],
    ],
    [
      'in a router though the issuer has no path',
      '',
      ({ handler }) => express().use(Router().use('/foo', handler)),
      at('/foo'),
      ['/foo/oauth/jwks'],
    ],
    [
      'under another path of a framework',
      '/auth',
      ({ handler }) => framework([['/foo', handler as Middleware]]),
      at('/foo'),
      ['/foo/oauth/jwks'],
    ],
  ];
  for (const [name, path, listenerOf, beginning, places] of wrong) {
    it(`says so at each request for it, and the process warns once: ${name}`, async () => {
      const { origin } = await serve(listenerOf, path);
      const warnings: string[] = [];
      const hear = ({ message }: Error) => warnings.push(message);
      process.on('warning', hear);
      for (const place of [...places, ...places]) {
        const { status, json } = await http(`${origin}${place}`);
        assert.equal(status, 500, place);
        assert.equal(
          json.error_description,
          `${beginning}${path || '/'}: they have to be the same.`,
        );
      }
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', hear);
      const ours = warnings.filter((one) => one.startsWith('The server is mounted'));
      assert.deepEqual(ours, [`${beginning}${path || '/'}: they have to be the same.`]);
    });
  }

  const right: [string, (oauth: AuthorizationServer) => RequestListener, string][] = [
    [
      'in a router',
      ({ handler }) => express().use(Router().use('/auth', handler)),
      '/auth/oauth/jwks',
    ],
    [
      'in a path of other letters',
      ({ handler }) => express().use('/auth', handler),
      '/AUTH/oauth/jwks',
    ],
    [
      'in an app that is mounted',
      ({ handler }) => express().use('/auth', express().use(handler)),
      '/auth/oauth/jwks',
    ],
    ['behind a proxy that takes the path away', ({ handler }) => handler, '/oauth/jwks'],
    ['behind such a proxy, in an app', ({ handler }) => express().use(handler), '/oauth/jwks'],
  ];
  for (const [name, listenerOf, place] of right) {
    it(`is not one that is ${name}`, async () => {
      const { origin } = await serve(listenerOf, '/auth');
      assert.equal((await http(`${origin}${place}`)).status, 200);
      assert.equal((await http(`${origin}/auth/nothing`)).status, 404);
      assert.equal((await http(`${origin}/elsewhere`)).status, 404);
    });
  }

  it('is not one behind a proxy that takes the beginning of the path away', async () => {
    const { origin } = await serve(({ handler }) => express().use('/auth', handler), '/a/auth');
    assert.equal((await http(`${origin}/auth/oauth/jwks`)).status, 200);
  });
});
