// The account page over HTTP, with each of the stores: apps, sessions and the password.

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import { createBookshop } from '../examples/embed/app.ts';
import type { ServerEvents } from '../src/events.ts';
import { sessions } from '../src/http/session.ts';
import { hashPassword, MIN_PASSWORD_LENGTH } from '../src/protocol/passwords.ts';
import { randomToken, sha256 } from '../src/protocol/secrets.ts';
import { authorizationServer } from '../src/server.ts';
import { memoryStore } from '../src/store/memory.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import type { User } from '../src/types.ts';
import { freshPostgres, freshSqlite } from './databases.ts';
import {
  type Answer,
  authorizeAs,
  authorizeUrl,
  basic,
  getSecret,
  http,
  listen,
  Person,
  pkce,
  readForm,
  requestToken,
  startServer,
  type TestServer,
  withClock,
} from './harness.ts';
import { postgresMissing } from './postgres.ts';

const PASSWORD = 'wonderland';
const NEW_PASSWORD = 'through the looking glass';
const passwordHash = hashPassword(PASSWORD);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

/** A person that the server did not know before. */
async function newUser(server: TestServer, changes: Partial<User> = {}): Promise<User> {
  const id = randomToken(8);
  const user = { id, username: `user-${id}`, name: 'Zoë', passwordHash: await passwordHash };
  await server.store.users.save({ ...user, ...changes });
  return { ...user, ...changes };
}

async function signedIn(
  server: TestServer,
  user: User,
  { userAgent = FIREFOX, password = PASSWORD } = {},
): Promise<Person> {
  const person = new Person(server);
  person.headers['user-agent'] = userAgent;
  const page = await person.visit(`${server.issuer}/account`);
  const answer = await person.signIn(page, user.username, password);
  assert.match(answer.text, /<h1>Your account<\/h1>/);
  return person;
}

const account = (person: Person, server: TestServer) => person.visit(`${server.issuer}/account`);

async function isSignedIn(person: Person, server: TestServer): Promise<boolean> {
  return (await person.open(`${server.issuer}/account`)).status === 200;
}

/** The forms of a page that lead to a path. */
function formsTo(page: Answer, path: string) {
  return page.text
    .split(/(?=<form)/)
    .filter((part) => part.startsWith('<form'))
    .map(readForm)
    .filter(({ action }) => action === path);
}

const post = (person: Person, path: string, fields: Record<string, string>) =>
  person.open(path, { method: 'POST', body: new URLSearchParams(fields) });

/** What stands in the message of a page, if there is one. */
function message(page: Answer, role: 'status' | 'alert'): string | undefined {
  return new RegExp(`role="${role}"[\\s\\S]*?<p>(.*?)</p>`)
    .exec(page.text)?.[1]
    ?.replaceAll(/<[^>]*>/g, '');
}

const textOf = ({ text }: Answer) => text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

/** An app that a person has allowed, with its tokens. */
async function allowed(
  server: TestServer,
  person: Person,
  options: { client?: string; scope?: string; redirectUri?: string } = {},
) {
  const flow = await authorizeAs(server, { person, ...options });
  const { json } = await flow.exchange();
  assert.ok(json.access_token, JSON.stringify(json));
  return json as { access_token: string; refresh_token: string };
}

const refresh = (server: TestServer, token: string, client = 'web:web-secret') =>
  requestToken(server, { grant_type: 'refresh_token', refresh_token: token }, client);

async function isActive(server: TestServer, token: string): Promise<boolean> {
  const { json } = await http(`${server.issuer}/oauth/introspect`, {
    method: 'POST',
    headers: { authorization: basic('web', 'web-secret') },
    body: new URLSearchParams({ token }),
  });
  return json.active;
}

const removePage = (person: Person, server: TestServer, clientId = 'web') =>
  person.visit(`${server.issuer}/account/remove-app?client_id=${encodeURIComponent(clientId)}`);

/** From the account page to the end of an app, as a person goes. */
async function remove(person: Person, server: TestServer, clientId = 'web'): Promise<Answer> {
  return person.submit(await removePage(person, server, clientId), {});
}

/** Everything that happens from now on, by the name of the event. */
function record(server: TestServer, ...names: (keyof ServerEvents)[]) {
  const heard: [string, unknown][] = [];
  for (const name of names) {
    (server.events as EventEmitter).on(name, (details: unknown) => heard.push([name, details]));
  }
  return heard;
}

/**
 * A server on the same store, which waits before a verb until it is told to go on.
 *
 * @param wrap puts `wait` before a verb of the store
 */
async function gatedServer(
  server: TestServer,
  wrap: (store: Store, wait: () => Promise<void>) => Partial<Store>,
) {
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isClosed = false;
  const wait = async () => {
    if (!isClosed) return;
    isClosed = false;
    arrived.resolve();
    await gate.promise;
  };
  const store = { ...server.store, ...wrap(server.store, wait) };
  return {
    server: await startServer({ SESSION_SECRET: 's'.repeat(32) }, { store }),
    /** From now on the first call waits. */
    close: () => {
      isClosed = true;
    },
    arrived: arrived.promise,
    open: gate.resolve,
  };
}

const stores: [name: string, open: () => Promise<Store>, skip: string | false][] = [
  ['in memory', async () => memoryStore(), false],
  ['in SQLite', () => openStore(freshSqlite()), false],
  ['in PostgreSQL', async () => openStore(await freshPostgres()), postgresMissing()],
];

for (const [name, open, skip] of stores) {
  describe(`the account page, with a store ${name}`, { skip }, async () => {
    const store = await open();
    const server = await startServer({ SESSION_SECRET: 's'.repeat(32) }, { store });
    after(() => store.close());

    describe('apps', () => {
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

      it('that only know who somebody is say that', async () => {
        const user = await newUser(server);
        const { store } = server;
        const consent = { userId: user.id, clientId: 'web', resource: '', scope: [] };
        await store.consents.add(consent);
        const page = textOf(await account(await signedIn(server, user), server));
        assert.match(page, /Web App The app knows that it is you, and can do nothing else\./);
        assert.match(page, /It has no access at the moment, but may get it again/);
        assert.doesNotMatch(page, /Allowed/);
      });

      it('that are no longer registered are shown by their id, whatever is in it, and end too', async () => {
        const user = await newUser(server);
        const clientId = 'https://gone.example/?a=b&"><b>';
        const consent = { userId: user.id, clientId, resource: '', scope: ['read'] };
        await server.store.consents.add(consent);
        const person = await signedIn(server, user);
        const page = await account(person, server);
        assert.ok(page.text.includes('https://gone.example/?a=b&amp;&#34;&gt;&lt;b&gt;'));
        const [, href = ''] = /href="([^"]*remove-app[^"]*)"/.exec(page.text) ?? [];
        const done = await person.submit(await person.visit(href), {});
        assert.match(message(done, 'status') ?? '', /no longer has access/);
        assert.deepEqual(await server.store.consents.listByUser(user.id), []);
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
        const own = await requestToken(
          server,
          { grant_type: 'client_credentials' },
          'web:web-secret',
        );
        const heard = record(server, 'consent_withdrawn');

        const confirm = await removePage(person, server);
        assert.match(confirm.text, /Remove the access of <strong><bdi>Web App<\/bdi><\/strong>\?/);
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
          assert.match(answer.text, /Remove the access of/, 'to be decided on again');
        }
        const csrf_token = await tokenOf(person);
        assert.equal((await post(new Person(server), path, { csrf_token })).status, 303);
        assert.equal((await getSecret(server, access_token)).status, 200);
        assert.equal(
          (await post(person, path, { client_id: 'web', csrf_token })).location,
          '/account',
        );
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
        const codes = [
          await authorizeAs(server, { person }),
          await authorizeAs(server, { person }),
        ];
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
        const [before, , after] = await Promise.all([
          silent(),
          post(person, action, fields),
          silent(),
        ]);
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

    describe('sessions', () => {
      it('are shown in words, this one first, then the one seen last', async () => {
        const user = await newUser(server);
        await withClock(async (advance) => {
          const unknown = await signedIn(server, user, { userAgent: '' });
          advance(2 * HOUR);
          const phone = await signedIn(server, user, { userAgent: IPHONE });
          advance(HOUR);
          const person = await signedIn(server, user);
          await signedIn(server, await newUser(server));
          const page = textOf(await account(person, server));
          assert.match(
            page,
            /Firefox on Windows Signed in just now This browser Safari on iPhone Signed in 1 hour ago Last seen 1 hour ago Sign out Unknown browser Signed in 3 hours ago Last seen 3 hours ago Sign out Sign out everywhere else/,
          );
          advance(10 * MINUTE);
          await account(unknown, server);
          advance(10 * MINUTE);
          const later = textOf(await account(phone, server));
          assert.match(
            later,
            /Safari on iPhone Signed in 1 hour ago This browser Unknown browser Signed in 3 hours ago Last seen 10 minutes ago .* Firefox on Windows/,
          );
        });
      });

      it('are said to be the only one where they are', async () => {
        const person = await signedIn(server, await newUser(server));
        const page = await account(person, server);
        assert.match(page.text, /You are signed in nowhere else/);
        assert.deepEqual(formsTo(page, '/account/sign-out'), []);
      });

      it('keep of a User-Agent a length, and no more than what can be kept', async () => {
        const user = await newUser(server);
        await signedIn(server, user, { userAgent: `${IPHONE} \xe9\xff ${'x'.repeat(5000)}` });
        const [session] = await server.store.sessions.listByUser(user.id, Date.now());
        assert.equal(session?.userAgent?.length, 256);
        assert.match(session?.userAgent ?? '', /^[\x20-\x7e]*$/);
      });

      it('are noted as in use at most once in five minutes', async () => {
        const user = await newUser(server);
        await withClock(async (advance) => {
          const person = await signedIn(server, user);
          const start = Date.now();
          const seenAt = async () =>
            (await server.store.sessions.listByUser(user.id, Date.now()))[0]!.seenAt! - start;
          advance(5 * MINUTE - 1);
          await account(person, server);
          assert.equal(await seenAt(), 0);
          advance(1);
          await account(person, server);
          assert.equal(await seenAt(), 5 * MINUTE);
          advance(4 * MINUTE);
          await account(person, server);
          assert.equal(await seenAt(), 5 * MINUTE);
          advance(60 * MINUTE);
          await person.open(authorizeUrl(server));
          assert.equal(await seenAt(), 69 * MINUTE);
        });
      });

      it('are signed out one by one, at their next request and in every process', async () => {
        const user = await newUser(server);
        const neighbour = await startServer(
          { SESSION_SECRET: 's'.repeat(32) },
          { store: server.store },
        );
        const [person, phone, third] = [
          await signedIn(server, user),
          await signedIn(server, user, { userAgent: IPHONE }),
          await signedIn(server, user, { userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/1.0' }),
        ];
        const phoneElsewhere = new Person(neighbour);
        for (const [key, value] of phone.cookies) phoneElsewhere.cookies.set(key, value);
        assert.equal(await isSignedIn(phoneElsewhere, neighbour), true);
        const heard = record(server, 'sessions_ended');

        const page = await account(person, server);
        const ofPhone = page.text.split('class="entry"').find((part) => /iPhone/.test(part))!;
        const { action, fields } = readForm(ofPhone);
        const answer = await post(person, action, fields);
        assert.deepEqual([answer.status, answer.location], [303, '/account']);
        assert.deepEqual(heard, [['sessions_ended', { userId: user.id, count: 1 }]]);
        const after = await account(person, server);
        assert.equal(message(after, 'status'), 'That browser is signed out.');
        assert.doesNotMatch(after.text, /iPhone/);

        assert.equal(await isSignedIn(phoneElsewhere, neighbour), false);
        assert.equal(await isSignedIn(phone, server), false);
        assert.match((await phone.visit(authorizeUrl(server))).text, /name="password"/);
        assert.equal(await isSignedIn(third, server), true);

        // A double click, or somebody else was faster: it is signed out, and that is what it says.
        await post(person, action, fields);
        const twice = message(await account(person, server), 'status');
        assert.equal(twice, 'That browser is signed out.');
        assert.equal(heard.length, 1);
      });

      it('are signed out all but this one, and nobody else’s', async () => {
        const user = await newUser(server);
        const stranger = await signedIn(server, await newUser(server));
        const others = [await signedIn(server, user), await signedIn(server, user)];
        const person = await signedIn(server, user);
        const heard = record(server, 'sessions_ended');
        const all = formsTo(await account(person, server), '/account/sign-out').at(-1)!;
        assert.deepEqual(Object.keys(all.fields), ['csrf_token']);
        await post(person, all.action, all.fields);
        const page = await account(person, server);
        assert.equal(message(page, 'status'), 'You are signed out everywhere else.');
        assert.match(page.text, /You are signed in nowhere else/);
        for (const other of others) assert.equal(await isSignedIn(other, server), false);
        assert.equal(await isSignedIn(stranger, server), true);
        assert.deepEqual(heard, [['sessions_ended', { userId: user.id, count: 2 }]]);
      });

      it('of somebody else, or of nobody, are left alone whoever names them', async () => {
        const user = await newUser(server);
        const victim = await newUser(server);
        const stranger = await signedIn(server, victim);
        const person = await signedIn(server, user);
        await signedIn(server, user);
        const [{ hash: theirs } = { hash: '' }] = await server.store.sessions.listByUser(
          victim.id,
          Date.now(),
        );
        const [form] = formsTo(await account(person, server), '/account/sign-out');
        const heard = record(server, 'sessions_ended');
        for (const session of [theirs, 'nobody', '\0', 'x'.repeat(300), '%', "' or 1=1 --"]) {
          const answer = await post(person, form!.action, { ...form!.fields, session });
          assert.equal(answer.location, '/account');
        }
        assert.deepEqual(heard, []);
        assert.equal(await isSignedIn(stranger, server), true);
        assert.equal((await server.store.sessions.listByUser(user.id, Date.now())).length, 2);
      });

      it('are not ended by a link, or by a form that is not of this session', async () => {
        const user = await newUser(server);
        const person = await signedIn(server, user);
        const other = await signedIn(server, user);
        const [form] = formsTo(await account(person, server), '/account/sign-out');
        const [foreign] = formsTo(await account(other, server), '/account/sign-out');
        const { session = '' } = form!.fields;
        const query = new URLSearchParams(form!.fields);
        const linked = await person.open(`/account/sign-out?${query}`);
        assert.deepEqual([linked.status, linked.location], [303, '/account']);
        for (const csrf_token of ['', 'x'.repeat(43), foreign!.fields['csrf_token']!]) {
          for (const fields of [{ csrf_token, session }, { csrf_token }]) {
            const answer = await post(person, '/account/sign-out', fields);
            assert.deepEqual([answer.status, answer.location], [303, '/account']);
            const page = await account(person, server);
            assert.match(message(page, 'alert') ?? '', /nothing was changed/);
            assert.equal(message(await account(person, server), 'alert'), undefined);
          }
        }
        const nobody = await post(new Person(server), '/account/sign-out', form!.fields);
        assert.equal(nobody.location, '/login?to=account');
        assert.equal(await isSignedIn(other, server), true);
      });

      it('that have ended are not brought back by a request on its way', async () => {
        const user = await newUser(server);
        const listener = createServer();
        await listen(listener);
        after(() => {
          listener.closeAllConnections();
          listener.close();
        });
        const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
        let arrived = Promise.withResolvers<void>();
        let gate = Promise.withResolvers<void>();
        const app = express();
        const options = { secret: 'x', https: false, ttl: 3600 };
        app.use(sessions({ ...options, store: server.store }));
        app.get('/sign-in', (req, res) => {
          const oauth = { csrfSecret: 'a', user: { id: user.id, authTime: Date.now() } };
          Object.assign(req.session, { oauth });
          res.end();
        });
        app.get('/slow', async (req, res) => {
          arrived.resolve();
          await gate.promise;
          req.session.oauth!.csrfSecret = randomToken();
          res.end();
        });
        app.get('/', (req, res) => res.json(req.session.oauth?.user?.id ?? null));
        listener.on('request', app);

        const person = new Person({ origin, issuer: origin });
        await person.open('/sign-in');
        assert.equal((await person.open('/')).json, user.id);
        // It does save, as long as the session is there.
        const before = await server.store.sessions.listByUser(user.id, Date.now());
        const slow = person.open('/slow');
        await arrived.promise;
        gate.resolve();
        await slow;
        const saved = await server.store.sessions.listByUser(user.id, Date.now());
        assert.notEqual(saved[0]?.data, before[0]?.data);

        arrived = Promise.withResolvers();
        gate = Promise.withResolvers();
        const late = person.open('/slow');
        await arrived.promise;
        assert.equal(await server.store.sessions.end(saved[0]!.hash, user.id, Date.now()), true);
        gate.resolve();
        assert.equal((await late).status, 200);
        assert.deepEqual(await server.store.sessions.listByUser(user.id, Date.now()), []);
        assert.equal(await server.store.sessions.find(saved[0]!.hash, Date.now()), undefined);
        assert.equal((await person.open('/')).json, null);
      });

      it('of an earlier release go on, are shown from their next request on, and end with the password', async () => {
        const user = await newUser(server);
        const old = await signedIn(server, user, { userAgent: IPHONE });
        const [row] = await server.store.sessions.listByUser(user.id, Date.now());
        const data = JSON.parse(row!.data);
        data.oauth.user = { id: user.id, authTime: data.oauth.user.authTime };
        const { hash, expiresAt } = row!;
        const before = { data: JSON.stringify(data), expiresAt };
        await server.store.sessions.save(hash, before);
        const person = await signedIn(server, user);
        assert.doesNotMatch((await account(person, server)).text, /iPhone/);

        assert.match(textOf(await account(old, server)), /Safari on iPhone .* This browser/);
        assert.match((await account(person, server)).text, /Safari on iPhone/);

        // Not seen since the update, and so not known to be this user's.
        await server.store.sessions.save(hash, before);
        await changePassword(person, server);
        assert.equal(await isSignedIn(old, server), false);
        assert.equal(await isSignedIn(person, server), true);
      });
    });

    describe('the password', () => {
      it('is changed: the old one is worth nothing, other browsers are out, apps are not', async () => {
        const user = await newUser(server);
        const other = await signedIn(server, user);
        const person = await signedIn(server, user);
        const tokens = await allowed(server, person);
        const oldSession = person.cookies.get('oauth_session');
        const heard = record(server, 'password_changed', 'password_refused');

        const form = await person.visit(`${server.issuer}/account/password`);
        assert.match(textOf(form), /You will be signed out everywhere else/);
        assert.match(textOf(form), /Apps keep their access/);
        assert.match(form.text, /href="\/account#apps"/);
        const done = await person.submit(form, passwords());
        assert.match(message(done, 'status') ?? '', /password is changed.*Apps keep/);
        assert.match(textOf(done), /Last changed just now/);
        assert.match(textOf(done), /You are signed in nowhere else/);
        assert.equal(message(await account(person, server), 'status'), undefined);
        assert.deepEqual(heard, [['password_changed', { userId: user.id }]]);
        assert.match((await server.store.users.find(user.id))!.passwordHash!, /^\$argon2id\$/);

        assert.equal(await isSignedIn(other, server), false);
        assert.equal(await isSignedIn(person, server), true);
        assert.notEqual(person.cookies.get('oauth_session'), oldSession);
        const thief = new Person(server);
        thief.cookies.set('oauth_session', oldSession!);
        assert.equal(await isSignedIn(thief, server), false, 'a session id that was stolen');
        assert.equal((await getSecret(server, tokens.access_token)).status, 200);
        assert.equal((await refresh(server, tokens.refresh_token)).status, 200);

        const old = await other.signIn(await other.visit('/login'), user.username);
        assert.equal(old.status, 400);
        await signedIn(server, user, { password: NEW_PASSWORD });
      });

      it('is not changed by what is wrong, and each slip is named', async () => {
        const user = await newUser(server, { name: 'Wilhelmina Featherstone' });
        const person = await signedIn(server, user);
        const short = 'x1y2z3'.repeat(3).slice(0, MIN_PASSWORD_LENGTH - 1);
        for (const [entered, problem, field] of [
          [{ new_password: short, new_password_again: short }, /at least 15 characters/, 'new'],
          [{ new_password: '', new_password_again: '' }, /at least 15 characters/, 'new'],
          [same('aaaaaaaaaaaaaaaaaaaa'), /easy to guess/, 'new'],
          [same('WilhelminaFeatherstone1'), /easy to guess/, 'new'],
          [same('a\tb'.repeat(10)), /cannot be used/, 'new'],
          [same(`${NEW_PASSWORD} `.repeat(60)), /cannot be used/, 'new'],
          [{ new_password_again: `${NEW_PASSWORD}!` }, /two different/, 'again'],
          [{ new_password_again: '' }, /two different/, 'again'],
          [{ current_password: 'no' }, /current password is not right/, 'current'],
          [{ current_password: '' }, /current password is not right/, 'current'],
        ] as [Record<string, string>, RegExp, string][]) {
          const form = await person.visit('/account/password');
          const answer = await person.submit(form, { ...passwords(), ...entered });
          assert.equal(answer.status, 400);
          assert.match(message(answer, 'alert') ?? '', problem);
          assert.match(answer.text, /<title>Error: /);
          const invalid = [...answer.text.matchAll(/<input(?:(?!>).)*>/gs)]
            .map(([input]) => input)
            .filter((input) => input.includes('aria-invalid="true"'));
          assert.equal(invalid.length, 1);
          assert.match(invalid[0]!, /aria-describedby="password-error/);
          const id = { new: 'new-password', again: 'new-password-again' }[field];
          assert.ok(invalid[0]!.includes(`id="${id ?? 'current-password'}"`), field);
          for (const typed of Object.values({ ...passwords(), ...entered })) {
            if (typed.length < 5) continue;
            assert.ok(!answer.text.includes(typed), 'no password comes back');
          }
        }
        const [{ passwordHash: kept } = { passwordHash: '' }] = [
          await server.store.users.find(user.id),
        ];
        assert.equal(kept, await passwordHash);
        assert.equal(await isSignedIn(person, server), true);
        function same(text: string) {
          return { new_password: text, new_password_again: text };
        }
      });

      it('is not changed to what it is', async () => {
        const long = 'a password that was long already';
        const user = await newUser(server, { passwordHash: await hashPassword(long) });
        const person = await signedIn(server, user, { password: long });
        const entered = {
          current_password: long,
          new_password: long,
          new_password_again: long,
        };
        const answer = await person.submit(await person.visit('/account/password'), entered);
        assert.match(message(answer, 'alert') ?? '', /your password already/);
      });

      it('is not guessed: wrong ones are counted as at the login page, with those of that page', async () => {
        const user = await newUser(server);
        const env = { SESSION_SECRET: 's'.repeat(32), LOGIN_LIMIT_PER_ACCOUNT: '3' };
        const strict = await startServer(env, { store: server.store });
        const person = await signedIn(strict, user);
        const heard = record(strict, 'password_refused', 'login_limited');
        const attempt = async (current_password: string, more = {}) =>
          person.submit(await person.visit('/account/password'), {
            ...passwords(),
            current_password,
            ...more,
          });
        // Slips of the pen are none of these.
        for (const slip of [
          { new_password: 'short' },
          { new_password_again: 'not the same' },
          { new_password: 'a'.repeat(20), new_password_again: 'a'.repeat(20) },
          { new_password: 'with\ta tab' },
        ]) {
          assert.equal((await attempt('no', slip)).status, 400);
        }
        assert.equal((await attempt('no')).status, 400);
        assert.equal((await attempt('no')).status, 400);
        const login = await person.visit('/login?prompt=login');
        assert.equal((await person.signIn(login, user.username, 'no')).status, 400);

        const limited = await attempt(PASSWORD);
        assert.equal(limited.status, 429);
        assert.match(limited.headers.get('retry-after') ?? '', /^\d+$/);
        assert.match(message(limited, 'alert') ?? '', /Too many wrong passwords.*15 minutes/);
        assert.deepEqual(
          heard.map(([event]) => event),
          ['password_refused', 'password_refused', 'login_limited'],
        );
        assert.equal((await server.store.users.find(user.id))?.passwordHash, await passwordHash);
      });

      it('lets no more through of 50 guesses at once than the limit', async () => {
        const user = await newUser(server);
        const env = { SESSION_SECRET: 's'.repeat(32), LOGIN_LIMIT_PER_ACCOUNT: '3' };
        const strict = await startServer(env, { store: server.store });
        const person = await signedIn(strict, user);
        const { action, fields } = readForm((await person.visit('/account/password')).text);
        const answers = await Promise.all(
          Array.from({ length: 50 }, () =>
            post(person, action, { ...fields, ...passwords(), current_password: 'no' }),
          ),
        );
        assert.equal(answers.filter(({ status }) => status === 400).length, 3);
        assert.equal(answers.filter(({ status }) => status === 429).length, 47);
      });

      it('leaves the browser known: floods from elsewhere still do not lock its owner out', async () => {
        const user = await newUser(server);
        const env = {
          SESSION_SECRET: 's'.repeat(32),
          TRUST_PROXY: '1',
          LOGIN_LIMIT_PER_ACCOUNT: '1',
        };
        const strict = await startServer(env, { store: server.store });
        const person = await signedIn(strict, user);
        const device = person.cookies.get('oauth_device');
        await changePassword(person, strict);
        assert.equal(person.cookies.get('oauth_device'), device);
        for (let address = 1; address <= 10; address += 1) {
          const attacker = new Person(strict);
          attacker.headers['x-forwarded-for'] = `203.0.113.${address}`;
          await attacker.signIn(await attacker.visit('/login'), user.username, 'no');
        }
        const stranger = new Person(strict);
        stranger.headers['x-forwarded-for'] = '203.0.113.99';
        const shut = await stranger.signIn(
          await stranger.visit('/login'),
          user.username,
          NEW_PASSWORD,
        );
        assert.equal(shut.status, 429);
        const again = await person.visit('/login?prompt=login');
        const inside = await person.signIn(again, user.username, NEW_PASSWORD);
        assert.equal(inside.status, 200);
      });

      it('is not changed by a form that is not of this session, or without a sign-in', async () => {
        const user = await newUser(server);
        const person = await signedIn(server, user);
        const other = await signedIn(server, user);
        const foreign = readForm((await other.visit('/account/password')).text).fields;
        for (const csrf_token of ['', 'x'.repeat(43), foreign['csrf_token']!]) {
          const answer = await post(person, '/account/password', { csrf_token, ...passwords() });
          assert.equal(answer.status, 403);
          assert.match(message(answer, 'alert') ?? '', /nothing was changed/);
        }
        const nobody = new Person(server);
        assert.equal((await nobody.open('/account/password')).location, '/login?to=account');
        const sent = await post(nobody, '/account/password', { ...foreign, ...passwords() });
        assert.equal(sent.location, '/login?to=account');
        assert.equal((await server.store.users.find(user.id))?.passwordHash, await passwordHash);
      });

      it('is changed once by a double click, which ends where one would', async () => {
        for (const wait of [true, false]) {
          const user = await newUser(server);
          const person = await signedIn(server, user);
          const { action, fields } = readForm((await person.visit('/account/password')).text);
          const heard = record(server, 'password_changed', 'password_refused');
          const entered = { ...fields, ...passwords() };
          // Neither of the two knows what the other was answered.
          const [first, second] = [new Person(server), new Person(server)];
          for (const [key, value] of person.cookies) {
            first.cookies.set(key, value);
            second.cookies.set(key, value);
          }
          const click = post(first, action, entered);
          if (wait) await click;
          const answers = [await click, await post(second, action, entered)];
          assert.deepEqual(
            answers.map(({ status, location }) => [status, location]),
            [1, 2].map(() => [303, '/account']),
          );
          assert.match(message(await account(second, server), 'status') ?? '', /is changed/);
          assert.deepEqual(heard, [['password_changed', { userId: user.id }]]);
          const left = await server.store.sessions.listByUser(user.id, Date.now());
          assert.equal(left.length, 1, 'no session is left over');
        }
      });

      it('is changed once though the second click finds it changed when it looks', async () => {
        const user = await newUser(server);
        const slow = await gatedServer(server, ({ users }, wait) => ({
          users: {
            ...users,
            async findByUsername(username) {
              await wait();
              return users.findByUsername(username);
            },
          },
        }));
        const person = await signedIn(slow.server, user);
        const second = new Person(slow.server);
        for (const [key, value] of person.cookies) second.cookies.set(key, value);
        const { action, fields } = readForm((await person.visit('/account/password')).text);
        const heard = record(slow.server, 'password_changed', 'password_refused');
        slow.close();
        const click = post(second, action, { ...fields, ...passwords() });
        await slow.arrived;
        await post(person, action, { ...fields, ...passwords() });
        slow.open();
        assert.equal((await click).location, '/account');
        assert.match(message(await account(second, slow.server), 'status') ?? '', /is changed/);
        assert.deepEqual(heard, [['password_changed', { userId: user.id }]]);
      });

      it('is not changed again, and nobody is signed in, by that form a little later', async () => {
        const user = await newUser(server);
        await withClock(async (advance) => {
          const person = await signedIn(server, user);
          const before = new Map(person.cookies);
          const { action, fields } = readForm((await person.visit('/account/password')).text);
          await post(person, action, { ...fields, ...passwords() });
          const replay = async (entered: Record<string, string>) => {
            const old = new Person(server);
            for (const [key, value] of before) old.cookies.set(key, value);
            return (await post(old, action, { ...fields, ...entered })).location;
          };
          assert.equal(await replay({ ...passwords(), new_password: 'a guess' }), LOGIN);
          assert.equal(await replay({ ...passwords(), csrf_token: 'a guess' }), LOGIN);
          advance(10_000);
          assert.equal(await replay(passwords()), LOGIN);
        });
      });

      it('is changed by one of two who change it to different ones at once', async () => {
        const user = await newUser(server);
        const people = [await signedIn(server, user), await signedIn(server, user)];
        const forms = await Promise.all(
          people.map(async (person) => readForm((await person.visit('/account/password')).text)),
        );
        const heard = record(server, 'password_changed');
        const answers = await Promise.all(
          people.map((person, index) =>
            post(person, '/account/password', {
              ...forms[index]!.fields,
              ...passwords(`${NEW_PASSWORD} ${index}`),
            }),
          ),
        );
        assert.equal(heard.length, 1);
        const winner = answers.findIndex(({ location }) => location === '/account');
        assert.ok(winner >= 0);
        const loser = answers[1 - winner]!;
        assert.notEqual(loser.location, '/account');
        assert.equal(await isSignedIn(people[winner]!, server), true);
        assert.equal(await isSignedIn(people[1 - winner]!, server), false);
        await signedIn(server, user, { password: `${NEW_PASSWORD} ${winner}` });
      });

      it('ends a sign-in with the old one that was under way, and does not even show it', async () => {
        const user = await newUser(server);
        const slow = await gatedServer(server, ({ users }, wait) => ({
          users: {
            ...users,
            async findByUsername(username) {
              const found = await users.findByUsername(username);
              await wait();
              return found;
            },
          },
        }));
        const person = await signedIn(server, user);
        const late = new Person(slow.server);
        const page = await late.visit('/login?to=account');
        slow.close();
        const under = late.signIn(page, user.username);
        await slow.arrived;
        await changePassword(person, server);
        slow.open();
        assert.match((await under).text, /name="password"/, 'back at the login page');
        assert.equal(await isSignedIn(late, slow.server), false);
        assert.match((await account(person, server)).text, /You are signed in nowhere else/);
      });

      it('that an administrator has set anew signs the person out everywhere', async () => {
        const user = await newUser(server);
        const person = await signedIn(server, user);
        await server.store.users.save({ ...user, passwordHash: await hashPassword(NEW_PASSWORD) });
        assert.equal(await isSignedIn(person, server), false);
      });

      it('is not asked of who has none here', async () => {
        const user = await newUser(server);
        const person = await signedIn(server, user);
        const [row] = await server.store.sessions.listByUser(user.id, Date.now());
        const data = JSON.parse(row!.data);
        delete data.oauth.user.password;
        await server.store.sessions.save(row!.hash, { ...row!, data: JSON.stringify(data) });
        await server.store.users.save({ ...user, passwordHash: undefined });
        const page = await account(person, server);
        assert.match(page.text, /<h1>Your account<\/h1>/);
        assert.doesNotMatch(page.text, /assword<\/h2>|account\/password/);
        assert.equal((await person.open('/account/password')).location, '/account');
        const answer = await post(person, '/account/password', passwords());
        assert.equal((await server.store.users.find(user.id))?.passwordHash, undefined);
        assert.notEqual(answer.status, 200);
      });
    });
  });
}

const LOGIN = '/login?to=account';

function passwords(fresh = NEW_PASSWORD): Record<string, string> {
  return { current_password: PASSWORD, new_password: fresh, new_password_again: fresh };
}

async function changePassword(person: Person, server: TestServer): Promise<void> {
  const form = await person.visit(`${server.issuer}/account/password`);
  const answer = await person.submit(form, passwords());
  assert.match(message(answer, 'status') ?? '', /password is changed/);
}

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
      for (const method of [
        'PUT',
        'DELETE',
        'PATCH',
        'HEAD',
        ...(path === '/account' ? ['POST'] : []),
      ])
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
    assert.equal((await server.store.users.find(user.id))?.passwordHash, await passwordHash);
  });

  it('says what a notice says to who did it, and to nobody who was sent a cookie or a link', async () => {
    const server = await startServer();
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const stranger = await signedIn(server, await newUser(server));
    await allowed(server, person);
    const { action, fields } = readForm((await removePage(person, server)).text);
    await post(person, action, fields);
    const notice = person.cookies.get('oauth_notice')!;
    assert.ok(notice);
    const forged = Buffer.from('{"name":"password_changed"}').toString('base64url');
    for (const value of [notice, 'x', 'x.y', '.', forged, `${forged}.${notice.split('.')[1]}`]) {
      stranger.cookies.set('oauth_notice', value);
      const page = await account(stranger, server);
      assert.equal(page.status, 200);
      assert.equal(message(page, 'status'), undefined, value);
    }
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
    assert.match((await person.visit('/')).text, /<code dir="ltr">\/account<\/code>/);
    assert.match((await person.visit(authorizeUrl(server))).text, /take this back later/);
  });
});

for (const path of ['', '/auth']) {
  describe(`the account page in an app with its own login, ${path || 'at its root'}`, async () => {
    const listener = createServer();
    await listen(listener);
    after(() => {
      listener.closeAllConnections();
      listener.close();
    });
    const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
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
  const listener = createServer();
  await listen(listener);
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const store = memoryStore();
  const { handler, close } = authorizationServer({
    issuer: origin,
    store,
    authenticate: ({ headers }) => {
      const id = headers['x-user'];
      return typeof id === 'string' ? { id, name: id } : undefined;
    },
    loginUrl: '/sign-in?from=server',
  });
  after(close);
  listener.on('request', handler);

  it('takes a form from nobody but the person it was shown to, in one browser', async () => {
    for (const userId of ['maria', 'ada']) {
      await store.consents.add({ userId, clientId: 'app', resource: '', scope: ['read'] });
    }
    const person = new Person({ origin, issuer: origin });
    const back = new URLSearchParams({ return_to: '/account' });
    assert.equal((await person.open('/account')).location, `/sign-in?from=server&${back}`);
    person.headers['x-user'] = 'maria';
    const form = await person.visit('/account/remove-app?client_id=app');
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
      thief.cookies.set('oauth_session', encodeURIComponent(value));
      assert.equal(await isSignedIn(thief, server), false);
    }
  });
});
