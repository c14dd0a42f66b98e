import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { startServer, withClock } from '../../helpers/harness.ts';
import { type Answer, basic, http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import {
  askAs,
  OPENID_SEED,
  refreshAs,
  relyingParty,
  signInTo,
  signInUrl,
  userInfo,
  verified,
} from '../../helpers/openid.ts';

const API = 'https://api.example/';

const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-machine', { grant_types: ['client_credentials'] }),
    ...['RS256', 'EdDSA', 'Ed25519'].map((alg) =>
      relyingParty(`rp-${alg}`, { userinfo_signed_response_alg: alg }),
    ),
  ],
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('UserInfo (OpenID Connect Core section 5.3)', async () => {
  const server = await startServer({}, { seed });
  const url = `${server.issuer}/oauth/userinfo`;
  const { access_token: token } = await signInTo(server);

  it('answers GET and POST, with the token in the header or in a form, and with sub alone for openid alone', async () => {
    const answers = {
      get: await userInfo(server, token),
      'post, token in the header': await userInfo(server, token, { method: 'POST' }),
      'post, a form without it': await userInfo(server, token, {
        method: 'POST',
        body: new URLSearchParams({ other: 'x' }),
      }),
      'post, json': await userInfo(server, token, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"access_token":"x"}',
      }),
      'post, token in the form': await http(url, {
        method: 'POST',
        body: new URLSearchParams({ access_token: token }),
      }),
    };
    for (const [how, { status, json, headers }] of Object.entries(answers)) {
      assert.equal(status, 200, how);
      assert.deepEqual(json, { sub: 'alice' }, how);
      assert.match(headers.get('content-type') ?? '', /^application\/json/);
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('access-control-allow-origin'), '*');
    }
    const head = await userInfo(server, token, { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  it('has what the scopes of the token stand for, as the ID token has of a client that wants it there', async () => {
    const params = { scope: 'openid profile email' };
    const client = 'rp-claims';
    const tokens = await signInTo(server, { client, params });
    const { json } = await userInfo(server, tokens.access_token);
    assert.equal(json.name, 'Alice Liddell');
    assert.equal(json.email, 'alice@example.com');
    const claims = await verified(server, tokens.id_token, client);
    for (const [name, value] of Object.entries(json)) assert.deepEqual(claims[name], value, name);
    // A narrower token says less.
    const { refresh_token } = tokens;
    const narrow = await refreshAs(server, client, refresh_token, { scope: 'openid email' });
    const less = (await userInfo(server, narrow.json.access_token)).json;
    assert.ok(less.email !== undefined && !('name' in less));
  });

  it('answers a JWT access token', async () => {
    const tokens = await signInTo(server, { client: 'rp-jwt', params: { scope: 'openid email' } });
    const { json } = await userInfo(server, tokens.access_token);
    assert.deepEqual([json.sub, json.email], ['alice', 'alice@example.com']);
  });

  for (const [id, alg] of [
    ['rp-signed', 'ES256'],
    ['rp-RS256', 'RS256'],
    ['rp-EdDSA', 'EdDSA'],
    ['rp-Ed25519', 'Ed25519'],
  ] as const) {
    it(`is a JWT signed with ${alg} for a client that says so, and no ID token`, async () => {
      const tokens = await signInTo(server, { client: id, params: { scope: 'openid email' } });
      const answer = await userInfo(server, tokens.access_token);
      assert.equal(answer.headers.get('content-type'), 'application/jwt');
      assert.equal(decodeProtectedHeader(answer.text).alg, alg);
      const { sub, email, ...rest } = await verified(server, answer.text, id);
      assert.deepEqual([sub, email], ['alice', 'alice@example.com']);
      assert.deepEqual(rest, { iss: server.issuer, aud: id });
    });
  }

  it('may be asked by any page of a browser, after a preflight', async () => {
    for (const method of ['GET', 'POST']) {
      const preflight = await http(url, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://spa.example',
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization',
        },
      });
      assert.equal(preflight.status, 204);
      assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /GET, POST/);
      assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization');
    }
    const refused = await http(url);
    assert.equal(refused.headers.get('access-control-allow-origin'), '*');
    assert.match(refused.headers.get('access-control-expose-headers') ?? '', /WWW-Authenticate/);
  });

  /** Status, error and challenge are those of RFC 6750 section 3. */
  function assertRefused(answer: Answer, status: number, error: string, what: string): void {
    assert.deepEqual([answer.status, answer.json.error], [status, error], what);
    const challenge = answer.headers.get('www-authenticate') ?? '';
    assert.match(challenge, /^Bearer realm="/, what);
    assert.ok(challenge.includes(`error="${error}"`), `${what}: ${challenge}`);
    assert.match(challenge, /scope="openid"/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }

  it('tells a request without a token that one is needed, and no error code (RFC 6750 section 3.1)', async () => {
    const answers = [
      await http(url),
      await http(url, { method: 'POST' }),
      await http(url, { method: 'POST', body: new URLSearchParams({ access_token: '' }) }),
      await http(url, { headers: { authorization: basic('rp', 'rp-secret') } }),
    ];
    for (const { status, headers } of answers) {
      assert.equal(status, 401);
      const challenge = headers.get('www-authenticate') ?? '';
      assert.equal(challenge, `Bearer realm="${server.issuer}", scope="openid"`);
    }
  });

  it('refuses a request that is malformed, with the token twice, or in the URL', async () => {
    const body = new URLSearchParams({ access_token: token });
    const twice: Record<string, Answer> = {
      'header and form': await userInfo(server, token, { method: 'POST', body }),
      'twice in the form': await http(url, {
        method: 'POST',
        headers: FORM,
        body: `${body}&${body}`,
      }),
      URL: await http(`${url}?${body}`),
      'URL and header': await http(`${url}?${body}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
      'two words': await http(url, { headers: { authorization: `Bearer ${token} ${token}` } }),
      'no word': await http(url, { headers: { authorization: 'Bearer ' } }),
      'a long one': await http(url, {
        method: 'POST',
        body: new URLSearchParams({ access_token: 'x'.repeat(20_000) }),
      }),
    };
    for (const [what, answer] of Object.entries(twice)) {
      assertRefused(answer, 400, 'invalid_request', what);
      assert.ok(!answer.text.includes(token), what);
    }
    const tooLarge = await http(url, {
      method: 'POST',
      headers: FORM,
      body: `access_token=${'x'.repeat(70_000)}`,
    });
    assert.equal(tooLarge.status, 413);
  });

  it('does not read the body of a GET, as of no request without a form', async () => {
    const body = new URLSearchParams({ access_token: token }).toString();
    assert.equal((await http(url, { method: 'GET', headers: FORM, body })).status, 401);
    assert.equal((await http(url, { method: 'POST', body })).status, 401);
  });

  it('refuses a token that is none, or is an ID token, a refresh token or a code', async () => {
    const tokens = await signInTo(server);
    const back = await new Person(server).allow(signInUrl(server));
    const code = back.searchParams.get('code')!;
    for (const value of ['x', 'ey.ey.ey', tokens.id_token, tokens.refresh_token, code]) {
      assertRefused(await userInfo(server, value), 401, 'invalid_token', value);
    }
  });

  it('refuses a token without openid, and one of a client for itself', async () => {
    const { access_token } = await signInTo(server, { params: { scope: 'profile' } });
    assertRefused(await userInfo(server, access_token), 403, 'insufficient_scope', 'profile');
    const own = await askAs(server, 'rp-machine', { grant_type: 'client_credentials' });
    const answer = await userInfo(server, own.json.access_token);
    assertRefused(answer, 403, 'insufficient_scope', 'its own');
  });

  it('refuses a token that is for an API alone (RFC 8707), and takes one that is for this server, too', async () => {
    for (const client of ['rp', 'rp-jwt']) {
      const params = { scope: 'openid email', resource: API };
      const { access_token } = await signInTo(server, { client, params });
      assertRefused(await userInfo(server, access_token), 401, 'invalid_token', client);
    }
    const url = signInUrl(server, 'rp', { resource: API });
    const both = new URLSearchParams({ resource: server.issuer });
    const back = await new Person(server).allow(`${url}&${both}`);
    const { json } = await askAs(server, 'rp', {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      redirect_uri: 'https://rp.example/callback',
    });
    assert.equal((await userInfo(server, json.access_token)).status, 200);
    const resource = server.issuer;
    const own = (await refreshAs(server, 'rp', json.refresh_token, { resource })).json;
    assert.equal((await userInfo(server, own.access_token)).status, 200);
    const resourceOfApi = { resource: API };
    const theirs = (await refreshAs(server, 'rp', own.refresh_token, resourceOfApi)).json;
    assertRefused(await userInfo(server, theirs.access_token), 401, 'invalid_token', 'one of two');
  });

  it('refuses a token that has expired, was revoked, or whose code came twice', async () => {
    await withClock(async (advance) => {
      const { access_token } = await signInTo(server);
      advance(3600_000 - 1);
      assert.equal((await userInfo(server, access_token)).status, 200);
      advance(1);
      assertRefused(await userInfo(server, access_token), 401, 'invalid_token', 'expired');
      const back = await new Person(server).allow(signInUrl(server));
      const form = {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code')!,
        redirect_uri: 'https://rp.example/callback',
      };
      const { json } = await askAs(server, 'rp', form);
      assert.equal((await userInfo(server, json.access_token)).status, 200);
      assert.equal((await askAs(server, 'rp', form)).json.error, 'invalid_grant');
      assertRefused(await userInfo(server, json.access_token), 401, 'invalid_token', 'twice');
    });
    const { access_token } = await signInTo(server);
    const revoked = await http(`${server.issuer}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization: basic('rp', 'rp-secret') },
      body: new URLSearchParams({ token: access_token }),
    });
    assert.equal(revoked.status, 200);
    assertRefused(await userInfo(server, access_token), 401, 'invalid_token', 'revoked');
  });

  it('refuses the token of a person or a client that has been removed', async () => {
    for (const client of ['rp', 'rp-jwt']) {
      const login = ['bob', 'builder'] as const;
      const own = await startServer({}, { seed });
      const { access_token } = await signInTo(own, { client, login });
      const other = await signInTo(own, { client });
      await own.store.users.remove('user-2');
      assertRefused(await userInfo(own, access_token), 401, 'invalid_token', 'the person');
      assert.equal((await userInfo(own, other.access_token)).status, 200);
      await own.store.clients.remove(client);
      assertRefused(await userInfo(own, other.access_token), 401, 'invalid_token', 'the client');
    }
  });

  it('is not there for other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const { status, headers } = await userInfo(server, token, { method });
      assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, POST'], method);
    }
  });
});
