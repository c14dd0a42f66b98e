// OpenID Connect RP-Initiated Logout 1.0: a client sends a person here who signs out of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forge, SECRET, signingKeys } from '../../helpers/forge.ts';
import { startServer, type TestServer, withClock } from '../../helpers/harness.ts';
import { type Answer, http } from '../../helpers/http.ts';
import { Person } from '../../helpers/http-person.ts';
import { askAs, OPENID_SEED, relyingParty, signInTo, signInUrl } from '../../helpers/openid.ts';
import { isSignedIn, message, post, record, textOf } from '../../helpers/people.ts';

const BYE = 'https://rp.example/bye';
const TENANT = 'https://rp.example/bye?tenant=1';
const DAY = 24 * 3600_000;

const seed = {
  ...OPENID_SEED,
  clients: [
    ...OPENID_SEED.clients,
    relyingParty('agenda', {
      client_name: 'Agenda',
      post_logout_redirect_uris: [BYE, TENANT],
    }),
    relyingParty('other', { post_logout_redirect_uris: ['https://other.example/bye'] }),
    relyingParty('pairwise', { subject_type: 'pairwise', post_logout_redirect_uris: [BYE] }),
    relyingParty('leaving'),
  ],
};

type Params = Record<string, string> | [string, string][];

const urlOf = (server: { issuer: string }, params: Params = {}) =>
  `${server.issuer}/oauth/end-session?${new URLSearchParams(params)}`;

/** A person who has signed in to a client in a browser of their own. */
async function someone(server: TestServer, client = 'agenda', params = {}) {
  const person = new Person(server);
  const tokens = await signInTo(server, { client, person, params });
  return { person, ...tokens, hint: tokens.id_token };
}

/** Whether a page asks the person, and has ended nothing. */
async function asks(answer: Answer, person: Person, server: TestServer): Promise<void> {
  assert.equal(answer.location, '');
  assert.match(answer.text, /<button[^>]* name="decision" value="sign_out">Sign out<\/button>/);
  assert.equal(await isSignedIn(person, server), true);
}

describe('a client that proves which session it means', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed });

  it('has the person signed out, who comes back with the state and nothing else', async () => {
    const { person, hint, refresh_token } = await someone(server);
    const heard = record(server, 'logout');
    const state = `<>"'\\&%{}%41+`;
    const params = { id_token_hint: hint, post_logout_redirect_uri: BYE, state };
    const { status, location } = await person.open(urlOf(server, params));
    assert.equal(status, 303);
    const back = new URL(location);
    assert.equal(`${back.origin}${back.pathname}`, BYE);
    assert.deepEqual([...back.searchParams], [['state', state]]);
    assert.equal(await isSignedIn(person, server), false);
    const refreshed = await askAs(server, 'agenda', { grant_type: 'refresh_token', refresh_token });
    assert.equal(refreshed.json.error, 'invalid_grant');
    const { sub } = JSON.parse(Buffer.from(hint.split('.')[1]!, 'base64url').toString());
    assert.deepEqual(heard, [['logout', { userId: sub, clientId: 'agenda' }]]);
    const asked = await person.open(signInUrl(server, 'agenda', { prompt: 'none' }));
    assert.equal(new URL(asked.location).searchParams.get('error'), 'login_required');
  });

  it('keeps the query of its own URL, and gets no state that it has not sent', async () => {
    for (const [params, location] of [
      [{ post_logout_redirect_uri: TENANT, state: 'a b' }, `${TENANT}&state=a%20b`],
      [{ post_logout_redirect_uri: TENANT }, TENANT],
      [{ post_logout_redirect_uri: BYE }, BYE],
    ] as const) {
      const { person, hint } = await someone(server);
      const answer = await person.open(urlOf(server, { id_token_hint: hint, ...params }));
      assert.equal(answer.location, location);
    }
  });

  it('without a URL to come back to leaves the person at a page that says so', async () => {
    const { person, hint } = await someone(server);
    const page = await person.visit(urlOf(server, { id_token_hint: hint, state: 'x' }));
    assert.match(page.text, /<h1[^>]*>You are signed out<\/h1>/);
    assert.equal(await isSignedIn(person, server), false);
  });

  it('may post its request, which comes without our cookie and goes on by GET', async () => {
    const { person, hint } = await someone(server);
    const form = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'x' };
    const posted = await http(urlOf(server), { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(posted.status, 303);
    assert.match(posted.location, /^\/oauth\/end-session\?continue=[\w-]+$/);
    assert.equal(await isSignedIn(person, server), true);
    const { location } = await person.open(posted.location);
    assert.equal(location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person, server), false);
  });

  it('may send its client_id as well, and a logout_hint by which it knows the person', async () => {
    for (const name of ['sub', 'sid']) {
      const { person, hint } = await someone(server);
      const claims = JSON.parse(Buffer.from(hint.split('.')[1]!, 'base64url').toString());
      const params = { client_id: 'agenda', logout_hint: claims[name] };
      const { location } = await person.open(urlOf(server, { id_token_hint: hint, ...params }));
      assert.match(location, /^\/logout/, name);
      assert.equal(await isSignedIn(person, server), false, name);
    }
  });

  it('may know the person by a sub of its own', async () => {
    const { person, hint } = await someone(server, 'pairwise');
    const params = { id_token_hint: hint, post_logout_redirect_uri: BYE };
    assert.equal((await person.open(urlOf(server, params))).location, BYE);
    assert.equal(await isSignedIn(person, server), false);
  });

  it('may send a hint that has expired, by a key that is published no more', async () => {
    const own = await startServer(
      { SESSION_TTL: `${60 * 24 * 3600}`, KEY_ROTATION: `${24 * 3600}` },
      { seed },
    );
    await withClock(async (advance) => {
      const { person, hint } = await someone(own);
      advance(29 * DAY);
      const params = { id_token_hint: hint, post_logout_redirect_uri: BYE };
      assert.equal((await person.open(urlOf(own, params))).location, BYE);
      assert.equal(await isSignedIn(person, own), false);
    });
  });

  it('means the session still, once the person has signed in again in this browser', async () => {
    const { person, hint } = await someone(server);
    await person.signIn(await person.visit('/login?prompt=login'));
    await person.open(urlOf(server, { id_token_hint: hint }));
    assert.equal(await isSignedIn(person, server), false);
  });

  it('gets a person who is not signed in straight back', async () => {
    const { person, hint } = await someone(server);
    const url = urlOf(server, { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'x' });
    for (const one of [person, person, new Person(server)]) {
      assert.equal((await one.open(url)).location, `${BYE}?state=x`);
    }
    assert.equal((await new Person(server).open(urlOf(server))).location, '/logout');
  });

  it('may ask several times at once, and beside a sign-in: each is answered, and none fails', async () => {
    const { person, hint } = await someone(server);
    const login = await person.visit('/login?prompt=login');
    const url = urlOf(server, { id_token_hint: hint, post_logout_redirect_uri: BYE });
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, () => person.open(url)),
      person.signIn(login),
    ]);
    for (const { status } of answers) assert.ok(status < 400, String(status));
    // The sign-in came before them, and has ended as well, or after them, and is another session.
    if (!(await isSignedIn(person, server))) return;
    await asks(await person.open(url), person, server);
  });
});

describe('a request that does not prove which session it means', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed });
  const bye = { client_id: 'agenda', post_logout_redirect_uri: BYE, state: 'x' };

  it('asks the person, says who asks, and signs them out if they say so', async () => {
    const { person } = await someone(server);
    const page = await person.open(urlOf(server, bye));
    assert.equal(page.status, 200);
    assert.match(textOf(page), /Agenda asks you to sign out/);
    assert.match(textOf(page), /Either way, you return to rp\.example/);
    assert.match(textOf(page), /Signed in as Alice Liddell alice/);
    await asks(page, person, server);
    const { location } = await person.submit(page, { decision: 'sign_out' });
    assert.equal(location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person, server), false);
  });

  it('takes the person back signed in if they want to stay', async () => {
    const { person } = await someone(server);
    const page = await person.open(urlOf(server, bye));
    assert.equal((await person.submit(page, { decision: 'stay' })).location, `${BYE}?state=x`);
    assert.equal(await isSignedIn(person, server), true);
    const nowhere = await person.open(urlOf(server));
    assert.match((await person.submit(nowhere, { decision: 'stay' })).text, /Your account/);
  });

  it('asks without a name if nobody says who asks, and ends at the page that says so', async () => {
    const { person } = await someone(server);
    for (const params of [{}, { state: 'x' }, { ui_locales: 'xx' }, { logout_hint: 'alice' }]) {
      const page = await person.open(urlOf(server, params as Params));
      assert.match(page.text, /<h1>Do you want to sign out\?<\/h1>/);
      await asks(page, person, server);
    }
    const page = await person.submit(await person.open(urlOf(server)), { decision: 'sign_out' });
    assert.match(page.text, /<h1[^>]*>You are signed out<\/h1>/);
  });

  it('is one with the hint of another session, of another person, or of a person it does not mean', async () => {
    const { person, hint } = await someone(server);
    const elsewhere = await someone(server);
    const bob = new Person(server);
    const login = ['bob', 'builder'] as const;
    const ofBob = await signInTo(server, { client: 'agenda', person: bob, login });
    const plain = await someone(server, 'rp');
    for (const params of [
      { id_token_hint: elsewhere.hint },
      { id_token_hint: ofBob.id_token },
      { id_token_hint: plain.hint },
      { id_token_hint: hint, logout_hint: 'bob' },
    ]) {
      await asks(await person.open(urlOf(server, params as Params)), person, server);
    }
    for (const one of [elsewhere.person, bob]) assert.equal(await isSignedIn(one, server), true);
  });

  it('is one with a guess at the username, whether it is right or not', async () => {
    const { person, hint } = await someone(server, 'pairwise');
    for (const logout_hint of ['bob', 'alice', 'alice@example.com', 'Alice Liddell']) {
      const params = { id_token_hint: hint, logout_hint };
      await asks(await person.open(urlOf(server, params)), person, server);
    }
  });

  it('is one with the hint of who was signed in here before', async () => {
    const { person, hint } = await someone(server);
    const login = await person.visit('/login?prompt=login');
    await person.signIn(login, 'bob', 'builder');
    await asks(await person.open(urlOf(server, { id_token_hint: hint })), person, server);
  });

  it('asks again if the form is of another session, of another page, or without a decision', async () => {
    const { person } = await someone(server);
    const { person: other } = await someone(server);
    const page = await person.open(urlOf(server, bye));
    const foreign = await other.submit(page, { decision: 'sign_out' });
    assert.equal(foreign.status, 403);
    assert.match(message(foreign, 'alert') ?? '', /This page was out of date/);
    await asks(foreign, other, server);
    const second = await person.open(urlOf(server, bye));
    const [, handle = ''] = /name="continue" value="([^"]+)"/.exec(second.text) ?? [];
    const mixed = await person.submit(page, { continue: handle, decision: 'sign_out' });
    assert.equal(mixed.status, 403);
    await asks(mixed, person, server);
    for (const fields of [{}, { decision: 'perhaps' }] as Record<string, string>[]) {
      const again = await person.submit(page, fields);
      assert.equal(again.status, 400);
      assert.equal(message(again, 'alert'), 'Please choose Stay signed in or Sign out.');
      await asks(again, person, server);
    }
    const last = await person.submit(foreign, { decision: 'sign_out' });
    assert.equal(last.status, 403, 'the page of one session is of no use in another');
  });

  it('from a page of somebody else’s asks, whatever decision comes with it', async () => {
    const { person } = await someone(server);
    const forged = { decision: 'sign_out', csrf_token: 'x' };
    for (const answer of [
      await person.visit(urlOf(server, forged)),
      await person.visit(urlOf(server), { method: 'POST', body: new URLSearchParams(forged) }),
    ]) {
      await asks(answer, person, server);
    }
  });

  it('goes on as if nobody had to be asked if the session has ended meanwhile', async () => {
    const { person } = await someone(server);
    const page = await person.open(urlOf(server, bye));
    const [first, second] = await Promise.all([
      person.submit(page, { decision: 'sign_out' }),
      person.submit(page, { decision: 'sign_out' }),
    ]);
    const third = await person.submit(page, { decision: 'stay' });
    for (const { location } of [first, second, third]) assert.equal(location, `${BYE}?state=x`);
  });

  it('speaks the languages that it asks for, also once it was posted or decided, and where it is wrong', async () => {
    const { person } = await someone(server);
    const german = { ...bye, ui_locales: 'de-AT en' };
    const page = await person.open(urlOf(server, german));
    assert.match(page.text, /<html lang="de"[\s\S]*Agenda<\/bdi> bittet Sie, sich abzumelden/);
    assert.match((await person.submit(page, {})).text, /<html lang="de"/);
    const posted = await http(urlOf(server), { method: 'POST', body: new URLSearchParams(german) });
    assert.match((await person.open(posted.location)).text, /<html lang="de"/);
    const wrong = await person.open(urlOf(server, { ...german, client_id: 'nobody' }));
    assert.match(wrong.text, /<html lang="de"[\s\S]*Diese Abmeldung kann nicht fortgesetzt werden/);
  });
});

describe('a request that is wrong', async () => {
  const server = await startServer({ SESSION_SECRET: SECRET }, { seed });
  const { person, hint } = await someone(server);
  const key = (await signingKeys(server.store)).find(({ alg }) => alg === 'RS256')!;
  const [head, body] = hint.split('.') as [string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const header = { alg: 'RS256', kid: key.kid };
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  const jwt = await signInTo(server, {
    client: 'rp-jwt',
    person,
    params: { scope: 'openid read' },
  });
  const signed = await signInTo(server, { client: 'rp-signed', person });
  const userInfo = await http(`${server.issuer}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${signed.access_token}` },
  });
  const elsewhere = await signInTo(await startServer({}, { seed }), { client: 'agenda' });
  const leaving = await signInTo(server, { client: 'leaving', person });
  await server.store.clients.remove('leaving');
  const uri = { post_logout_redirect_uri: BYE };
  const agenda = { client_id: 'agenda' };
  const hinted = { id_token_hint: hint };
  const badHint = (token: string): [Params, RegExp] => [
    { id_token_hint: token, ...uri },
    /The id_token_hint is no ID token that this server issued and can still verify: send the last one, or none\./,
  ];
  const notRegistered =
    /The post_logout_redirect_uri is not one of those registered for this client/;

  const wrong: Record<string, readonly [Params, RegExp]> = {
    'a hint without its signature': badHint(`${unsigned}.${body}.`),
    'a hint with the signature of another': badHint(`${head}.${body}.${'A'.repeat(342)}`),
    'a hint of another issuer': badHint(
      forge(key, { ...header, typ: 'JWT' }, { ...claims, iss: 'https://other.example' }),
    ),
    'a hint of another server': badHint(elsewhere.id_token),
    'a hint that is a logout token': badHint(forge(key, { ...header, typ: 'logout+jwt' }, claims)),
    'a hint that is an access token': badHint(jwt.access_token),
    'a hint that is an answer of UserInfo': badHint(userInfo.text),
    'a hint that is a word': badHint('x'),
    'a client_id of another client than the hint': [
      { ...hinted, client_id: 'other' },
      /The client_id is not that of the client that the id_token_hint was issued to/,
    ],
    'a client_id that nobody has': [{ client_id: 'nobody' }, /No client is registered/],
    'a hint of a client that was removed': [
      { id_token_hint: leaving.id_token },
      /No client is registered/,
    ],
    'a URL that is not registered': [
      { ...hinted, post_logout_redirect_uri: 'https://rp.example/other' },
      notRegistered,
    ],
    'a registered URL with a query': [
      { ...hinted, post_logout_redirect_uri: `${BYE}?foo=bar` },
      notRegistered,
    ],
    'a registered URL with a fragment': [
      { ...agenda, post_logout_redirect_uri: `${BYE}#x` },
      notRegistered,
    ],
    'a registered URL in other letters': [
      { ...hinted, post_logout_redirect_uri: 'https://RP.example/bye' },
      notRegistered,
    ],
    'the URL of another client': [
      { ...hinted, post_logout_redirect_uri: 'https://other.example/bye' },
      notRegistered,
    ],
    'the redirect URI of sign-ins': [
      { ...agenda, post_logout_redirect_uri: 'https://rp.example/callback' },
      notRegistered,
    ],
    'a URL without a client': [
      { ...uri, state: 'x' },
      /The post_logout_redirect_uri came without a client: send the id_token_hint or the client_id/,
    ],
    'a parameter twice': [
      [
        ['client_id', 'agenda'],
        ['client_id', 'agenda'],
      ],
      /The parameter client_id was sent more than once/,
    ],
    'a control character': [{ state: 'a\nb' }, /The parameter state has a control character/],
    'a state that is too long': [{ state: 'x'.repeat(2049) }, /The parameter state is too long/],
    'a state that would not fit into a redirect': [
      { ...hinted, ...uri, state: '\u20ac'.repeat(900) },
      /The post_logout_redirect_uri and the state are too long/,
    ],
    'a handle of nobody': [{ continue: 'x' }, /The parameter continue is none that this server/],
  };

  for (const [what, [params, description]] of Object.entries(wrong)) {
    it(`is answered by a page that says what, sends nobody anywhere and ends nothing: ${what}`, async () => {
      for (const answer of [
        await person.open(urlOf(server, params)),
        await person.open(urlOf(server), { method: 'POST', body: new URLSearchParams(params) }),
        await new Person(server).open(urlOf(server), {
          method: 'POST',
          body: new URLSearchParams(params),
        }),
      ]) {
        assert.equal(answer.status, 400);
        assert.equal(answer.location, '');
        assert.match(answer.text, /<h1[^>]*>This sign-out cannot continue<\/h1>/);
        assert.match(answer.text.replaceAll('&#39;', "'"), description);
        assert.match(answer.text, /href="\/oauth\/end-session">Sign out<\/a>/);
      }
      const guest = await new Person(server).open(urlOf(server, params));
      assert.deepEqual([guest.status, guest.location], [400, '']);
      assert.match(guest.text, /<h1[^>]*>You are not signed in here<\/h1>/);
      assert.match(guest.text.replaceAll('&#39;', "'"), description);
      assert.equal(await isSignedIn(person, server), true);
    });
  }

  it('has a genuine counterpart that is accepted, so only the forgery is what is refused', async () => {
    const { person, hint } = await someone(server);
    const claims = JSON.parse(Buffer.from(hint.split('.')[1]!, 'base64url').toString());
    const genuine = forge(key, { ...header, typ: 'JWT' }, claims);
    const { location } = await person.open(urlOf(server, { id_token_hint: genuine, ...uri }));
    assert.equal(location, BYE);
  });

  it('is told the method, or the type of the body, that it should have', async () => {
    for (const method of ['HEAD', 'PUT', 'DELETE']) {
      const answer = await person.open(urlOf(server, hinted), { method });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get('allow'), 'GET, POST');
    }
    const json = await person.open(urlOf(server), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(json.status, 400);
    assert.match(json.text, /The body must be a form/);
    const long = 'x'.repeat(70_000);
    const tooLong = await post(person, urlOf(server), { id_token_hint: long });
    assert.equal(tooLong.status, 413);
    assert.equal(await isSignedIn(person, server), true);
  });
});

describe('the metadata', () => {
  it('has the endpoint, at an issuer with a path, too, where it works', async () => {
    const server = await startServer({}, { seed, path: '/auth' });
    const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
    assert.equal(json.end_session_endpoint, `${server.issuer}/oauth/end-session`);
    const { person, hint } = await someone(server);
    const url = `${json.end_session_endpoint}?${new URLSearchParams({ id_token_hint: hint })}`;
    const page = await person.visit(url);
    assert.match(page.text, /<h1[^>]*>You are signed out<\/h1>/);
  });
});
