// Two servers on one host: a browser keeps their cookies in one jar, whatever their ports and paths.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express, { type RequestHandler } from 'express';
import session from 'express-session';
import { applySeed } from '../../src/program/apply-seed.ts';
import { parseSeed } from '../../src/program/seed.ts';
import { authorizationServer } from '../../src/server.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { Person, readForm } from '../helpers/http-person.ts';
import { passwords } from '../helpers/people.ts';
import { SEED } from '../helpers/seeds.ts';

type Place = { readonly origin: string; readonly issuer: string };

/** One browser at two servers. */
function browserAt(one: Place, other: Place): [Person, Person] {
  const person = new Person(one);
  const same = Object.assign(new Person(other), { cookies: person.cookies });
  return [person, same];
}

/** Two servers in one app, under a path each, behind what the app has of its own. */
async function underTwoPaths(...ofApp: RequestHandler[]): Promise<[Place, Place]> {
  const app = express();
  if (ofApp.length > 0) app.use(...ofApp);
  const server = createServer(app);
  await listen(server);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
  const mount = async (path: string) => {
    const store = await emptyStore();
    await applySeed(store, seed);
    const issuer = `${origin}${path}`;
    const { handler, close } = authorizationServer({
      issuer,
      store,
      scopes: seed.scopes,
      secret: 'of-all-servers-in-these-tests-alone',
    });
    app.use(path, handler);
    after(async () => {
      await close();
      await store.close();
    });
    return { origin, issuer };
  };
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return [await mount('/a'), await mount('/b')];
}

describe('A person who uses two servers on one host', () => {
  const hosts: [string, () => Promise<[Place, Place]>][] = [
    ['at two ports', async () => [await startServer(), await startServer()]],
    ['under two paths', () => underTwoPaths()],
    [
      'under two paths of an app with a session of its own',
      () => underTwoPaths(session({ secret: 'the app', resave: false, saveUninitialized: false })),
    ],
  ];
  for (const [where, start] of hosts) {
    it(`${where} is signed in to both, whichever was first`, async () => {
      const [one, other] = await start();
      const [atOne, atOther] = browserAt(one, other);
      const page = await atOne.visit(authorizeUrl(one));
      await atOther.signIn(await atOther.visit(`${other.issuer}/login`), 'bob', 'builder');
      // Its form was shown before the other server was visited.
      assert.match((await atOne.signIn(page)).text, /Alice Liddell/);
      assert.match((await atOne.visit(`${one.issuer}/login`)).text, /Alice Liddell/);
      assert.match((await atOther.visit(`${other.issuer}/login`)).text, /Bob/);
    });

    it(`${where} stays signed in to one when they sign out of the other`, async () => {
      const [one, other] = await start();
      const [atOne, atOther] = browserAt(one, other);
      await atOne.signIn(await atOne.visit(`${one.issuer}/login`));
      await atOther.signIn(await atOther.visit(`${other.issuer}/login`));
      await atOther.submit(await atOther.visit(`${other.issuer}/logout`), {});
      assert.equal((await atOther.open(`${other.issuer}/account`)).status, 303);
      assert.equal((await atOne.open(`${one.issuer}/account`)).status, 200);
    });

    it(`${where} hears at the one what was done there, and nothing of it at the other`, async () => {
      const [one, other] = await start();
      const [atOne, atOther] = browserAt(one, other);
      await atOne.signIn(await atOne.visit(`${one.issuer}/login`));
      await atOther.signIn(await atOther.visit(`${other.issuer}/login`));
      const form = await atOne.visit(`${one.issuer}/account/password`);
      const { action, fields } = readForm(form.text);
      const body = new URLSearchParams({ ...fields, ...passwords() });
      await atOne.open(action, { method: 'POST', body });
      const notice = /Your password has been changed/;
      assert.doesNotMatch((await atOther.visit(`${other.issuer}/account`)).text, notice);
      assert.match((await atOne.visit(`${one.issuer}/account`)).text, notice);
    });
  }

  it('has no cookie of theirs by the same name', async () => {
    const [one, other] = [await startServer(), await startServer()];
    const named = async (server: Place) => {
      const person = new Person(server);
      await person.signIn(await person.visit('/login'));
      return [...person.cookies.keys()];
    };
    const [first, second] = [await named(one), await named(other)];
    assert.equal(first.length, 3);
    assert.equal(new Set([...first, ...second]).size, 6);
  });
});
