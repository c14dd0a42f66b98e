// The account page as a whole, over HTTP; in other apps too.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createBookshop } from '../../../examples/embed/app.ts';
import { sha256 } from '../../../src/protocol/secrets.ts';
import { authorizationServer } from '../../../src/server.ts';
import { memoryStore } from '../../../src/store/memory.ts';
import { aClient } from '../../../src/store-contract/records.ts';
import { authorizeUrl, getSecret, pkce, requestToken } from '../../helpers/flows.ts';
import { openServer, startServer } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import {
  account,
  allowed,
  changePassword,
  formsTo,
  isActive,
  isSignedIn,
  message,
  newUser,
  passwordHash,
  post,
  refresh,
  remove,
  removePage,
  signedIn,
  textOf,
} from '../../helpers/people.ts';

describe('the account page', async () => {
  it('ends access tokens that are JWTs as well, at the next request', async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' });
    const person = await signedIn(server, await newUser(server));
    const { access_token, refresh_token } = await allowed(server, person);
    assert.match(access_token, /^ey/);
    const stranger = await allowed(server, await signedIn(server, await newUser(server)));
    await remove(person, server);
    assert.equal((await getSecret(server, access_token)).status, 401);
    assert.equal(await isActive(server, access_token), false);
    assert.equal((await refresh(server, refresh_token)).status, 400);
    assert.equal((await getSecret(server, stranger.access_token)).status, 200);
  });

  it('begins with links to its sections if there are more than a few apps', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const sections = async () => {
      const { text } = await account(person, server);
      return [...text.matchAll(/<a [^>]*href="#([^"]*)"/g)].map(([, id]) => {
        assert.ok(text.includes(`<section class="account-section" id="${id}"`), id);
        return id;
      });
    };
    for (const clientId of ['web', 'spa', 'native']) {
      await server.store.consents.add({ userId: user.id, clientId, resource: '', scope: ['read'] });
    }
    assert.deepEqual(await sections(), []);
    const fourth = { userId: user.id, clientId: 'phone', resource: '', scope: ['read'] };
    await server.store.consents.add(fourth);
    assert.deepEqual(await sections(), ['apps', 'sessions', 'password']);
  });

  it('shows five scopes of an app, and has the others where they open without a script', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const scope = Array.from({ length: 7 }, (_, n) => `area${n}`);
    const consent = { userId: user.id, clientId: 'web', resource: '' };
    const named = (text = '') =>
      [...text.matchAll(/<code class="scope-name"[^>]*>(\w+)</g)].map(([, name]) => name);
    await server.store.consents.add({ ...consent, scope: scope.slice(1) });
    assert.doesNotMatch((await account(person, server)).text, /<details/, 'one more is shown');
    await server.store.consents.add({ ...consent, scope });
    for (const { text } of [await account(person, server), await removePage(person, server)]) {
      const [seen, hidden] = text.split('<details');
      assert.deepEqual([named(seen).length, named(hidden).length], [5, 2]);
      assert.match(hidden ?? '', /<summary>2 more permissions<\/summary>/);
      assert.deepEqual([...named(text)].sort(), scope);
    }
  });

  it('stands under the path of the issuer, with its links and forms', async () => {
    const server = await startServer({}, { path: '/auth' });
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    await signedIn(server, user);
    const page = await account(person, server);
    for (const [, link] of page.text.matchAll(/(?:href|action)="(\/[^"]*)"/g)) {
      assert.match(link!, /^\/auth\//);
    }
    assert.match((await remove(person, server)).text, /Web App<\/bdi> no longer has access/);
    const [form] = formsTo(await account(person, server), '/auth/account/sign-out');
    assert.equal((await post(person, form!.action, form!.fields)).location, '/auth/account');
    await changePassword(person, server);
  });

  it('answers what makes no sense with an error, and changes nothing', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const { access_token } = await allowed(server, person);
    for (const path of [
      '/account',
      '/account/password',
      '/account/remove-app',
      '/account/sign-out',
    ])
      for (const method of ['PUT', 'DELETE', 'PATCH', ...(path === '/account' ? ['POST'] : [])])
        assert.equal((await person.open(path, { method })).status, 405, `${method} ${path}`);
    for (const path of ['/account/password', '/account/remove-app', '/account/sign-out']) {
      for (const [type, body] of [
        ['application/json', '{"client_id":"web"}'],
        ['text/plain', 'client_id=web'],
        ['application/x-www-form-urlencoded', 'x'.repeat(100_000)],
        ['application/x-www-form-urlencoded', 'client_id=web&csrf_token=a&csrf_token=b'],
        ['application/x-www-form-urlencoded', 'csrf_token=%ff&session=%ff&new_password=%ff'],
        ['application/x-www-form-urlencoded', ''],
      ] as const) {
        const headers = { 'content-type': type };
        const answer = await person.open(path, { method: 'POST', headers, body });
        assert.ok([303, 400, 403, 413].includes(answer.status), `${path} ${type} ${answer.status}`);
        if (answer.status === 303) assert.equal(answer.location, '/account');
        await account(person, server);
      }
    }
    assert.equal((await getSecret(server, access_token)).status, 200);
    assert.equal(await isSignedIn(person, server), true);
    assert.equal((await server.store.users.find(user.id))?.passwordHash, passwordHash);
  });

  it('says what a notice says to who did it, and to nobody who was sent a cookie or a link', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const stranger = await signedIn(server, await newUser(server));
    await allowed(server, person);
    const { action, fields } = readForm((await removePage(person, server)).text);
    await post(person, action, fields);
    const notice = person.cookies.get(person.nameOf('oauth_notice'))!;
    assert.ok(notice);
    const forged = Buffer.from('{"name":"password_changed"}').toString('base64url');
    for (const value of [notice, 'x', 'x.y', '.', forged, `${forged}.${notice.split('.')[1]}`]) {
      stranger.cookies.set(stranger.nameOf('oauth_notice'), value);
      const page = await account(stranger, server);
      assert.equal(page.status, 200);
      assert.equal(message(page, 'status'), undefined, value);
    }
    const nobody = new Person(server);
    nobody.cookies.set(nobody.nameOf('oauth_notice'), 'a.b');
    await nobody.visit('/login');
    assert.equal(nobody.cookies.get(nobody.nameOf('oauth_session')), undefined, 'nothing is kept');
    const linked = await stranger.visit('/account?notice=password_changed&name=app_removed');
    assert.equal(message(linked, 'status'), undefined);
    assert.ok(message(await account(person, server), 'status'));
  });

  it('is in the language of the browser', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    person.headers['accept-language'] = 'de-AT, en;q=0.5';
    const page = await account(person, server);
    assert.match(page.text, /<html lang="de"/);
    assert.match(textOf(page), /Ihr Konto .*Apps mit Zugriff .*Firefox auf Windows/);
    assert.match(textOf(await removePage(person, server)), /Web App den Zugriff entziehen\?/);
    const done = await remove(person, server);
    assert.equal(message(done, 'status'), 'Web App hat keinen Zugriff mehr auf Ihr Konto.');
  });

  it('may not be kept, framed or scripted, as no page may', async () => {
    const server = await startServer();
    const person = await signedIn(server, await newUser(server));
    await allowed(server, person);
    for (const path of ['/account', '/account/password', '/account/remove-app?client_id=web']) {
      const { status, headers, text } = await person.open(path);
      assert.equal(status, 200);
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
      assert.doesNotMatch(text, /<script|\son\w+=|style="/);
    }
  });

  it('has fields that password managers know', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const { text } = await (await signedIn(server, user)).visit('/account/password');
    const complete = [...text.matchAll(/<input(?:(?!>).)*>/gs)].map(
      ([input]) => /autocomplete="([^"]*)"/.exec(input)?.[1],
    );
    assert.deepEqual(complete.slice(1), [
      'username',
      'current-password',
      'new-password',
      'new-password',
    ]);
    assert.ok(text.includes(`value="${user.username}"`));
    assert.match(text, /minlength="15"/);
  });

  it('is linked from where a signed-in person comes by', async () => {
    const server = await startServer();
    const person = await signedIn(server, await newUser(server));
    for (const path of ['/', '/login', '/logout']) {
      assert.match((await person.visit(path)).text, /href="\/account"/, path);
    }
    assert.match((await person.visit(authorizeUrl(server))).text, /remove this access later/);
  });
});

for (const path of ['', '/auth']) {
  describe(`the account page in an app with its own login, ${path || 'at its root'}`, async () => {
    const { server: listener, origin } = await openServer();
    const issuer = `${origin}${path}`;
    listener.on('request', await createBookshop(issuer));
    const site = { origin, issuer };
    const url = `${issuer}/account`;

    /** The reading list's access to a reader's shelf. */
    async function readingList(person: Person, username: string, password: string) {
      const { verifier, challenge } = pkce();
      const back = await person.allow(
        authorizeUrl(site, {
          client_id: 'reading-list',
          redirect_uri: 'http://localhost:4003/callback',
          code_challenge: challenge,
        }),
        username,
        password,
      );
      const { json } = await requestToken(
        site,
        {
          grant_type: 'authorization_code',
          code: back.searchParams.get('code') ?? '',
          code_verifier: verifier,
        },
        'reading-list:a-secret-for-this-example',
      );
      return json.access_token as string;
    }

    const shelf = (token: string) =>
      http(`${origin}/api/shelf`, { headers: { authorization: `Bearer ${token}` } });

    it('sends people to the app’s login, and they come back', async () => {
      const person = new Person(site);
      const answer = await person.open(url);
      assert.equal(
        answer.location,
        `/login?${new URLSearchParams({ return_to: `${path}/account` })}`,
      );
      const page = await person.signIn(await person.visit(answer.location), 'maria', 'caterpillar');
      assert.match(page.text, /<h1>Your account<\/h1>/);
      assert.match(page.text, /Maria Sibylla/);
    });

    it('shows the apps, and neither sessions nor a password, which are the app’s', async () => {
      const person = new Person(site);
      await readingList(person, 'maria', 'caterpillar');
      const page = await person.visit(url);
      assert.match(textOf(page), /Reading List The app can See the books on your shelf/);
      assert.doesNotMatch(
        page.text,
        /you are signed in|assword<|account\/password|sign-out|\/logout/i,
      );
      assert.equal((await person.visit(`${issuer}/account/password`)).status, 404);
      assert.equal((await post(person, `${issuer}/account/sign-out`, {})).status, 404);
    });

    it('removes an app of this reader, and of no other', async () => {
      const [maria, ada] = [new Person(site), new Person(site)];
      const hers = await readingList(maria, 'maria', 'caterpillar');
      const theirs = await readingList(ada, 'ada', 'engine');
      const removeUrl = `${url}/remove-app?client_id=reading-list`;
      const form = await maria.visit(removeUrl);
      // The same browser, with somebody else signed in by now.
      const login = await maria.visit('/login?prompt=login');
      await maria.open('/login', {
        method: 'POST',
        body: new URLSearchParams({ username: 'ada', password: 'engine' }),
      });
      assert.match(login.text, /password/);
      assert.equal((await maria.submit(form, {})).status, 403);
      assert.equal((await shelf(theirs)).status, 200);
      assert.equal((await shelf(hers)).status, 200);

      const done = await ada.submit(await ada.visit(removeUrl), {});
      assert.equal(message(done, 'status'), 'Reading List no longer has access to your account.');
      assert.equal((await shelf(theirs)).status, 401);
      assert.equal((await shelf(hers)).status, 200);
      assert.equal(message(await ada.visit(url), 'status'), undefined);
    });
  });
}

describe('the account page in an app that says by a header who is there', async () => {
  const { server: listener, origin } = await openServer();
  const store = memoryStore();
  const { handler, close } = authorizationServer({
    issuer: origin,
    store,
    secret: 'of-all-servers-in-these-tests-alone',
    authenticate: ({ headers }) => {
      const id = headers['x-user'];
      return typeof id === 'string' ? { id, name: id } : undefined;
    },
    loginUrl: '/sign-in?from=server',
  });
  after(close);
  listener.on('request', handler);

  it('shows nothing of a person in the store who has the same id', async () => {
    const person = new Person({ origin, issuer: origin });
    await store.users.save({
      ...{ id: 'grace', username: 'grace', name: 'Grace' },
      passwordHash,
    });
    person.headers['x-user'] = 'grace';
    const { text } = await person.visit('/account');
    assert.match(text, /Apps with access/);
    assert.doesNotMatch(text, /you are signed in|account\/password|sign-out|\/logout/i);
  });

  it('takes a form from nobody but the person it was shown to, in one browser', async () => {
    await store.clients.save(aClient({ id: 'app' }));
    for (const userId of ['maria', 'ada']) {
      await store.consents.add({ userId, clientId: 'app', resource: '', scope: ['read'] });
    }
    const person = new Person({ origin, issuer: origin });
    const back = new URLSearchParams({ return_to: '/account' });
    assert.equal((await person.open('/account')).location, `/sign-in?from=server&${back}`);
    const remove = '/account/remove-app?client_id=app';
    const backToApp = new URLSearchParams({ return_to: remove });
    assert.equal((await person.open(remove)).location, `/sign-in?from=server&${backToApp}`);
    person.headers['x-user'] = 'maria';
    const form = await person.visit(remove);
    person.headers['x-user'] = 'ada';
    assert.equal((await person.submit(form, {})).status, 403);
    assert.ok(await store.consents.find('ada', 'app', ''));
    person.headers['x-user'] = 'maria';
    assert.match((await person.submit(form, {})).text, /no longer has access/);
    assert.equal(await store.consents.find('maria', 'app', ''), undefined);
    assert.ok(await store.consents.find('ada', 'app', ''));
  });
});

describe('a session whose id somebody makes up', () => {
  it('is nobody’s', async () => {
    const server = await startServer();
    const user = await newUser(server);
    await signedIn(server, user);
    const [session] = await server.store.sessions.listByUser(user.id, Date.now());
    const thief = new Person(server);
    // What the page shows of a session, and the store keeps, signs nobody in.
    for (const value of [session!.hash, sha256(session!.hash), `s:${session!.hash}.x`]) {
      thief.cookies.set(thief.nameOf('oauth_session'), encodeURIComponent(value));
      assert.equal(await isSignedIn(thief, server), false);
    }
  });
});
