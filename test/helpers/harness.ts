// A real server on a real port, and what a client and a person do with it over HTTP.

import { createHash, randomBytes } from 'node:crypto';
import { Agent, createServer, request, type Server } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, mock } from 'node:test';
import type { Events } from '../../src/events.ts';
import { cookieName } from '../../src/http/cookies.ts';
import { siteOf } from '../../src/http/site.ts';
import { createApp } from '../../src/program/app.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { readConfig } from '../../src/program/config.ts';
import { parseSeed } from '../../src/program/seed.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from './databases.ts';
import { quickHash } from './passwords.ts';

/** Clients and users of every kind the tests need. */
export const SEED = {
  scopes: { read: 'Read your data', write: 'Change your data', admin: 'Do anything' },
  clients: [
    {
      client_id: 'web',
      client_secret: 'web-secret',
      client_name: 'Web App',
      redirect_uris: ['http://127.0.0.1:9/callback', 'https://web.example/callback'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'read write',
    },
    {
      client_id: 'spa',
      client_name: 'Browser App',
      redirect_uris: ['https://spa.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read write',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'native',
      client_name: 'Desktop App',
      redirect_uris: [
        'http://127.0.0.1/callback',
        'http://[::1]/callback',
        'http://localhost/callback',
      ],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'read',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'phone',
      client_name: 'Phone App',
      redirect_uris: ['com.example.phone:/callback'],
      grant_types: ['authorization_code'],
      scope: 'read',
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'legacy',
      client_secret: 'legacy-secret',
      client_name: 'Old App',
      redirect_uris: ['https://legacy.example/callback?tenant=1'],
      grant_types: ['authorization_code'],
      scope: 'read',
      require_pkce: false,
    },
    {
      client_id: 'basic-only',
      client_secret: 'a+b%20c/d',
      grant_types: ['client_credentials'],
      scope: 'read',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      client_id: 'post-only',
      client_secret: 'post-secret',
      grant_types: ['client_credentials'],
      scope: 'read',
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  users: [
    { username: 'alice', password_hash: quickHash('wonderland'), name: 'Alice Liddell' },
    { username: 'bob', password_hash: quickHash('builder'), name: 'Bob', id: 'user-2' },
  ],
};

/** The same with secrets of 32 characters, as production wants them. */
export const PRODUCTION_SEED = {
  ...SEED,
  clients: SEED.clients.map((client) =>
    client.client_secret === undefined
      ? client
      : { ...client, client_secret: client.client_secret.padEnd(32, '.') },
  ),
};

export interface TestServer {
  /** `http://127.0.0.1:<port>`; the issuer is this and the path of the settings, if any. */
  readonly origin: string;
  readonly issuer: string;
  readonly store: Store;
  readonly events: Events;
  /** What the program waits for before it listens. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the whole app on a free port of loopback; it stops when the test file ends.
 *
 * @param env settings as a person would give them; `path` is appended to the issuer, and `store` is
 *   an empty one of the kind that TEST_STORE names
 */
export async function startServer(
  env: Record<string, string> = {},
  {
    seed = SEED,
    path = '',
    store: given,
  }: { readonly seed?: object; readonly path?: string; readonly store?: Store | undefined } = {},
): Promise<TestServer> {
  // First of all, for with a server that listens a seed that is wrong would be a test without end.
  const parsed = parseSeed('the test seed', JSON.stringify(seed), false);
  const store = given ?? (await emptyStore());
  const server = createServer();
  await listen(server);
  server.unref();
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = readConfig({
    ISSUER: `${origin}${path}`,
    DEMO: 'off',
    LOG_LEVEL: 'silent',
    ...env,
  });
  await applySeed(store, parsed, config.secret, config.demo ? 'demo' : 'seed');
  const { app, events, ready, close: stop } = createApp(config, store, parsed);
  server.on('request', app);
  const close = async () => {
    stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (given === undefined) await store.close();
  };
  after(close);
  return { origin, issuer: config.issuer, store, events, ready, close };
}

/**
 * Runs with a clock that stands still and can be moved; the servers are in this process.
 *
 * @param start a whole second where none is given, as the times in JWTs are
 */
export async function withClock(
  run: (advance: (ms: number) => void) => Promise<void>,
  start = Math.floor(Date.now() / 1000) * 1000,
): Promise<void> {
  let now = start;
  mock.timers.enable({ apis: ['Date'], now });
  try {
    await run((ms) => {
      now += ms;
      mock.timers.setTime(now);
    });
  } finally {
    mock.timers.reset();
  }
}

export function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; fails the test if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects in its assertions
  readonly json: any;
  /** Where a redirect leads, relative or not. */
  readonly location: string;
}

const agents = {
  http: new Agent({ keepAlive: true }),
  https: new SecureAgent({ keepAlive: true }),
};

/**
 * One HTTP request, as `fetch` takes it; redirects are not followed. It is sent without `fetch`, which
 * costs more than what a server does to answer.
 */
export async function http(url: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  const { body } = init;
  // A body of a simple kind is read here: a Response is slow.
  const isForm = body instanceof URLSearchParams;
  const isText = isForm || typeof body === 'string';
  const other = isText || body == null ? undefined : new Response(body);
  const payload = isText
    ? Buffer.from(String(body))
    : other && Buffer.from(await other.arrayBuffer());
  const type = isForm ? 'application/x-www-form-urlencoded' : isText && 'text/plain';
  // What fetch adds by itself.
  const added = {
    accept: '*/*',
    'accept-language': '*',
    'sec-fetch-mode': 'cors',
    'user-agent': 'node',
    ...(payload !== undefined && {
      'content-type': type ? `${type};charset=UTF-8` : (other?.headers.get('content-type') ?? ''),
      'content-length': `${payload.length}`,
    }),
  };
  for (const [name, value] of Object.entries(added))
    if (value !== '' && !headers.has(name)) headers.set(name, value);
  const options = { method: init.method ?? 'GET', headers: Object.fromEntries(headers) };
  const isHttps = url.startsWith('https:');
  const [ask, agent] = isHttps ? [requestSecurely, agents.https] : [request, agents.http];
  return new Promise((resolve, reject) => {
    const asked = ask(url, { ...options, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => {
        const answered = new Headers();
        const raw = response.rawHeaders;
        for (let at = 0; at < raw.length; at += 2) answered.append(raw[at]!, raw[at + 1]!);
        resolve({
          status: response.statusCode ?? 0,
          headers: answered,
          text,
          get json() {
            return JSON.parse(text);
          },
          location: answered.get('location') ?? '',
        });
      });
    });
    asked.on('error', reject).end(payload);
  });
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

type Form = Record<string, string> | [string, string][];

/** A token request. `client` is `id:secret` for HTTP Basic, or absent. */
export function requestToken(
  server: { issuer: string },
  form: Form,
  client?: string,
): Promise<Answer> {
  const [id = '', ...secret] = (client ?? '').split(':');
  return http(`${server.issuer}/oauth/token`, {
    method: 'POST',
    headers: client === undefined ? {} : { authorization: basic(id, secret.join(':')) },
    body: new URLSearchParams(form),
  });
}

export function getSecret(server: { issuer: string }, token: string): Promise<Answer> {
  return http(`${server.issuer}/secret`, { headers: { authorization: `Bearer ${token}` } });
}

/** A PKCE pair (RFC 7636). */
export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The URL of a valid authorization request of the client `web`, with some parameters changed. */
export function authorizeUrl(
  server: { issuer: string },
  params: Record<string, string | undefined> = {},
): string {
  const all = {
    response_type: 'code',
    client_id: 'web',
    redirect_uri: 'http://127.0.0.1:9/callback',
    scope: 'read',
    state: 'some-state',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...params,
  };
  const given = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${server.issuer}/oauth/authorize?${new URLSearchParams(given)}`;
}

/** A person with a browser that has cookies but runs no scripts. */
export class Person {
  readonly #server: { readonly origin: string; readonly issuer: string };
  readonly cookies = new Map<string, string>();
  /** The headers of every request, as a proxy might add some. */
  readonly headers: Record<string, string> = {};

  constructor(server: { readonly origin: string; readonly issuer: string }) {
    this.#server = server;
  }

  /** The whole name that a cookie has at this server. */
  nameOf(cookie: 'oauth_session' | 'oauth_login' | 'oauth_device' | 'oauth_notice'): string {
    return cookieName(cookie, siteOf(this.#server.issuer));
  }

  /** Opens a URL, without following a redirect. */
  async open(url: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await http(new URL(url, this.#server.origin).href, {
      ...init,
      headers: {
        ...this.headers,
        ...(cookie && { cookie }),
        ...(init.headers as Record<string, string>),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Opens a URL and follows redirects as long as they stay on the server. */
  async visit(url: string, init: RequestInit = {}): Promise<Answer> {
    let answer = await this.open(url, init);
    while (
      answer.location.startsWith('/') ||
      answer.location.startsWith(`${this.#server.origin}/`)
    ) {
      answer = await this.open(answer.location);
    }
    return answer;
  }

  /** Sends the first form of a page with its hidden fields and what the person enters. */
  submit(page: Answer, entered: Record<string, string>): Promise<Answer> {
    const { action, fields } = readForm(page.text);
    return this.visit(action, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, ...entered }),
    });
  }

  /** From the login page on: signs in. */
  signIn(page: Answer, username = 'alice', password = 'wonderland'): Promise<Answer> {
    return this.submit(page, { username, password });
  }

  /** From an authorization request to the redirect back to the client, signing in if need be. */
  async allow(url: string, username = 'alice', password = 'wonderland'): Promise<URL> {
    let page = await this.visit(url);
    if (page.text.includes('name="password"')) page = await this.signIn(page, username, password);
    if (page.text.includes('name="decision"'))
      page = await this.submit(page, { decision: 'allow' });
    if (page.location === '')
      throw new Error(`No redirect to the client, but ${page.status}: ${page.text}`);
    return new URL(page.location);
  }
}

/** The answer to the login form, from a browser of its own. */
export async function logIn(
  at: { readonly origin: string; readonly issuer: string },
  username = 'alice',
  password = 'wonderland',
): Promise<Answer> {
  const person = new Person(at);
  return person.signIn(await person.visit(`${at.issuer}/login`), username, password);
}

/** The first form on a page: where it goes, and its hidden fields. */
export function readForm(html: string): { action: string; fields: Record<string, string> } {
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0];
  if (form === undefined) throw new Error(`No form on the page: ${html}`);
  const decode = (text: string) =>
    text
      .replaceAll('&#34;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const hidden = form.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g);
  return {
    action: decode(/action="([^"]*)"/.exec(form)?.[1] ?? ''),
    fields: Object.fromEntries([...hidden].map(([, name, value]) => [name, decode(value ?? '')])),
  };
}

/** The whole authorization code flow of a client. */
export async function authorizeAs(
  server: TestServer,
  {
    client = 'web:web-secret',
    scope = 'read',
    redirectUri = 'http://127.0.0.1:9/callback',
    person = new Person(server),
  } = {},
): Promise<{ code: string; verifier: string; redirectUri: string; exchange(): Promise<Answer> }> {
  const { verifier, challenge } = pkce();
  const [clientId = '', secret] = client.split(':');
  const back = await person.allow(
    authorizeUrl(server, {
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      code_challenge: challenge,
    }),
  );
  const code = back.searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  return {
    code,
    verifier,
    redirectUri,
    exchange: () =>
      secret === undefined
        ? requestToken(server, { ...form, client_id: clientId })
        : requestToken(server, form, client),
  };
}
