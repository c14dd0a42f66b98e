// Where a person is signed in, on the account page, over HTTP.

import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import express from 'express';
import { siteOf } from '../../../src/http/site.ts';
import { randomToken } from '../../../src/protocol/secrets.ts';
import { holderOf, sessions } from '../../../src/sign-in/session-holder.ts';
import { authorizeUrl } from '../../helpers/flows.ts';
import { openServer, startServer, withClock } from '../../helpers/harness.ts';
import { Person, readForm } from '../../helpers/http-person.ts';
import {
  account,
  formsTo,
  HOUR,
  IPHONE,
  isSignedIn,
  MINUTE,
  message,
  newUser,
  post,
  record,
  signedIn,
  textOf,
} from '../../helpers/people.ts';

describe('sessions on the account page', async () => {
  const server = await startServer({ SESSION_SECRET: 's'.repeat(32) });

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
    assert.match(page.text, /You are not signed in anywhere else/);
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
    const session = phone.cookies.get(phone.nameOf('oauth_session'))!;
    // Its issuer is another one here, and with it the name of the cookie.
    phoneElsewhere.cookies.set(phoneElsewhere.nameOf('oauth_session'), session);
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
    assert.match(page.text, /You are not signed in anywhere else/);
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
    const { server: listener, origin } = await openServer();
    let arrived = Promise.withResolvers<void>();
    let gate = Promise.withResolvers<void>();
    const app = express();
    const secret = createSecretKey(randomBytes(32));
    const options = { secret, site: siteOf(origin), ttl: 3600 };
    app.use(sessions({ ...options, store: server.store }));
    app.get('/sign-in', async (req, res) => {
      const oauth = { csrfSecret: 'a', user: { id: user.id, authTime: Date.now() } };
      const { session } = await holderOf(req).open();
      Object.assign(session, { oauth });
      res.end();
    });
    app.get('/slow', async (req, res) => {
      const { session } = await holderOf(req).open();
      arrived.resolve();
      await gate.promise;
      session.oauth!.csrfSecret = randomToken();
      res.end();
    });
    app.get('/', (req, res) => res.json(holderOf(req).part()?.user?.id ?? null));
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

  it('are not ended by the token of another form of the page', async () => {
    const user = await newUser(server);
    const person = await signedIn(server, user);
    const other = await signedIn(server, user);
    const [logout] = formsTo(await account(person, server), '/logout');
    await post(person, '/account/sign-out', logout!.fields);
    assert.equal(await isSignedIn(other, server), true);
    assert.match(message(await account(person, server), 'alert') ?? '', /out of date/);
  });
});
