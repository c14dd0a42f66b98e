// RFC 7591, and OpenID Connect Dynamic Client Registration 1.0.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import express, { type RequestHandler } from 'express';
import { registrationTokens as keptTokens } from '../../../src/registry/registration-tokens.ts';
import {
  assertionClaims,
  type ClientKey,
  clientKey,
  KEY,
  send,
  signed,
  withAssertion,
} from '../../helpers/clients.ts';
import { authorizeAs, authorizeUrl, requestToken } from '../../helpers/flows.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { behind, serveAround, serveHost } from '../../helpers/host.ts';
import { http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { httpsHost, httpsMissing } from '../../helpers/https-host.ts';
import { APP, bearer, manageClient, registerClient } from '../../helpers/registering.ts';

const express4: typeof express = createRequire(import.meta.url)('express4');

const SCOPES = { read: 'Read', write: 'Write', admin: 'Do anything' };

const open = (options = {}) =>
  serveHost({ registration: 'open', scopes: SCOPES, selfRegisteredScopes: ['read'], ...options });
const withToken = (options = {}) =>
  serveHost({ registration: 'token', scopes: SCOPES, ...options });

/** The client that a registration was answered with. */
async function registered(...args: Parameters<typeof registerClient>) {
  const { status, json } = await registerClient(...args);
  assert.equal(status, 201, JSON.stringify(json));
  return json;
}

type Host = Awaited<ReturnType<typeof open>>;

/** How many clients have registered themselves, with a token or without. */
const countAll = async ({ store }: Pick<Host, 'store'>) =>
  (await store.clients.listBySource('registration')).length;

/** Registers a program with an initial access token. @returns its id and secret, as in HTTP Basic */
async function jobOf({ registrationTokens }: Host['server'], issuer: string): Promise<string> {
  const job = { grant_types: ['client_credentials'], scope: 'read' };
  const token = await registrationTokens.create();
  const { client_id, client_secret } = await registered({ issuer }, job, bearer(token));
  return `${client_id}:${client_secret}`;
}

describe('a server that registers clients', async () => {
  const host = await open();

  it('says so in discovery, and one that does not has no such endpoint', async () => {
    const metadata = async (issuer: string) =>
      (await http(`${issuer}/.well-known/oauth-authorization-server`)).json;
    const url = `${host.issuer}/oauth/register`;
    assert.equal((await metadata(host.issuer)).registration_endpoint, url);
    const off = await serveHost();
    assert.equal((await metadata(off.issuer)).registration_endpoint, undefined);
    assert.equal((await registerClient(off)).status, 404);
    await assert.rejects(
      off.server.registrationTokens.create(),
      /registration to be token or open/,
    );
  });

  it('answers with all that was registered, and with the token to manage it by', async () => {
    const before = Math.floor(Date.now() / 1000);
    const answer = await registerClient(host, { ...APP, 'client_name#de': 'Eine App', odd: [] });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    const { client_id, client_secret, client_id_issued_at, registration_access_token, ...rest } =
      answer.json;
    assert.match(client_id, /^[\w-]{22}$/);
    assert.match(client_secret, /^[\w-]{43}$/);
    assert.match(registration_access_token, /^[\w-]{43}$/);
    assert.ok(client_id_issued_at >= before && client_id_issued_at <= Date.now() / 1000);
    assert.deepEqual(rest, {
      ...APP,
      response_types: ['code'],
      scope: 'read openid profile email address phone groups offline_access',
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_expires_at: 0,
      registration_client_uri: `${host.issuer}/oauth/register/${client_id}`,
    });
  });

  it('keeps hashes of what is secret, and no more', async () => {
    const json = await registered(host);
    const kept = await host.store.clients.find(json.client_id);
    assert.equal(kept?.source, 'registration');
    const text = JSON.stringify(kept);
    assert.ok(!text.includes(json.client_secret) && !text.includes(json.registration_access_token));
  });

  it('lets people sign in to the client, which refreshes its tokens', async () => {
    const { client_id, client_secret } = await registered(host);
    const flow = await authorizeAs(host, {
      client: `${client_id}:${client_secret}`,
      redirectUri: APP.redirect_uris[0]!,
      scope: 'read openid',
    });
    const { json } = await flow.exchange();
    assert.equal(json.scope, 'read openid');
    const form = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
    assert.equal((await requestToken(host, form, `${client_id}:${client_secret}`)).status, 200);
  });

  it('gives a client the scope that it has named if it asks for none, and lets it ask its person for more', async () => {
    const both = await open({ selfRegisteredScopes: ['read', 'write'] });
    const redirectUri = APP.redirect_uris[0]!;
    const { client_id, client_secret, scope } = await registered(both, { ...APP, scope: 'read' });
    assert.equal(scope, 'read', 'as it was named');
    const client = `${client_id}:${client_secret}`;
    const grantedFor = async (asked = '') => {
      const flow = await authorizeAs(both, { client, redirectUri, scope: asked });
      return (await flow.exchange()).json.scope;
    };
    assert.equal(await grantedFor(), 'read');
    assert.equal(await grantedFor('read write'), 'read write', 'as an assistant asks later');
    assert.equal(await grantedFor('openid read'), 'openid read');
  });

  it('ignores what no such client may have, for some ask for all that the metadata lists', async () => {
    const redirectUri = APP.redirect_uris[0]!;
    const { client_id, client_secret } = await registered(host);
    const metadata = (await http(`${host.issuer}/.well-known/oauth-authorization-server`)).json;
    assert.ok(metadata.scopes_supported.includes('admin'));
    const flow = await authorizeAs(host, {
      client: `${client_id}:${client_secret}`,
      redirectUri,
      scope: metadata.scopes_supported.join(' '),
    });
    const granted = (await flow.exchange()).json.scope.split(' ');
    assert.ok(granted.includes('read') && granted.includes('email'));
    assert.ok(!granted.includes('admin') && !granted.includes('write'));

    const refused = async (scope: string) => {
      const url = authorizeUrl(host, { client_id, redirect_uri: redirectUri, scope });
      const [, error] =
        /<code dir="ltr">(\w+)</.exec((await new Person(host).visit(url)).text) ?? [];
      return error;
    };
    assert.equal(await refused('read "'), 'invalid_scope', 'no scope at all');
    assert.equal(await refused('mcp:tools "'), 'invalid_scope', 'no scope at all');
  });

  it('takes words that it does not know, and nothing else, for none: the person sees what is given', async () => {
    const redirectUri = APP.redirect_uris[0]!;
    const { client_id, client_secret, scope } = await registered(host, {
      ...APP,
      scope: 'mcp:tools',
    });
    assert.match(scope, /^read /);
    const client = `${client_id}:${client_secret}`;
    for (const [asked, given] of [
      ['mcp:tools', 'read'],
      ['admin', 'read'],
      ['mcp:tools offline_access', 'read offline_access'],
      ['offline_access', 'read offline_access'],
      ['mcp:tools openid', 'openid'],
    ] as const) {
      const flow = await authorizeAs(host, { client, redirectUri, scope: asked });
      assert.equal((await flow.exchange()).json.scope, given, asked);
    }
    const url = authorizeUrl(host, { client_id, redirect_uri: redirectUri, scope: 'mcp:tools' });
    const person = new Person(host);
    const page = await person.signIn(await person.visit(`${url}&prompt=consent`));
    assert.match(page.text, />Read</);
  });

  it('tells whoever listens', async () => {
    const told: unknown[] = [];
    host.server.events.once('client_registered', (event) => told.push(event));
    const { client_id: clientId } = await registered(host);
    assert.deepEqual(told, [{ clientId, address: '127.0.0.1' }]);
  });

  it('answers preflights, with whatever headers they ask for', async () => {
    const { status, headers } = await http(`${host.issuer}/oauth/register`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://inspector.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mcp-protocol-version',
      },
    });
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-methods'), 'POST');
    assert.equal(headers.get('access-control-allow-headers'), 'content-type,mcp-protocol-version');
  });

  it('takes the body from a parser of the app around it', async () => {
    for (const parser of [
      express.json(),
      express.text({ type: '*/*' }),
      express.raw({ type: '*/*' }),
    ]) {
      const around = await serveHost({ registration: 'open' }, (app) => app.use(parser));
      assert.equal((await registered(around)).client_name, APP.client_name);
    }
  });

  it('reads the body itself if parsers of Express 4 have only put an empty object there', async () => {
    const parsers: [string, RequestHandler][] = [
      ['urlencoded', express4.urlencoded({ extended: false })],
      ['json of another type', express4.json({ type: 'application/csp-report' })],
      ['text', express4.text()],
    ];
    for (const [name, parser] of parsers) {
      const around = await serveAround(behind(parser), { registration: 'open' }, express4);
      const {
        json,
        client_name,
        registration_client_uri: uri,
      } = await registered(around).then((one) => ({ ...one, json: one }));
      assert.equal(client_name, APP.client_name, name);
      const { status } = await http(uri, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${json.registration_access_token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ ...APP, client_id: json.client_id }),
      });
      assert.equal(status, 200, name);
    }
  });

  it('is a failure of the app if that has read the body and left nothing', async () => {
    const drain: RequestHandler = (req, _res, next) => void req.resume().once('end', () => next());
    for (const [make, nothing] of [
      [express, undefined],
      [express4, undefined],
      [express, null],
    ] as const) {
      const leave: RequestHandler = (req, _res, next) => {
        req.body = nothing;
        next();
      };
      const around = await serveAround(behind(drain, leave), { registration: 'open' }, make);
      const failures: unknown[] = [];
      around.server.events.on('failure', ({ error }) => failures.push(error));
      const { status } = await http(`${around.issuer}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(APP),
      });
      assert.equal(status, 500);
      assert.match(
        String(failures),
        /has read the body of a request, and left nothing at req.body/,
      );
    }
  });
});

describe('open registration', async () => {
  const host = await open();

  it('gives a client nothing that works without a person’s consent, and no scope that is kept back', async () => {
    const json = await registered(host, {
      ...APP,
      grant_types: [...APP.grant_types, 'client_credentials'],
      scope: 'read write admin openid',
      require_pkce: false,
      introspects: [host.issuer],
      access_token_ttl: 1e6,
      frontchannel_logout_uri: 'https://app.example/frame',
    });
    assert.deepEqual(json.grant_types, APP.grant_types);
    assert.equal(json.scope, 'read openid');
    const kept = await host.store.clients.find(json.client_id);
    assert.equal(kept?.requirePkce, true);
    assert.equal(kept?.introspects, undefined);
    assert.equal(kept?.accessTokenLifetime, undefined);
    assert.equal(kept?.frontchannelLogoutUri, undefined);
  });

  it('is limited for an address and an hour, and for nobody else', async () => {
    await withClock(async (advance) => {
      const limited = await startServer({
        REGISTRATION: 'open',
        REGISTRATION_LIMIT: '2',
        TRUST_PROXY: '1',
      });
      const from = (address: string) =>
        registerClient(limited, APP, { 'x-forwarded-for': address });
      // What is refused for what it says is not counted.
      assert.equal(
        (await registerClient(limited, {}, { 'x-forwarded-for': '192.0.2.1' })).status,
        400,
      );
      for (const status of [201, 201, 429, 429]) {
        assert.equal((await from('192.0.2.1')).status, status);
      }
      const { headers, json } = await from('192.0.2.1');
      assert.equal(json.error, 'temporarily_unavailable');
      assert.ok(Number(headers.get('retry-after')) > 3000);
      assert.equal((await from('192.0.2.2')).status, 201);
      assert.equal(await limited.store.clients.countUnvouched('registration', 9), 3);
      advance(3_600_001);
      assert.equal((await from('192.0.2.1')).status, 201);
    });
  });

  it('is limited in total, and makes room by removing clients that nobody has used since yesterday', async () => {
    await withClock(async (advance) => {
      const { store, issuer, server } = await open();
      const { client_id: first } = await registered({ issuer });
      const { client_id: second } = await registered({ issuer });
      await store.clients.note(second, Date.now() + 23 * 3600_000);
      const job = await jobOf(server, issuer);
      const count = store.clients.countUnvouched;
      const full = async () => 10_000;
      Object.assign(store.clients, { countUnvouched: full });
      try {
        const { status, json } = await registerClient({ issuer });
        assert.equal(status, 429);
        assert.equal(json.error, 'temporarily_unavailable');
        advance(25 * 3600_000);
        assert.equal((await registerClient({ issuer })).status, 201);
      } finally {
        Object.assign(store.clients, { countUnvouched: count });
      }
      assert.equal(await store.clients.find(first), undefined);
      assert.ok(await store.clients.find(second));
      // Nothing that a person allowed keeps it: a token and who gave it do.
      assert.equal(
        (await requestToken({ issuer }, { grant_type: 'client_credentials' }, job)).status,
        200,
      );
    });
  });

  it('makes room by removing clients that nobody has used for half an hour since they came, whoever calls in their names', async () => {
    await withClock(async (advance) => {
      const { store, issuer } = await open();
      const { client_id: junk } = await registered(
        { issuer },
        { ...APP, token_endpoint_auth_method: 'none' },
      );
      const { client_id: real } = await registered({ issuer });
      await store.clients.note(real, Date.now() + 1);
      const count = store.clients.countUnvouched;
      Object.assign(store.clients, { countUnvouched: async () => 10_000 });
      try {
        advance(29 * 60_000);
        const body = new URLSearchParams({ client_id: junk, token: 'x' });
        assert.equal((await http(`${issuer}/oauth/revoke`, { method: 'POST', body })).status, 200);
        assert.equal((await registerClient({ issuer })).status, 429);
        advance(2 * 60_000);
        assert.equal((await registerClient({ issuer })).status, 201);
      } finally {
        Object.assign(store.clients, { countUnvouched: count });
      }
      assert.equal(await store.clients.find(junk), undefined);
      assert.ok(await store.clients.find(real));
    });
  });

  it('is limited in total without those that somebody here vouches for, by a token or by a change', async () => {
    const { store, issuer, server } = await open();
    const count = () => store.clients.countUnvouched('registration', 10);
    await jobOf(server, issuer);
    assert.equal(await count(), 0);
    const { client_id: changed } = await registered({ issuer });
    await registered({ issuer });
    assert.equal(await count(), 2);
    await server.clients.update(changed, { client_name: 'Known by now' });
    assert.equal(await count(), 1);
  });

  it('answers a thousand who come at once, and keeps no more than it may', async () => {
    const flooded = await open();
    const body = JSON.stringify(APP);
    const statuses: Record<number, number> = {};
    for (let at = 0; at < 1000; at += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => registerClient(flooded, body)),
      );
      for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    assert.deepEqual(statuses, { 201: 100, 429: 900 });
    assert.equal(await flooded.store.clients.countUnvouched('registration', 1000), 100);
  });
});

describe('an initial access token', async () => {
  const host = await withToken();
  const { registrationTokens } = host.server;

  it('is needed if registration is for those who have one', async () => {
    const { status, headers, json } = await registerClient(host);
    assert.equal(status, 401);
    assert.equal(json.error, 'invalid_token');
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm=/);
    const made_up = await registerClient(host, APP, bearer('made-up'));
    assert.equal(made_up.status, 401);
    assert.match(made_up.json.error_description, /unknown, has expired/);
  });

  it('for three clients is good for three of fifty who use it at once', async () => {
    const token = await registrationTokens.create({ uses: 3 });
    const before = await countAll(host);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => registerClient(host, APP, bearer(token))),
    );
    const won = answers.filter(({ status }) => status === 201);
    assert.equal(won.length, 3);
    assert.ok(answers.every(({ status }) => status === 201 || status === 401));
    assert.equal(await countAll(host), before + 3);
  });

  it('is used no more and no less often than it may be, by fifty at the very same instant', async () => {
    const tokens = keptTokens(host.store, true);
    const token = await registrationTokens.create({ uses: 3 });
    const used = await Promise.all(Array.from({ length: 50 }, () => tokens.use(token)));
    assert.equal(used.filter(Boolean).length, 3);
    assert.equal(await tokens.find(token), undefined);
  });

  it('is not used up by metadata that are wrong', async () => {
    const token = await registrationTokens.create();
    assert.equal((await registerClient(host, {}, bearer(token))).status, 400);
    assert.equal((await registerClient(host, APP, bearer(token))).status, 201);
    assert.equal((await registerClient(host, APP, bearer(token))).status, 401);
  });

  it('expires', async () => {
    await withClock(async (advance) => {
      const token = await registrationTokens.create({ ttl: 60, uses: 2 });
      assert.equal((await registerClient(host, APP, bearer(token))).status, 201);
      advance(60_000);
      assert.equal((await registerClient(host, APP, bearer(token))).status, 401);
    });
  });

  it('brings a client all scopes, and tokens of its own', async () => {
    const token = await registrationTokens.create();
    const { client_id, client_secret, scope } = await registered(
      host,
      { grant_types: ['client_credentials'], scope: 'admin' },
      bearer(token),
    );
    assert.equal(scope, 'admin');
    const form = { grant_type: 'client_credentials' };
    assert.equal((await requestToken(host, form, `${client_id}:${client_secret}`)).status, 200);
    const more = { ...form, scope: 'read' };
    const { json } = await requestToken(host, more, `${client_id}:${client_secret}`);
    assert.equal(json.error, 'invalid_scope', 'no person is asked, so what it named binds it');
  });

  it('overrides what the client says, with what was decided when it was made', async () => {
    const metadata = {
      require_pkce: false,
      scope: 'read',
      allow_token_endpoint_audience: undefined,
    };
    const token = await registrationTokens.create({
      metadata: JSON.parse(JSON.stringify(metadata)),
    });
    const json = await registered(host, { ...APP, scope: 'write' }, bearer(token));
    assert.equal(json.scope, 'read');
    assert.equal(json.require_pkce, false);
  });

  it('counts where registration is open, too: a wrong one is refused', async () => {
    const both = await open({ limits: { registrationsPerAddress: 1 } });
    await registered(both);
    assert.equal((await registerClient(both)).status, 429);
    assert.equal((await registerClient(both, APP, bearer('made-up'))).status, 401);
    const token = await both.server.registrationTokens.create();
    assert.equal(
      (await registered(both, { ...APP, scope: 'admin' }, bearer(token))).scope,
      'admin',
    );
  });

  it('in the URL is refused', async () => {
    const token = await registrationTokens.create();
    const { status } = await http(`${host.issuer}/oauth/register?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(status, 400);
  });

  for (const [options, message] of [
    [{ uses: 0 }, /uses .* is not a whole number of clients/],
    [{ ttl: -1 }, /ttl .* is not a whole number of seconds/],
    [{ count: 1 }, /has no option count/],
    [{ metadata: { require_pkce: 'no' } }, /require_pkce must be true or false/],
    [{ metadata: { client_id: 'mine' } }, /has an unknown field: client_id/],
  ] as const) {
    it(`is not made of ${JSON.stringify(options)}`, async () => {
      await assert.rejects(registrationTokens.create(options as object), {
        name: 'TypeError',
        message,
      });
    });
  }
});

describe('a registration that is wrong', async () => {
  const host = await open();
  const fields = {
    client_name: [5, [], {}, true, 'x'.repeat(257), 'a\u0000b'],
    client_uri: [
      5,
      [],
      'javascript:alert(1)',
      'nowhere',
      'https:app.example',
      '\u0001https://app.example',
      'https://app.example/\ud800',
      'https://drive.google.com@app.example/',
    ],
    logo_uri: [5, 'data:image/png,x', 'https://u:p@app.example/logo.png', 'https:/logo.png'],
    policy_uri: [5, {}, 'https://drive.google.com@app.example/', 'https:///app.example/'],
    tos_uri: [5, {}, 'https://:p@app.example/', 'https://app.example\\@a.example/'],
    grant_types: ['authorization_code', [5], {}, ['implicit']],
    response_types: ['code', [5], ['token']],
    scope: [5, ['read']],
    token_endpoint_auth_method: [5, 'tls_client_auth', ['none']],
    jwks_uri: [5, []],
    id_token_signed_response_alg: [5, 'none', 'HS256'],
    userinfo_signed_response_alg: [5, 'none'],
    introspection_signed_response_alg: [5, 'none', 'HS256'],
    subject_type: [5, 'private'],
    sector_identifier_uri: [5, 'http://app.example/sector', 'https:/sector', 'https://*/sector'],
    default_max_age: ['1', -1, 1.5],
    require_auth_time: ['true', 1],
    initiate_login_uri: [5, 'https://app.example/#x', 'https:/sign-in', 'https://%2a/'],
    application_type: [5, 'desktop', []],
    post_logout_redirect_uris: [5, [5], ['javascript:x'], ['https:/transfer'], ['https://%2a/']],
    backchannel_logout_uri: [5, 'nowhere', 'ftp://app.example', 'https:app.example/ended'],
    backchannel_logout_session_required: ['yes', true],
    client_id: ['of-my-own-choice'],
    client_secret: ['of-my-own-choice'],
  };
  for (const [name, values] of Object.entries(fields)) {
    it(`is refused for its ${name}, by that name`, async () => {
      for (const value of values) {
        const { status, json } = await registerClient(host, { ...APP, [name]: value });
        const said = `${name}: ${JSON.stringify(value)}: ${JSON.stringify(json)}`;
        assert.equal(status, 400, said);
        assert.equal(json.error, 'invalid_client_metadata', said);
        assert.ok(json.error_description.includes(name), said);
      }
    });
  }

  for (const [name, uris] of Object.entries({
    'no list': 'https://app.example/cb',
    missing: undefined,
    empty: [],
    numbers: [5],
    'a thousand': Array.from({ length: 1000 }, (_, at) => `https://app.example/${at}`),
    'javascript:': ['javascript:alert(1)'],
    'data:': ['data:text/html,x'],
    'a fragment': ['https://app.example/cb#foobar'],
    'a wildcard': ['https://app.example/*'],
    'http beyond loopback': ['http://app.example/cb'],
    'no host': ['https://'],
    'no // in front of the host': ['https:/transfer?to=mallory'],
    'no / at all': ['https:evil.example/../../transfer?to=mallory'],
    backslashes: ['https:\\\\app.example/cb'],
    'a wildcard that is encoded': ['https://%2a/cb'],
    'a host with a directive in it': ['https://x;sandbox/cb'],
    'half of a character': ['https://app.example/\ud800'],
    'one of several': ['https://app.example/cb', 'https://u:p@app.example/'],
  })) {
    it(`is refused for redirect URIs that are wrong: ${name}`, async () => {
      for (const subject_type of ['public', 'pairwise']) {
        const metadata = { ...APP, redirect_uris: uris, subject_type };
        const { status, json } = await registerClient(host, metadata);
        assert.equal(status, 400);
        assert.equal(json.error, 'invalid_redirect_uri');
        assert.ok(json.error_description.length < 2100);
      }
    });
  }

  it('is told all that is wrong with it', async () => {
    const { json } = await registerClient(host, { redirect_uris: ['x'], scope: 5, jwks: 7 });
    assert.equal(
      json.error_description,
      'The metadata cannot be used: redirect_uris[0] is not an absolute URI: x; scope must be a string of words separated by spaces; jwks must be an object',
    );
  });

  it('is refused for a software statement, and told to send the metadata themselves', async () => {
    const { status, json } = await registerClient(host, { ...APP, software_statement: 'e30.e30.' });
    assert.equal(status, 400);
    assert.equal(json.error, 'unapproved_software_statement');
    assert.match(json.error_description, /leave software_statement out/);
  });

  const bodies: [name: string, body: string, type: string, status: number][] = [
    ['is not JSON', '{', 'application/json', 400],
    ['is nothing', '', 'application/json', 400],
    ['is a list', '[]', 'application/json', 400],
    ['is null', 'null', 'application/json', 400],
    ['is a form', 'redirect_uris=x', 'application/x-www-form-urlencoded', 400],
    ['is in another charset', '{}', 'application/json; charset=nonsense', 415],
    ['is huge', JSON.stringify({ ...APP, more: 'x'.repeat(40_000) }), 'application/json', 413],
    ['is deep', `{"jwks":${'['.repeat(15_000)}${']'.repeat(15_000)}}`, 'application/json', 400],
  ];
  for (const [name, body, type, expected] of bodies) {
    it(`is refused if the body ${name}`, async () => {
      const { status, json } = await registerClient(host, body, { 'content-type': type });
      assert.equal(status, expected);
      assert.match(json.error, /^invalid_(request|client_metadata|redirect_uri)$/);
    });
  }

  it('is refused for an algorithm that its assertions may not be signed with, "none" above all', async () => {
    const signs = {
      'private_key_jwt none': { token_endpoint_auth_signing_alg: 'none' },
      'private_key_jwt HS256': { token_endpoint_auth_signing_alg: 'HS256' },
      'client_secret_jwt ES256': {
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
      },
    };
    for (const [what, metadata] of Object.entries(signs)) {
      const { status, json } = await registerClient(host, {
        ...APP,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [KEY.jwk] },
        ...metadata,
      });
      assert.deepEqual([status, json.error], [400, 'invalid_client_metadata'], what);
      assert.match(json.error_description, /token_endpoint_auth_signing_alg must be one of/, what);
    }
  });

  it('is refused if it has the refresh token alone for a grant type, because nothing would bring one', async () => {
    for (const metadata of [
      { grant_types: ['refresh_token'] },
      { grant_types: ['refresh_token', 'implicit'], redirect_uris: undefined },
      {
        grant_types: ['client_credentials', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
    ]) {
      const { status, json } = await registerClient(host, { ...APP, ...metadata });
      assert.deepEqual([status, json.error], [400, 'invalid_client_metadata']);
      assert.match(json.error_description, /grant_types has refresh_token alone/);
    }
  });

  it('is accepted if the part that is deep means nothing here', async () => {
    const deep = `${'['.repeat(7000)}${']'.repeat(7000)}`;
    const key = `{"kty":"RSA","n":"n","e":"AQAB","x":${deep}}`;
    const body = `${JSON.stringify({ ...APP, token_endpoint_auth_method: 'private_key_jwt' }).slice(0, -1)},"jwks":{"keys":[${key}]},"more":${deep},"__proto__":{"scope":"admin"}}`;
    assert.equal((await registered(host, body)).jwks.keys[0].x, undefined);
  });

  it('is answered for POST alone', async () => {
    const { status, headers } = await http(`${host.issuer}/oauth/register`);
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'POST');
  });

  it('leaves nothing behind', async () => {
    assert.equal(await countAll(host), 1);
  });
});

describe('clients as they are', async () => {
  const host = await open();

  it('that call their JSON utf8, as a label of UTF-8, are understood', async () => {
    const { status, json } = await registerClient(
      host,
      { ...APP, client_name: 'Zoë' },
      { 'content-type': 'application/json; charset=utf8' },
    );
    assert.deepEqual([status, json.client_name], [201, 'Zoë']);
  });

  it('that sign are held to the algorithm they registered, and are told it', async () => {
    const rsa = await clientKey('RS256');
    const { client_id, token_endpoint_auth_signing_alg } = await registered(host, {
      ...APP,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [KEY.jwk, rsa.jwk] },
    });
    assert.equal(token_endpoint_auth_signing_alg, 'ES256');
    const ask = async (key: ClientKey) =>
      send(host, 'token', {
        grant_type: 'authorization_code',
        code: 'none',
        ...withAssertion(await signed(assertionClaims(client_id, host.issuer), key)),
      });
    assert.equal((await ask(rsa)).json.error, 'invalid_client');
    assert.notEqual((await ask(KEY)).json.error, 'invalid_client');
  });

  it('that say what they are are told it, wherever people are sent back to (RFC 7591 section 3.2.1)', async () => {
    for (const application_type of ['native', 'web']) {
      for (const uri of ['com.example.app:/cb', 'http://127.0.0.1/cb', 'https://app.example/cb']) {
        const client = await registered(host, { redirect_uris: [uri], application_type });
        assert.equal(client.application_type, application_type, uri);
        const read = await manageClient(client, 'GET');
        assert.equal(read.json.application_type, application_type, uri);
        const { client_secret: _, ...replaced } = client;
        const changed = await manageClient(client, 'PUT', {
          client_id: replaced.client_id,
          redirect_uris: [uri],
        });
        assert.equal(changed.json.application_type, undefined, uri);
      }
    }
  });

  it('that are native may use any port on loopback, and their own schemes beside it', async () => {
    const redirect_uris = ['http://127.0.0.1/cb', 'cursor://anysphere.cursor-mcp/oauth/callback'];
    const { client_id, client_secret, application_type } = await registered(host, {
      redirect_uris,
      application_type: 'native',
      client_name: '编辑器',
    });
    assert.equal(application_type, 'native');
    const flow = await authorizeAs(host, {
      client: `${client_id}:${client_secret}`,
      redirectUri: 'http://127.0.0.1:9/cb',
    });
    assert.equal((await flow.exchange()).status, 200);
  });

  it('have whatever scheme is their own', async () => {
    const redirect_uris = [
      'com.example.app:/callback',
      'vscode://publisher.extension/callback',
      'claude://callback',
      'ms-app://s-1-15-2-1/',
      'operations://callback',
      'firefox.example://callback',
      'com.example.http:/callback',
    ];
    const json = await registered(host, { ...APP, redirect_uris });
    assert.deepEqual(json.redirect_uris, redirect_uris);
  });

  for (const scheme of [
    ...['mailto', 'ftp', 'ws', 'wss', 'tel', 'sms', 'ms-settings', 'view-source', 'filesystem'],
    ...['microsoft-edge', 'microsoft-edge-holographic', 'microsoft-edge-https', 'googlechrome'],
    ...['googlechromes', 'googlechrome-x-callback', 'firefox', 'firefox-focus', 'firefox-private'],
    ...['brave', 'opera-http', 'opera-https', 'touch-http', 'touch-https', 'x-safari-https'],
    ...[
      'x-web-search',
      'yandexbrowser-open-url',
      'ddgQuickLink',
      'onionhttps',
      'vivaldi',
      'webcals',
    ],
    ...['intent', 'android-app', 'httpx', 'HTTPS-accounts.google.com', 'https+app', 'ssh', 'itms'],
  ]) {
    it(`have none that is something else’s: ${scheme}`, async () => {
      for (const field of ['redirect_uris', 'post_logout_redirect_uris']) {
        const uris = [`${scheme}://accounts.google.com/cb`];
        const { status, json } = await registerClient(host, { ...APP, [field]: uris });
        assert.equal(status, 400, field);
        const said = `${field}[0] has the scheme ${scheme.toLowerCase()}:, which is no app's own`;
        assert.ok(json.error_description.includes(said), json.error_description);
      }
    });
  }

  it('send empty members for what they do not mean, and names that nobody can see', async () => {
    const bare = await registered(host, { redirect_uris: APP.redirect_uris });
    assert.equal(bare.client_name, bare.client_id);
    for (const client_name of ['', ' ', '\u200b', '\u2800\u3164', '\u202e \u00ad']) {
      const json = await registered(host, {
        redirect_uris: APP.redirect_uris,
        client_name,
        ...{ software_statement: '', application_type: '', client_id: '', client_secret: '' },
        ...{ grant_types: [], response_types: [], post_logout_redirect_uris: [], contacts: [] },
      });
      assert.equal(json.client_name, json.client_id, JSON.stringify(client_name));
      assert.deepEqual(Object.keys(json), Object.keys(bare));
    }
  });

  it('are refused a name that turns the text around it, in the title of a page, too', async () => {
    for (const client_name of [
      'Bank\u202e',
      'Bank\u202a',
      '\u2066Bank',
      'Bank\u2069',
      'Ba\u009bnk',
    ]) {
      const { status, json } = await registerClient(host, { ...APP, client_name });
      assert.equal(status, 400, JSON.stringify(client_name));
      assert.match(
        json.error_description,
        /client_name has a character in it that changes the direction/,
      );
    }
    const { client_name } = await registered(host, { ...APP, client_name: 'ספר \u200f2' });
    assert.equal(client_name, 'ספר \u200f2', 'a mark that ends by itself is no harm');
  });

  it('ask for a scope that is unknown here, and get what they would get without', async () => {
    const { scope } = await registered(host);
    assert.equal((await registered(host, { ...APP, scope: 'no-such mcp:tools' })).scope, scope);
  });

  it('that act for themselves are told of such a scope: they would get more than they named', async () => {
    const token = await host.server.registrationTokens.create();
    const job = { grant_types: ['client_credentials'], scope: 'no-such' };
    const { status, json } = await registerClient(host, job, bearer(token));
    assert.equal(status, 400);
    assert.match(json.error_description, /scope has no word that this client may have here/);
  });

  it('that are public have no secret', async () => {
    const json = await registered(host, { ...APP, token_endpoint_auth_method: 'none' });
    assert.equal(json.client_secret, undefined);
    assert.equal(json.client_secret_expires_at, undefined);
  });

  it('that do not say how they authenticate may send the secret either way', async () => {
    const { client_id, client_secret } = await registered(host);
    const form = { grant_type: 'refresh_token', refresh_token: 'none' };
    const inBody = await requestToken(host, { ...form, client_id, client_secret });
    assert.equal(inBody.json.error, 'invalid_grant');
    const basic = await requestToken(host, form, `${client_id}:${client_secret}`);
    assert.equal(basic.json.error, 'invalid_grant');
  });
});

describe('a pairwise client of several hosts', { skip: httpsMissing() }, async () => {
  const uris = ['https://a.example/cb', 'https://b.example/cb'];
  const lists: Record<string, string> = {
    '/good': JSON.stringify(uris),
    '/bad': '["https://c.example/"]',
  };
  const sector = await httpsHost((req, res) => res.end(lists[req.url!] ?? 'no JSON'));
  const host = await open({ allowInternalUrls: true });
  const pairwise = (path: string) => ({
    redirect_uris: uris,
    subject_type: 'pairwise',
    sector_identifier_uri: `${sector.origin}${path}`,
  });

  it('is registered if the document of its sector lists it, which is not asked again', async () => {
    const json = await registered(host, pairwise('/good'));
    assert.equal(json.subject_type, 'pairwise');
    assert.equal(json.sector_identifier_uri, `${sector.origin}/good`);
  });

  it('does not use up an initial access token as long as the document cannot be used', async () => {
    const token = await host.server.registrationTokens.create();
    const statuses: number[] = [];
    for (const path of ['/bad', '/none', '/good', '/good']) {
      statuses.push((await registerClient(host, pairwise(path), bearer(token))).status);
    }
    assert.deepEqual(statuses, [400, 400, 201, 401]);
  });

  it('is counted before anything is fetched for it', async () => {
    const limited = await open({ allowInternalUrls: true, limits: { registrationsPerAddress: 1 } });
    for (const status of [400, 429]) {
      assert.equal((await registerClient(limited, pairwise('/limited'))).status, status);
    }
    assert.equal(sector.asked.filter((path) => path === '/limited').length, 1);
  });

  for (const path of ['/bad', '/none']) {
    it(`is refused otherwise, with a word of the field and none of our network: ${path}`, async () => {
      const { status, json } = await registerClient(host, pairwise(path));
      assert.equal(status, 400);
      assert.equal(json.error, 'invalid_client_metadata');
      assert.equal(
        json.error_description,
        'The metadata cannot be used: sector_identifier_uri cannot be read, or does not list all redirect_uris',
      );
    });
  }
});
