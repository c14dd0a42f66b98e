// The authorization request of OpenID Connect (Core section 3.1.2), from what a client sends to what it is
// told.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toldBy } from '../../helpers/authorization-response.ts';
import { encoded, forge, SECRET, signingKeys } from '../../helpers/forge.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import { type Answer, http } from '../../helpers/http.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import {
  OPENID_SEED,
  refreshAs,
  relyingParty,
  signInTo,
  signInUrl,
  userInfo,
  verified,
} from '../../helpers/openid.ts';

const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('rp-hourly', { default_max_age: 3600 }),
    relyingParty('rp-pairwise', { subject_type: 'pairwise' }),
    relyingParty('rp-bare', { scope: 'openid' }),
    relyingParty('rp-attended', { scope: 'openid' }),
    relyingParty('rp-online', { grant_types: ['authorization_code'] }),
  ],
};
const server = await startServer({ SESSION_SECRET: SECRET }, { seed });
await server.ready();

type Params = Record<string, string | undefined>;

const url = (params: Params = {}, client = 'rp') => signInUrl(server, client, params);

/** What the client is told at once, by whoever it is that sends its request. */
const told = async (params: Params, person = new Person(server), client = 'rp') =>
  toldBy(await person.open(url(params, client))).parameters;

/** Somebody who is signed in, and has allowed the client what it asks for. */
async function signedIn(params: Params = {}, client = 'rp', login: [string?, string?] = []) {
  const person = new Person(server);
  await person.allow(url(params, client), ...login);
  return person;
}

const isLogin = ({ text }: Answer) => text.includes('name="password"');
const isConsent = ({ text }: Answer) => text.includes('name="decision"');

const claims = (value: unknown): Params => ({ claims: JSON.stringify(value) });

/** The id of a person, which public clients know them by. */
const idOf = async (username: string) => (await server.store.users.findByUsername(username))!.id;
const ALICE = await idOf('alice');
const BOB = await idOf('bob');

describe('a request of OpenID Connect is answered with an error that says what is wrong', () => {
  const rows: readonly [what: string, params: Params, error: string, sentence: RegExp][] = [
    [
      'a display nobody knows',
      { display: 'tv' },
      'invalid_request',
      /display 'tv' is none of: page/,
    ],
    [
      'a prompt nobody knows',
      { prompt: 'login create' },
      'invalid_request',
      /The prompt 'create' is none of: none, login/,
    ],
    [
      'a prompt of odd and many characters',
      { prompt: `"é${'x'.repeat(200)}` },
      'invalid_request',
      /^The prompt '\?'\?x{58}\.\.\.' is none of: /,
    ],
    ['prompt=none beside another', { prompt: 'none login' }, 'invalid_request', /combined/],
    ['a max_age that is negative', { max_age: '-1' }, 'invalid_request', /max_age/],
    ['a max_age that is huge', { max_age: '9'.repeat(11) }, 'invalid_request', /max_age/],
    [
      'a nonce that is too long',
      { nonce: 'n'.repeat(1025) },
      'invalid_request',
      /nonce is too long/,
    ],
    ['claims that are not JSON', { claims: '{' }, 'invalid_request', /claims is not JSON/],
    ['claims that are a list', { claims: '[]' }, 'invalid_request', /claims is not an object/],
    [
      'claims that are deep',
      { claims: '['.repeat(4000) + ']'.repeat(4000) },
      'invalid_request',
      /deep/,
    ],
    [
      'claims that are longer than any should be',
      claims({ userinfo: { name: { value: 'x'.repeat(8192) } } }),
      'invalid_request',
      /claims is too long: it may have 8192 characters/,
    ],
    [
      'claims that ask for two people',
      claims({ userinfo: { sub: { value: 'a' } }, id_token: { sub: { value: 'b' } } }),
      'invalid_request',
      /two different people/,
    ],
    [
      'a response_mode nobody knows',
      { response_mode: 'jwt' },
      'invalid_request',
      /response_mode 'jwt' is none of: query, fragment, form_post/,
    ],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported', /request is not/],
    [
      'a request object elsewhere',
      { request_uri: 'https://rp.example/request' },
      'request_uri_not_supported',
      /request_uri is not/,
    ],
    ['a registration', { registration: '{}' }, 'registration_not_supported', /registration is not/],
    ['an id_token_hint that is no JWT', { id_token_hint: 'x' }, 'invalid_request', /id_token_hint/],
    [
      'an id_token_hint that is too long',
      { id_token_hint: `${'e30.'.repeat(3000)}`.padEnd(16_385, 'x') },
      'invalid_request',
      /id_token_hint is too long/,
    ],
    [
      'a request that is too long to wait',
      claims({ userinfo: { name: { value: randomText(3000) } } }),
      'invalid_request',
      /The request is too long: packed/,
    ],
  ];
  for (const [what, params, error, sentence] of rows) {
    it(`${what}: ${error}`, async () => {
      // In a body, as a header has no room for the longest of them.
      const form = new URL(url(params)).searchParams;
      const answer = await http(`${server.issuer}/oauth/authorize`, { method: 'POST', body: form });
      const { error_description, ...rest } = toldBy(answer).parameters;
      assert.deepEqual(rest, { error, state: 'some-state', iss: server.issuer });
      assert.match(error_description ?? '', sentence);
    });
  }

  it('no redirect_uri, which it has to have: a page, though the client has one alone', async () => {
    const answer = await new Person(server).visit(url({ redirect_uri: undefined }));
    assert.equal(answer.status, 400);
    assert.match(
      answer.text,
      /The parameter redirect_uri is missing: a request with the scope openid has to have it/,
    );
    const plain = url({ redirect_uri: undefined, scope: 'read' });
    assert.ok(isLogin(await new Person(server).visit(plain)), 'it may be left out without openid');
  });

  it('a hint that is sent twice: invalid_request, as for any parameter', async () => {
    const { location } = await http(`${url({ login_hint: 'a' })}&login_hint=b`);
    assert.match(location, /error=invalid_request.*login_hint%20was%20sent%20more%20than%20once/);
  });

  it('claims of 100 kB: a page that says so, as for any body', async () => {
    const body = new URLSearchParams({ client_id: 'rp', claims: 'x'.repeat(100_000) });
    const answer = await http(`${server.issuer}/oauth/authorize`, { method: 'POST', body });
    assert.equal(answer.status, 413);
    assert.match(answer.text, /The body is too large/);
  });

  it('openid, from a client that may not have it: invalid_scope', async () => {
    const { error } = await told(
      { redirect_uri: 'https://legacy.example/callback?tenant=1', scope: 'openid' },
      undefined,
      'legacy',
    );
    assert.equal(error, 'invalid_scope');
  });
});

describe('a request of OpenID Connect is not stopped by', () => {
  const rows: readonly [what: string, params: Params][] = [
    ...['page', 'popup', 'touch', 'wap'].map((display): [string, Params] => [
      `display=${display}`,
      { display },
    ]),
    ['acr_values, which are voluntary', { acr_values: `2 ${'urn:x '.repeat(200)}` }],
    ['acr as a voluntary claim', claims({ id_token: { acr: { values: ['2'] } } })],
    ['languages of claims that nobody knows', { claims_locales: 'se' }],
    ['languages of pages that nobody knows', { ui_locales: 'se' }],
    ['a hint of how to sign in', { login_hint: 'buffy@localhost' }],
    ...['login_hint', 'ui_locales', 'claims_locales', 'display', 'acr_values'].flatMap(
      (name): [string, Params][] => [
        [`${name} that is too long, as it is a hint`, { [name]: 'de '.repeat(1000) }],
        [`${name} that nobody can read, as it is a hint`, { [name]: 'de\n' }],
      ],
    ),
    ['a parameter that nobody knows', { extra: 'foobar' }],
    ['claims with null for a place', claims({ id_token: null, userinfo: null })],
    ['a scope that nobody knows (section 3.1.2.1)', { scope: 'openid roles' }],
    ['claims that nobody knows', claims({ userinfo: { shoe_size: 'large' }, x: 1 })],
    ['a nonce of 1024 characters', { nonce: randomText(1024) }],
  ];
  for (const [what, params] of rows) {
    it(what, async () => assert.ok(isLogin(await new Person(server).visit(url(params)))));
  }
});

function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Buffer.from(bytes).toString('base64url').slice(0, length);
}

describe('a scope that this server does not have', () => {
  const params = { scope: 'openid roles profile https://graph.example/.default' };

  it('is ignored, and the response says what was granted; it is ignored in a refresh, too', async () => {
    const tokens = await signInTo(server, { params });
    assert.equal(tokens.scope, 'openid profile');
    const again = await refreshAs(server, 'rp', tokens.refresh_token, params);
    assert.equal(again.json.scope, 'openid profile');
  });

  it('is ignored, and one that it has is an error if the client may not have it', async () => {
    for (const scope of ['openid read', 'openid roles email']) {
      assert.equal((await told({ scope }, undefined, 'rp-bare'))['error'], 'invalid_scope', scope);
    }
  });

  it('is an error without openid, as is what is no scope at all', async () => {
    for (const scope of ['read roles', 'openid "roles"']) {
      assert.equal((await told({ scope }))['error'], 'invalid_scope', scope);
    }
  });

  it('is ignored as offline_access is that the client may not have, in a refresh as well', async () => {
    const offline = { scope: 'openid offline_access' };
    const client = 'rp-attended';
    const tokens = await signInTo(server, { client, params: offline });
    const again = await refreshAs(server, client, tokens.refresh_token, offline);
    assert.equal(again.json.scope, 'openid');
  });
});

describe('prompt=none', () => {
  const none = { prompt: 'none' };

  it('is login_required as long as nobody is signed in', async () => {
    assert.equal((await told(none))['error'], 'login_required');
  });

  it('is consent_required for what was not allowed, and a code for what was', async () => {
    const person = await signedIn();
    assert.ok((await told(none, person))['code']);
    assert.equal(
      (await told({ ...none, scope: 'openid email' }, person))['error'],
      'consent_required',
    );
  });

  it('is consent_required for claims that were not allowed, and a code for those that were', async () => {
    const name = claims({ userinfo: { name: { essential: true } } });
    const both = claims({ userinfo: { name: null }, id_token: { email: null } });
    const person = await signedIn();
    assert.equal((await told({ ...none, ...name }, person))['error'], 'consent_required');
    await person.allow(url(name));
    assert.ok((await told({ ...none, ...name }, person))['code']);
    assert.ok((await told({ ...none, ...claims({ id_token: { name: null } }) }, person))['code']);
    assert.equal((await told({ ...none, ...both }, person))['error'], 'consent_required');
  });

  it('is consent_required for offline_access, even if that was allowed', async () => {
    const offline = { scope: 'openid offline_access' };
    const person = await signedIn(offline);
    const { error, error_description } = await told({ ...none, ...offline }, person);
    assert.equal(error, 'consent_required');
    assert.match(error_description ?? '', /or is asked for it each time: send them again without/);
    assert.ok(isConsent(await person.visit(url(offline))), 'the person is asked again');
  });

  for (const [client, what] of [
    ['rp-online', 'gets no refresh tokens'],
    ['rp-attended', 'may not have it'],
  ] as const) {
    it(`ignores offline_access of a client that ${what}`, async () => {
      const offline = { scope: 'openid offline_access' };
      const person = await signedIn(offline, client);
      assert.ok((await told({ ...none, ...offline }, person, client))['code']);
      const answer = await signInTo(server, { client, params: offline, person });
      assert.equal(answer.scope, 'openid');
    });
  }

  it('is login_required once the sign-in is older than the client allows', async () => {
    await withClock(async (advance) => {
      const person = await signedIn();
      await person.allow(url({}, 'rp-hourly'));
      advance(3_600_000);
      assert.ok((await told(none, person, 'rp-hourly'))['code']);
      assert.equal((await told({ ...none, max_age: '0' }, person))['error'], 'login_required');
      advance(1);
      assert.equal((await told(none, person, 'rp-hourly'))['error'], 'login_required');
      assert.ok((await told({ ...none, max_age: '3601' }, person, 'rp-hourly'))['code']);
    });
  });

  it('is an error for an acr that is essential and that nobody has here', async () => {
    const acr = (value: string) => claims({ id_token: { acr: { essential: true, value } } });
    const person = await signedIn();
    assert.ok((await told({ ...none, ...acr('1') }, person))['code']);
    assert.equal(
      (await told({ ...none, ...acr('2') }, person))['error'],
      'unmet_authentication_requirements',
    );
    assert.equal((await told(acr('2'), person))['error'], 'unmet_authentication_requirements');
  });
});

describe('what is approved', () => {
  it('is kept with the grant: the claims that were asked for one by one', async () => {
    const asked = { userinfo: { nickname: { essential: true }, shoe_size: null } };
    await signedIn(claims(asked), 'rp-post');
    const grants = await server.store.grants.listByUser(ALICE, Date.now());
    const grant = grants.find(({ clientId }) => clientId === 'rp-post');
    assert.deepEqual(grant?.openid?.claims, { userinfo: { nickname: { essential: true } } });
    const consent = await server.store.consents.find(ALICE, 'rp-post', '');
    assert.deepEqual(consent?.claims, ['nickname']);
  });

  it('has no claims that the client may not have by a scope, and its consent page does not show them', async () => {
    const asked = claims({ userinfo: { email: null, groups: null }, id_token: { email: null } });
    const page = await (await signedIn()).visit(url(asked, 'rp-bare'));
    assert.ok(isConsent(page));
    assert.doesNotMatch(page.text, /alice@example\.com|group/i);
    const client = 'rp-bare';
    const tokens = await signInTo(server, { client, params: asked });
    assert.deepEqual((await userInfo(server, tokens.access_token)).json, { sub: ALICE });
    assert.equal((await verified(server, tokens.id_token, client))['email'], undefined);
  });

  it('has no claims without the scope openid', async () => {
    const asked = { ...claims({ userinfo: { nickname: null } }), scope: 'read' };
    await signedIn(asked, 'rp-es256');
    const grants = await server.store.grants.listByUser(ALICE, Date.now());
    const grant = grants.find(({ clientId }) => clientId === 'rp-es256');
    assert.equal(grant?.openid?.claims, undefined);
    const consent = await server.store.consents.find(ALICE, 'rp-es256', '');
    assert.equal(consent?.claims, undefined);
  });
});

/** An ID token of this server, with its own key. */
async function idToken(changes: object = {}, header: object = {}, at: TestServer = server) {
  const [key] = await signingKeys(at.store);
  const times = { iat: 1_000_000_000, exp: 1_000_003_600 };
  const claims = { iss: server.issuer, aud: 'rp', sub: ALICE, ...times, ...changes };
  return forge(key!, { alg: key!.alg, typ: 'JWT', kid: key!.kid, ...header }, claims);
}

describe('id_token_hint (OpenID Connect Core section 3.1.2.1)', async () => {
  const stranger = await startServer({ SESSION_SECRET: SECRET });
  await stranger.ready();
  const none = { prompt: 'none' };

  it('of the person who is signed in changes nothing, though it has expired', async () => {
    const person = await signedIn();
    const id_token_hint = await idToken();
    assert.ok((await told({ ...none, id_token_hint }, person))['code']);
    assert.ok((await told({ id_token_hint }, person))['code']);
  });

  it('is any ID token that the client got here, whatever it is signed with', async () => {
    for (const client of ['rp', 'rp-es256', 'rp-eddsa', 'rp-ed25519']) {
      const person = new Person(server);
      const { id_token } = await signInTo(server, { client, person });
      assert.ok((await told({ ...none, id_token_hint: id_token }, person, client))['code'], client);
      const other = client === 'rp' ? 'rp-es256' : 'rp';
      const { error } = await told({ ...none, id_token_hint: id_token }, person, other);
      assert.equal(error, 'invalid_request', client);
    }
  });

  it('means whom the client knows by that sub, if it knows people by one of its own', async () => {
    const client = 'rp-pairwise';
    const person = new Person(server);
    const { id_token } = await signInTo(server, { client, person });
    const ofBob = await signInTo(server, { client, login: ['bob', 'builder'] });
    const ask = (id_token_hint: string) => told({ ...none, id_token_hint }, person, client);
    assert.ok((await ask(id_token))['code']);
    assert.equal((await ask(ofBob.id_token))['error'], 'login_required');
    const byId = await idToken({ aud: client, sub: ALICE });
    assert.equal((await ask(byId))['error'], 'login_required', 'the id is not told');
  });

  it('of another person is login_required if nobody may be asked', async () => {
    const person = await signedIn();
    const id_token_hint = await idToken({ sub: BOB });
    assert.equal((await told({ ...none, id_token_hint }, person))['error'], 'login_required');
  });

  it('of another person asks for a sign-in, says nothing of them, and takes nobody else', async () => {
    await withClock(async (advance) => {
      const id_token_hint = await idToken({ sub: BOB });
      for (const [login, outcome] of [
        [['bob', 'builder'], 'code'],
        [['alice', 'wonderland'], 'error'],
      ] as const) {
        const person = await signedIn();
        advance(1000);
        const page = await person.visit(url({ id_token_hint }));
        assert.ok(isLogin(page));
        assert.doesNotMatch(page.text, /\bbob\b/i);
        let answer = await person.signIn(page, ...login);
        if (isConsent(answer)) answer = await person.submit(answer, { decision: 'allow' });
        const { parameters } = toldBy(answer);
        assert.ok(parameters[outcome]);
        if (outcome === 'error') assert.equal(parameters['error'], 'login_required');
      }
    });
  });

  it('cannot be passed by with the decision form of another person', async () => {
    await withClock(async (advance) => {
      const person = new Person(server);
      const hinted = url({ id_token_hint: await idToken({ sub: BOB }), prompt: 'consent' });
      const asked = await person.signIn(await person.visit(hinted), 'bob', 'builder');
      assert.ok(isConsent(asked));
      advance(1000);
      await person.signIn(await person.visit('/login?prompt=login'));
      const { location } = await person.open('/oauth/authorize', {
        method: 'POST',
        body: new URLSearchParams({ ...readForm(asked.text).fields, decision: 'allow' }),
      });
      assert.match(location, /error=login_required/);
    });
  });

  const refused: readonly [what: string, hint: () => Promise<string>][] = [
    ['of another client', () => idToken({ aud: 'rp-post' })],
    ['of another issuer', () => idToken({ iss: 'https://other.example' })],
    ['signed by another server', () => idToken({}, {}, stranger)],
    [
      'with a key id that is ours, signed by another server',
      async () => {
        const [key] = await signingKeys(server.store);
        return idToken({}, { kid: key!.kid }, stranger);
      },
    ],
    [
      'without a signature',
      async () => {
        const parts = (await idToken()).split('.');
        return `${parts[0]}.${parts[1]}.`;
      },
    ],
    [
      'of the algorithm none',
      async () => {
        const body = (await idToken()).split('.')[1];
        return `${encoded({ alg: 'none', typ: 'JWT' })}.${body}.`;
      },
    ],
    [
      'with other claims under its signature',
      async () => {
        const [head, , signature] = (await idToken()).split('.');
        return `${head}.${encoded({ iss: server.issuer, aud: 'rp', sub: BOB })}.${signature}`;
      },
    ],
    ['without a sub', () => idToken({ sub: undefined })],
    ['that is an access token', () => idToken({}, { typ: 'at+jwt' })],
  ];
  for (const [what, hint] of refused) {
    it(`is invalid_request if it is one ${what}`, async () => {
      const person = await signedIn();
      const { error, error_description } = await told({ id_token_hint: await hint() }, person);
      assert.equal(error, 'invalid_request');
      assert.match(error_description ?? '', /id_token_hint is no ID token that this server issued/);
    });
  }

  it('is sealed as the sub alone, so that the login page has a short URL', async () => {
    const { location } = await new Person(server).open(
      url({ id_token_hint: await idToken({ filler: randomText(6000) }) }),
    );
    assert.match(location, /^\/login\?continue=/);
    assert.ok(location.length < 500, `${location.length}`);
  });
});

describe('the claim sub with a value (section 5.5.1)', () => {
  const sub = (value: string) => claims({ id_token: { sub: { value } } });

  it('takes that person, and nobody else', async () => {
    const person = await signedIn();
    const none = { prompt: 'none' };
    assert.ok((await told({ ...none, ...sub(ALICE) }, person))['code']);
    assert.equal((await told({ ...none, ...sub(BOB) }, person))['error'], 'login_required');
    assert.ok(isLogin(await person.visit(url(sub(BOB)))));
  });

  it('does not tell a client that nobody has allowed who is signed in', async () => {
    const person = await signedIn();
    const answers = [ALICE, BOB].map((id) => ({ ...sub(id), prompt: 'none' }));
    const [right, wrong] = await Promise.all(answers.map((asked) => told(asked, person, 'rp-jwt')));
    assert.equal(right!['error'], 'login_required');
    assert.deepEqual(right, wrong);
    const scope = 'openid phone';
    const id_token_hint = await idToken();
    const { error } = await told({ prompt: 'none', scope, id_token_hint }, person);
    assert.equal(error, 'consent_required');
  });

  it('that is not the one of the id_token_hint is invalid_request', async () => {
    const { error } = await told({ ...sub(BOB), id_token_hint: await idToken() });
    assert.equal(error, 'invalid_request');
  });
});

describe('a client that has to know when the person signed in', () => {
  it('has the person sign in again if that is longer ago than its default_max_age, and is told', async () => {
    await withClock(async (advance) => {
      const client = 'rp-hourly';
      const person = new Person(server);
      const authTimeOf = async (params: Params = {}) => {
        const { id_token } = await signInTo(server, { client, person, params });
        return (await verified(server, id_token, client))['auth_time'] as number;
      };
      const first = await authTimeOf();
      advance(3_600_000);
      assert.equal(await authTimeOf(), first);
      advance(1000);
      assert.ok(isConsent(await person.visit(url({ prompt: 'consent', max_age: '3601' }, client))));
      assert.ok(isLogin(await person.visit(url({}, client))));
      assert.equal(await authTimeOf({ max_age: '3601' }), first, 'max_age has the last word');
      assert.equal(await authTimeOf(), first + 3601);
    });
  });

  it('gets nobody whose sign-in has no time, and says so once the app was asked', async () => {
    let answer: object = { id: '7', name: 'Seven' };
    const host = await serveHost({ authenticate: () => answer, loginUrl: '/in' });
    const web = (await host.store.clients.find('web'))!;
    const punctual = { ...web, requireAuthTime: true, requirePkce: false };
    await host.store.clients.save(punctual);
    const params = { redirect_uri: 'https://web.example/callback', scope: 'read' };
    const request = signInUrl(host, 'web', params);
    const sent = await http(request);
    assert.match(sent.location, /^\/in\?return_to=/);
    const back = new URL(sent.location, host.origin).searchParams.get('return_to')!;
    const { parameters } = toldBy(await http(new URL(back, host.origin).href));
    assert.equal(parameters['error'], 'login_required');
    answer = { id: '7', name: 'Seven', authTime: Date.now() };
    assert.ok(isConsent(await new Person(host).visit(request)));
  });

  it('or says so by the essential claim auth_time (section 2): the same', async () => {
    let answer: object = { id: '7', name: 'Seven' };
    const clients = [relyingParty('rp', { scope: 'openid' })];
    const host = await serveHost({ authenticate: () => answer, loginUrl: '/in', clients });
    const asked = claims({ id_token: { auth_time: { essential: true } } });
    const sent = await http(signInUrl(host, 'rp', asked));
    assert.match(sent.location, /^\/in\?return_to=.*&prompt=login$/);
    const back = new URL(sent.location, host.origin).searchParams.get('return_to')!;
    const { parameters } = toldBy(await http(new URL(back, host.origin).href));
    assert.equal(parameters['error'], 'login_required');
    const silent = await http(signInUrl(host, 'rp', { ...asked, prompt: 'none' }));
    assert.equal(toldBy(silent).parameters['error'], 'login_required');
    answer = { id: '7', name: 'Seven', authTime: Date.now() };
    const { id_token } = await signInTo(host, { params: asked });
    assert.equal(typeof (await verified(host, id_token))['auth_time'], 'number');
  });
});

describe('a request by POST (section 3.1.2.1)', () => {
  const post = (person: Person, params: Params, more: Record<string, string> = {}) =>
    person.open('/oauth/authorize', {
      method: 'POST',
      body: new URLSearchParams([...new URL(url(params)).searchParams, ...Object.entries(more)]),
    });

  it('is sealed and comes back by GET, so that the session of the person counts', async () => {
    const stranger = new Person(server);
    const { status, location, headers } = await post(stranger, {});
    assert.equal(status, 303);
    assert.match(location, /^\/oauth\/authorize\?continue=[\w-]+$/);
    assert.deepEqual(headers.getSetCookie(), [], 'no session for a request of another site');
    assert.ok(isLogin(await stranger.visit(location)));
    // The browser sends no cookie with the POST of another site, and sends it with what comes of it.
    const person = await signedIn();
    assert.ok(toldBy(await person.open(location)).parameters['code']);
  });

  it('keeps what it asks for: prompt=none, and a form for the answer', async () => {
    const { location } = await post(new Person(server), {
      prompt: 'none',
      response_mode: 'form_post',
    });
    const { mode, parameters } = toldBy(await new Person(server).open(location));
    assert.equal(mode, 'form_post');
    assert.equal(parameters['error'], 'login_required');
  });

  it('is a page as long as nobody knows that the redirect URI is the client’s', async () => {
    for (const wrong of [{ client_id: 'nobody' }, { redirect_uri: 'https://evil.example/' }]) {
      const answer = await post(new Person(server), wrong);
      assert.equal(answer.status, 400);
      assert.equal(answer.location, '');
      assert.match(answer.text, /<h1/);
    }
  });

  it('has to be a form, and takes nothing from the query', async () => {
    const person = new Person(server);
    const asked = url();
    const json = await person.open(asked, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new URL(asked).searchParams)),
    });
    assert.equal(json.status, 400);
    assert.match(json.text, /The body must be a form/);
    const empty = await person.open(asked, { method: 'POST', body: new URLSearchParams() });
    assert.equal(empty.status, 400);
    assert.match(empty.text, /neither is an authorization request, with a client_id, nor says/);
  });

  it('with two of a parameter is an error for whom it is for', async () => {
    const twoStates = await post(new Person(server), {}, { state: 'another' });
    assert.equal(twoStates.status, 400);
    const twoScopes = await post(new Person(server), {}, { scope: 'openid' });
    assert.equal(toldBy(twoScopes).parameters['error'], 'invalid_request');
    const twoClients = await post(new Person(server), {}, { client_id: 'rp' });
    assert.equal(twoClients.status, 400);
  });

  it('that is a decision, too, is an error, and decides nothing', async () => {
    const person = new Person(server);
    const page = await person.signIn(await person.visit(url({ prompt: 'consent' })));
    const { fields } = readForm(page.text);
    for (const name of ['continue', 'csrf_token']) {
      const both = { [name]: fields[name]!, decision: 'allow' };
      const answer = await post(person, {}, both);
      assert.equal(answer.status, 400, name);
      assert.match(answer.text, /an authorization request, with a client_id, and a decision/);
    }
    assert.ok(toldBy(await person.submit(page, { decision: 'allow' })).parameters['code']);
  });
});
