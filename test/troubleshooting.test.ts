// docs/troubleshooting.md: each symptom is provoked, and what it quotes is what is then said.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import OAuth2Server from '@node-oauth/oauth2-server';
import express from 'express';
import session from 'express-session';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';
import type { Page } from 'playwright-core';
import { applySeed, authorizationServer, createModel, memoryStore } from '../src/index.ts';
import { parseSeed } from '../src/program/seed.ts';
import { sendTwice, serveApi } from './helpers/api.ts';
import { browserMissing, launchBrowser } from './helpers/browser.ts';
import { assertionClaims, KEY, signed, withAssertion } from './helpers/clients.ts';
import { run } from './helpers/examples.ts';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from './helpers/flows.ts';
import { listen, startServer, type TestServer, withClock } from './helpers/harness.ts';
import { type Answer, http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { SEED } from './helpers/seeds.ts';

const API = 'https://api.example.com/api';

const document = await readFile(new URL('../docs/troubleshooting.md', import.meta.url), 'utf8');

/** What the document quotes, by the heading it stands under. */
const entries = document
  .split(/^##(?=#? )/m)
  .slice(1)
  .filter((section) => section.startsWith('# '))
  .map((section) => {
    const blocks = [...section.matchAll(/^```text\n([\s\S]*?)^```$/gm)];
    const cells = [...section.matchAll(/^\| `(.*?)` \| /gm)];
    return {
      heading: section.slice(2, section.indexOf('\n')),
      quotes: [
        ...blocks.flatMap(([, block = '']) => block.trimEnd().split('\n')),
        ...cells.map(([, cell = '']) => cell),
      ],
    };
  });

/** What there is to read on a page. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]+>/g, '\n')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** What a client is told in the address that the browser comes back to. */
function told({ location }: Answer): string {
  const { searchParams } = new URL(location);
  return ['error', 'error_description']
    .map((name) => `${name}=${searchParams.get(name)}`)
    .join('\n');
}

/** What an answer says, whether as a page, as JSON or in its headers. */
async function said(answer: Answer | Promise<Answer>): Promise<string> {
  const { text, headers } = await answer;
  const json = text.startsWith('{') ? JSON.parse(text) : {};
  const challenge = headers.get('www-authenticate');
  return [textOf(text), text, json.error, json.error_description, `WWW-Authenticate: ${challenge}`]
    .filter(Boolean)
    .join('\n');
}

/** The messages of errors that are expected. */
async function thrown(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail('nothing went wrong');
}

const all = async (...parts: (string | Promise<string>)[]) => (await Promise.all(parts)).join('\n');

const seed = {
  ...SEED,
  resources: { [API]: { access_token_format: 'jwt' } },
  clients: [
    ...SEED.clients,
    {
      client_id: 'signs',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [KEY.jwk] },
    },
    {
      client_id: 'no-refresh',
      client_secret: 'no-refresh-secret',
      redirect_uris: ['https://app.example/callback'],
      grant_types: ['authorization_code'],
      scope: 'read openid profile email',
    },
  ],
};
const server = await startServer({}, { seed });
const post = (path: string, init: RequestInit) =>
  http(`${server.issuer}${path}`, { method: 'POST', ...init });
const form = { grant_type: 'client_credentials' };

/** A token request of the client `web` for a person's code, with something changed. */
async function exchange(changes: Record<string, string | undefined>): Promise<string> {
  const { code, verifier, redirectUri } = await authorizeAs(server);
  const params = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...changes,
  };
  const given = Object.entries(params).filter((pair): pair is [string, string] => !!pair[1]);
  return said(requestToken(server, given, 'web:web-secret'));
}

async function verifyJwt(
  token: string,
  {
    issuer = server.issuer,
    audience = API,
    typ = 'at+jwt',
    algorithms = ['ES256'],
    keysOf = server as TestServer,
  } = {},
): Promise<string> {
  const keySet = createRemoteJWKSet(new URL(`${keysOf.issuer}/oauth/jwks`));
  return thrown(() => jwtVerify(token, keySet, { issuer, audience, typ, algorithms }));
}

/** A server of the test's own, until the file ends. */
async function serve(listener: RequestListener): Promise<string> {
  const own = createServer(listener);
  await listen(own);
  own.unref();
  after(() => {
    own.closeAllConnections();
    own.close();
  });
  return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
}

/** What the console of a browser says. */
async function consoleOf(act: (page: Page) => Promise<unknown>, wanted: RegExp): Promise<string> {
  const page = await (await launchBrowser()).newPage();
  try {
    page.setDefaultTimeout(5000);
    const [message] = await Promise.all([
      page.waitForEvent('console', (one) => wanted.test(one.text())),
      act(page),
    ]);
    return message.text();
  } finally {
    await page.close();
  }
}

/** What the console says of a page of another origin that fetches something of the server's. */
function consoleOfApp(path: string): Promise<string> {
  return consoleOf(async (page) => {
    await page.goto(await serve((_req, res) => res.end('<title>A browser app</title>')));
    await page.evaluate((url) => fetch(url).catch(() => {}), `${server.issuer}${path}`);
  }, /CORS policy/);
}

async function signInByHand(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Username').fill('alice');
  await page.getByLabel('Password').fill('wonderland');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The server behind a proxy that adds a policy to what the server says. */
async function serveBehindProxy(policy: string): Promise<string> {
  let behind: TestServer;
  const origin = await serve(async (req, res) => {
    const { status, headers, text } = await http(`${behind.origin}${req.url}`, {
      method: req.method!,
      headers: req.headers as Record<string, string>,
      ...(req.method === 'POST' && { body: await bodyOf(req) }),
    });
    for (const name of ['content-type', 'location']) {
      if (headers.has(name)) res.setHeader(name, headers.get(name)!);
    }
    res.setHeader('set-cookie', headers.getSetCookie());
    res.setHeader('content-security-policy', [
      headers.get('content-security-policy') ?? '',
      policy,
    ]);
    res.writeHead(status).end(text);
  });
  behind = await startServer({ ISSUER: origin });
  return origin;
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of req) body += chunk;
  return body;
}

/**
 * An app whose login page has a policy, and that has the server in it.
 *
 * @param redirectUri that of the client `web`
 */
async function serveInApp(policy: string, redirectUri: string): Promise<string> {
  const app = express();
  const origin = await serve(app as RequestListener);
  const store = memoryStore();
  const [web] = SEED.clients;
  const clients = [{ ...web, redirect_uris: [redirectUri] }];
  await applySeed(store, parseSeed('the seed', JSON.stringify({ ...SEED, clients }), false));
  const { handler, close } = authorizationServer({
    issuer: origin,
    store,
    scopes: SEED.scopes,
    authenticate: (req) =>
      req.headers.cookie?.includes('signed-in') ? { id: 'alice', name: 'Alice' } : undefined,
    loginUrl: '/login',
  });
  after(close);
  app.use((_req, res, next) => {
    res.set('content-security-policy', policy);
    next();
  });
  app.use(handler);
  app.get('/login', (req, res) => {
    res.send(`<form method="post" action="${req.url}"><button>Sign in</button></form>`);
  });
  app.post('/login', (req, res) => {
    res.cookie('signed-in', '1').redirect(303, String(req.query['return_to']));
  });
  return origin;
}

/** What the process warns of when somebody signs in to an app by http whose cookie is for https. */
async function warningOfLostCookie(): Promise<string> {
  const app = express();
  const origin = await serve(app as RequestListener);
  const store = memoryStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));
  const { handler, close } = authorizationServer({ issuer: origin, store, scopes: SEED.scopes });
  after(close);
  const cookie = { secure: true };
  app.use(session({ secret: 'of the app', resave: false, saveUninitialized: false, cookie }));
  app.use(handler);
  const warning = new Promise<string>((resolve) => {
    process.on('warning', function hear({ name, message }) {
      if (name !== 'SessionWarning') return;
      process.off('warning', hear);
      resolve(`(${name}) ${message}`);
    });
  });
  const person = new Person({ origin, issuer: origin });
  await person.signIn(await person.visit('/login'));
  return warning;
}

/** Each symptom of the document, brought about: what is then to be read. */
const PROVOKED: Record<string, () => Promise<string>> = {
  'The port is in use': async () => {
    const PORT = new URL(server.origin).port;
    const program = run('src/main.ts', { PORT });
    assert.equal(await program.exit, 1);
    return program.stderr;
  },

  'A client without a secret is refused: public or confidential?': () => {
    const clients = [{ client_id: 'shop', redirect_uris: ['https://shop.example/callback'] }];
    return thrown(() => parseSeed('seed.json', JSON.stringify({ clients }), false));
  },

  'The server is not mounted in the app': async () => {
    const oauth = authorizationServer({ issuer: 'http://localhost:1/auth' });
    after(oauth.close);
    // As JavaScript lets one write it.
    const loose = oauth as unknown as { handler(): void };
    return all(
      thrown(() => express().use('/auth', loose as never)),
      thrown(() => express().use(loose as never)),
      thrown(() => loose.handler()),
    );
  },

  'The client_id is not known': () => said(http(authorizeUrl(server, { client_id: 'codecademy' }))),

  'The document at the client_id cannot be used': async () => {
    const open = await startServer({ CLIENT_METADATA_DOCUMENTS: 'on' });
    return said(http(authorizeUrl(open, { client_id: 'https://app.example/' })));
  },
  'The redirect URI does not match': () =>
    said(http(authorizeUrl(server, { redirect_uri: 'http://localhost:9/callback' }))),

  'PKCE is missing': async () =>
    all(
      told(
        await http(
          authorizeUrl(server, { code_challenge: undefined, code_challenge_method: undefined }),
        ),
      ),
      told(await http(authorizeUrl(server, { code_challenge_method: undefined }))),
    ),

  'A scope is refused': async () => {
    const scope = 'openid profile email';
    const [web, ...others] = SEED.clients;
    const clients = [{ ...web, scope: `read ${scope}` }, ...others];
    const seeded = await startServer({}, { seed: { ...SEED, clients } });
    const asked = { grant_type: 'client_credentials', scope };
    return all(
      told(await http(authorizeUrl(server, { scope: 'admin' }))),
      told(await http(authorizeUrl(server, { scope: 'read,write' }))),
      said(requestToken(seeded, asked, 'web:web-secret')),
    );
  },

  'Allow does nothing, in Chrome': async () => {
    const policy = "default-src 'self' data:; form-action 'self'";
    const blocked = /form-action/;
    return all(
      consoleOf(async (page) => {
        await signInByHand(page, authorizeUrl({ issuer: await serveBehindProxy(policy) }));
        await page.getByRole('button', { name: 'Allow' }).click();
      }, blocked),
      consoleOf(async (page) => {
        const client = await serve((_req, res) => res.end('<title>Back at the client</title>'));
        const redirect_uri = `${client}/callback`;
        const issuer = await serveInApp(policy, redirect_uri);
        const url = authorizeUrl({ issuer }, { redirect_uri });
        // The first time all is well: consent is asked for on a page of the server's own.
        await page.goto(url);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('button', { name: 'Allow' }).click();
        await page.waitForURL(`${redirect_uri}?**`);
        await page.context().clearCookies();
        await page.goto(url);
        await page.getByRole('button', { name: 'Sign in' }).click();
      }, blocked),
    );
  },

  'The login page comes again': async () => {
    const person = new Person(server);
    const page = await person.visit(authorizeUrl(server));
    const stranger = new Person(server);
    const withoutCookie = await stranger.signIn(page);
    stranger.cookies.set('connect.sid', 's%3Aof-another-app.signature');
    return all(said(withoutCookie), said(stranger.signIn(page)), warningOfLostCookie());
  },

  'The client loses its session on the way': async () => {
    const app = express();
    passport.use(
      'troubled',
      new OAuth2Strategy(
        {
          authorizationURL: `${server.issuer}/oauth/authorize`,
          tokenURL: `${server.issuer}/oauth/token`,
          callbackURL: 'http://127.0.0.1:9/callback',
          clientID: 'web',
          clientSecret: 'web-secret',
          state: true,
          pkce: true,
        },
        (_token: string, _refreshToken: string, _profile: unknown, done: () => void) => done(),
      ),
    );
    app.use(session({ secret: 'of the app', resave: false, saveUninitialized: false }));
    app.get('/plain', passport.authenticate('troubled'));
    app.get('/callback', (req, res, next) => {
      passport.authenticate('troubled', (_error: unknown, _user: unknown, info: object) => {
        res.send((info as Error).message);
      })(req, res, next);
    });
    const origin = await serve(app as RequestListener);
    const answer = await http(`${origin}/plain?code=some&state=some`);
    assert.equal(answer.status, 403);
    assert.equal(answer.text, 'Forbidden');
    return said(http(`${origin}/callback?code=some&state=some`));
  },

  'This sign-in is over': async () => {
    const person = new Person(server);
    const consent = await person.signIn(
      await person.visit(authorizeUrl(server, { prompt: 'consent' })),
    );
    await person.submit(consent, { decision: 'allow' });
    const handle = /name="continue" value="([^"]+)"/.exec(consent.text)?.[1];
    return said(person.open(`/oauth/authorize?continue=${handle}`));
  },

  'The issuer is not the one that was expected': async () => {
    const url = new URL(`${server.issuer}/`.replace('127.0.0.1', 'localhost'));
    const insecure = { algorithm: 'oauth2', [oauth.allowInsecureRequests]: true } as const;
    const response = await oauth.discoveryRequest(url, insecure);
    return thrown(() => oauth.processDiscoveryResponse(url, response));
  },

  invalid_client: async () => {
    const claims = assertionClaims('signs', `${server.issuer}/oauth/token`);
    const assertion = withAssertion(await signed(claims, KEY));
    const withHeader = (authorization: string) =>
      said(post('/oauth/token', { headers: { authorization }, body: new URLSearchParams(form) }));
    return all(
      said(requestToken(server, form, 'web:wrong')),
      said(requestToken(server, form, 'codecademy:codec@demy')),
      said(requestToken(server, form)),
      said(requestToken(server, { ...form, client_id: 'basic-only', client_secret: 'a+b%20c/d' })),
      said(requestToken(server, form, 'spa:a-secret')),
      said(requestToken(server, { ...form, ...assertion })),
      said(requestToken(server, { ...form, client_id: 'web' })),
      withHeader('Bearer d2ViOndlYi1zZWNyZXQ='),
      said(requestToken(server, { ...form, client_secret: 'web-secret' }, 'web:web-secret')),
    );
  },

  'The body must be application/x-www-form-urlencoded': async () => {
    const multipart = new FormData();
    multipart.set('grant_type', 'client_credentials');
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) };
    const plain = new OAuth2Server({
      model: createModel(server.store) as unknown as OAuth2Server.ClientCredentialsModel,
    });
    const request = new OAuth2Server.Request({
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      query: {},
      body: form,
    });
    const refused = await said(post('/oauth/token', { body: multipart }));
    assert.match(refused, /The body must be a form/);
    return all(
      said(post('/oauth/token', json)),
      thrown(() => plain.token(request, new OAuth2Server.Response())).then(
        (message) => `Invalid request: ${message.replace(/^Invalid request: /, '')}`,
      ),
    );
  },

  'Parameters in the URL, or a GET': () =>
    all(
      said(post('/oauth/token?grant_type=client_credentials', { body: new URLSearchParams(form) })),
      said(http(`${server.issuer}/oauth/token`)),
    ),

  'invalid_grant for a code': async () => {
    const { exchange: redeem } = await authorizeAs(server);
    assert.equal((await redeem()).status, 200);
    const soon = await said(redeem());
    let later = '';
    await withClock(async (advance) => {
      advance(16_000);
      later = await said(redeem());
    });
    return all(
      soon,
      later,
      exchange({ code: 'of-before-the-restart' }),
      exchange({ redirect_uri: 'https://web.example/callback' }),
      exchange({ code_verifier: undefined }),
      exchange({ code_verifier: pkce().verifier }),
      exchange({ code_verifier: 'too-short' }),
    );
  },

  'No refresh token comes': async () => {
    const { exchange: redeem } = await authorizeAs(server, {
      client: 'no-refresh:no-refresh-secret',
      redirectUri: 'https://app.example/callback',
    });
    const refresh = { grant_type: 'refresh_token', refresh_token: 'of-another-client' };
    return all(said(redeem()), said(requestToken(server, refresh, 'no-refresh:no-refresh-secret')));
  },

  'The library says that the scope has changed': async () => {
    const { exchange } = await authorizeAs(server, { scope: 'read offline_access' });
    return said(exchange());
  },

  'The app gets no name and no e-mail address': async () => {
    const { exchange: redeem } = await authorizeAs(server, {
      client: 'no-refresh:no-refresh-secret',
      redirectUri: 'https://app.example/callback',
      scope: 'openid profile email',
    });
    const claims = decodeJwt((await redeem()).json.id_token);
    assert.ok(!('name' in claims || 'email' in claims));
    return JSON.stringify(claims);
  },

  'UserInfo refuses the token': async () => {
    const token = async (more: Record<string, string> = {}) =>
      (await requestToken(server, { ...form, ...more }, 'web:web-secret')).json.access_token;
    const [own, forApi] = [await token(), await token({ resource: API })];
    const ask = (token: string, init: RequestInit = {}) =>
      said(
        http(`${server.issuer}/oauth/userinfo`, {
          ...init,
          headers: { authorization: `Bearer ${token}` },
        }),
      );
    const body = new URLSearchParams({ access_token: own });
    return all(ask(own), ask(forApi), ask(own, { method: 'POST', body }));
  },

  'A refresh token that worked works no more': async () => {
    const { exchange: redeem } = await authorizeAs(server);
    const first = (await redeem()).json.refresh_token;
    const refresh = (refresh_token: string) =>
      requestToken(server, { grant_type: 'refresh_token', refresh_token }, 'web:web-secret');
    const second = (await refresh(first)).json.refresh_token;
    assert.equal((await refresh(second)).status, 200);
    return all(await said(refresh(first)), said(refresh(second)));
  },

  'A voice assistant loses its link after a while': async () => {
    const assistant = await startServer({ REFRESH_RETRY_WINDOW: '0' });
    const link = async () => (await (await authorizeAs(assistant)).exchange()).json.refresh_token;
    const refresh = (refresh_token: string) =>
      requestToken(assistant, { grant_type: 'refresh_token', refresh_token }, 'web:web-secret');
    const lost = await link();
    assert.equal((await refresh(lost)).status, 200);
    const quoted = await said(refresh(lost));
    const web = (await assistant.store.clients.find('web'))!;
    await assistant.store.clients.save({ ...web, rotateRefreshTokens: false });
    const kept = await link();
    for (let times = 0; times < 3; times += 1) assert.equal((await refresh(kept)).status, 200);
    return quoted;
  },

  'The grant type is not known': () =>
    said(requestToken(server, { grant_type: 'password' }, 'web:web-secret')),

  'Too many attempts': async () => {
    const strict = await startServer({ CLIENT_LIMIT: '1' });
    await requestToken(strict, form, 'web:wrong');
    return said(requestToken(strict, form, 'web:wrong'));
  },

  'CORS: no Access-Control-Allow-Origin': () =>
    consoleOfApp('/oauth/authorize?response_type=code&client_id=spa'),

  'The browser asks for a username and password in its own window': () =>
    said(requestToken(server, form, 'web:wrong')),

  'protect() refuses the token': async () => {
    const token = async (more: Record<string, string>) =>
      (await requestToken(server, { ...form, ...more }, 'web:web-secret')).json.access_token;
    const forApi = await token({ resource: API });
    const narrow = await token({ scope: 'write' });
    const app = express();
    const issuer = await serve(app);
    const job = { client_id: 'job', client_secret: 'job-secret' };
    const grant_types: ['client_credentials'] = ['client_credentials'];
    const own = authorizationServer({ issuer, clients: [{ ...job, grant_types }] });
    app.use(own.handler);
    app.get('/api', own.protect({ resource: `${issuer}/api` }), (_req, res) => res.end());
    app.get('/fresh', own.protect({ maxAge: 60 }), (_req, res) => res.end());
    const ofServer = (await requestToken({ issuer }, form, 'job:job-secret')).json.access_token;
    const headers = { authorization: `Bearer ${ofServer}` };
    return all(
      said(http(`${server.issuer}/secret`)),
      said(getSecret(server, 'made-up')),
      said(http(`${issuer}/api`, { headers })),
      said(getSecret(server, forApi)),
      said(http(`${server.issuer}/secret?access_token=${narrow}`)),
      said(getSecret(server, narrow)),
      said(http(`${issuer}/fresh`, { headers })),
    );
  },

  'requireToken() refuses the token': async () => {
    const { issuer } = server;
    const { json } = await requestToken(server, { ...form, resource: API }, 'web:web-secret');
    const client = { clientId: 'web', clientSecret: 'web-secret' };
    const api = await serveApi({ issuer, resource: API, ...client });
    const wrong = await serveApi({ issuer, resource: API, ...client, clientSecret: 'wrong' });
    return all(
      sendTwice(`${api.origin}/any`, json.access_token),
      said(wrong.get('/any', json.access_token)),
    );
  },

  'The token is not a JWT': async () => {
    const { json } = await requestToken(server, form, 'web:web-secret');
    return all(
      verifyJwt(json.access_token),
      thrown(() => decodeJwt(json.access_token)),
    );
  },

  'The JWT is refused': async () => {
    const withResource = { ...form, resource: API };
    const token = (await requestToken(server, withResource, 'web:web-secret')).json.access_token;
    const audience = await requestToken(server, { ...form, audience: API }, 'web:web-secret');
    assert.equal((await getSecret(server, audience.json.access_token)).status, 200);
    const other = await startServer({}, { seed });
    await requestToken(other, withResource, 'web:web-secret');
    let expired = '';
    await withClock(async (advance) => {
      advance(3601_000);
      expired = await verifyJwt(token);
    });
    const messages = await Promise.all([
      verifyJwt(token, { audience: server.issuer }),
      verifyJwt(token, { issuer: `${server.issuer}/` }),
      verifyJwt(token, { typ: 'JWT' }),
      verifyJwt(token, { algorithms: ['RS256'] }),
      verifyJwt(token, { keysOf: other }),
    ]);
    return all(expired, ...messages);
  },

  'The client may not ask for the resource': () =>
    said(requestToken(server, { ...form, resource: `${API}/` }, 'web:web-secret')),
};

/** Those that take a browser to bring about. */
const IN_BROWSER = /Chrome|^CORS/;

describe('docs/troubleshooting.md', { timeout: 120_000 }, () => {
  it('has an entry for everything that is provoked here, and no other', () => {
    assert.deepEqual(
      entries.map(({ heading }) => heading),
      Object.keys(PROVOKED),
    );
  });

  for (const { heading, quotes } of entries) {
    const skip = IN_BROWSER.test(heading) && browserMissing();
    it(`quotes what is said: ${heading}`, { skip }, async () => {
      assert.ok(quotes.length > 0, 'it has a message');
      const text = (await PROVOKED[heading]!()).replaceAll(server.issuer, 'http://localhost:4001');
      for (const quote of quotes) {
        const pattern = quote.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<\w+>/g, '.+');
        assert.match(text, new RegExp(pattern), quote);
      }
    });
  }

  it('links to headings that are there', () => {
    const slugs = [...document.matchAll(/^##+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, slug = ''] of document.matchAll(/\]\(#([^)]+)\)/g)) {
      assert.ok(slugs.includes(slug), slug);
    }
  });
});
