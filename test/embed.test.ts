import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import express from 'express';
import { createBookshop } from '../examples/embed/app.ts';
import {
  type AuthorizationServerOptions,
  applySeed,
  authorizationServer,
  memoryStore,
  parseSeed,
} from '../src/index.ts';
import { curlMissing } from './helpers/document.ts';
import { authorizeUrl, pkce, requestToken } from './helpers/flows.ts';
import { listen, openServer } from './helpers/harness.ts';
import { type Answer, http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { SEED } from './helpers/seeds.ts';

const CLIENT = 'reading-list:a-secret-for-this-example';
const REDIRECT_URI = 'http://localhost:4003/callback';

interface Site {
  readonly origin: string;
  readonly issuer: string;
}

/** An app on a free port, made for the issuer it will have; it stops when the test file ends. */
async function serve(
  make: (issuer: string) => RequestListener | Promise<RequestListener>,
  path = '',
): Promise<Site> {
  const { server, origin } = await openServer();
  server.on('request', await make(`${origin}${path}`));
  return { origin, issuer: `${origin}${path}` };
}

/** The URL that the example's client sends a person to. */
function readingListUrl(site: Site, params: Record<string, string | undefined> = {}): string {
  return authorizeUrl(site, {
    client_id: 'reading-list',
    redirect_uri: REDIRECT_URI,
    ...params,
  });
}

const isLogin = (page: Answer) => page.text.includes('name="password"');
const isConsent = (page: Answer) => page.text.includes('name="decision"');

/** What the client is told in the redirect an answer is. */
function told(answer: Answer): Record<string, string> {
  assert.notEqual(answer.location, '', `a redirect to the client, not: ${answer.text}`);
  return Object.fromEntries(new URL(answer.location).searchParams);
}

/** The whole flow of the example's client, to the token response. */
async function authorizeReadingList(site: Site, scope: string): Promise<Answer> {
  const { verifier, challenge } = pkce();
  const url = readingListUrl(site, { scope, code_challenge: challenge });
  const back = await new Person(site).allow(url, 'maria', 'caterpillar');
  assert.equal(back.searchParams.get('iss'), site.issuer);
  return requestToken(
    site,
    {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    },
    CLIENT,
  );
}

function shelf(site: Site, token: string, init: RequestInit = {}): Promise<Answer> {
  return http(`${site.origin}/api/shelf`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
}

for (const path of ['', '/auth', '/deep/down']) {
  describe(`the server in another app, ${path ? `under ${path}` : 'at its root'}`, async () => {
    const site = await serve(createBookshop, path);

    it("signs people in at the app, asks them itself, and protects the app's own route", async () => {
      const person = new Person(site);
      const login = await person.visit(readingListUrl(site));
      assert.ok(login.text.includes('<title>Bookshop</title>'), "the login page is the app's");
      const consent = await person.signIn(login, 'maria', 'caterpillar');
      assert.ok(isConsent(consent));
      assert.match(consent.text, /Maria Sibylla/);
      assert.match(consent.text, /See the books on your shelf/);

      const { status, json } = await authorizeReadingList(site, 'read');
      assert.equal(status, 200);
      const { status: found, json: books } = await shelf(site, json.access_token);
      assert.equal(found, 200);
      assert.equal(books.books[0], 'Metamorphosis insectorum Surinamensium');
    });

    it('answers 401 with a challenge without a token, and with a wrong one', async () => {
      const none = await http(`${site.origin}/api/shelf`);
      assert.equal(none.status, 401);
      assert.equal(
        none.headers.get('www-authenticate'),
        `Bearer realm="${site.issuer}", scope="read", resource_metadata="${site.origin}/.well-known/oauth-protected-resource${path}"`,
      );
      const wrong = await shelf(site, 'wrong');
      assert.equal(wrong.status, 401);
      assert.match(wrong.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
      assert.equal(wrong.json.error, 'invalid_token');
    });

    it('answers 403 naming the scopes where the token has too little', async () => {
      const { json } = await authorizeReadingList(site, 'read');
      const body = JSON.stringify({ book: 'Flora' });
      const answer = await shelf(site, json.access_token, { method: 'POST', body });
      assert.equal(answer.status, 403);
      assert.match(
        answer.headers.get('www-authenticate') ?? '',
        /error="insufficient_scope".*scope="read write"/,
      );
      const more = await authorizeReadingList(site, 'read write');
      const done = await shelf(site, more.json.access_token, { method: 'POST', body });
      assert.equal(done.status, 201);
    });

    it("sends a person who is signed in to the app's login again for prompt=login, once", async () => {
      const person = new Person(site);
      await person.allow(readingListUrl(site), 'maria', 'caterpillar');
      const again = await person.visit(readingListUrl(site, { prompt: 'login' }));
      assert.ok(isLogin(again), 'the form, though the person is signed in');
      const back = await person.signIn(again, 'maria', 'caterpillar');
      assert.ok(told(back)['code'], 'what was allowed before is remembered');
    });

    it('lets another person use the login that the consent page links to', async () => {
      const person = new Person(site);
      const login = await person.visit(readingListUrl(site, { prompt: 'consent' }));
      const consent = await person.signIn(login, 'maria', 'caterpillar');
      const [, link = ''] = /class="account-switch[^"]*" href="([^"]*)"/.exec(consent.text) ?? [];
      const other = await person.visit(link.replaceAll('&amp;', '&'));
      assert.ok(isLogin(other));
      assert.match((await person.signIn(other, 'ada', 'engine')).text, /Ada/);
    });

    it('tells the client of a denial', async () => {
      const person = new Person(site);
      const login = await person.visit(readingListUrl(site, { prompt: 'consent' }));
      const consent = await person.signIn(login, 'maria', 'caterpillar');
      const answer = told(await person.submit(consent, { decision: 'deny' }));
      assert.equal(answer['error'], 'access_denied');
      assert.equal(answer['state'], 'some-state');
      assert.equal(answer['iss'], site.issuer);
    });

    it('is described where RFC 8414 has clients look for it, outside of its path', async () => {
      const url = `${site.origin}/.well-known/oauth-authorization-server${path}`;
      const { status, json } = await http(url);
      assert.equal(status, 200);
      assert.equal(json.issuer, site.issuer);
      assert.equal(json.token_endpoint, `${site.issuer}/oauth/token`);
    });

    it("describes what it protects where the challenge says (RFC 9728), outside of the issuer's path", async () => {
      const { headers } = await http(`${site.origin}/api/shelf`);
      const [, url = ''] =
        /resource_metadata="(.*?)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
      const { status, json } = await http(url);
      assert.equal(status, 200);
      assert.equal(json.resource, site.issuer);
      assert.deepEqual(json.authorization_servers, [site.issuer]);
      assert.deepEqual(json.scopes_supported, ['read', 'write']);
    });

    it('leaves what it does not answer to the app', async () => {
      assert.match((await http(`${site.origin}/`)).text, /Welcome/);
      const missing = await http(`${site.issuer}/oauth/nothing`);
      assert.equal(missing.status, 404);
      assert.match(missing.text, /Cannot GET/);
    });

    it('takes a token request as a form only, whatever bodies the app can read', async () => {
      const answer = await http(`${site.issuer}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'reading-list' }),
      });
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error, 'invalid_request');
      const twice = await requestToken(
        site,
        [
          ['grant_type', 'client_credentials'],
          ['scope', 'read'],
          ['scope', 'write'],
        ],
        CLIENT,
      );
      assert.equal(twice.status, 400);
      assert.match(twice.json.error_description, /scope was sent more than once/);
      const nested = await requestToken(
        site,
        [
          ['grant_type', 'client_credentials'],
          ['scope[a]', 'read'],
        ],
        CLIENT,
      );
      assert.notEqual(nested.status, 500);
    });
  });
}

describe("the example's own login", async () => {
  const site = await serve(createBookshop);
  for (const target of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere']) {
    it(`does not send anybody to ${target}`, async () => {
      const person = new Person(site);
      const login = await person.visit(`/login?return_to=${encodeURIComponent(target)}`);
      const answer = await person.signIn(login, 'maria', 'caterpillar');
      assert.match(answer.text, /Good day, Maria Sibylla/);
    });
  }

  it('says so where the password is wrong, and still knows where to go back to', async () => {
    const person = new Person(site);
    const login = await person.visit(readingListUrl(site));
    const again = await person.signIn(login, 'maria', 'wrong');
    assert.equal(again.status, 400);
    assert.match(again.text, /Incorrect name or password/);
    assert.ok(isConsent(await person.signIn(again, 'maria', 'caterpillar')));
  });
});

describe('an app whose login page sends everybody straight back', () => {
  type Authenticate = NonNullable<AuthorizationServerOptions['authenticate']>;

  /** Follows redirects on the site; fails if they do not end. */
  async function travel(site: Site, url: string): Promise<Answer> {
    const person = new Person(site);
    let answer = await person.open(url);
    for (let hops = 0; answer.location.startsWith('/'); hops += 1) {
      assert.ok(hops < 10, 'no redirect loop');
      answer = await person.open(answer.location);
    }
    return answer;
  }

  function serveBouncing(authenticate: Authenticate): Promise<Site> {
    return serve(async (issuer) => {
      const store = memoryStore();
      await applySeed(store, parseSeed('seed', JSON.stringify(SEED), false));
      const app = express();
      app.use(
        authorizationServer({ issuer, store, authenticate, loginUrl: '/in?from=app' }).handler,
      );
      app.get('/in', (req, res) => res.redirect(String(req.query['return_to'])));
      return app;
    });
  }

  const yesterday = Date.now() - 24 * 3600 * 1000;

  for (const params of [{ prompt: 'login' }, { max_age: '60' }]) {
    it(`ends in login_required for ${JSON.stringify(params)} where the sign-in stays old`, async () => {
      const site = await serveBouncing(() => ({ id: 'u', name: 'U', authTime: yesterday }));
      const answer = told(await travel(site, authorizeUrl(site, params)));
      assert.equal(answer['error'], 'login_required');
      assert.equal(answer['state'], 'some-state');
    });

    it(`asks once for ${JSON.stringify(params)} where the app does not know when it was`, async () => {
      const site = await serveBouncing(() => ({ id: 'u', name: 'U' }));
      assert.ok(isConsent(await travel(site, authorizeUrl(site, params))));
    });
  }

  it('issues nothing for a person who has the id of the client: its tokens would be taken for its own', async () => {
    const site = await serveBouncing(() => ({ id: 'web', name: 'U' }));
    const person = new Person(site);
    const url = authorizeUrl(site);
    for (let times = 0; times < 2; times += 1) {
      const consent = await person.visit(url);
      assert.ok(isConsent(consent), 'nothing is remembered of it');
      const answer = told(await person.submit(consent, { decision: 'allow' }));
      assert.equal(answer['error'], 'access_denied');
      assert.equal(answer['error_description'], 'The person has the same id as the client.');
      assert.equal(answer['state'], 'some-state');
    }
  });

  it('takes a decision from nobody but the person the page was shown to, in one browser', async () => {
    const site = await serveBouncing(({ headers }) => {
      const id = String(headers['x-user']);
      return { id, name: id };
    });
    const person = new Person(site);
    person.headers['x-user'] = 'maria';
    const consent = await person.visit(authorizeUrl(site));
    person.headers['x-user'] = 'ada';
    assert.equal((await person.submit(consent, { decision: 'allow' })).status, 400);
    person.headers['x-user'] = 'maria';
    assert.ok(told(await person.submit(consent, { decision: 'allow' }))['code']);
  });

  it('shows the consent page where nothing more was asked', async () => {
    const site = await serveBouncing(async () => ({ id: 'u', name: 'U', authTime: yesterday }));
    assert.ok(isConsent(await travel(site, authorizeUrl(site))));
  });

  it('tells the client login_required for prompt=none, without a visit to the login', async () => {
    const site = await serveBouncing(() => undefined);
    const answer = await new Person(site).open(authorizeUrl(site, { prompt: 'none' }));
    assert.equal(told(answer)['error'], 'login_required');
  });

  it('keeps a query that the login URL has', async () => {
    const site = await serveBouncing(() => undefined);
    const answer = await new Person(site).open(authorizeUrl(site));
    assert.match(answer.location, /^\/in\?from=app&return_to=%2Foauth%2Fauthorize/);
  });

  it('has an error page and no stack trace where the app cannot say who is signed in', async () => {
    const site = await serveBouncing(() => {
      throw new Error('the user database is at 10.0.0.7');
    });
    const answer = await new Person(site).open(authorizeUrl(site));
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.text, /10\.0\.0\.7|node_modules/);
  });
});

describe('authorizationServer(options)', () => {
  const issuer = 'https://shop.example/auth';

  for (const [at, of] of [
    ['/oauth', 'https://shop.example'],
    ['/oauth', issuer],
    ['/auth', 'https://shop.example'],
    ['/auth', 'https://shop.example/auth/v2'],
  ] as const) {
    it(`cannot be mounted at ${at} as ${of}, and says so`, () => {
      const { handler } = authorizationServer({ issuer: of });
      assert.throws(() => express().use(at, handler), {
        name: 'TypeError',
        message: `The server is mounted at ${at}, but the path of its issuer is ${new URL(of).pathname}: they have to be the same.`,
      });
    });
  }

  it("may be mounted at the root of an app that is itself at the issuer's path", () => {
    const inner = express();
    inner.use(authorizationServer({ issuer }).handler);
    express().use('/auth', inner);
  });

  for (const wrong of ['', 'shop.example', 'ftp://shop.example', `${issuer}/`, `${issuer}?a`]) {
    it(`refuses the issuer ${JSON.stringify(wrong)}`, () => {
      assert.throws(() => authorizationServer({ issuer: wrong }), {
        name: 'TypeError',
        message: /^issuer (is not|has) /,
      });
    });
  }

  it('needs authenticate and loginUrl together', () => {
    const message = /authenticate and loginUrl go together/;
    assert.throws(() => authorizationServer({ issuer, loginUrl: '/login' }), { message });
    assert.throws(() => authorizationServer({ issuer, authenticate: () => undefined }), {
      message,
    });
  });

  it('refuses a short secret', () => {
    assert.throws(() => authorizationServer({ issuer, secret: 'short' }), {
      message: 'The option secret of authorizationServer() has fewer than 32 characters.',
    });
  });
});

describe('examples/embed/README.md', async () => {
  const embed = new URL('../examples/embed/', import.meta.url);
  const readme = await readFile(new URL('README.md', embed), 'utf8');
  const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const [start = '', commands = ''] = blocks;

  it('starts the example with the command it shows', { timeout: 60_000 }, async () => {
    const [, script = ''] = /^npx node (\S+)\n$/.exec(start) ?? [];
    const probe = createServer();
    await listen(probe);
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const child = spawn(process.execPath, [script], {
      cwd: fileURLToPath(new URL('../..', embed)),
      env: { PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('\n')) child.kill();
    });
    await exit;
    assert.equal(output, `The bookshop is open at http://localhost:${port}\n`);
  });

  const skip = curlMissing();
  it('has a link and commands that work one after the other', { skip }, async () => {
    const run = promisify(execFile);
    assert.equal(blocks.length, 2);
    const site = await serve(createBookshop);
    const here = (text: string) => text.replaceAll('http://localhost:4002', site.origin);
    const [, link = ''] = /^<(http.*)>$/m.exec(readme) ?? [];
    const [, name, password] = /`(\w+)` with the password `(\w+)`/.exec(readme) ?? [];
    const back = await new Person(site).allow(here(link), name, password);
    const [exchange = '', use = ''] = here(commands).trim().split('\n');
    const sh = async (command: string) => {
      const { stdout } = await run('sh', ['-c', command], { env: { PATH: process.env['PATH'] } });
      return JSON.parse(stdout);
    };
    const token = await sh(exchange.replace('<code>', back.searchParams.get('code') ?? ''));
    const { books } = await sh(use.replace('<token>', token.access_token));
    assert.ok(books.includes('Metamorphosis insectorum Surinamensium'));
    return undefined;
  });
});
