// The apps on the account page, over HTTP: shown, and removed with all they hold.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../../helpers/flows.ts';
import { startServer, withClock } from '../../helpers/harness.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import {
  account,
  allowed,
  gatedServer,
  HOUR,
  isActive,
  isSignedIn,
  MINUTE,
  message,
  newUser,
  post,
  record,
  refresh,
  remove,
  removePage,
  signedIn,
  textOf,
} from '../../helpers/people.ts';

describe('apps on the account page', async () => {
  const server = await startServer({ SESSION_SECRET: 's'.repeat(32) });

  it('are shown to who is signed in; anybody else signs in first, and comes back', async () => {
    const user = await newUser(server);
    const person = new Person(server);
    const first = await person.open(`${server.issuer}/account`);
    assert.equal(first.status, 303);
    assert.equal(first.location, '/login?to=account');
    const login = await person.visit(first.location);
    const wrong = await person.signIn(login, user.username, 'no');
    assert.equal(wrong.status, 400);
    const page = await person.signIn(wrong, user.username);
    assert.match(page.text, /<h1>Your account<\/h1>/);
    assert.match(page.text, /No app has access to your account/);
    assert.equal((await person.open('/login?to=account')).location, '/account');
    assert.equal((await person.open('/login')).status, 200);
  });

  it('have a page to remove each, to which whoever has to sign in first comes back', async () => {
    const user = await newUser(server);
    await allowed(server, await signedIn(server, user));
    const person = new Person(server);
    const login = await person.visit('/account/remove-app?client_id=web');
    const wrong = await person.signIn(login, user.username, 'no');
    const page = await person.signIn(wrong, user.username);
    assert.match(page.text, /Remove access for <strong><bdi>Web App<\/bdi><\/strong>\?<\/h1>/);
    for (const odd of ['', 'nobody', 'x'.repeat(300), '//evil.example/']) {
      const to = `/login?${new URLSearchParams({ to: 'remove_app', client_id: odd })}`;
      assert.match((await person.visit(to)).text, /<h1>Your account<\/h1>/, odd);
    }
  });

  it('say what they may do, where, since when, and when they were last used', async () => {
    const user = await newUser(server);
    await withClock(async (advance) => {
      const person = await signedIn(server, user);
      const { refresh_token } = await allowed(server, person, { scope: 'read write' });
      advance(3 * HOUR);
      let page = textOf(await account(person, server));
      assert.match(page, /Web App The app can Read your data read Change your data write/);
      assert.match(page, /Allowed 3 hours ago Last used 3 hours ago/);

      assert.equal((await refresh(server, refresh_token)).status, 200);
      advance(5 * MINUTE);
      page = textOf(await account(person, server));
      assert.match(page, /Allowed 3 hours ago Last used 5 minutes ago/);
    });
  });

  it('name the resources they may do it at', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const resource = 'https://api.example/<notes>';
    await person.allow(authorizeUrl(server, { resource: encodeURI(resource), scope: 'write' }));
    const page = textOf(await account(person, server));
    assert.match(page, /Change your data write At https:\/\/api\.example\/%3Cnotes%3E/);
  });

  it('name every resource they may act at, also one where they have named no scope', async () => {
    const user = await newUser(server);
    const { store } = server;
    const consent = { userId: user.id, clientId: 'web', resource: '', scope: [] as string[] };
    const person = await signedIn(server, user);
    await store.consents.add({ ...consent, resource: 'https://bank.example/api' });
    const acts =
      /The app can act for you at https:\/\/bank\.example\/api ?\. What it can see and change is/;
    for (const page of [await account(person, server), await removePage(person, server)]) {
      assert.match(textOf(page), acts);
      assert.doesNotMatch(textOf(page), /knows who you are|The app can Read/);
    }
    await store.consents.add({ ...consent, scope: ['read'] });
    await store.consents.add({ ...consent, resource: 'https://api.example/', scope: ['write'] });
    for (const page of [await account(person, server), await removePage(person, server)]) {
      assert.match(textOf(page), /The app can Read your data read Change your data write At https/);
      assert.match(textOf(page), acts);
    }
  });

  it('that only know who somebody is say that', async () => {
    const user = await newUser(server);
    const { store } = server;
    const consent = { userId: user.id, clientId: 'web', resource: '', scope: [] };
    await store.consents.add(consent);
    const page = textOf(await account(await signedIn(server, user), server));
    assert.match(
      page,
      /Web App The app knows who you are\. It has no permission to do anything else\./,
    );
    assert.match(page, /It has no access at the moment, but may get it again/);
    assert.doesNotMatch(page, /Allowed/);
  });

  it('are shown by what they are called, whatever is in it, and no more once they are removed', async () => {
    const user = await newUser(server);
    const clientId = 'https://gone.example/?a=b&"><b>';
    const client = { ...(await server.store.clients.find('web'))!, id: clientId, name: clientId };
    await server.store.clients.save(client);
    const consent = { userId: user.id, clientId, resource: '', scope: ['read'] };
    await server.store.consents.add(consent);
    const person = await signedIn(server, user);
    const page = await account(person, server);
    assert.ok(page.text.includes('https://gone.example/?a=b&amp;&#34;&gt;&lt;b&gt;'));
    const [, href = ''] = /href="([^"]*remove-app[^"]*)"/.exec(page.text) ?? [];
    const form = await person.visit(href);
    await server.store.clients.remove(clientId);
    assert.doesNotMatch((await account(person, server)).text, /gone\.example/);
    const done = await person.submit(form, {});
    assert.match(message(done, 'status') ?? '', /gone\.example.* no longer has access/);
  });

  it('are removed with all they hold, and with the consent, and with nothing of anybody else', async () => {
    const user = await newUser(server);
    const other = await newUser(server);
    const person = await signedIn(server, user);
    const stranger = await signedIn(server, other);
    const mine = [await allowed(server, person), await allowed(server, person)];
    const waiting = await authorizeAs(server, { person });
    const spa = await allowed(server, person, {
      client: 'spa',
      redirectUri: 'https://spa.example/callback',
    });
    const theirs = await allowed(server, stranger);
    const own = await requestToken(server, { grant_type: 'client_credentials' }, 'web:web-secret');
    const heard = record(server, 'consent_withdrawn');

    const confirm = await removePage(person, server);
    assert.match(confirm.text, /Remove access for <strong><bdi>Web App<\/bdi><\/strong>\?/);
    assert.match(textOf(confirm), /cannot be undone/);
    assert.equal((await getSecret(server, mine[0]!.access_token)).status, 200);
    assert.deepEqual(heard, []);

    const done = await person.submit(confirm, {});
    assert.equal(message(done, 'status'), 'Web App no longer has access to your account.');
    assert.doesNotMatch(done.text, /href="[^"]*client_id=web"/);
    assert.deepEqual(heard, [['consent_withdrawn', { userId: user.id, clientId: 'web' }]]);
    for (const { access_token, refresh_token } of mine) {
      assert.equal((await getSecret(server, access_token)).status, 401);
      assert.equal(await isActive(server, access_token), false);
      assert.equal(await isActive(server, refresh_token), false);
      assert.equal((await refresh(server, refresh_token)).json.error, 'invalid_grant');
    }
    assert.equal((await waiting.exchange()).json.error, 'invalid_grant');

    assert.equal((await getSecret(server, spa.access_token)).status, 200);
    assert.match(done.text, /Browser App/);
    assert.equal((await getSecret(server, theirs.access_token)).status, 200);
    assert.equal((await refresh(server, theirs.refresh_token)).status, 200);
    assert.equal((await getSecret(server, own.json.access_token)).status, 200);
    assert.equal(await isSignedIn(person, server), true);

    const again = await person.visit(authorizeUrl(server));
    assert.match(again.text, /name="decision"/, 'the person is asked again');
    assert.doesNotMatch(again.text, /You allowed this app before/);
    const silent = await person.visit(authorizeUrl(server, { prompt: 'none' }));
    assert.equal(new URL(silent.location).searchParams.get('error'), 'consent_required');
  });

  it('are removed on a page that says so once: a reload says nothing', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    const page = await removePage(person, server);
    const { action, fields } = readForm(page.text);
    const answer = await post(person, action, fields);
    assert.equal(answer.status, 303);
    assert.equal(answer.location, '/account');
    assert.ok(message(await account(person, server), 'status'));
    assert.equal(message(await account(person, server), 'status'), undefined);
  });

  it('are removed twice by a double click, which says what one would', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    const heard = record(server, 'consent_withdrawn');
    const { action, fields } = readForm((await removePage(person, server)).text);
    const answers = await Promise.all([1, 2, 3].map(() => post(person, action, fields)));
    assert.deepEqual(
      answers.map(({ status, location }) => [status, location]),
      [1, 2, 3].map(() => [303, '/account']),
    );
    assert.equal(heard.length, 1);
    assert.match(message(await account(person, server), 'status') ?? '', /no longer has/);
  });

  it('are not removed by a form of another session, person or app, or by a forged one', async () => {
    const user = await newUser(server);
    const other = await newUser(server);
    const person = await signedIn(server, user);
    const { access_token } = await allowed(server, person);
    await allowed(server, person, {
      client: 'spa',
      redirectUri: 'https://spa.example/callback',
    });
    const stranger = await signedIn(server, other);
    await allowed(server, stranger);
    const again = await signedIn(server, user);
    const tokenOf = async (from: Person, clientId = 'web') =>
      readForm((await removePage(from, server, clientId)).text).fields['csrf_token']!;
    const path = '/account/remove-app';
    for (const csrf_token of [
      '',
      'x'.repeat(43),
      await tokenOf(stranger),
      await tokenOf(again),
      await tokenOf(person, 'spa'),
    ]) {
      const answer = await post(person, path, { client_id: 'web', csrf_token });
      assert.equal(answer.status, 403);
      assert.match(message(answer, 'alert') ?? '', /out of date/);
      assert.match(answer.text, /Remove access for/, 'to be decided on again');
    }
    const csrf_token = await tokenOf(person);
    assert.equal((await post(new Person(server), path, { csrf_token })).status, 303);
    assert.equal((await getSecret(server, access_token)).status, 200);
    assert.equal((await post(person, path, { client_id: 'web', csrf_token })).location, '/account');
  });

  it('that have no access are nothing to remove: whatever is asked for, nothing happens', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const stranger = await signedIn(server, await newUser(server));
    const { access_token } = await allowed(server, stranger);
    for (const query of [
      '',
      '?client_id=',
      '?client_id=web',
      '?client_id=nobody',
      '?client_id=%00',
      '?client_id=web&client_id=web',
      `?client_id=${'x'.repeat(5000)}`,
      '?client_id[]=web',
    ]) {
      const answer = await person.open(`/account/remove-app${query}`);
      assert.deepEqual([answer.status, answer.location], [303, '/account'], query);
      const sent = await post(person, '/account/remove-app', {
        ...Object.fromEntries(new URLSearchParams(query)),
        csrf_token: 'x',
      });
      assert.deepEqual([sent.status, sent.location], [303, '/account'], query);
    }
    assert.equal((await getSecret(server, access_token)).status, 200);
  });

  it('lose what they hold though they refresh and redeem at that moment', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const families = await Promise.all([1, 2, 3].map(() => allowed(server, person)));
    const codes = [await authorizeAs(server, { person }), await authorizeAs(server, { person })];
    const { action, fields } = readForm((await removePage(person, server)).text);
    const answers = await Promise.all([
      ...families.map(({ refresh_token }) => refresh(server, refresh_token)),
      codes[0]!.exchange(),
      post(person, action, fields),
      codes[1]!.exchange(),
      ...families.map(({ refresh_token }) => refresh(server, refresh_token)),
    ]);
    const issued = answers.filter(({ status }) => status === 200).map(({ json }) => json);
    for (const { access_token, refresh_token } of [...families, ...issued]) {
      assert.equal((await getSecret(server, access_token)).status, 401);
      assert.equal((await refresh(server, refresh_token)).status, 400);
    }
    assert.match((await account(person, server)).text, /No app has access/);
  });

  it('get nothing out of a consent that is taken back while they ask in silence', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    const { action, fields } = readForm((await removePage(person, server)).text);
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(server, { prompt: 'none', code_challenge: challenge });
    const silent = () => Promise.all(Array.from({ length: 10 }, () => person.open(url)));
    const [before, , after] = await Promise.all([silent(), post(person, action, fields), silent()]);
    for (const { location } of [...before, ...after, await person.open(url)]) {
      const told = new URL(location).searchParams;
      if (told.has('error')) {
        assert.match(told.get('error')!, /^(consent_required|access_denied)$/);
        continue;
      }
      const { json } = await requestToken(
        server,
        { grant_type: 'authorization_code', code: told.get('code')!, code_verifier: verifier },
        'web:web-secret',
      );
      assert.equal(json.error, 'invalid_grant');
    }
    assert.match((await account(person, server)).text, /No app has access/);
  });

  it('get no code where the consent is taken back between the question and the answer', async () => {
    for (const params of [{}, { prompt: 'none' }, { prompt: 'consent' }]) {
      const user = await newUser(server);
      const slow = await gatedServer(server, ({ codes }, wait) => ({
        codes: {
          ...codes,
          async save(...args) {
            await wait();
            return codes.save(...args);
          },
        },
      }));
      const person = await signedIn(slow.server, user);
      await allowed(slow.server, person);
      const heard = record(slow.server, 'consent_allowed');
      slow.close();
      const asking = person.visit(authorizeUrl(slow.server, params));
      const asked =
        'prompt' in params && params.prompt === 'consent'
          ? person.submit(await asking, { decision: 'allow' })
          : asking;
      await slow.arrived;
      const remover = await signedIn(server, user);
      await remove(remover, server);
      slow.open();
      const told = new URL((await asked).location).searchParams;
      assert.deepEqual(
        [told.get('error'), told.get('code'), told.get('state')],
        ['access_denied', null, 'some-state'],
      );
      assert.deepEqual(heard, []);
      assert.match((await account(remover, server)).text, /No app has access/);
    }
  });

  it('do not have it back by a consent that was read before it was taken back', async () => {
    const user = await newUser(server);
    const slow = await gatedServer(server, ({ consents }, wait) => ({
      consents: {
        ...consents,
        async find(...key) {
          const found = await consents.find(...key);
          await wait();
          return found;
        },
      },
    }));
    const person = await signedIn(slow.server, user);
    await allowed(slow.server, person);
    slow.close();
    const asked = person.open(authorizeUrl(slow.server, { prompt: 'none' }));
    await slow.arrived;
    const remover = await signedIn(server, user);
    await remove(remover, server);
    slow.open();
    const told = new URL((await asked).location).searchParams;
    assert.deepEqual([told.get('error'), told.get('code')], ['access_denied', null]);
    assert.match((await account(remover, server)).text, /No app has access/);
  });

  it('that are allowed and removed at the same moment have all or nothing', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await allowed(server, person);
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(server, { prompt: 'consent', code_challenge: challenge });
    const consent = readForm((await person.visit(url)).text);
    const removal = readForm((await removePage(person, server)).text);
    const [answer] = await Promise.all([
      post(person, consent.action, { ...consent.fields, decision: 'allow' }),
      post(person, removal.action, removal.fields),
    ]);
    const told = new URL(answer!.location).searchParams;
    const exchanged =
      told.has('code') &&
      (await requestToken(
        server,
        { grant_type: 'authorization_code', code: told.get('code')!, code_verifier: verifier },
        'web:web-secret',
      ));
    const isAllowed = exchanged !== false && exchanged.status === 200;
    const isShown = (await account(person, server)).text.includes('client_id=web');
    const remembered = await server.store.consents.find(user.id, 'web', '');
    assert.deepEqual([isShown, remembered !== undefined], [isAllowed, isAllowed]);
  });
});
