// The server in other people's apps: whatever they have set, mounted or patched, the whole code flow
// runs, and our answers are the same, byte for byte, as in an app of three lines.
//
// The apps are of Express 5 and of Express 4, with the packages that most of them have.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import express5, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import session from 'express-session';
import { type AuthorizationServer, authorizationServer, memoryStore } from '../src/index.ts';
import { authorizeUrl, pkce, requestToken } from './helpers/flows.ts';
import { openServer } from './helpers/harness.ts';
import { behind, type Host, plain, type SetUp, serveAround } from './helpers/host.ts';
import { basic, http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { ask, tokenRequest } from './helpers/wire.ts';

const require = createRequire(import.meta.url);
/** Packages without types. */
const load = (name: string): ((options?: object) => RequestHandler) => require(name);
const express4: typeof express5 = require('express4');
const [helmet, cors, compression] = [load('helmet')(), load('cors'), load('compression')];
const cookieSession = load('cookie-session')({ keys: ['of the app'] });
const layouts = load('express-ejs-layouts') as unknown as RequestHandler;

/** iron-session and others: methods of the same names, which answer with promises. */
const promisingSession: RequestHandler = (req, _res, next) => {
  const own = {
    id: 'x',
    save: async () => {},
    destroy: async () => {},
    regenerate: async () => {},
  };
  Object.assign(req, { session: own, sessionID: 'x', sessionStore: {} });
  next();
};

/** A promise of a library of its own. */
// biome-ignore lint/suspicious/noThenProperty: that is what makes it one
const thenable = (promise: Promise<void>) => ({ then: promise.then.bind(promise) });

/** express-session, with a `save` that somebody has made into one that answers with a promise. */
const promisedExpressSession = (
  kind: (promise: Promise<void>) => object = (promise) => promise,
): RequestHandler[] => [
  session({ secret: 'of the app', resave: false, saveUninitialized: false }),
  (req, _res, next) => {
    const { session: own } = req;
    const save = own.save.bind(own);
    const saved = () => kind(new Promise<void>((done) => save(() => done())));
    Object.defineProperty(own, 'save', { value: saved });
    next();
  },
];

/** Apps that wrap what they answer. */
const envelope: RequestHandler = (_req, res, next) => {
  const own = { json: res.json.bind(res), send: res.send.bind(res) };
  res.json = (data: unknown) => own.json({ success: true, data });
  res.send = (data: unknown) => own.send(typeof data === 'string' ? `${data}<!-- app -->` : data);
  res.redirect = () => void own.json({ success: true });
  res.status = () => res;
  next();
};

/** Views of the app, with the names of ours, in the words of ejs-mate. */
const views = mkdtempSync(join(tmpdir(), 'hosts-'));
for (const name of ['login', 'error', 'layout', 'consent']) {
  writeFileSync(join(views, `${name}.ejs`), `<% layout('boilerplate') %><html>${name} of the app`);
}
after(() => rmSync(views, { recursive: true }));

const hosts = (express: typeof express5): Record<string, SetUp> => ({
  'with helmet': behind(helmet),
  'with cors': behind(cors()),
  'with cors and credentials': behind(cors({ credentials: true, origin: true })),
  'with compression': behind(compression({ threshold: 0 })),
  'with express-session': behind(
    session({ secret: 'of the app', resave: false, saveUninitialized: true }),
  ),
  'with an express-session that rolls': behind(
    session({
      secret: 'of the app',
      resave: true,
      rolling: true,
      saveUninitialized: true,
      unset: 'destroy',
    }),
  ),
  'with cookie-session': behind(cookieSession),
  'with a session that answers with promises': behind(promisingSession),
  'with express.urlencoded, extended': behind(express.urlencoded({ extended: true })),
  'with express.urlencoded, not extended': behind(express.urlencoded({ extended: false })),
  'with express.json and express.urlencoded': behind(
    express.json(),
    express.urlencoded({ extended: true }),
  ),
  'with express.raw for everything': behind(express.raw({ type: () => true })),
  'with express.text for everything': behind(express.text({ type: () => true })),
  'with parsers after it': (app, { handler }) => {
    app.use(handler);
    app.use(express.json(), express.urlencoded({ extended: true }));
  },
  'with ejs-mate': (app, { handler }) => {
    app.engine('ejs', require('ejs-mate'));
    app.set('view engine', 'ejs').set('views', views);
    app.use(handler);
  },
  'with express-ejs-layouts': (app, { handler }) => {
    app.set('view engine', 'ejs').set('views', views).set('layout', 'layout');
    app.use(layouts, handler);
  },
  'with patched answers': behind(envelope),
  'with settings for JSON, ETags, queries and routes': (app, { handler }) => {
    app.set('json spaces', 4).set('json escape', true).set('etag', 'strong');
    app.set('json replacer', (key: string, value: unknown) => (key === 'scope' ? [value] : value));
    app.set('query parser', 'extended').set('view cache', true);
    app.set('case sensitive routing', true).set('strict routing', true);
    app.locals['error'] = app.locals['title'] = 'of the app';
    app.use(handler);
  },
  'with res.locals that have the names of ours': behind((_req, res, next) => {
    Object.assign(res.locals, { error: 'of the app', demo: {}, clientName: 'x', scriptUrl: '/x' });
    next();
  }),
  'in a Router': (app, { handler }) => app.use(express.Router().use(handler)),
  'in a Router of Express 5': (app, { handler }) => app.use(express5.Router().use(handler)),
  'in a sub-app': (app, { handler }) => app.use(express5().use(handler)),
  'behind a trusted proxy': (app, { handler }) => app.set('trust proxy', 1).use(handler),
  'with all of them': (app, { handler }) => {
    app.set('json spaces', 2).set('trust proxy', true).set('view engine', 'ejs');
    app.set('views', views).engine('ejs', require('ejs-mate'));
    app.use(helmet, cors({ credentials: true, origin: true }), compression({ threshold: 0 }));
    app.use(cookieSession, express.urlencoded({ extended: true }), layouts, envelope);
    app.use(express5().use(express.Router().use(handler)));
  },
});

/** From the authorization request to a token that is revoked. */
async function codeFlow(site: Host, person = new Person(site)): Promise<void> {
  const { verifier, challenge } = pkce();
  const back = await person.allow(authorizeUrl(site, { code_challenge: challenge }));
  const code = back.searchParams.get('code');
  assert.ok(code, String(back));
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'http://127.0.0.1:9/callback',
    code_verifier: verifier,
  };
  const answer = await requestToken(site, form, 'web:web-secret');
  assert.equal(answer.status, 200, answer.text);
  const { access_token: token, scope } = answer.json;
  assert.equal(scope, 'read');

  const notes = () =>
    http(`${site.origin}/notes`, { headers: { authorization: `Bearer ${token}` } });
  const post = (path: string) =>
    http(`${site.issuer}${path}`, {
      method: 'POST',
      headers: { authorization: basic('web', 'web-secret') },
      body: new URLSearchParams({ token }),
    });
  assert.equal((await notes()).status, 200);
  assert.equal((await post('/oauth/introspect')).json.active, true);
  assert.deepEqual((await post('/oauth/revoke')).json, {});
  assert.equal((await post('/oauth/introspect')).json.active, false);
  assert.equal((await notes()).status, 401);
}

const ANSWERS: [path: string, init?: Parameters<typeof ask>[2]][] = [
  ['/login'],
  ['/logout'],
  ['/oauth/authorize?client_id=nobody'],
  ['/oauth/authorize', { method: 'DELETE' }],
  ['/oauth/style.css'],
  ['/.well-known/oauth-authorization-server'],
  ['/notes'],
  ['/oauth/token', tokenRequest('grant_type=nothing')],
  ['/oauth/token', { method: 'GET' }],
];

describe('An app around the server', async () => {
  const reference = await serveAround(plain);
  const expected = await Promise.all(ANSWERS.map(([path, init]) => ask(reference, path, init)));
  await it('of three lines has the whole code flow', () => codeFlow(reference));

  const all = [
    ...Object.entries(hosts(express5)).map(([name, setUp]) => [5, express5, name, setUp] as const),
    ...Object.entries(hosts(express4)).map(([name, setUp]) => [4, express4, name, setUp] as const),
  ];
  for (const [version, express, name, setUp] of all) {
    it(`of Express ${version} ${name} has the whole code flow, and gets the answers of any other`, {
      timeout: 20_000,
    }, async () => {
      const site = await serveAround(setUp, {}, express);
      for (const [at, [path, init]] of ANSWERS.entries()) {
        assert.deepEqual(await ask(site, path, init), expected[at], path);
      }
      await codeFlow(site);
    });
  }

  for (const [what, ...sessions] of [
    ['a session of cookies', cookieSession],
    ['an express-session whose save answers with a promise', ...promisedExpressSession()],
    ['one whose save answers with a thenable', ...promisedExpressSession(thenable)],
  ] as const) {
    it(`that signs people in itself has the whole code flow, with ${what}`, async () => {
      for (const express of [express5, express4]) {
        const people = { authenticate: () => ({ id: 'maria', name: 'Maria' }), loginUrl: '/in' };
        await codeFlow(await serveAround(behind(...sessions), people, express));
      }
    });
  }

  it('with a session of another kind can be signed out of, and signed in to again', async () => {
    for (const middleware of [cookieSession, promisingSession]) {
      const site = await serveAround(behind(middleware));
      const person = new Person(site);
      await person.signIn(await person.visit('/login'));
      const page = await person.visit('/logout');
      assert.match(page.text, /Alice Liddell/);
      const out = await person.submit(page, {});
      assert.match(out.text, /You are signed out/i);
      assert.match((await person.visit('/login')).text, /name="password"/);
      await codeFlow(site, person);
    }
  });

  it('keeps its own session, and its own request, for the routes that come after', async () => {
    const seen: unknown[] = [];
    const site = await serveAround((app, { handler }) => {
      app.set('trust proxy', true).use(cookieSession, express5.Router().use(handler));
      app.get('/after', (req: Request, res: Response) => {
        const { isNew } = req.session as unknown as { isNew: boolean };
        seen.push(req.app === app, isNew, req.ip);
        res.json({});
      });
    });
    await http(`${site.origin}/after`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.deepEqual(seen, [true, true, '192.0.2.1']);
  });

  for (const [version, express] of [
    [5, express5],
    [4, express4],
  ] as const) {
    it(`has its requests back as they were if they are not for the server, of Express ${version}`, async () => {
      const seen: unknown[] = [];
      const ofApp = { mine: 'of the app' };
      const other = express();
      const site = await serveAround(
        (app, { handler }) => {
          Object.assign(app.request, ofApp);
          Object.assign(app.response, ofApp);
          const look: RequestHandler = (req, res, next) => {
            seen.push('mine' in req, 'mine' in res, req.app === app, Object.hasOwn(req, 'app'));
            next();
          };
          app.use(express.Router().use(handler, look));
          // It is this one's request as soon as it comes here, unless ours has left an app on it.
          app.use('/other', (req, res, next) => other(req, res, next));
          other.use((req, res) => {
            seen.push(req.app === other, res.app === other);
            res.end();
          });
        },
        {},
        express,
      );
      await http(`${site.origin}/other`);
      assert.deepEqual(seen, [true, true, true, false, true, true]);
    });
  }

  it('has an app of its own back that it has put on a request', async () => {
    const seen: unknown[] = [];
    const own = Object.create(null, { get: { value: () => () => false } });
    const site = await serveAround((app, { handler }) => {
      app.use((req, _res, next) => {
        Object.defineProperty(req, 'app', { value: own, configurable: true, enumerable: true });
        next();
      });
      app.use(express5.Router().use(handler));
      app.get('/after', (req, res) => {
        seen.push(Object.getOwnPropertyDescriptor(req, 'app'));
        res.statusCode = 204;
        res.end();
      });
    });
    await http(`${site.origin}/after`);
    const before = { value: own, configurable: true, enumerable: true, writable: false };
    assert.deepEqual(seen, [before]);
  });
});

/** A token of the client itself. */
async function ownToken(site: Host, scope: string): Promise<string> {
  const form = { grant_type: 'client_credentials', scope };
  return (await requestToken(site, form, 'web:web-secret')).json.access_token;
}

describe('A route that the server protects', () => {
  for (const [version, express] of [
    [5, express5],
    [4, express4],
  ] as const) {
    it(`hands the failure of a store to the app, of Express ${version}`, async () => {
      const { server, origin } = await openServer();
      const store = memoryStore();
      const { protect } = authorizationServer({ issuer: origin, store });
      store.accessTokens.find = async () => {
        throw new Error('constraint');
      };
      const app = express();
      app.get('/notes', protect(), (_req, res) => void res.end('notes'));
      const told: unknown[] = [];
      const onError: ErrorRequestHandler = (error, _req, res, _next) => {
        told.push(error.message);
        res.status(500).end();
      };
      app.use(onError);
      server.on('request', app as RequestListener);
      const headers = { authorization: 'Bearer x' };
      assert.equal((await http(`${origin}/notes`, { headers })).status, 500);
      assert.deepEqual(told, ['constraint']);
    });

    it(`refuses without what the app says of its own answers, in Express ${version}`, async () => {
      const site = await serveAround(
        (app, { handler }) => {
          app.use(
            cors({ credentials: true, origin: true }),
            (_req, res, next) => {
              res.status(203).statusMessage = 'Not Today';
              res.set('Link', '</app.css>; rel=preload; as=style');
              res.set('WWW-Authenticate', 'Basic realm="the app"');
              res.set({ 'CDN-Cache-Control': 'max-age=600', ETag: '"theirs"', Expires: '0' });
              res.set('Content-Security-Policy', "default-src 'none'");
              next();
            },
            handler,
          );
        },
        {},
        express,
      );
      for (const [authorization, words, challenge] of [
        [undefined, '401 Unauthorized', /^Bearer realm=/],
        ['Bearer x', '401 Unauthorized', /^Bearer realm=.*invalid_token/],
        [
          `Bearer ${await ownToken(site, 'write')}`,
          '403 Forbidden',
          /^Bearer .*insufficient_scope/,
        ],
      ] as const) {
        const origin = { origin: 'https://spa.example' };
        const { status, statusText, headers } = await fetch(`${site.origin}/notes`, {
          headers: { ...origin, ...(authorization && { authorization }) },
        });
        assert.equal(`${status} ${statusText}`, words);
        assert.match(headers.get('www-authenticate') ?? '', challenge);
        for (const name of ['link', 'cdn-cache-control', 'etag', 'expires']) {
          assert.equal(headers.get(name), null, name);
        }
        // What the app says of its routes still holds.
        assert.equal(headers.get('access-control-allow-origin'), 'https://spa.example');
        assert.equal(headers.get('content-security-policy'), "default-src 'none'");
      }
    });

    it(`gets its token whatever the app has at res.locals, in Express ${version}`, async () => {
      for (const locals of [
        undefined,
        null,
        Object.freeze({ mine: 1 }),
        Object.seal({ mine: 1 }),
      ]) {
        const site = await serveAround(
          (app, { protect, handler }) => {
            app.use((_req, res, next) => {
              Object.assign(res, { locals });
              next();
            });
            app.get('/own', protect('write'), (_req, res) => {
              res.json({ client: res.locals['oauth'].token.client.id, mine: res.locals['mine'] });
            });
            // Its own app would begin a res.locals if there is none.
            app.use(handler);
          },
          {},
          express,
        );
        const headers = { authorization: `Bearer ${await ownToken(site, 'write')}` };
        const { json } = await http(`${site.origin}/own`, { headers });
        assert.deepEqual(json, { client: 'web', ...locals });
      }
    });

    it(`has its metadata by its host and port, in Express ${version}`, async () => {
      const { server, origin } = await openServer();
      const oauth = authorizationServer({ issuer: `${origin}/as`, store: memoryStore() });
      after(() => oauth.close());
      const app = express().set('trust proxy', 1).use('/as', oauth.handler);
      // The first of two is what a host that fits neither gets.
      const others = ['http://127.0.0.1:1/api', 'https://api.example:8443/api'];
      for (const resource of [...others, `${origin}/api`]) oauth.protect('read', { resource });
      server.on('request', app as RequestListener);
      const resourceAt = async (headers: Record<string, string>) => {
        const url = `${origin}/.well-known/oauth-protected-resource/api`;
        return (await http(url, { headers })).json.resource;
      };
      assert.equal(await resourceAt({}), `${origin}/api`);
      const forwarded = { 'x-forwarded-host': 'api.example:8443, 10.0.0.1' };
      assert.equal(await resourceAt(forwarded), 'https://api.example:8443/api');
      app.set('trust proxy', false);
      assert.equal(await resourceAt(forwarded), `${origin}/api`);
    });
  }
});

describe('The address of a person', () => {
  /** What the log says of a failed login that comes by these proxies. */
  async function addressOf(setUp: SetUp, forwarded: string): Promise<string | undefined> {
    const site = await serveAround(setUp);
    let seen: string | undefined;
    site.server.events.on('login_failed', ({ address }) => {
      seen = address;
    });
    const person = new Person(site);
    person.headers['x-forwarded-for'] = forwarded;
    await person.signIn(await person.visit('/login'), 'alice', 'wrong');
    return seen;
  }

  const trusting =
    (trust: unknown, around: (server: AuthorizationServer) => RequestHandler): SetUp =>
    (app, server) =>
      app.set('trust proxy', trust).use(around(server));

  const PLACES: Record<string, (server: AuthorizationServer) => RequestHandler> = {
    'in the app itself': ({ handler }) => handler,
    'in a Router': ({ handler }) => express5.Router().use(handler),
    'in a sub-app': ({ handler }) => express5().use(handler),
    'in a Router of a sub-app': ({ handler }) => express5().use(express5.Router().use(handler)),
  };
  for (const [name, around] of Object.entries(PLACES)) {
    it(`is what the app trusts its proxy to say, ${name}`, async () => {
      assert.equal(await addressOf(trusting(1, around), '192.0.2.7'), '192.0.2.7');
      assert.equal(await addressOf(trusting(false, around), '192.0.2.7'), '127.0.0.1');
    });
  }

  it('is what the server itself was told to trust, if it was', async () => {
    const setUp: SetUp = (app, { handler }) => {
      handler.set('trust proxy', 1);
      app.use(express5.Router().use(handler));
    };
    assert.equal(await addressOf(setUp, '192.0.2.7'), '192.0.2.7');
  });

  for (const [forwarded, address] of [
    ['192.0.2.7:5678', '192.0.2.7'],
    ['[2001:db8:1:2:3::4]:5678', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2:3::4]', '2001:db8:1:2::/64'],
    ['"[2001:db8:1:2:3::4]:99"', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:3::4', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:2:3::4', '2001:db8:1:2::/64'],
    ['[::ffff:192.0.2.7]:80', '192.0.2.7'],
    ['::ffff:192.0.2.7:80', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['192.0.2.7:1, 10.0.0.1:2', '192.0.2.7'],
    ['no address', 'no address'],
  ]) {
    it(`is ${address} for X-Forwarded-For: ${forwarded}`, async () => {
      const behindProxies = trusting('loopback, 10.0.0.0/8', ({ handler }) => handler);
      assert.equal(await addressOf(behindProxies, forwarded!), address);
    });
  }
});
