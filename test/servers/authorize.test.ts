import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, mock } from 'node:test';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person, readForm } from '../helpers/http-person.ts';

/** What the client finds in the query of its redirect URI. */
function answerOf(location: string): Record<string, string> {
  return Object.fromEntries(new URL(location).searchParams);
}

describe('an authorization request (RFC 6749 section 4.1.1)', async () => {
  const server = await startServer();

  it('leads to the login page, then the consent page, then back with code, state and iss', async () => {
    const person = new Person(server);
    const login = await person.visit(authorizeUrl(server));
    assert.match(login.text, /<h1[^>]*>[\s\S]*Sign in/);
    assert.match(login.text, /Web App/);
    const consent = await person.signIn(login);
    assert.equal(consent.status, 200);
    assert.match(consent.text, /Web App/);
    assert.match(consent.text, /Read your data/);
    assert.match(consent.text, /127\.0\.0\.1:9/);
    const back = await person.submit(consent, { decision: 'allow' });
    assert.equal(back.status, 303);
    const { code, ...rest } = answerOf(back.location);
    assert.match(code ?? '', /^[\w-]{43}$/);
    assert.deepEqual(rest, { state: 'some-state', iss: server.issuer });
  });

  it('is answered with access_denied, state and iss when the person cancels', async () => {
    const person = new Person(server);
    const url = authorizeUrl(server, { prompt: 'consent' });
    const consent = await person.signIn(await person.visit(url));
    const { location } = await person.submit(consent, { decision: 'deny' });
    const { error, error_description, ...rest } = answerOf(location);
    assert.equal(error, 'access_denied');
    assert.ok(error_description);
    assert.deepEqual(rest, { state: 'some-state', iss: server.issuer });
  });

  it('keeps the query of a registered redirect URI, in success and in error', async () => {
    const person = new Person(server);
    const params = {
      client_id: 'legacy',
      redirect_uri: 'https://legacy.example/callback?tenant=1',
    };
    const back = await person.allow(
      authorizeUrl(server, {
        ...params,
        code_challenge: undefined,
        code_challenge_method: undefined,
      }),
    );
    assert.equal(back.searchParams.get('tenant'), '1');
    assert.ok(back.searchParams.get('code'));
    const { location } = await person.open(
      authorizeUrl(server, { ...params, response_type: 'none' }),
    );
    const answer = answerOf(location);
    assert.equal(answer['tenant'], '1');
    assert.equal(answer['error'], 'unsupported_response_type');
    assert.equal(answer['state'], 'some-state');
    assert.equal(answer['iss'], server.issuer);
  });

  it('needs no state, and is then answered with none', async () => {
    const back = await new Person(server).allow(authorizeUrl(server, { state: undefined }));
    assert.equal(back.searchParams.has('state'), false);
  });

  it('gets its state back to the letter, whatever is in it', async () => {
    const state = 'a b+c&d=e%20f"ü/?#';
    const back = await new Person(server).allow(authorizeUrl(server, { state }));
    assert.equal(back.searchParams.get('state'), state);
    assert.doesNotMatch(back.href, /\+/);
  });

  it('asks for all the client may have when it names no scope', async () => {
    const person = new Person(server);
    const page = await person.signIn(
      await person.visit(authorizeUrl(server, { scope: undefined })),
    );
    assert.match(page.text, /Read your data/);
    assert.match(page.text, /Change your data/);
  });

  it('needs PKCE, but for a client whose record says otherwise', async () => {
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    const { location } = await new Person(server).open(authorizeUrl(server, without));
    assert.equal(answerOf(location)['error'], 'invalid_request');
    const legacy = { ...without, client_id: 'legacy', redirect_uri: undefined };
    const back = await new Person(server).allow(authorizeUrl(server, legacy));
    const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '' };
    assert.equal((await requestToken(server, form, 'legacy:legacy-secret')).status, 200);
  });

  it('may name any port on the person’s own machine for a public client (RFC 8252 section 7.3)', async () => {
    for (const redirect_uri of [
      'http://127.0.0.1:51004/callback',
      'http://[::1]:4/callback',
      'http://localhost:8/callback',
    ]) {
      const { verifier, challenge } = pkce();
      const back = await new Person(server).allow(
        authorizeUrl(server, { client_id: 'native', redirect_uri, code_challenge: challenge }),
      );
      assert.ok(back.href.startsWith(redirect_uri));
      const form = {
        grant_type: 'authorization_code',
        client_id: 'native',
        redirect_uri,
        code_verifier: verifier,
      };
      const answer = await requestToken(server, {
        ...form,
        code: back.searchParams.get('code') ?? '',
      });
      assert.equal(answer.status, 200);
    }
  });

  it('may do so for a confidential client whose record says so, and for no other', async () => {
    const redirectUri = 'http://127.0.0.1:10/callback';
    const open = () => new Person(server).open(authorizeUrl(server, { redirect_uri: redirectUri }));
    assert.equal((await open()).status, 400, 'it has the port it registered');
    const web = (await server.store.clients.find('web'))!;
    await server.store.clients.save({ ...web, allowAnyLoopbackPort: true });
    const flow = await authorizeAs(server, { redirectUri });
    assert.equal((await flow.exchange()).status, 200);
    await server.store.clients.save(web);
    assert.equal((await open()).status, 400);
  });

  it('may add or leave out the slash after a host on loopback, and the answer goes to what was sent', async () => {
    const web = (await server.store.clients.find('web'))!;
    const pairs = [
      ['http://localhost', 'http://localhost/'],
      ['http://localhost?x=1', 'http://localhost/?x=1'],
      ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/'],
      ['http://[::1]:8000', 'http://[::1]:8000/'],
    ] as const;
    for (const [bare, slash] of pairs) {
      for (const [registered, asked] of [
        [bare, slash],
        [slash, bare],
      ]) {
        await server.store.clients.save({ ...web, redirectUris: [registered!] });
        const url = authorizeUrl(server, { redirect_uri: asked });
        const { location } = await new Person(server).open(
          url.replace('response_type=code', 'response_type=x'),
        );
        const query = asked!.includes('?') ? '&' : '?';
        assert.ok(location.startsWith(`${asked}${query}error=`), location);
        const flow = await authorizeAs(server, { redirectUri: asked! });
        const form = { grant_type: 'authorization_code', code_verifier: flow.verifier };
        const other = { ...form, code: flow.code, redirect_uri: registered! };
        const refused = await requestToken(server, other, 'web:web-secret');
        assert.equal(refused.json.error, 'invalid_grant', 'it is not what was sent');
        assert.equal((await flow.exchange()).status, 200);
      }
    }
    const others = [
      ['http://localhost', 'http://localhost:8000/'],
      ['http://localhost', 'http://127.0.0.1/'],
      ['http://localhost', 'http://localhost?x'],
      ['http://localhost/', 'http://localhost//'],
      ['http://localhost/a', 'http://localhost/a/'],
      ['https://localhost', 'https://localhost/'],
      ['http://web.example', 'http://web.example/'],
    ];
    for (const [registered, asked] of others) {
      await server.store.clients.save({ ...web, redirectUris: [registered!] });
      const { status } = await new Person(server).open(
        authorizeUrl(server, { redirect_uri: asked }),
      );
      assert.equal(status, 400, asked);
    }
    await server.store.clients.save(web);
  });

  it('issues no code to HEAD', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    const { status, headers, location } = await person.open(authorizeUrl(server), {
      method: 'HEAD',
    });
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET, POST');
    assert.equal(location, '');
  });
});

describe('consent', async () => {
  const server = await startServer();

  it('is remembered: what was allowed is not asked for again, and more is', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    const again = await person.open(authorizeUrl(server));
    assert.ok(answerOf(again.location)['code']);
    const more = await person.open(authorizeUrl(server, { scope: 'read write' }));
    assert.match(more.text, /name="decision"/);
    await person.submit(more, { decision: 'allow' });
    const both = await person.open(authorizeUrl(server, { scope: 'write read' }));
    assert.ok(answerOf(both.location)['code']);
  });

  it('of one person is not that of another', async () => {
    const [alice, bob] = [new Person(server), new Person(server)];
    await alice.allow(authorizeUrl(server));
    const page = await bob.signIn(await bob.visit(authorizeUrl(server)), 'bob', 'builder');
    assert.match(page.text, /name="decision"/);
  });

  it('says where the person returns to: a host only if it is one that the browser asks', async () => {
    const { store } = server;
    const redirectUris = ['httpx://accounts.google.com/cb', 'accounts.google.com:/cb'];
    await store.clients.save({ ...(await store.clients.find('phone'))!, id: 'odd', redirectUris });
    const person = new Person(server);
    await person.signIn(await person.visit(authorizeUrl(server)));
    const pages = [];
    for (const redirect_uri of redirectUris) {
      const { text } = await person.open(authorizeUrl(server, { client_id: 'odd', redirect_uri }));
      pages.push(/you return to <strong><bdi[^>]*>([^<]*)</.exec(text)?.[1]);
    }
    assert.deepEqual(pages, ['httpx:', 'accounts.google.com:']);
  });

  it('is asked for each time of a public client whose URI any app may claim (RFC 8252 section 8.6, CVE-2023-34246)', async () => {
    const person = new Person(server);
    for (const [client_id, redirect_uri] of [
      ['phone', 'com.example.phone:/callback'],
      ['native', 'http://127.0.0.1:4000/callback'],
    ]) {
      const url = authorizeUrl(server, { client_id, redirect_uri });
      assert.ok((await person.allow(url)).searchParams.get('code'));
      assert.match((await person.open(url)).text, /name="decision"/);
      const silent = await person.open(
        authorizeUrl(server, { client_id, redirect_uri, prompt: 'none' }),
      );
      assert.equal(answerOf(silent.location)['error'], 'consent_required');
    }
    const spa = authorizeUrl(server, {
      client_id: 'spa',
      redirect_uri: 'https://spa.example/callback',
    });
    await person.allow(spa);
    assert.ok(answerOf((await person.open(spa)).location)['code'], 'https proves the client');
  });

  it('is not given by a form that does not say so, or says something else', async () => {
    const person = new Person(server);
    const page = await person.signIn(
      await person.visit(authorizeUrl(server, { prompt: 'consent' })),
    );
    for (const decision of ['', 'yes', 'Allow']) {
      const answer = await person.submit(page, { decision });
      assert.equal(answer.status, 400);
      assert.match(answer.text, /Please choose/);
    }
    assert.ok(answerOf((await person.submit(page, { decision: 'allow' })).location)['code']);
  });

  it('is given to the request that was shown, whatever the form adds', async () => {
    const person = new Person(server);
    const page = await person.signIn(
      await person.visit(authorizeUrl(server, { prompt: 'consent' })),
    );
    const extra = {
      scope: 'read write',
      redirect_uri: 'https://evil.example/',
      state: 'other',
    };
    const { location } = await person.submit(page, { decision: 'allow', ...extra });
    assert.ok(location.startsWith('http://127.0.0.1:9/callback?code='));
    assert.equal(answerOf(location)['state'], 'some-state');
  });

  it('cannot be given by another session, by another account, or with the token of another form', async () => {
    const [alice, mallory] = [new Person(server), new Person(server)];
    const page = await alice.signIn(await alice.visit(authorizeUrl(server, { prompt: 'consent' })));
    const foreign = await mallory.signIn(
      await mallory.visit(authorizeUrl(server, { prompt: 'consent' })),
    );
    const { fields } = readForm(page.text);
    const forged = await alice.visit('/oauth/authorize', {
      method: 'POST',
      body: new URLSearchParams({
        ...readForm(foreign.text).fields,
        continue: fields['continue'] ?? '',
        decision: 'allow',
      }),
    });
    assert.equal(forged.status, 400);
    const stolen = await mallory.submit(page, { decision: 'allow' });
    assert.equal(stolen.status, 400);
    // Alice's browser is now Bob's: a page that was shown to Alice decides nothing for Bob.
    await alice.signIn(await alice.visit('/login?prompt=login'), 'bob', 'builder');
    const late = await alice.submit(page, { decision: 'allow' });
    assert.equal(late.status, 400);
    assert.match(late.text, /Bob/);
  });

  it('cannot be given with the token that the same session has for another request', async () => {
    const person = new Person(server);
    const url = authorizeUrl(server, { prompt: 'consent' });
    const one = await person.signIn(await person.visit(url));
    const { csrf_token = '' } = readForm((await person.visit(url)).text).fields;
    const { continue: handle = '' } = readForm(one.text).fields;
    const body = new URLSearchParams({ continue: handle, csrf_token, decision: 'allow' });
    assert.equal((await person.visit('/oauth/authorize', { method: 'POST', body })).status, 400);
    assert.ok(answerOf((await person.submit(one, { decision: 'allow' })).location)['code']);
  });

  it('survives a double click, and tells who comes back later that it is done', async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const person = new Person(server);
    const page = await person.signIn(
      await person.visit(authorizeUrl(server, { prompt: 'consent' })),
    );
    const [one, two] = await Promise.all([
      person.submit(page, { decision: 'allow' }),
      person.submit(page, { decision: 'allow' }),
    ]);
    assert.ok(answerOf(one.location)['code']);
    assert.ok(answerOf(two.location)['code']);
    mock.timers.setTime(Date.now() + 10_000);
    const late = await person.submit(page, { decision: 'allow' });
    mock.timers.reset();
    assert.equal(late.status, 400);
    assert.match(late.text, /completed, or it took too long/);
  });

  it('is not asked again of a person who comes back to a page that was decided', async () => {
    for (const decision of ['allow', 'deny']) {
      const person = new Person(server);
      const url = authorizeUrl(server, { prompt: 'consent' });
      const page = await person.signIn(await person.visit(url));
      const handle = readForm(page.text).fields['continue'];
      assert.ok((await person.submit(page, { decision })).location);
      const back = await person.open(`/oauth/authorize?continue=${handle}`);
      assert.equal(back.status, 400);
      assert.match(back.text, /This sign-in is over/);
      assert.equal(back.location, '');
      const other = await person.submit(page, {
        decision: decision === 'allow' ? 'deny' : 'allow',
      });
      assert.match(other.text, /This sign-in is over/);
    }
  });

  it('is asked in every tab that was opened at once', async () => {
    const person = new Person(server);
    const urls = Array.from({ length: 20 }, (_, index) =>
      authorizeUrl(server, { state: `tab-${index}` }),
    );
    const tabs = await Promise.all(urls.map((url) => person.visit(url)));
    const signedIn = await person.signIn(await person.visit('/login'));
    assert.equal(signedIn.status, 200);
    for (const [index, tab] of tabs.entries()) {
      const handle = readForm(tab.text).fields['continue'];
      const page = await person.open(`/oauth/authorize?continue=${handle}`);
      const { location } =
        page.location === '' ? await person.submit(page, { decision: 'allow' }) : page;
      assert.equal(answerOf(location)['state'], `tab-${index}`);
    }
  });
});

describe('an authorization request that waits for a person', async () => {
  it('takes no room on the server before somebody signs in, and neither does a session', async () => {
    const server = await startServer();
    const saved = [
      mock.method(server.store.requests, 'add'),
      mock.method(server.store.sessions, 'save'),
    ];
    const counts = () => saved.map((save) => save.mock.callCount());
    const person = new Person(server);
    const page = await person.visit(authorizeUrl(server));
    for (const path of ['/', '/login', '/logout', '/account', '/nothing']) await person.visit(path);
    await person.signIn(page, 'alice', 'wrong');
    assert.deepEqual(counts(), [0, 0]);
    await person.signIn(page);
    assert.deepEqual(counts(), [1, 1], 'with a note, for a second click');
  });

  it('takes no room on the server until it is answered', async () => {
    const server = await startServer();
    const save = mock.method(server.store.requests, 'add');
    const person = new Person(server);
    const url = authorizeUrl(server, { prompt: 'consent', state: 's'.repeat(2000) });
    const page = await person.signIn(await person.visit(url));
    save.mock.resetCalls();
    await person.visit(url);
    assert.equal(save.mock.callCount(), 0);
    const { location } = await person.submit(page, { decision: 'allow' });
    assert.equal(answerOf(location)['state']?.length, 2000);
    assert.equal(save.mock.callCount(), 1);
  });

  it('is read from no handle but one that this server made, and only as it made it', async () => {
    const SESSION_SECRET = 's'.repeat(32);
    const server = await startServer({ SESSION_SECRET });
    const other = await startServer({ SESSION_SECRET: 't'.repeat(32) }, { store: server.store });
    const another = await startServer({ SESSION_SECRET }, { store: server.store });
    const handleOf = async (at: typeof server) =>
      new URL((await new Person(at).open(authorizeUrl(at))).location, at.origin).searchParams.get(
        'continue',
      )!;
    const handle = await handleOf(server);
    const open = (text: string) => http(`${server.issuer}/oauth/authorize?continue=${text}`);
    assert.match((await open(handle)).location, /^\/login\?continue=/);
    // A second process that serves the same issuer.
    assert.match((await open(await handleOf(another))).location, /^\/login\?continue=/);

    const changed = Array.from({ length: 40 }, (_, part) => {
      const at = Math.floor((part / 40) * handle.length);
      return handle.slice(0, at) + (handle[at] === 'A' ? 'B' : 'A') + handle.slice(at + 1);
    });
    const wrong = [
      ...changed,
      handle.slice(0, -4),
      handle.slice(4),
      `${handle}AAAA`,
      handle.slice(0, 16),
      await handleOf(other),
    ];
    for (const text of wrong) {
      const answer = await open(text);
      assert.equal(answer.status, 400, text);
      assert.match(answer.text, /This sign-in is over/);
    }
    for (const text of ['A', '-', 'AAAA', handle + handle.repeat(20)]) {
      assert.equal((await open(text)).status, 400);
    }
  });

  it('waits for half an hour, and not longer', async () => {
    const server = await startServer();
    await withClock(async (advance) => {
      const { location } = await new Person(server).open(authorizeUrl(server));
      advance(30 * 60_000 - 1);
      assert.equal((await http(`${server.origin}${location}`)).status, 200);
      advance(1);
      assert.match((await http(`${server.origin}${location}`)).text, /This sign-in is over/);
    });
  });

  it('is refused to the client where it is longer than a URL may be that carries it along', async () => {
    const server = await startServer();
    const random = (length: number) => randomBytes(length).toString('base64url').slice(0, length);
    const resources = Array.from({ length: 15 }, (_, n) =>
      new URLSearchParams({ resource: `https://api.example/${n}/${random(200)}` }).toString(),
    );
    const url = [authorizeUrl(server, { state: 's'.repeat(1800) }), ...resources].join('&');
    const told = answerOf((await http(url)).location);
    assert.equal(told['error'], 'invalid_request');
    assert.match(told['error_description'] ?? '', /too long: packed, its parameters have \d+ char/);
    assert.equal(told['state']?.length, 1800);
    // A person who is signed in gets the same answer, although a page would have room for it.
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    assert.deepEqual(answerOf((await person.open(url)).location)['error'], 'invalid_request');
  });

  it('is refused to the person where no answer would reach the client, and the error has what room there is', async () => {
    const server = await startServer();
    const long = await http(authorizeUrl(server, { state: '"'.repeat(1000) }));
    assert.deepEqual([long.status, long.location], [400, '']);
    assert.match(long.text, /The redirect_uri and the state are too long to be sent back/);
    const state = 's'.repeat(2040);
    const padded = { state, redirect_uri: 'https://web.example/callback', response_type: 'none' };
    const client = (await server.store.clients.find('web'))!;
    const redirectUri = `https://web.example/${'c'.repeat(280)}`;
    await server.store.clients.save({ ...client, redirectUris: [redirectUri] });
    const { location } = await http(authorizeUrl(server, { ...padded, redirect_uri: redirectUri }));
    const told = answerOf(location);
    assert.deepEqual(told, { error: 'unsupported_response_type', state, iss: server.issuer });
  });
});

describe('prompt and max_age (OpenID Connect Core section 3.1.2.1)', async () => {
  const server = await startServer();

  it('prompt=none is answered at once: login_required, consent_required, or a code', async () => {
    const person = new Person(server);
    const url = authorizeUrl(server, { prompt: 'none' });
    assert.equal(answerOf((await person.open(url)).location)['error'], 'login_required');
    const page = await person.signIn(await person.visit(authorizeUrl(server)));
    assert.equal(answerOf((await person.open(url)).location)['error'], 'consent_required');
    await person.submit(page, { decision: 'allow' });
    assert.ok(answerOf((await person.open(url)).location)['code']);
  });

  it('prompt=login and select_account ask a person who is signed in to sign in again, once', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    for (const prompt of ['login', 'select_account']) {
      const page = await person.visit(authorizeUrl(server, { prompt }));
      assert.match(page.text, /name="password"/);
      assert.ok(answerOf((await person.signIn(page)).location)['code']);
    }
  });

  it('prompt=login cannot be skipped by going on without signing in', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    const { location } = await person.open(authorizeUrl(server, { prompt: 'login' }));
    const handle = new URL(location, server.origin).searchParams.get('continue');
    const again = await person.open(`/oauth/authorize?continue=${handle}`);
    assert.match(again.location, /^\/login\?/);
  });

  it('prompt=consent asks for what was allowed before', async () => {
    const person = new Person(server);
    await person.allow(authorizeUrl(server));
    assert.match(
      (await person.open(authorizeUrl(server, { prompt: 'consent' }))).text,
      /name="decision"/,
    );
  });

  it('prompt=none with another value, and values nobody knows, are invalid_request', async () => {
    for (const prompt of ['none login', 'create', 'none none2']) {
      const { location } = await new Person(server).open(authorizeUrl(server, { prompt }));
      assert.equal(answerOf(location)['error'], 'invalid_request', prompt);
    }
  });

  it('max_age asks for a new sign-in only when the last is older', async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      const person = new Person(server);
      await person.allow(authorizeUrl(server));
      const url = authorizeUrl(server, { max_age: '60' });
      mock.timers.setTime(Date.now() + 60_000);
      assert.ok(answerOf((await person.open(url)).location)['code']);
      mock.timers.setTime(Date.now() + 1);
      const page = await person.visit(url);
      assert.match(page.text, /name="password"/);
      assert.ok(answerOf((await person.signIn(page)).location)['code']);
      mock.timers.setTime(Date.now() + 1);
      const zero = await person.visit(authorizeUrl(server, { max_age: '0' }));
      assert.ok(answerOf((await person.signIn(zero)).location)['code']);
    } finally {
      mock.timers.reset();
    }
  });

  it('login_hint fills in the username, escaped', async () => {
    const { text } = await new Person(server).visit(
      authorizeUrl(server, { login_hint: '"><b>bob' }),
    );
    assert.match(text, /value="&#34;&gt;&lt;b&gt;bob"/);
  });
});

describe('sessions', async () => {
  it('are not started for a machine, nor by a request that fails', async () => {
    const server = await startServer();
    const machine = await requestToken(
      server,
      { grant_type: 'client_credentials' },
      'web:web-secret',
    );
    const secret = await getSecret(server, machine.json.access_token);
    const failed = await new Person(server).open(authorizeUrl(server, { client_id: 'nobody' }));
    for (const { headers } of [machine, secret, failed])
      assert.deepEqual(headers.getSetCookie(), []);
  });

  it('change their id at login, so that one planted beforehand is worth nothing', async () => {
    const server = await startServer();
    const attacker = new Person(server);
    await attacker.signIn(await attacker.visit('/login'), 'bob', 'builder');
    const person = new Person(server);
    for (const [name, value] of attacker.cookies) person.cookies.set(name, value);
    await person.signIn(await person.visit('/login?prompt=login'));
    assert.match((await person.visit('/account')).text, /Alice Liddell/);
    assert.notEqual(
      person.cookies.get(person.nameOf('oauth_session')),
      attacker.cookies.get(attacker.nameOf('oauth_session')),
    );
    assert.match((await attacker.visit('/account')).text, /name="password"/);
  });

  it('end at logout, on the server too', async () => {
    const server = await startServer();
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    const before = new Map(person.cookies);
    assert.match((await person.visit('/logout')).text, /Alice/);
    const page = await person.submit(await person.visit('/logout'), {});
    assert.match(page.text, /signed out/i);
    for (const [name, value] of before) person.cookies.set(name, value);
    assert.match((await person.visit(authorizeUrl(server))).text, /name="password"/);
  });

  it('do not end by the form of another site', async () => {
    const server = await startServer();
    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    await person.visit('/logout', {
      method: 'POST',
      body: new URLSearchParams({ csrf_token: 'x' }),
    });
    assert.match((await person.visit('/login')).text, /Alice/);
  });

  it('are over after SESSION_TTL', async () => {
    const server = await startServer({ SESSION_TTL: '3600' });
    const person = new Person(server);
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    try {
      await person.allow(authorizeUrl(server));
      mock.timers.setTime(Date.now() + 3600_000 - 1);
      assert.ok(answerOf((await person.open(authorizeUrl(server))).location)['code']);
      mock.timers.setTime(Date.now() + 1);
      assert.match((await person.visit(authorizeUrl(server))).text, /name="password"/);
    } finally {
      mock.timers.reset();
    }
  });

  it('have a cookie that is HttpOnly and SameSite=Lax, and under https Secure and __Host-, with any proxy', async () => {
    const cookiesOf = async (server: TestServer) => {
      const person = new Person(server);
      const page = await person.open('/login');
      const { action, fields } = readForm(page.text);
      const body = new URLSearchParams({ ...fields, username: 'alice', password: 'wonderland' });
      const done = await person.open(action, { method: 'POST', body });
      return {
        headers: page.headers,
        cookies: [...page.headers.getSetCookie(), ...done.headers.getSetCookie()],
      };
    };
    const plain = await cookiesOf(await startServer());
    assert.deepEqual(
      plain.cookies.map((cookie) => /^(\w+)_[\da-f]{8}=/.exec(cookie)?.[1]),
      ['oauth_login', 'oauth_browser', 'oauth_session'],
    );
    for (const cookie of plain.cookies) {
      assert.match(cookie, /; Path=\/; .*HttpOnly; SameSite=Lax/);
      assert.doesNotMatch(cookie, /Secure|Domain/);
    }
    const { headers, cookies } = await cookiesOf(
      await startServer({ ISSUER: 'https://auth.example' }),
    );
    assert.equal(cookies.length, 3);
    for (const cookie of cookies) {
      assert.match(cookie, /^__Host-oauth_\w+=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax/);
    }
    assert.match(headers.get('strict-transport-security') ?? '', /max-age/);
  });
});

describe('an issuer with a path', async () => {
  it('has all its links under the path, whether or not a proxy strips it', async () => {
    const server = await startServer({}, { path: '/auth' });
    const person = new Person(server);
    const page = await person.visit(authorizeUrl(server));
    assert.match(readForm(page.text).action, /^\/auth\/login\?continue=/);
    const back = await person.allow(authorizeUrl(server));
    assert.equal(back.searchParams.get('iss'), `${server.origin}/auth`);
    assert.equal((await person.open('/login')).status, 200, 'as a proxy that strips /auth asks');
  });
});
