import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import session from 'express-session';
import { applySeed, authorizationServer, parseSeed } from '../src/index.ts';
import { emptyStore } from './databases.ts';
import { authorizeUrl, listen, Person, SEED } from './harness.ts';

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
  const { handler, close } = authorizationServer({ issuer: origin, store, scopes: seed.scopes });
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
    assert.equal(person.cookies.has('oauth_session'), false);
  });

  it('signs people out and leaves the session of the app', async () => {
    const person = new Person(site);
    await person.open('/buy');
    await person.signIn(await person.visit('/login'));
    assert.match((await person.submit(await person.visit('/logout'), {})).text, /signed out/i);
    assert.deepEqual((await person.open('/cart')).json, { cart: ['a book'] });
    assert.match((await person.visit(authorizeUrl(site))).text, /name="password"/);
  });
});
