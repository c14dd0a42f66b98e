import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import session from 'express-session';
import { applySeed, authorizationServer, parseSeed } from '../../src/index.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { listen } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

declare module 'express-session' {
  interface SessionData {
    cart: string[];
  }
}

describe('an app that has express-session already, around a server with its own login', async () => {
  const server = createServer();
  await listen(server);
  after(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = await emptyStore();
  const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
  await applySeed(store, seed);
  const { handler, users, close } = authorizationServer({
    issuer: origin,
    store,
    secret: 'of-all-servers-in-these-tests-alone',
    scopes: seed.scopes,
  });
  after(close);
  const app = express();
  app.use(session({ secret: 'of the shop', resave: false, saveUninitialized: false }));
  app.get('/buy', (req, res) => {
    req.session.cart = ['a book'];
    res.json({});
  });
  app.get('/cart', (req, res) => {
    res.json({ cart: req.session.cart });
  });
  app.use(handler);
  server.on('request', app);
  const site = { origin, issuer: origin };

  it('signs people in under a new session id and keeps what the app has in the session', async () => {
    const person = new Person(site);
    await person.open('/buy');
    const before = person.cookies.get('connect.sid');
    const back = await person.allow(authorizeUrl(site));
    assert.ok(back.searchParams.get('code'));
    assert.notEqual(person.cookies.get('connect.sid'), before);
    assert.deepEqual((await person.open('/cart')).json, { cart: ['a book'] });
    assert.equal(person.cookies.has(person.nameOf('oauth_session')), false);
  });

  it('signs people out and leaves the session of the app', async () => {
    const person = new Person(site);
    await person.open('/buy');
    await person.signIn(await person.visit('/login'));
    assert.match((await person.submit(await person.visit('/logout'), {})).text, /signed out/i);
    assert.deepEqual((await person.open('/cart')).json, { cart: ['a book'] });
    assert.match((await person.visit(authorizeUrl(site))).text, /name="password"/);
  });

  it('shows on the account page the apps and the password, and no sessions: the app keeps those', async () => {
    const person = new Person(site);
    await person.signIn(await person.visit('/login'));
    const page = await person.visit('/account');
    assert.match(page.text, /Apps with access/);
    assert.match(page.text, /Change password/);
    assert.doesNotMatch(page.text, /Where you are signed in/);
    const answer = await person.open('/account/sign-out', {
      method: 'POST',
      body: new URLSearchParams(),
    });
    assert.equal(answer.location, '/account');
    assert.doesNotMatch((await person.visit('/account')).text, /role="(status|alert)"/);
  });

  it('signs nobody in again who was disabled and is enabled, though the app has kept the session', async () => {
    const person = new Person(site);
    await person.signIn(await person.visit('/login'));
    const isSignedOut = async () =>
      /name="password"/.test((await person.visit(authorizeUrl(site))).text);
    assert.equal(await isSignedOut(), false);
    const { id } = (await store.users.findByUsername('alice'))!;
    for (const disabled of [true, false]) {
      await users.update(id, { disabled });
      assert.equal(await isSignedOut(), true, `disabled: ${disabled}`);
    }
    await person.signIn(await person.visit('/login'));
    assert.equal(await isSignedOut(), false);
  });

  it('signs people out everywhere else when they change the password, and keeps what the app has', async () => {
    const [person, other] = [new Person(site), new Person(site)];
    await person.open('/buy');
    await other.open('/buy');
    for (const one of [person, other]) {
      await one.signIn(await one.visit('/login'), 'bob', 'builder');
    }
    const form = await person.visit('/account/password');
    const fresh = 'can we fix it, yes we can';
    const done = await person.submit(form, {
      current_password: 'builder',
      new_password: fresh,
      new_password_again: fresh,
    });
    assert.match(done.text, /Your password has been changed/);
    assert.equal((await person.open('/account')).status, 200);
    assert.equal((await other.open('/account')).location, '/login?to=account');
    for (const one of [person, other]) {
      assert.deepEqual((await one.open('/cart')).json, { cart: ['a book'] });
    }
  });
});

describe('an express-session whose cookie is for https alone, where somebody signs in by http', async () => {
  const store = await emptyStore();
  const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
  await applySeed(store, seed);

  /** Signs somebody in, in an app whose session has options. */
  async function signInAt(options: Partial<session.SessionOptions>, headers = {}) {
    const server = createServer();
    await listen(server);
    after(() => server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const secret = 'of-all-servers-in-these-tests-alone';
    const { handler, close } = authorizationServer({ issuer: origin, store, secret });
    after(close);
    const app = express();
    app.use(session({ secret: 'shop', resave: false, saveUninitialized: false, ...options }));
    app.use(handler);
    server.on('request', app);
    const person = new Person({ origin, issuer: origin });
    Object.assign(person.headers, headers);
    await person.signIn(await person.visit('/login'));
    await person.signIn(await person.visit('/login'));
    return person;
  }

  it('is told of by one warning of the process, and only if the browser gets no cookie', async (t) => {
    const warnings: string[] = [];
    const hear = ({ name }: Error) => warnings.push(name);
    process.on('warning', hear);
    t.after(() => process.off('warning', hear));
    const cookie = { secure: true };
    const https = { 'x-forwarded-proto': 'https, http' };
    const fine = [await signInAt({ cookie: { secure: 'auto' } })];
    fine.push(await signInAt({ cookie, proxy: true }, https));
    for (const person of fine) assert.ok(person.cookies.has('connect.sid'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, []);
    assert.equal((await signInAt({ cookie })).cookies.has('connect.sid'), false);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(warnings, ['SessionWarning']);
  });
});
