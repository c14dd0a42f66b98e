// The change of a password, over HTTP.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import { passwordMark } from '../../../src/protocol/password-hashes.ts';
import { hashPassword, MIN_PASSWORD_LENGTH } from '../../../src/protocol/passwords.ts';
import { authorizationServer } from '../../../src/server.ts';
import { getSecret } from '../../helpers/flows.ts';
import { listen, startServer, withClock } from '../../helpers/harness.ts';
import { http } from '../../helpers/http.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import {
  account,
  allowed,
  changePassword,
  gatedServer,
  isSignedIn,
  LOGIN,
  message,
  NEW_PASSWORD,
  newUser,
  PASSWORD,
  passwordHash,
  passwords,
  post,
  record,
  refresh,
  signedIn,
  textOf,
} from '../../helpers/people.ts';

describe('/.well-known/change-password', () => {
  it('leads to the page on which the password is changed, by way of the login page', async () => {
    const server = await startServer();
    for (const method of ['GET', 'HEAD']) {
      const answer = await http(`${server.origin}/.well-known/change-password`, { method });
      assert.deepEqual([answer.status, answer.location], [303, '/account/password']);
    }
    const person = await signedIn(server, await newUser(server));
    const page = await person.visit('/.well-known/change-password');
    assert.match(page.text, /name="new_password"/);
    const stranger = await new Person(server).visit('/.well-known/change-password');
    assert.match(stranger.text, /autocomplete="current-password"/);
  });

  it('leads somebody there who has to sign in first, after a wrong password as well', async () => {
    const server = await startServer();
    const { username } = await newUser(server);
    const person = new Person(server);
    const login = await person.visit('/.well-known/change-password');
    const wrong = await person.signIn(login, username, 'wrong');
    assert.equal(wrong.status, 400);
    const page = await person.signIn(wrong, username);
    assert.match(page.text, /<h1>Change your password<\/h1>/);
  });

  it('stands at the root of the host, though the issuer has a path', async () => {
    const app = express();
    const listener = createServer(app);
    await listen(listener);
    const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const { handler, close } = authorizationServer({ issuer: `${origin}/auth` });
    app.use('/auth', handler);
    after(() => {
      void close();
      listener.closeAllConnections();
      listener.close();
    });
    const answer = await http(`${origin}/.well-known/change-password`);
    assert.deepEqual([answer.status, answer.location], [303, '/auth/account/password']);
  });

  it('is not there if the people are those of an app around the server', async () => {
    const app = express();
    const listener = createServer(app);
    await listen(listener);
    const issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const own = { authenticate: () => undefined, loginUrl: '/sign-in' };
    const { handler, close } = authorizationServer({ issuer, ...own });
    app.use(handler);
    after(() => {
      void close();
      listener.closeAllConnections();
      listener.close();
    });
    assert.equal((await http(`${issuer}/.well-known/change-password`)).status, 404);
  });
});

describe('the password', async () => {
  const server = await startServer({ SESSION_SECRET: 's'.repeat(32) });

  it('is changed: the old one is worth nothing, other browsers are out, apps are not', async () => {
    const user = await newUser(server);
    const other = await signedIn(server, user);
    const person = await signedIn(server, user);
    const tokens = await allowed(server, person);
    const oldSession = person.cookies.get(person.nameOf('oauth_session'));
    const heard = record(server, 'password_changed', 'password_refused');

    const form = await person.visit(`${server.issuer}/account/password`);
    assert.match(textOf(form), /You will be signed out everywhere else/);
    assert.match(textOf(form), /Apps that keep their access after you sign out keep it/);
    assert.match(form.text, /href="\/account#apps"/);
    const done = await person.submit(form, passwords());
    assert.match(message(done, 'status') ?? '', /password has been changed/);
    assert.match(
      textOf(done),
      /everywhere else\. Apps that keep their access .* still have it\. Please remove any/,
    );
    assert.match(textOf(done), /Last changed just now/);
    assert.match(textOf(done), /You are not signed in anywhere else/);
    assert.equal(message(await account(person, server), 'status'), undefined);
    assert.deepEqual(heard, [['password_changed', { userId: user.id }]]);
    assert.match((await server.store.users.find(user.id))!.passwordHash!, /^\$argon2id\$/);

    assert.equal(await isSignedIn(other, server), false);
    assert.equal(await isSignedIn(person, server), true);
    assert.notEqual(person.cookies.get(person.nameOf('oauth_session')), oldSession);
    const thief = new Person(server);
    thief.cookies.set(thief.nameOf('oauth_session'), oldSession!);
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
      [{ new_password_again: `${NEW_PASSWORD}!` }, /do not match/, 'again'],
      [{ new_password_again: '' }, /do not match/, 'again'],
      [{ current_password: 'no' }, /current password is incorrect/, 'current'],
      [{ current_password: '' }, /current password is incorrect/, 'current'],
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
    assert.equal(kept, passwordHash);
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
    assert.match(message(answer, 'alert') ?? '', /already your password/);
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
    assert.equal((await server.store.users.find(user.id))?.passwordHash, passwordHash);
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
    const device = person.cookies.get(person.nameOf('oauth_browser'));
    await changePassword(person, strict);
    assert.notEqual(person.cookies.get(person.nameOf('oauth_browser')), device);
    for (let address = 1; address <= 10; address += 1) {
      const attacker = new Person(strict);
      attacker.headers['x-forwarded-for'] = `203.0.113.${address}`;
      await attacker.signIn(await attacker.visit('/login'), user.username, 'no');
    }
    const stranger = new Person(strict);
    stranger.headers['x-forwarded-for'] = '203.0.113.99';
    const shut = await stranger.signIn(await stranger.visit('/login'), user.username, NEW_PASSWORD);
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
    assert.equal((await nobody.open('/account/password')).location, LOGIN);
    const sent = await post(nobody, '/account/password', { ...foreign, ...passwords() });
    assert.equal(sent.location, LOGIN);
    assert.equal((await server.store.users.find(user.id))?.passwordHash, passwordHash);
  });

  for (const overlap of [false, true]) {
    it(`is changed once by a double click, which ends where one would: ${overlap ? 'both at once' : 'one after the other'}`, async () => {
      for (let round = 0; round < 10; round += 1) {
        const user = await newUser(server);
        const person = await signedIn(server, user);
        const elsewhere = await signedIn(server, user);
        const { action, fields } = readForm((await person.visit('/account/password')).text);
        const heard = record(server, 'password_changed', 'password_refused');
        const entered = { ...fields, ...passwords() };
        // Neither of the two knows what the other was answered, and the browser keeps either.
        const clicks = [new Person(server), new Person(server)];
        for (const click of clicks) {
          for (const [key, value] of person.cookies) click.cookies.set(key, value);
        }
        const [first, second] = clicks.map((click) => () => post(click, action, entered));
        const answers = overlap
          ? await Promise.all([first!(), second!()])
          : [await first!(), await second!()];
        assert.deepEqual(
          answers.map(({ status, location }) => [status, location]),
          [1, 2].map(() => [303, '/account']),
        );
        for (const click of clicks) {
          assert.match(message(await account(click, server), 'status') ?? '', /has been changed/);
        }
        assert.deepEqual(heard, [['password_changed', { userId: user.id }]]);
        for (const before of [person, elsewhere]) {
          assert.equal(await isSignedIn(before, server), false);
        }
        const left = await server.store.sessions.listByUser(user.id, Date.now());
        assert.equal(left.length, 1, 'both have the same one, and what was opened before is gone');
      }
    });
  }

  it('is changed once though the second click finds it changed when it looks', async () => {
    const user = await newUser(server);
    const slow = await gatedServer(server, ({ users }, wait) => ({
      users: {
        ...users,
        async findByTypedName(username) {
          await wait();
          return users.findByTypedName(username);
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
    assert.match(message(await account(second, slow.server), 'status') ?? '', /has been changed/);
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

  it('signs nobody in by that form after too many wrong ones, and says when it will', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    await withClock(async () => {
      const { action, fields } = readForm((await person.visit('/account/password')).text);
      const entered = { ...fields, ...passwords() };
      assert.equal((await post(person, action, entered)).location, '/account');
      for (let n = 0; n < 11; n += 1) {
        await person.signIn(await person.visit('/login?prompt=login'), user.username, 'no');
      }
      const { status, headers } = await post(person, action, entered);
      assert.equal(status, 429);
      assert.match(String(headers.get('retry-after')), /^\d+$/);
    });
  });

  it('signs nobody in who is sent that form by somebody else’s page', async () => {
    const user = await newUser(server);
    const attacker = await signedIn(server, user);
    const { action, fields } = readForm((await attacker.visit('/account/password')).text);
    const entered = { ...fields, ...passwords() };
    await post(attacker, action, entered);
    const signedInAs = await newUser(server);
    // What a form of another site brings along, and what one of a neighbouring site does.
    for (const victim of [new Person(server), await signedIn(server, signedInAs)]) {
      const session = victim.cookies.get(victim.nameOf('oauth_session'));
      const answer = await post(victim, action, entered);
      assert.notEqual(answer.location, '/account');
      assert.equal(victim.cookies.get(victim.nameOf('oauth_session')), session);
    }
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
        async findByTypedName(username) {
          const found = await users.findByTypedName(username);
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
    assert.match((await account(person, server)).text, /You are not signed in anywhere else/);
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
    data.oauth.user.password = passwordMark(undefined);
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
