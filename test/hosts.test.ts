// The server in other people's apps: whatever they have set, mounted or patched, the whole code flow
// runs, and our answers are the same, byte for byte, as in an app of three lines.
//
// The apps are of Express 5 and of Express 4, with the packages that most of them have.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestListener, request } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createGunzip, gzipSync } from 'node:zlib';
import express5, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import session from 'express-session';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  applySeed,
  authorizationServer,
  memoryStore,
  parseSeed,
} from '../src/index.ts';
import { authorizeUrl, pkce, requestToken } from './helpers/flows.ts';
import { openServer } from './helpers/harness.ts';
import { basic, http } from './helpers/http.ts';
import { Person, readForm } from './helpers/http-person.ts';
import { SEED } from './helpers/seeds.ts';

interface Host {
  readonly origin: string;
  readonly issuer: string;
  readonly oauth: AuthorizationServer;
}

/** Sets an app up around the server, and mounts it. */
type SetUp = (app: Express, oauth: AuthorizationServer) => void;

async function host(
  setUp: SetUp,
  path = '',
  options: Partial<AuthorizationServerOptions> = {},
  express = express5,
): Promise<Host> {
  const { server, origin } = await openServer();
  const issuer = `${origin}${path}`;
  const store = memoryStore();
  const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
  await applySeed(store, seed);
  const oauth = authorizationServer({ issuer, store, scopes: seed.scopes, ...options });
  after(() => oauth.close());
  const app = express();
  setUp(app, oauth);
  app.get('/notes', oauth.protect('read'), (_req, res) => void res.end('notes'));
  // Both are what node:http takes for a listener.
  server.on('request', app as RequestListener);
  return { origin, issuer, oauth };
}

const plain: SetUp = (app, oauth) => app.use(oauth.handler);

/** Middleware in front of the server. */
const behind =
  (...middleware: RequestHandler[]): SetUp =>
  (app, oauth) =>
    app.use(...middleware, oauth.handler);

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
  'with parsers after it': (app, oauth) => {
    app.use(oauth.handler);
    app.use(express.json(), express.urlencoded({ extended: true }));
  },
  'with ejs-mate': (app, oauth) => {
    app.engine('ejs', require('ejs-mate'));
    app.set('view engine', 'ejs').set('views', views);
    app.use(oauth.handler);
  },
  'with express-ejs-layouts': (app, oauth) => {
    app.set('view engine', 'ejs').set('views', views).set('layout', 'layout');
    app.use(layouts, oauth.handler);
  },
  'with patched answers': behind(envelope),
  'with settings for JSON, ETags, queries and routes': (app, oauth) => {
    app.set('json spaces', 4).set('json escape', true).set('etag', 'strong');
    app.set('json replacer', (key: string, value: unknown) => (key === 'scope' ? [value] : value));
    app.set('query parser', 'extended').set('view cache', true);
    app.set('case sensitive routing', true).set('strict routing', true);
    app.locals['error'] = app.locals['title'] = 'of the app';
    app.use(oauth.handler);
  },
  'with res.locals that have the names of ours': behind((_req, res, next) => {
    Object.assign(res.locals, { error: 'of the app', demo: {}, clientName: 'x', scriptUrl: '/x' });
    next();
  }),
  'in a Router': (app, oauth) => app.use(express.Router().use(oauth.handler)),
  'in a Router of Express 5': (app, oauth) => app.use(express5.Router().use(oauth.handler)),
  'in a sub-app': (app, oauth) => app.use(express5().use(oauth.handler)),
  'behind a trusted proxy': (app, oauth) => app.set('trust proxy', 1).use(oauth.handler),
  'with all of them': (app, oauth) => {
    app.set('json spaces', 2).set('trust proxy', true).set('view engine', 'ejs');
    app.set('views', views).engine('ejs', require('ejs-mate'));
    app.use(helmet, cors({ credentials: true, origin: true }), compression({ threshold: 0 }));
    app.use(cookieSession, express.urlencoded({ extended: true }), layouts, envelope);
    app.use(express5().use(express.Router().use(oauth.handler)));
  },
});

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** One request, whose answer is unzipped. What is random and what names the host is made the same. */
function ask(
  { origin }: Host,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = init;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const asked = request(`${origin}${path}`, {
      method,
      headers: { 'accept-encoding': 'gzip', ...headers, ...length },
    });
    asked.on('error', reject).on('response', (answer) => {
      const isZipped = answer.headers['content-encoding'] === 'gzip';
      const stream = isZipped ? answer.pipe(createGunzip()) : answer;
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('error', reject).on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          type: answer.headers['content-type'] ?? '',
          text: text
            .replaceAll(origin, 'ORIGIN')
            .replaceAll(new URL(origin).host, 'HOST')
            .replaceAll(/(name="csrf_token" value=|class="opaque" dir="ltr">)[^<>]*/g, '$1'),
        }),
      );
    });
    asked.end(body);
  });
}

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

const FORM = 'application/x-www-form-urlencoded';
const tokenRequest = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { authorization: basic('web', 'web-secret'), 'content-type': FORM, ...headers },
  body,
});

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
  const reference = await host(plain);
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
      const site = await host(setUp, '', {}, express);
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
        await codeFlow(await host(behind(...sessions), '', people, express));
      }
    });
  }

  it('with a session of another kind can be signed out of, and signed in to again', async () => {
    for (const middleware of [cookieSession, promisingSession]) {
      const site = await host(behind(middleware));
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
    const site = await host((app, oauth) => {
      app.set('trust proxy', true).use(cookieSession, express5.Router().use(oauth.handler));
      app.get('/after', (req: Request, res: Response) => {
        const { isNew } = req.session as unknown as { isNew: boolean };
        seen.push(req.app === app, isNew, req.ip);
        res.json({});
      });
    });
    await http(`${site.origin}/after`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.deepEqual(seen, [true, true, '192.0.2.1']);
  });
});

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
  }
});

describe('A form that the app around the server has read comes to the same answer', async () => {
  const CC = 'grant_type=client_credentials';
  const LATIN = { 'content-type': `${FORM}; charset=iso-8859-1` };
  const TWO = 'resource=https://a.example/&resource=https://b.example/';
  /**
   * The same kinds as in test/servers/bad-input.test.ts.
   *
   * @param base what makes a sound form of the endpoint
   */
  const bodies = (
    base: string,
  ): [what: string, body: string | Buffer, headers?: Record<string, string>][] => [
    ['sound', base],
    ['two resources', `${base}&${TWO}`],
    ['a resource that is none', `${base}&resource=https://a.example/&resource=x`],
    ['a parameter twice', `${base}&${base}`],
    ['a parameter twice, once empty', `${base}&scope=&scope=read`],
    ['a parameter three times', `${base}&scope=read&scope=read&scope=read`],
    ['a parameter that nobody knows, twice', `${base}&foo=1&foo=2`],
    ['a parameter twice, in another encoding', `${base}&scope=read&sc%6Fpe=write`],
    ['the client twice', `${base}&client_id=web&client_id=spa`],
    ['an array of one', 'grant_type[]=client_credentials'],
    ['an array by index', 'grant_type[0]=client_credentials'],
    ['a prototype', '__proto__[grant_type]=client_credentials'],
    ['an object', 'grant_type=authorization_code&code[$ne]=x'],
    ['an object beside a value', `${base}&scope=read&scope[a]=b`],
    ['objects in objects', `${base}&scope[a][b]=c&constructor[prototype][admin]=1`],
    ['a NUL byte', `${base}&scope=read%00write`],
    ['a line break', `${base}&scope=read%0d%0aSet-Cookie:%20a=b`],
    ['bytes that are not UTF-8', `${base}&scope=%ff%fe`],
    ['bytes that are not UTF-8, and an &', `${base}&scope=%ff%26+a`],
    ['broken percent-encoding', `${base}&scope=%zz`],
    ['broken percent-encoding beside sound', `${base}&scope=read%20%zz`],
    ['a percent sign', `${base}&scope=100%25`],
    ['an empty value', `${base}&scope=`],
    ['nothing but spaces', `${base}&scope=+++`],
    ['names of every object', `${base}&__proto__=x&constructor=y&hasOwnProperty=z&toString=`],
    ['no grant type', 'scope=read'],
    ['nothing', ''],
    ['a value that is too long', `${base}&scope=${'x'.repeat(3000)}`],
    ['a body that is too long', `${base}&foo=${'x'.repeat(70_000)}`],
    ['JSON', JSON.stringify({ grant_type: 'x' }), { 'content-type': 'application/json' }],
    ['text', base, { 'content-type': 'text/plain' }],
    ['no type', base, { 'content-type': '' }],
    ['a type in capitals', base, { 'content-type': 'Application/X-WWW-Form-URLEncoded' }],
    ['a gzip', gzipSync(base), { 'content-encoding': 'gzip' }],
    ['Latin 1', `${base}&scope=read`, LATIN],
  ];
  const PARSERS: Record<string, RequestHandler[]> = {
    'express.urlencoded, extended': [express5.urlencoded({ extended: true })],
    'express.urlencoded, not extended': [express5.urlencoded({ extended: false })],
    'express.raw': [express5.raw({ type: () => true })],
    'express.text': [express5.text({ type: () => true })],
    'express.json, express.urlencoded and express.text': [
      express5.json(),
      express5.urlencoded(),
      express5.text(),
    ],
    'one that leaves URLSearchParams': [
      express5.text({ type: () => true }),
      (req, _res, next) => {
        if (typeof req.body === 'string' && req.is(FORM)) req.body = new URLSearchParams(req.body);
        next();
      },
    ],
    'one that leaves a Uint8Array': [
      express5.raw({ type: () => true }),
      (req, _res, next) => {
        if (Buffer.isBuffer(req.body)) req.body = new Uint8Array(req.body);
        next();
      },
    ],
    'parsers for other types': [express5.json(), express5.text(), express5.raw()],
  };
  /** A form of each endpoint: where it goes, what makes it sound, and how it is sent. */
  const asWeb = { authorization: basic('web', 'web-secret') };
  const ofPerson = async (site: Host, path: string, more: Record<string, string>) => {
    const person = new Person(site);
    let page = await person.visit('/login');
    if (path !== '/login') {
      await person.signIn(page);
      page = await person.visit(path);
    }
    const base = `${new URLSearchParams({ ...readForm(page.text).fields, ...more })}`;
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { path, base, headers: { cookie } };
  };
  const ENDPOINTS: Record<
    string,
    (site: Host) => Promise<{ path: string; base: string; headers: Record<string, string> }>
  > = {
    token: async () => ({ path: '/oauth/token', base: CC, headers: asWeb }),
    revoke: async () => ({ path: '/oauth/revoke', base: 'token=x', headers: asWeb }),
    introspect: async () => ({ path: '/oauth/introspect', base: 'token=x', headers: asWeb }),
    login: (site) => ofPerson(site, '/login', { username: 'alice', password: 'wrong' }),
    password: (site) =>
      ofPerson(site, '/account/password', { current_password: 'wrong', new_password: 'x' }),
  };
  const answerOf = async (
    site: Host,
    body: string | Buffer,
    headers: Record<string, string> = {},
    path = '/oauth/token',
  ) => {
    const { status, text } = await ask(site, path, tokenRequest(body, headers));
    return {
      status,
      text: text
        .replace(/"access_token":"[^"]*"/, '')
        // The form comes back, with what only this browser has.
        .replaceAll(/(name="(?:csrf_token|continue)" value=)"[^"]*"/g, '$1'),
    };
  };
  const unlimited = { limits: { enabled: false } };
  const reference = await host(plain, '', unlimited);

  /** What becomes of every body at an endpoint of a host. */
  async function answersOf(site: Host, endpoint: string) {
    const { path, base, headers } = await ENDPOINTS[endpoint]!(site);
    const answers: [string, { status: number; text: string }][] = [];
    for (const [what, body, more] of bodies(base)) {
      answers.push([what, await answerOf(site, body, { ...headers, ...more }, path)]);
    }
    return answers;
  }

  for (const endpoint of Object.keys(ENDPOINTS)) {
    describe(`at ${endpoint}`, async () => {
      const expected = await answersOf(reference, endpoint);
      const of = new Map(expected);

      it('which is not the same for all of these', () => {
        assert.ok(of.get('sound')!.status <= 400);
        assert.equal(of.get('a body that is too long')!.status, 413);
        assert.equal(of.get('bytes that are not UTF-8')!.status, 400);
      });

      for (const [name, parsers] of Object.entries(PARSERS)) {
        it(`as without: ${name}`, async () => {
          const site = await host(behind(...parsers), '', unlimited);
          for (const [at, [what, answer]] of (await answersOf(site, endpoint)).entries()) {
            assert.deepEqual(answer, expected[at]![1], what);
          }
        });
      }
    });
  }

  it('in a charset that nobody knows is refused, if express.raw has read it', async () => {
    const site = await host(behind(express5.raw({ type: () => true })));
    const odd = { 'content-type': `${FORM}; charset=x` };
    assert.deepEqual(await answerOf(site, CC, odd), await answerOf(reference, CC, odd));
    assert.equal((await answerOf(site, CC, odd)).status, 415);
  });

  it('is a failure that says so, if nothing of it was left', async () => {
    const swallow: RequestHandler = (req, _res, next) => {
      req.resume().on('end', () => next());
    };
    const site = await host(behind(swallow));
    const failures: unknown[] = [];
    site.oauth.events.on('failure', ({ error }) => failures.push(error));
    assert.equal((await answerOf(site, CC)).status, 500);
    assert.match(String(failures[0]), /has read the body of a form, and left nothing/);
  });
});

describe('The address of a person', () => {
  /** What the log says of a failed login that comes by these proxies. */
  async function addressOf(setUp: SetUp, forwarded: string): Promise<string | undefined> {
    const site = await host(setUp);
    let seen: string | undefined;
    site.oauth.events.on('login_failed', ({ address }) => {
      seen = address;
    });
    const person = new Person(site);
    person.headers['x-forwarded-for'] = forwarded;
    await person.signIn(await person.visit('/login'), 'alice', 'wrong');
    return seen;
  }

  const trusting =
    (trust: unknown, around: (oauth: AuthorizationServer) => RequestHandler): SetUp =>
    (app, oauth) =>
      app.set('trust proxy', trust).use(around(oauth));

  const PLACES: Record<string, (oauth: AuthorizationServer) => RequestHandler> = {
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
