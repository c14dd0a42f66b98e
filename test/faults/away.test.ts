// PostgreSQL away while the server runs: what is asked for is answered with 503, by every endpoint
// that needs it; and once it is back, everything works again.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import express from 'express';
import pg from 'pg';
import { authorizationServer } from '../../src/server.ts';
import { openStore } from '../../src/store/open.ts';
import { as, send } from '../helpers/clients.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { listen, startServer, withClock } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { logIn, Person, readForm } from '../helpers/http-person.ts';
import { clusterMissing, createCluster } from '../helpers/postgres.ts';
import { SECRET, startProgram } from '../helpers/program.ts';
import { SEED } from '../helpers/seeds.ts';

const PASSWORD = 'hush-hush-hush';
const WEB = 'web:web-secret';
const CREDENTIALS = { grant_type: 'client_credentials' };

/** What nobody outside need know. */
const INSIDE =
  /postgres|sql|database|relation|connection|ECONN|hush|127\.0\.0\.1:\d+ *$|node_modules|\.ts\b|^ +at /im;

describe('while PostgreSQL is away', { skip: clusterMissing(), timeout: 120_000 }, async () => {
  const cluster = await createCluster();
  const store = await openStore(cluster.url);
  const demo = { ...SEED.clients[0], client_id: 'demo' };
  const jwt = { ...demo, client_id: 'jwt', access_token_format: 'jwt' };
  const seed = { ...SEED, clients: [demo, jwt, ...SEED.clients] };
  const server = await startServer(
    { DEMO: 'on', RATE_LIMIT: 'off', SESSION_SECRET: SECRET },
    { seed, store },
  );
  const failures: unknown[] = [];
  server.events.on('failure', ({ error }) => failures.push(error));

  // An app that has the server in it, and routes of its own.
  const app = express();
  const embedded = createServer(app);
  await listen(embedded);
  const origin = `http://127.0.0.1:${(embedded.address() as AddressInfo).port}`;
  const { handler, protect, close } = authorizationServer({
    issuer: origin,
    store,
    secret: SECRET,
    demo: true,
  });
  app.use(handler);
  app.get('/shelf', protect(), (_req, res) => {
    res.json({ books: [] });
  });
  after(async () => {
    await close();
    embedded.closeAllConnections();
    embedded.close();
    await store.close();
    await cluster.remove();
  });

  /** A token request of each kind, with what makes it a sound one; a page with what a person has. */
  async function collect() {
    const { exchange } = await authorizeAs(server);
    const other = await authorizeAs(server);
    const tokens = (await other.exchange()).json;
    const jwt = (await requestToken(server, CREDENTIALS, 'jwt:web-secret')).json.access_token;
    const form = { token: tokens.access_token };

    const person = new Person(server);
    await person.signIn(await person.visit('/login'));
    const consent = await person.visit(authorizeUrl(server, { prompt: 'consent' }));
    const decision = readForm(consent.text);
    const signOut = readForm((await person.visit('/logout')).text);
    const stranger = new Person(server);
    const login = await stranger.visit(authorizeUrl(server));
    const signIn = readForm(login.text);
    const form2 = (fields: Record<string, string>) => ({
      method: 'POST',
      body: new URLSearchParams(fields),
    });

    const machines: Record<string, () => Promise<Answer>> = {
      'a client that asks for itself': () => requestToken(server, CREDENTIALS, WEB),
      'a client that asks for a JWT': () => requestToken(server, CREDENTIALS, 'jwt:web-secret'),
      'a client with a code': exchange,
      'a client with a refresh token': () =>
        requestToken(
          server,
          { grant_type: 'refresh_token', refresh_token: tokens.refresh_token },
          WEB,
        ),
      'a client of a tutorial': () =>
        http(`${server.issuer}/auth`, {
          method: 'POST',
          headers: as(WEB),
          body: new URLSearchParams(CREDENTIALS),
        }),
      'an introspection': () => send(server, 'introspect', form, as(WEB)),
      '/secret': () => getSecret(server, tokens.access_token),
      '/secret with a JWT': () => getSecret(server, jwt),
      'protect() in another app': () =>
        http(`${origin}/shelf`, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } }),
      'a revocation': () => send(server, 'revoke', form, as(WEB)),
      '/health': () => http(`${server.issuer}/health`),
    };
    const people: Record<string, () => Promise<Answer>> = {
      'who comes from an app': () => new Person(server).open(authorizeUrl(server)),
      'who comes from an app and is signed in': () => person.open(authorizeUrl(server)),
      'who has decided': () =>
        person.open(decision.action, form2({ ...decision.fields, decision: 'allow' })),
      'who opens the login page and is signed in': () => person.open('/login'),
      'who signs in': () =>
        stranger.open(
          signIn.action,
          form2({ ...signIn.fields, username: 'alice', password: 'wonderland' }),
        ),
      'who signs in and sends no cookie': () =>
        new Person(server).open(signIn.action, form2({ ...signIn.fields, username: 'alice' })),
      'who opens the logout page': () => person.open('/logout'),
      'who opens the home page': () => person.open('/'),
      'who comes to another app': () => http(authorizeUrl({ issuer: origin })),
      'whom an app signs out': () => person.open('/oauth/end-session?client_id=web'),
      'who signs out': () => person.open(signOut.action, form2(signOut.fields)),
    };
    return { machines, people };
  }

  it('every request that needs it is answered with 503, and the same request works once it is back', async () => {
    const { machines, people } = await collect();
    const { keys } = (await http(`${server.issuer}/oauth/jwks`)).json;
    assert.equal(new Set(keys.map(({ kty }: { kty: string }) => kty)).size, 2);
    await cluster.stop();

    for (const [what, ask] of Object.entries(machines)) {
      const { status, headers, json, text } = await ask();
      assert.equal(status, 503, `${what}: ${text}`);
      assert.match(headers.get('retry-after') ?? '', /^\d+$/, what);
      assert.equal(headers.get('cache-control'), 'no-store', what);
      assert.doesNotMatch(text, INSIDE, what);
      if (what === '/health') assert.deepEqual(json, { status: 'unavailable' });
      else assert.equal(json.error, 'temporarily_unavailable', what);
    }
    for (const [who, ask] of Object.entries(people)) {
      const { status, headers, text } = await ask();
      assert.equal(status, 503, `${who}: ${text}`);
      assert.match(headers.get('retry-after') ?? '', /^\d+$/, who);
      assert.match(headers.get('content-type') ?? '', /^text\/html/, who);
      assert.match(text, /<h1[^>]*>Please try again in a moment<\/h1>/, who);
      assert.doesNotMatch(text, INSIDE, who);
    }
    for (const path of [
      '/oauth/jwks',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource',
      '/',
    ]) {
      assert.equal((await http(`${server.issuer}${path}`)).status, 200, path);
    }
    assert.deepEqual(failures, [], 'none is a failure of ours');

    await cluster.start();
    const works: Record<string, number> = {
      'protect() in another app': 401,
      'who comes to another app': 303,
      'who comes from an app': 303,
      'who comes from an app and is signed in': 303,
      'who has decided': 303,
      'who signs in': 303,
      'who signs in and sends no cookie': 403,
      'who signs out': 303,
    };
    for (const [what, ask] of Object.entries({ ...machines, ...people })) {
      // They had been answered with the tokens; this is the answer to who was not.
      const { status, text } = await ask();
      assert.equal(status, works[what] ?? 200, `${what}: ${text}`);
    }
  });

  it('the key set is served for as long as that lasts, also when a new key would be due', async () => {
    const period = 30 * 24 * 3600 * 1000;
    await withClock(async (advance) => {
      const before = (await http(`${server.issuer}/oauth/jwks`)).json;
      await cluster.stop();
      for (const later of [61_000, 61_000, period]) {
        advance(later);
        const { status, json } = await http(`${server.issuer}/oauth/jwks`);
        assert.equal(status, 200);
        assert.deepEqual(json, before);
      }
      await cluster.start();
      const kids = (set: { keys: { kid: string }[] }) => set.keys.map(({ kid }) => kid);
      const later = (await http(`${server.issuer}/oauth/jwks`)).json;
      assert.notEqual(kids(later).at(-1), kids(before).at(-1));
    });
  });
});

describe('a running server', { skip: clusterMissing(), timeout: 120_000 }, async () => {
  const cluster = await createCluster();
  const url = Object.assign(new URL(cluster.url), { password: PASSWORD }).href;
  const server = await startProgram({ DATABASE_URL: url, LOG_LEVEL: 'error' });
  let operator: pg.Client;

  const issue = () => requestToken(server, CREDENTIALS, 'codecademy:codec@demy');
  const many = (count: number) => Promise.all(Array.from({ length: count }, issue));
  const connect = async () => {
    operator = new pg.Client(cluster.url);
    operator.on('error', () => {});
    await operator.connect();
  };
  /** How many connections of the server there are. */
  const connections = async (where = 'true') => {
    const { rows } = await operator.query(
      `select count(*)::int as count from pg_stat_activity where application_name = 'authorization server' and ${where}`,
    );
    return rows[0].count as number;
  };
  const terminate = async () => {
    const { rows } = await operator.query(
      "select pid, pg_terminate_backend(pid) from pg_stat_activity where application_name = 'authorization server'",
    );
    const pids = rows.map(({ pid }) => pid).join(', ');
    while ((await connections(`pid in (${pids})`)) > 0);
  };
  const lines = () =>
    server.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  before(connect);
  after(async () => {
    await server.stop();
    await operator.end();
    await cluster.remove();
  });

  it('survives that its idle connections are ended, and works at the next request', async () => {
    await many(50);
    await Promise.all(Array.from({ length: 20 }, () => logIn(server).then(({ status }) => status)));
    assert.ok((await connections("state = 'idle'")) >= 3);
    await terminate();
    assert.equal((await issue()).status, 200);
    assert.deepEqual(lines(), []);
  });

  it('survives that its connections are ended while they are used, and answers with 503', async () => {
    const other = new pg.Client(cluster.url);
    await other.connect();
    await other.query('begin');
    await other.query('lock table oauth_access_tokens');
    const waiting = many(10);
    let done = false;
    void waiting.then(() => {
      done = true;
    });
    while (!done && (await connections("wait_event_type = 'Lock'")) === 0);
    await terminate();
    for (const { status } of await waiting) assert.equal(status, 503);
    await other.end();
    assert.equal((await issue()).status, 200);
  });

  it('survives a restart of PostgreSQL, and works at the next request', async () => {
    await many(50);
    await cluster.stop();
    await cluster.start();
    assert.equal((await issue()).status, 200);
    await connect();
  });

  it('says once a second what is wrong, and no password', async () => {
    await cluster.stop();
    const said = lines().length;
    const start = performance.now();
    let answers = 0;
    while (performance.now() - start < 2500) {
      for (const { status } of await many(10)) assert.equal(status, 503);
      answers += 10;
    }
    await cluster.start();
    await connect();
    assert.equal((await issue()).status, 200);

    const fresh = lines().slice(said);
    assert.ok(answers > 50);
    assert.ok(fresh.length >= 2 && fresh.length <= 4, `${fresh.length} lines`);
    for (const { level, msg, err } of fresh) {
      assert.deepEqual({ level, msg }, { level: 50, msg: 'store_unavailable' });
      assert.match(err.message, /does not answer as it should: .*ECONNREFUSED 127\.0\.0\.1:\d+/);
    }
    assert.doesNotMatch(server.stdout + server.stderr, /hush/);
    assert.equal(server.child.exitCode, null);
  });
});
