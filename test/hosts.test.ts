// The server in other people's apps: whatever they have set, mounted or patched, the whole code flow
// runs, and our answers are the same, byte for byte, as in an app of three lines.
//
// helmet, cors, compression, cookie-session, ejs-mate, express-ejs-layouts and iron-session are not
// installed here. What they do to requests and answers is done by a few lines, which say whose it is.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, describe, it } from 'node:test';
import { createGunzip, createGzip, gzipSync } from 'node:zlib';
import express, { type Express, type Request, type Response, Router } from 'express';
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
import { Person } from './helpers/http-person.ts';
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
  server.on('request', app);
  return { origin, issuer, oauth };
}

const plain: SetUp = (app, oauth) => app.use(oauth.handler);

/** Middleware in front of the server. */
const behind =
  (...middleware: express.RequestHandler[]): SetUp =>
  (app, oauth) =>
    app.use(...middleware, oauth.handler);

const helmet: express.RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': "default-src 'self';form-action 'self'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'SAMEORIGIN',
  });
  next();
};

const cors: express.RequestHandler = (req, res, next) => {
  res.vary('Origin').set('Access-Control-Allow-Credentials', 'true');
  if (req.headers.origin !== undefined) res.set('Access-Control-Allow-Origin', req.headers.origin);
  next();
};

/** compression puts itself in the place of `write` and `end`, and takes the length away. */
const compression: express.RequestHandler = (req, res, next) => {
  if (req.headers['accept-encoding'] !== 'gzip') return next();
  const zip = createGzip();
  const { write, end } = res;
  zip.on('data', (chunk) => write.call(res, chunk, 'utf8'));
  zip.on('end', () => end.call(res, undefined, 'utf8'));
  const patched = res as unknown as Record<string, unknown>;
  patched['end'] = (chunk?: string | Buffer) => {
    if (!res.headersSent) res.removeHeader('Content-Length');
    if (chunk === undefined) return end.call(res, undefined, 'utf8');
    res.setHeader('Content-Encoding', 'gzip');
    return zip.end(chunk);
  };
  next();
};

/** cookie-session: an accessor, for an object with data and no methods. */
const cookieSession: express.RequestHandler = (req, _res, next) => {
  const data = { isNew: true };
  Object.defineProperty(req, 'session', {
    configurable: true,
    enumerable: true,
    get: () => data,
    set: () => assert.fail('the session of the app is left alone'),
  });
  next();
};

/** iron-session and others: methods of the same names, which answer with promises. */
const promisingSession: express.RequestHandler = (req, _res, next) => {
  const own = {
    id: 'x',
    save: async () => {},
    destroy: async () => {},
    regenerate: async () => {},
  };
  Object.assign(req, { session: own, sessionID: 'x', sessionStore: {} });
  next();
};

/** express-session, with a `save` that somebody has made into one that answers with a promise. */
const promisedExpressSession: express.RequestHandler[] = [
  session({ secret: 'of the app', resave: false, saveUninitialized: false }),
  (req, _res, next) => {
    const { session: own } = req;
    const save = own.save.bind(own);
    const saved = (_options: unknown) => new Promise<void>((done) => save(() => done()));
    Object.defineProperty(own, 'save', { value: saved });
    next();
  },
];

/** express-ejs-layouts puts itself in the place of `res.render`, and every page into its layout. */
const layouts: express.RequestHandler = (_req, res, next) => {
  res.render = (view: string) => void res.end(`<html>the layout of the app around ${view}</html>`);
  next();
};

/** Apps that wrap what they answer. */
const envelope: express.RequestHandler = (_req, res, next) => {
  const own = { json: res.json.bind(res), send: res.send.bind(res) };
  res.json = (data: unknown) => own.json({ success: true, data });
  res.send = (data: unknown) => own.send(typeof data === 'string' ? `${data}<!-- app -->` : data);
  res.redirect = () => void own.json({ success: true });
  res.status = () => res;
  next();
};

const HOSTS: Record<string, SetUp> = {
  'with helmet': behind(helmet),
  'with cors and credentials': behind(cors),
  'with compression': behind(compression),
  'with express-session': behind(
    session({ secret: 'of the app', resave: false, saveUninitialized: true }),
  ),
  'with cookie-session': behind(cookieSession),
  'with a session that answers with promises': behind(promisingSession),
  'with an express-session that answers with promises': behind(...promisedExpressSession),
  'with express.urlencoded, extended': behind(express.urlencoded({ extended: true })),
  'with express.urlencoded, not extended': behind(express.urlencoded({ extended: false })),
  'with express.json and express.urlencoded': behind(express.json(), express.urlencoded()),
  'with express.raw for everything': behind(express.raw({ type: () => true })),
  'with express.text for everything': behind(express.text({ type: () => true })),
  'with parsers after it': (app, oauth) => {
    app.use(oauth.handler);
    app.use(express.json(), express.urlencoded());
  },
  // ejs-mate is an engine; it understands views with a call of layout() in them.
  'with a view engine of its own': (app, oauth) => {
    app.engine('ejs', (_path, _locals, done) => done(null, '<html>the engine of the app</html>'));
    app.set('view engine', 'ejs').set('layout', 'layouts/main').set('views', '/nowhere');
    app.use(oauth.handler);
  },
  'with express-ejs-layouts': behind(layouts),
  'with patched answers': behind(envelope),
  'with settings for JSON, ETags and queries': (app, oauth) => {
    app.set('json spaces', 4).set('json escape', true).set('etag', 'strong');
    app.set('json replacer', (key: string, value: unknown) => (key === 'scope' ? [value] : value));
    app.set('query parser', 'extended').set('view cache', true);
    app.locals['error'] = app.locals['title'] = 'of the app';
    app.use(oauth.handler);
  },
  'with res.locals that have the names of ours': behind((_req, res, next) => {
    Object.assign(res.locals, { error: 'of the app', demo: {}, clientName: 'x', scriptUrl: '/x' });
    next();
  }),
  'in a Router': (app, oauth) => app.use(Router().use(oauth.handler)),
  'in a sub-app': (app, oauth) => app.use(express().use(oauth.handler)),
  'behind a trusted proxy': (app, oauth) => app.set('trust proxy', 1).use(oauth.handler),
  'with all of them': (app, oauth) => {
    app.set('json spaces', 2).set('trust proxy', true).set('view engine', 'pug');
    app.use(helmet, cors, compression, cookieSession, express.urlencoded(), layouts, envelope);
    app.use(express().use(Router().use(oauth.handler)));
  },
};

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

  for (const [name, setUp] of Object.entries(HOSTS)) {
    it(`${name} has the whole code flow, and gets the answers of any other`, {
      timeout: 20_000,
    }, async () => {
      const site = await host(setUp);
      for (const [at, [path, init]] of ANSWERS.entries()) {
        assert.deepEqual(await ask(site, path, init), expected[at], path);
      }
      await codeFlow(site);
    });
  }

  it('that signs people in itself has the whole code flow, with a session of cookies', async () => {
    const site = await host(behind(cookieSession), '', {
      authenticate: () => ({ id: 'maria', name: 'Maria' }),
      loginUrl: '/in',
    });
    await codeFlow(site);
  });

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
      app.set('trust proxy', true).use(cookieSession, Router().use(oauth.handler));
      app.get('/after', (req: Request, res: Response) => {
        seen.push(req.app === app, req.session, req.ip);
        res.json({});
      });
    });
    await http(`${site.origin}/after`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.deepEqual(seen, [true, { isNew: true }, '192.0.2.1']);
  });
});

describe('A form that the app around the server has read comes to the same answer', async () => {
  const CC = 'grant_type=client_credentials';
  const LATIN = { 'content-type': `${FORM}; charset=iso-8859-1` };
  // The same kinds as in test/servers/bad-input.test.ts.
  const BODIES: [what: string, body: string | Buffer, headers?: Record<string, string>][] = [
    ['sound', CC],
    ['two resources', `${CC}&resource=https://a.example/&resource=https://b.example/`],
    ['a resource that is none', `${CC}&resource=https://a.example/&resource=x`],
    ['a parameter twice', `${CC}&${CC}`],
    ['a parameter twice, once empty', `${CC}&scope=&scope=read`],
    ['a parameter three times', `${CC}&scope=read&scope=read&scope=read`],
    ['a parameter that nobody knows, twice', `${CC}&foo=1&foo=2`],
    ['a parameter twice, in another encoding', `${CC}&scope=read&sc%6Fpe=write`],
    ['the client twice', `${CC}&client_id=web&client_id=spa`],
    ['an array of one', 'grant_type[]=client_credentials'],
    ['an array by index', 'grant_type[0]=client_credentials'],
    ['a prototype', '__proto__[grant_type]=client_credentials'],
    ['an object', 'grant_type=authorization_code&code[$ne]=x'],
    ['an object beside a value', `${CC}&scope=read&scope[a]=b`],
    ['objects in objects', `${CC}&scope[a][b]=c&constructor[prototype][admin]=1`],
    ['a NUL byte', `${CC}&scope=read%00write`],
    ['a line break', `${CC}&scope=read%0d%0aSet-Cookie:%20a=b`],
    ['bytes that are not UTF-8', `${CC}&scope=%ff%fe`],
    ['bytes that are not UTF-8, and an &', `${CC}&scope=%ff%26+a`],
    ['broken percent-encoding', `${CC}&scope=%zz`],
    ['broken percent-encoding beside sound', `${CC}&scope=read%20%zz`],
    ['a percent sign', `${CC}&scope=100%25`],
    ['an empty value', `${CC}&scope=`],
    ['nothing but spaces', `${CC}&scope=+++`],
    ['names of every object', `${CC}&__proto__=x&constructor=y&hasOwnProperty=z&toString=`],
    ['no grant type', 'scope=read'],
    ['nothing', ''],
    ['a value that is too long', `${CC}&scope=${'x'.repeat(3000)}`],
    ['a body that is too long', `${CC}&foo=${'x'.repeat(70_000)}`],
    ['JSON', JSON.stringify({ grant_type: 'x' }), { 'content-type': 'application/json' }],
    ['text', CC, { 'content-type': 'text/plain' }],
    ['no type', CC, { 'content-type': '' }],
    ['a type in capitals', CC, { 'content-type': 'Application/X-WWW-Form-URLEncoded' }],
    ['a gzip', gzipSync(CC), { 'content-encoding': 'gzip' }],
    ['Latin 1', `${CC}&scope=read`, LATIN],
  ];
  const PARSERS: Record<string, express.RequestHandler[]> = {
    'express.urlencoded, extended': [express.urlencoded({ extended: true })],
    'express.urlencoded, not extended': [express.urlencoded({ extended: false })],
    'express.raw': [express.raw({ type: () => true })],
    'express.text': [express.text({ type: () => true })],
    'express.json, express.urlencoded and express.text': [
      express.json(),
      express.urlencoded(),
      express.text(),
    ],
    'parsers for other types': [express.json(), express.text(), express.raw()],
  };
  const answerOf = async (site: Host, body: string | Buffer, headers = {}) => {
    const { status, text } = await ask(site, '/oauth/token', tokenRequest(body, headers));
    return { status, text: text.replace(/"access_token":"[^"]*"/, '') };
  };
  const reference = await host(plain);
  const expected = new Map<string, { status: number; text: string }>();
  for (const [what, body, headers] of BODIES) {
    expected.set(what, await answerOf(reference, body, headers));
  }

  it('which is not the same for all of these', () => {
    assert.equal(expected.get('two resources')!.status, 200);
    assert.equal(expected.get('a body that is too long')!.status, 413);
    assert.match(expected.get('bytes that are not UTF-8')!.text, /is not UTF-8/);
  });

  for (const [name, parsers] of Object.entries(PARSERS)) {
    it(`as without: ${name}`, async () => {
      const site = await host(behind(...parsers));
      for (const [what, body, headers] of BODIES) {
        assert.deepEqual(await answerOf(site, body, headers), expected.get(what), what);
      }
    });
  }

  it('in a charset that nobody knows is refused, if express.raw has read it', async () => {
    const site = await host(behind(express.raw({ type: () => true })));
    const odd = { 'content-type': `${FORM}; charset=x` };
    assert.deepEqual(await answerOf(site, CC, odd), await answerOf(reference, CC, odd));
    assert.equal((await answerOf(site, CC, odd)).status, 415);
  });

  it('is a failure that says so, if nothing of it was left', async () => {
    const swallow: express.RequestHandler = (req, _res, next) => {
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
    (trust: unknown, around: (oauth: AuthorizationServer) => express.RequestHandler): SetUp =>
    (app, oauth) =>
      app.set('trust proxy', trust).use(around(oauth));

  const PLACES: Record<string, (oauth: AuthorizationServer) => express.RequestHandler> = {
    'in the app itself': ({ handler }) => handler,
    'in a Router': ({ handler }) => Router().use(handler),
    'in a sub-app': ({ handler }) => express().use(handler),
    'in a Router of a sub-app': ({ handler }) => express().use(Router().use(handler)),
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
      app.use(Router().use(handler));
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
