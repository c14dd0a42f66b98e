// The modules of the plans RP-Initiated OP, Back-Channel OP and Front-Channel OP. Here the client's
// back-channel is a server of this test, and nobody runs scripts or loads frames: they are read.

import assert from 'node:assert/strict';
import { createHmac, randomInt } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { openServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { unescaped } from '../helpers/http-person.ts';
import { Module, type Params, SEED, startProvider, type Tokens } from '../helpers/suite.ts';
import { assertError } from '../helpers/suite-assertions.ts';

const RETURN: string = SEED.clients[0].post_logout_redirect_uris[0];

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const ISSUER = 'https://op.example';

/** What the suite's back-channel has been sent. */
const told: { readonly headers: Headers; readonly form: Params }[] = [];
const { server: rp, origin: rpOrigin } = await openServer();
rp.on('request', async (req, res) => {
  const { headers, method } = req;
  assert.equal(method, 'POST');
  told.push({
    headers: new Headers(headers as Record<string, string>),
    form: Object.fromEntries(new URLSearchParams(await text(req))),
  });
  res.setHeader('cache-control', 'no-store').end();
});

const server = await startProvider(
  {},
  {
    ...SEED,
    clients: SEED.clients.map((client: { readonly backchannel_logout_uri?: string }) =>
      client.backchannel_logout_uri === undefined
        ? client
        : { ...client, backchannel_logout_uri: `${rpOrigin}/backchannel_logout` },
    ),
  },
);
const { json: metadata } = await http(`${server.issuer}/.well-known/openid-configuration`);

/** 10 to 50 characters that can be seen, of which any may be in a `state`; never + and ;. */
function anyState(): string {
  const random = () => String.fromCodePoint(randomInt(0x21, 0x7f)).replace(/[+;]/, '~');
  return Array.from({ length: randomInt(10, 51) }, random).join('');
}

/** A module in which somebody signs in and is then sent to the end_session_endpoint. */
class Logout extends Module {
  readonly clientId: string;

  constructor(clientId = 'suite-first') {
    super(server, 'query');
    this.clientId = clientId;
  }

  signIn(): Promise<Tokens> {
    return this.complete(this.request({ client_id: this.clientId, state: 's'.repeat(128) }));
  }

  /** Opens the end_session_endpoint with all that the suite sends, some of it changed or left out. */
  async end(
    { response }: Tokens,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<{ readonly page: Answer; readonly state: string }> {
    const state = anyState();
    const all = {
      id_token_hint: response.id_token,
      post_logout_redirect_uri: RETURN,
      state,
      ...changes,
    };
    const given = Object.entries(all).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const query = new URLSearchParams(given).toString();
    const page = await this.person.visit(`${metadata.end_session_endpoint}${query && `?${query}`}`);
    return { page, state };
  }

  /** Whoever asks without a page is told that nobody is signed in. */
  async assertSignedOut(): Promise<void> {
    const request = this.request({ client_id: this.clientId, prompt: 'none' });
    assertError(
      await this.send(request),
      request,
      'interaction_required',
      'login_required',
      'account_selection_required',
      'consent_required',
    );
  }

  async assertSignedIn(): Promise<void> {
    await this.complete(this.request({ client_id: this.clientId, prompt: 'none' }));
  }
}

/** The browser goes back to the client, with these parameters and no others. */
function assertReturns(url: string, expected: Params): void {
  assert.ok(url.startsWith(RETURN), `not back to the client, but to: ${url}`);
  assert.deepEqual(Object.fromEntries(new URL(url).searchParams), expected);
  assert.equal(new URL(url).hash, '');
}

/** The browser is still here, at a page of errors that names the parameter. */
function assertErrorPage(page: Answer, parameter: string): void {
  assert.equal(page.location, '');
  assert.equal(page.status, 400);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.match(page.text, new RegExp(parameter));
}

function assertSignedOutPage(page: Answer): void {
  assert.equal(page.location, '');
  assert.equal(page.status, 200);
  assert.match(page.text, /You are signed out/);
}

/** The URLs in an attribute of all elements of a kind. */
function urlsIn(page: Answer, element: string, attribute: string): string[] {
  const found = page.text.matchAll(new RegExp(`<${element}\\b[^>]* ${attribute}="([^"]*)"`, 'g'));
  return [...found].map(([, url = '']) => unescaped(url));
}

/** An ID token of the client's own making, signed with its secret. */
function selfMade(claims: object, secret: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('the plans of logout: discovery', async () => {
  const provider = await startProvider({ ISSUER });
  const { json } = await http(`${provider.origin}/.well-known/openid-configuration`);

  const modules = [
    ['oidcc-rp-initiated-logout-discovery-endpoint-verification', []],
    [
      'oidcc-backchannel-logout-discovery-endpoint-verification',
      ['backchannel_logout_supported', 'backchannel_logout_session_supported'],
    ],
    [
      'oidcc-frontchannel-logout-discovery-endpoint-verification',
      ['frontchannel_logout_supported', 'frontchannel_logout_session_supported'],
    ],
  ] as const;
  for (const [name, flags] of modules) {
    it(`${name}: the endpoint is at https, as all are, and what it needs is there`, () => {
      assert.ok(json.end_session_endpoint);
      for (const [member, url] of Object.entries(json).filter(([one]) => one.endsWith('_endpoint')))
        assert.equal(new URL(String(url)).protocol, 'https:', member);
      for (const flag of flags) assert.equal(json[flag], true, flag);
    });
  }
});

describe('RP-Initiated OP', () => {
  it('oidcc-rp-initiated-logout: the person is signed out and sent back with the state alone', async () => {
    const module = new Logout();
    const { page, state } = await module.end(await module.signIn());
    assertReturns(page.location, { state });
    await module.assertSignedOut();
  });

  it('oidcc-rp-initiated-logout-no-state: the same without a state', async () => {
    const module = new Logout();
    const { page } = await module.end(await module.signIn(), { state: undefined });
    assertReturns(page.location, {});
    await module.assertSignedOut();
  });

  const unregistered = [
    [
      'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
      RETURN.replace('/post_logout_redirect', '/bad_post_logout_redirect_uri'),
    ],
    ['oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', `${RETURN}?foo=bar`],
  ] as const;
  for (const [name, uri] of unregistered) {
    it(`${name}: nobody is sent there, and nobody is signed out`, async () => {
      const module = new Logout();
      const { page } = await module.end(await module.signIn(), { post_logout_redirect_uri: uri });
      assertErrorPage(page, 'post_logout_redirect_uri');
      await module.assertSignedIn();
    });
  }

  it('oidcc-rp-initiated-logout-modified-id-token-hint: an unsigned hint is an error', async () => {
    const module = new Logout();
    const tokens = await module.signIn();
    const [, payload] = String(tokens.response.id_token).split('.');
    const header = Buffer.from('{"alg": "none"}').toString('base64url');
    const { page } = await module.end(tokens, { id_token_hint: `${header}.${payload}.` });
    assertErrorPage(page, 'id_token_hint');
    await module.assertSignedIn();
  });

  it('oidcc-rp-initiated-logout-bad-id-token-hint: a hint that the client has signed is an error', async () => {
    const module = new Logout();
    const tokens = await module.signIn();
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      // In the place of each other, as in the suite.
      iss: 'suite-first',
      aud: server.issuer,
      sub: 'SubjectID',
      nonce: 'flibble',
      iat: now,
      exp: now + 300,
    };
    const secret: string = SEED.clients[0].client_secret;
    for (const hint of [claims, { ...tokens.idToken.payload }]) {
      const { page } = await module.end(tokens, { id_token_hint: selfMade(hint, secret) });
      assertErrorPage(page, 'id_token_hint');
    }
    await module.assertSignedIn();
  });

  it('oidcc-rp-initiated-logout-no-id-token-hint: with nobody who asks there is nowhere to go', async () => {
    const module = new Logout();
    const { page } = await module.end(await module.signIn(), { id_token_hint: undefined });
    assertErrorPage(page, 'id_token_hint');
    await module.assertSignedIn();
  });

  const asking = [
    ['oidcc-rp-initiated-logout-no-params', { state: undefined }],
    ['oidcc-rp-initiated-logout-only-state', {}],
  ] as const;
  for (const [name, changes] of asking) {
    it(`${name}: the person is asked, and then signed out here`, async () => {
      const module = new Logout();
      const { page } = await module.end(await module.signIn(), {
        id_token_hint: undefined,
        post_logout_redirect_uri: undefined,
        ...changes,
      });
      assert.equal(page.status, 200);
      await module.assertSignedIn();
      assertSignedOutPage(await module.person.submit(page, { decision: 'sign_out' }));
      await module.assertSignedOut();
    });
  }

  it('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: the person is signed out, and told so here', async () => {
    const module = new Logout();
    const { page } = await module.end(await module.signIn(), {
      post_logout_redirect_uri: undefined,
    });
    assertSignedOutPage(page);
    await module.assertSignedOut();
  });
});

describe('Back-Channel OP', () => {
  it('oidcc-backchannel-rp-initiated-logout: the client is sent a logout token of the same session', {
    timeout: 30_000,
  }, async () => {
    const module = new Logout('suite-back');
    const tokens = await module.signIn();
    const { page, state } = await module.end(tokens);
    assertReturns(page.location, { state });
    while (told.length === 0) await new Promise(setImmediate);
    const [{ headers, form }] = told as [(typeof told)[number]];
    assert.match(headers.get('content-type') ?? '', /^application\/x-www-form-urlencoded(?:;|$)/);
    assert.deepEqual(Object.keys(form), ['logout_token']);
    const { json: jwks } = await http(metadata.jwks_uri);
    const { payload, protectedHeader } = await jwtVerify(
      form['logout_token']!,
      createLocalJWKSet(jwks),
      { issuer: server.issuer, audience: 'suite-back', typ: 'logout+jwt' },
    );
    assert.equal(protectedHeader.alg, 'RS256');
    assert.ok(Math.abs(Date.now() / 1000 - payload.iat!) < 300);
    assert.ok(payload.jti);
    assert.deepEqual(payload['events'], { [EVENT]: {} });
    const { sub, sid } = tokens.idToken.payload;
    assert.ok(sub && sid);
    assert.deepEqual({ sub: payload.sub, sid: payload['sid'] }, { sub, sid });
    assert.ok(!('nonce' in payload));
    await module.assertSignedOut();
    assert.equal(told.length, 1);
  });
});

describe('Front-Channel OP', () => {
  it('oidcc-frontchannel-rp-initiated-logout: the client is in a frame with issuer and session, and the page goes on', async () => {
    const module = new Logout('suite-front');
    const tokens = await module.signIn();
    const { page, state } = await module.end(tokens);
    assertSignedOutPage(page);
    const [uri = ''] = SEED.clients.flatMap(
      ({ frontchannel_logout_uri: one }: Params) => one ?? [],
    );
    const frames = urlsIn(page, 'iframe', 'src');
    assert.equal(frames.length, 1);
    const framed = new URL(frames[0]!);
    assert.equal(`${framed.origin}${framed.pathname}`, uri);
    const { sid } = tokens.idToken.payload;
    assert.deepEqual(Object.fromEntries(framed.searchParams), { iss: server.issuer, sid });
    const onwards = urlsIn(page, 'a', 'href').find((url) => url.startsWith(RETURN)) ?? '';
    assertReturns(onwards, { state });
    await module.assertSignedOut();
  });
});
