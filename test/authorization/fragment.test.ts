// OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1: what a client is told comes to it behind
// the # of its redirect URI, if it asks for that, or for what other servers answer there.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toldBy } from '../helpers/authorization-response.ts';
import { encoded } from '../helpers/forge.ts';
import { startServer } from '../helpers/harness.ts';
import { serveHost } from '../helpers/host.ts';
import { http } from '../helpers/http.ts';
import { Person, unescaped } from '../helpers/http-person.ts';
import { askAs, OPENID_SEED, relyingParty, signInUrl } from '../helpers/openid.ts';
import { APP, registerClient } from '../helpers/registering.ts';

const WITH_QUERY = 'https://rp.example/callback?tenant=1';
const OF_AN_APP = 'com.example.app:/callback';
const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-query', { redirect_uris: [WITH_QUERY] }),
    relyingParty('rp-app', { redirect_uris: [OF_AN_APP] }),
  ],
};
const server = await startServer({}, { seed });

type Params = Record<string, string | undefined>;

const url = (params: Params = {}, client = 'rp') =>
  signInUrl(server, client, { response_mode: 'fragment', ...params });

describe('a response by fragment', () => {
  it('has code, state and iss behind the #, and nothing in the query', async () => {
    const person = new Person(server);
    const back = await person.allow(url());
    assert.equal(back.search, '');
    const { uri, mode, parameters } = toldBy(await person.open(url()));
    assert.deepEqual([uri, mode], ['https://rp.example/callback', 'fragment']);
    const { code = '', ...rest } = parameters;
    assert.deepEqual(rest, { state: 'some-state', iss: server.issuer });
    const form = { grant_type: 'authorization_code', redirect_uri: uri, code };
    assert.equal((await askAs(server, 'rp', form)).status, 200);
  });

  it('comes of a decision as well', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(url({ prompt: 'consent' })));
    const { mode, parameters } = toldBy(await person.submit(page, { decision: 'deny' }));
    assert.deepEqual([mode, parameters['error']], ['fragment', 'access_denied']);
    const again = await person.visit(url({ prompt: 'consent' }));
    assert.ok(toldBy(await person.submit(again, { decision: 'allow' })).parameters['code']);
  });

  it('brings the state back to the letter, behind a query that is kept as it is registered', async () => {
    const client = { redirect_uri: WITH_QUERY };
    const person = new Person(server);
    await person.allow(url(client, 'rp-query'));
    for (const state of ['a b+c&d=e%20f"ü/?#😀', '-._~', '#']) {
      const { location } = await person.open(url({ ...client, state }, 'rp-query'));
      assert.ok(location.startsWith(`${WITH_QUERY}#code=`), location);
      const behind = location.slice(location.indexOf('#') + 1);
      assert.equal(new URLSearchParams(behind).get('state'), state);
    }
  });

  it('opens an app as well', async () => {
    const { location } = await new Person(server).open(
      url({ redirect_uri: OF_AN_APP, prompt: 'none' }, 'rp-app'),
    );
    assert.ok(location.startsWith(`${OF_AN_APP}#error=login_required&`), location);
  });

  it('is as long as a redirect may be, and no longer', async () => {
    const { status, location } = await new Person(server).open(url({ state: '水'.repeat(500) }));
    assert.deepEqual([status, location], [400, '']);
  });

  for (const [error, params] of [
    ['login_required', { prompt: 'none' }],
    ['invalid_request', { response_type: undefined }],
    ['invalid_scope', { scope: 'admin' }],
    ['request_not_supported', { request: 'x' }],
  ] as const) {
    it(`is ${error} as well, for ${JSON.stringify(params)}`, async () => {
      const { mode, parameters } = toldBy(await new Person(server).open(url(params)));
      const { error_description, ...rest } = parameters;
      assert.equal(mode, 'fragment');
      assert.match(error_description ?? '', /\.$/);
      assert.deepEqual(rest, { error, state: 'some-state', iss: server.issuer });
    });
  }

  it('is what a request object asks for that is refused', async () => {
    const request = `${encoded({ alg: 'none' })}.${encoded({ response_mode: 'fragment' })}.`;
    const asked = url({ request, response_mode: undefined });
    assert.equal(toldBy(await new Person(server).open(asked)).mode, 'fragment');
  });

  it('is no place for anybody else: until the redirect URI is proved, an error is a page', async () => {
    for (const redirect_uri of ['https://evil.example/', 'https://rp.example/callback#x']) {
      const { status, location } = await new Person(server).open(url({ redirect_uri }));
      assert.deepEqual([status, location], [400, '']);
    }
  });

  it('is behind the link to a client that nobody here vouches for', async () => {
    const host = await serveHost({ registration: 'open', scopes: { read: 'Read' } });
    const { json } = await registerClient(host, APP);
    const client = { redirect_uri: json.redirect_uris[0], response_mode: 'fragment' };
    const asked = signInUrl(host, json.client_id, { ...client, response_type: 'bogus' });
    const { text } = await new Person(host).visit(asked);
    const [, link = ''] = /<a class="button[^>]* href="([^"]*)"><span>/.exec(text) ?? [];
    assert.ok(
      unescaped(link).startsWith(`${client.redirect_uri}#error=unsupported_response_type&`),
      link,
    );
  });
});

describe('a request for a token or an ID token, which is refused', () => {
  for (const response_type of [
    'token',
    'id_token',
    'id_token token',
    'code token',
    'code id_token',
  ]) {
    it(`is refused where its client looks: ${response_type}`, async () => {
      for (const response_mode of [undefined, 'jwt']) {
        const answer = await http(url({ response_type, response_mode }));
        const { mode, parameters } = toldBy(answer);
        assert.equal(mode, 'fragment');
        assert.equal(parameters['error'], 'unsupported_response_type');
        assert.equal(parameters['state'], 'some-state');
      }
    });
  }

  it('is refused where it says, if it says so', async () => {
    for (const response_mode of ['query', 'form_post']) {
      const answer = await http(url({ response_type: 'id_token', response_mode }));
      assert.equal(toldBy(answer).mode, response_mode);
    }
  });

  it('is refused there whatever else is wrong with it', async () => {
    const params = { response_type: 'id_token', response_mode: undefined, nonce: 'n'.repeat(1025) };
    assert.equal(toldBy(await http(url(params))).mode, 'fragment');
  });

  it('is refused by the query if it is for neither', async () => {
    for (const response_type of ['none', 'tokens', undefined]) {
      const answer = await http(url({ response_type, response_mode: undefined }));
      assert.equal(toldBy(answer).mode, 'query');
    }
  });
});
