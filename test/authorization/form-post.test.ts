// OAuth 2.0 Form Post Response Mode: what a client is told comes to it in a form, which a page of ours
// sends: by a script, or by a button where no scripts run.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { toldBy } from '../helpers/authorization-response.ts';
import { encoded } from '../helpers/forge.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { OPENID_SEED, relyingParty, signInUrl } from '../helpers/openid.ts';

const WITH_QUERY = 'https://rp.example/callback?tenant=1&x="<';
const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-query', { redirect_uris: [WITH_QUERY] }),
    relyingParty('rp-app', { redirect_uris: ['com.example.app:/callback'] }),
  ],
};
const server = await startServer({}, { seed });

type Params = Record<string, string | undefined>;

const url = (params: Params = {}, client = 'rp') =>
  signInUrl(server, client, { response_mode: 'form_post', ...params });

/** Somebody who is signed in, and has allowed the client what it asks for. */
async function signedIn(params: Params = {}, client = 'rp') {
  const person = new Person(server);
  await person.allow(url({ ...params, response_mode: 'query' }, client));
  return person;
}

const STRICT =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

describe('a response by form_post', () => {
  it('is a page with a form for the redirect URI, with code, state and iss in it, and no more', async () => {
    const person = await signedIn();
    const answer = await person.open(url());
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
    const { uri, mode, parameters } = toldBy(answer);
    assert.equal(uri, 'https://rp.example/callback');
    assert.equal(mode, 'form_post');
    const { code, ...rest } = parameters;
    assert.match(code ?? '', /^[\w-]{43}$/);
    assert.deepEqual(rest, { state: 'some-state', iss: server.issuer });
  });

  it('comes of a decision as well', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(url({ prompt: 'consent' })));
    assert.ok(toldBy(await person.submit(page, { decision: 'allow' })).parameters['code']);
    const again = await person.visit(url({ prompt: 'consent' }));
    const { mode, parameters } = toldBy(await person.submit(again, { decision: 'deny' }));
    assert.equal(mode, 'form_post');
    assert.equal(parameters['error'], 'access_denied');
  });

  it('is kept by nobody, and lets no script run but the one that sends it', async () => {
    const { headers, text } = await (await signedIn()).open(url());
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('referrer-policy'), 'strict-origin');
    // No form-action: it would have to name the client, with all that the client redirects to.
    assert.equal(
      headers.get('content-security-policy'),
      `${STRICT.replace(/'none'$/, 'https://rp.example')}; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`,
    );
    // A silent sign-in waits for its answer in a frame of the client's.
    assert.equal(headers.get('x-frame-options'), null);
    const scripts = [...text.matchAll(/<script\b([^>]*)>([^<]*)/g)];
    assert.equal(scripts.length, 1);
    const [, attributes = '', inline] = scripts[0]!;
    assert.equal(inline, '');
    const [, src = ''] = /^ src="([^"]*)"$/.exec(attributes) ?? [];
    assert.match(src, /^\/oauth\/form-post\.js\?v=[\da-f]{12}$/);
    const script = await http(`${server.origin}${src}`);
    assert.equal(script.status, 200);
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(script.headers.get('x-content-type-options'), 'nosniff');
    assert.match(script.headers.get('cache-control') ?? '', /immutable/);
  });

  it('lets no other page run scripts: not those on the way to it', async () => {
    const person = new Person(server);
    const login = await person.visit(url({ prompt: 'consent' }));
    const consent = await person.signIn(login);
    for (const { headers, text } of [login, consent]) {
      assert.equal(headers.get('content-security-policy'), STRICT);
      assert.doesNotMatch(text, /<script/);
    }
  });

  it('brings the state back to the letter, and goes to the redirect URI as it is registered', async () => {
    const person = await signedIn({ redirect_uri: WITH_QUERY }, 'rp-query');
    for (const state of [`"><script>alert(1)</script>&amp;'`, 'a b+c&d=e%20f"ü/?#😀', '-._~']) {
      const answer = await person.open(url({ state, redirect_uri: WITH_QUERY }, 'rp-query'));
      const { uri, parameters } = toldBy(answer);
      assert.equal(uri, WITH_QUERY);
      assert.equal(parameters['state'], state);
      assert.doesNotMatch(answer.text, /<script>/);
    }
  });

  it('has room for every state that the parameter has, and no more', async () => {
    const person = await signedIn();
    const posted = (state: string) =>
      person.visit('/oauth/authorize', {
        method: 'POST',
        body: new URLSearchParams(new URL(url({ state, prompt: 'none' })).search),
      });
    const state = '水'.repeat(2048);
    assert.equal(toldBy(await posted(state)).parameters['state'], state);
    assert.equal((await posted(`${state}x`)).status, 400);
  });

  const errors: readonly [error: string, params: Params, client?: string][] = [
    ['invalid_request', { response_type: undefined }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_scope', { scope: 'admin' }],
    ['login_required', { prompt: 'none' }],
    ['invalid_request', { claims: '[' }],
    ['invalid_request', { id_token_hint: 'x' }],
    ['request_not_supported', { request: 'x' }],
    ['invalid_request', { code_challenge: 'x'.repeat(200) }],
  ];
  for (const [error, params] of errors) {
    it(`is ${error} as well, for ${JSON.stringify(params)}`, async () => {
      const answer = await new Person(server).open(url(params));
      assert.equal(answer.status, 200);
      const { mode, parameters } = toldBy(answer);
      assert.equal(mode, 'form_post');
      const { error_description, ...rest } = parameters;
      assert.match(error_description ?? '', /^[\x20\x21\x23-\x5b\x5d-\x7e]+\.$/);
      assert.deepEqual(rest, { error, state: 'some-state', iss: server.issuer });
    });
  }

  it('is no place for anybody else: until the redirect URI is proved, an error is a page', async () => {
    for (const params of [{ redirect_uri: 'https://evil.example/' }, { client_id: 'nobody' }]) {
      const { status, text } = await new Person(server).open(url(params));
      assert.equal(status, 400);
      assert.doesNotMatch(text, /<form|<script|action=/);
    }
  });

  it('is refused for a redirect URI that opens an app: no form can be posted to it', async () => {
    const redirect_uri = 'com.example.app:/callback';
    const { location } = await new Person(server).open(url({ redirect_uri }, 'rp-app'));
    assert.ok(location.startsWith(`${redirect_uri}?error=invalid_request&`), location);
    assert.match(decodeURIComponent(location), /form_post needs a redirect URI that is http or/);
  });

  it('is not asked for twice: the error comes by the query', async () => {
    const { location } = await new Person(server).open(`${url()}&response_mode=query`);
    assert.match(
      location,
      /error=invalid_request.*response_mode%20was%20sent%20more%20than%20once/,
    );
  });

  it('has all its links under the path of an issuer', async () => {
    const { issuer, origin } = await startServer({}, { seed, path: '/auth' });
    const { text } = await http(
      signInUrl({ issuer, origin }, 'rp', { response_mode: 'form_post', prompt: 'none' }),
    );
    const [, src = ''] = /<script src="([^"]*)"/.exec(text) ?? [];
    assert.match(src, /^\/auth\/oauth\/form-post\.js/);
    assert.equal((await http(`${origin}${src}`)).status, 200);
  });

  it('is sent by our view if somebody’s own fails: a code is issued once', async () => {
    const VIEWS = await mkdtemp(join(tmpdir(), 'form-post-'));
    after(() => rm(VIEWS, { recursive: true }));
    await writeFile(join(VIEWS, 'form-post.ejs'), '<%= there.is.nothing %>');
    const own = await startServer({ VIEWS }, { seed });
    const params = { response_mode: 'form_post', prompt: 'none' };
    const answer = await http(signInUrl(own, 'rp', params));
    assert.equal(toldBy(answer).parameters['error'], 'login_required');
  });
});

describe('a request object, which is refused', () => {
  const object = (claims: unknown) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`;
  const open = (request: string, params: Params = {}) =>
    new Person(server).open(
      url({ request, state: undefined, response_mode: undefined, ...params }),
    );

  it('says how the client is told so, and its state', async () => {
    const request = object({ response_mode: 'form_post', state: 'within' });
    const { mode, parameters } = toldBy(await open(request));
    assert.equal(mode, 'form_post');
    assert.equal(parameters['error'], 'request_not_supported');
    assert.equal(parameters['state'], 'within');
  });

  it('says nothing against the parameters', async () => {
    const request = object({ response_mode: 'form_post', state: 'within' });
    const outside = { response_mode: 'query', state: 'outside' };
    const { mode, parameters } = toldBy(await open(request, outside));
    assert.equal(mode, 'query');
    assert.equal(parameters['state'], 'outside');
  });

  it('changes nothing else: not the redirect URI, and not the client', async () => {
    const request = object({ redirect_uri: 'https://rp.example/callback', client_id: 'rp' });
    const wrong = await open(request, { redirect_uri: 'https://rp.example/callback_invalid' });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.location, '');
    const elsewhere = object({ redirect_uri: 'https://evil.example/' });
    assert.equal(toldBy(await open(elsewhere)).uri, 'https://rp.example/callback');
  });

  for (const [what, request] of [
    ['that is no JWT', 'x'],
    ['with claims that are no object', object([])],
    ['with a state that is a number', object({ state: 7, response_mode: 7 })],
    ['with a state that has a line break', object({ state: 'a\r\nb' })],
    ['with a state that is too long', object({ state: 'x'.repeat(2049) })],
    ['with half of a character', object({ state: '\ud800' })],
    ['with a response_mode that nobody knows', object({ response_mode: 'jwt' })],
  ] as const) {
    it(`is refused by the query, without a state, if it is one ${what}`, async () => {
      const { mode, parameters } = toldBy(await open(request));
      assert.equal(mode, 'query');
      assert.equal(parameters['error'], 'request_not_supported');
      assert.equal(parameters['state'], undefined);
    });
  }
});
