// A database that is slow, or hangs, or is reached through a network that does: whoever asks hears of
// it within seconds, nothing is held for ever, and all is well afterwards.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { aClient } from '../../src/store-contract/records.ts';
import { freshSqlite } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { logIn } from '../helpers/http-person.ts';
import { clusterMissing, createCluster } from '../helpers/postgres.ts';
import { startProgram } from '../helpers/program.ts';
import { createProxy } from '../helpers/proxy.ts';

const CREDENTIALS = { grant_type: 'client_credentials' };

/**
 * Milliseconds in which everybody has an answer: to wait for a turn, a connection and an answer. On a
 * busy machine the slowest takes 19 s; one after the other, they would take minutes.
 */
const SECONDS = 30_000;

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

async function is503(asked: Promise<Answer>): Promise<void> {
  const { result, ms } = await timed(asked);
  assert.equal(result.status, 503, result.text);
  assert.match(result.headers.get('retry-after') ?? '', /^\d+$/);
  assert.ok(ms < SECONDS, `${ms} ms`);
}

const skip = clusterMissing();

describe('with PostgreSQL', { skip, timeout: 120_000, concurrency: 8 }, async () => {
  const cluster = await createCluster();
  const operator = new pg.Pool({ connectionString: cluster.url });
  const stores: Store[] = [];
  after(async () => {
    for (const store of stores) await store.close();
    await operator.end();
    await cluster.remove();
  });

  async function connected(url: string): Promise<pg.Client> {
    const client = new pg.Client(url);
    await client.connect();
    return client;
  }

  /** A database of its own for a test. */
  async function database(): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await operator.query(`create database ${name}`);
    return Object.assign(new URL(cluster.url), { pathname: name }).href;
  }

  async function open(url: string): Promise<Store> {
    const store = await openStore(url);
    stores.push(store);
    return store;
  }

  /** The connections to a database but for ours, and what is true of them. */
  async function connections(url: string, where = 'true'): Promise<number> {
    const { rows } = await operator.query(
      `select count(*)::int as count from pg_stat_activity
        where datname = $1 and application_name = 'authorization server' and ${where}`,
      [new URL(url).pathname.slice(1)],
    );
    return rows[0].count;
  }

  const token = (server: { issuer: string }) => requestToken(server, CREDENTIALS, 'web:web-secret');

  it('a row that somebody has locked is waited for, but not for long, and nothing is lost', async () => {
    const url = await database();
    const server = await startServer({}, { store: await open(url) });
    const { exchange } = await authorizeAs(server);
    const { refresh_token } = (await exchange()).json;
    const refresh = () =>
      requestToken(server, { grant_type: 'refresh_token', refresh_token }, 'web:web-secret');

    const other = await connected(url);
    await other.query('begin; select id from oauth_grants for update');
    await is503(refresh());
    await other.end();
    assert.equal((await refresh()).status, 200);
  });

  it('a table that somebody has locked is waited for, but not for long, by however many', async () => {
    const url = await database();
    const server = await startServer({}, { store: await open(url) });
    assert.equal((await token(server)).status, 200);
    const other = await connected(url);
    await other.query('begin; lock table oauth_clients, oauth_sessions');
    const page = () => http(authorizeUrl(server));
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => is503(index % 2 ? token(server) : page())),
    );
    await other.end();
    assert.equal((await token(server)).status, 200);
    assert.equal((await page()).status, 303);
    assert.ok((await connections(url)) <= 10);
    assert.equal(await connections(url, "state <> 'idle'"), 0);
  });

  it('a network that swallows everything ends in 503, and nothing remembers it afterwards', async () => {
    const url = await database();
    const proxy = await createProxy(url);
    const server = await startServer({}, { store: await open(proxy.through(url)) });
    const page = () => http(authorizeUrl(server));
    const all = () => [token(server), page(), http(`${server.issuer}/health`)];
    for (const { status } of await Promise.all(all())) assert.ok(status < 400);
    proxy.swallow();
    // First over connections that there are, then over such as come about without an answer.
    await Promise.all(all().map(is503));
    await Promise.all(all().map(is503));
    proxy.pass();
    proxy.cut();
    for (const { status } of await Promise.all(all())) assert.ok(status < 400);
    while ((await connections(url)) > 10);
  });

  it('a network that is slow is waited for', async () => {
    const url = await database();
    const proxy = await createProxy(url);
    const server = await startServer({}, { store: await open(proxy.through(url)) });
    proxy.delay(50);
    const { exchange } = await authorizeAs(server);
    assert.equal((await exchange()).status, 200);
  });

  it('a connection that breaks in the instant it is made ends no process', async () => {
    const url = await database();
    const proxy = await createProxy(url);
    const db = postgresDatabase(proxy.through(url));
    after(() => db.close());
    proxy.hold();
    const asked = assert.rejects(db.query('select 1'), StoreUnavailable);
    while ((await connections(url, "state = 'idle'")) === 0);
    await operator.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [new URL(url).pathname.slice(1)],
    );
    while ((await connections(url)) > 0);
    // That the connection is ready, and that it is over, arrive together.
    proxy.pass();
    await asked;
    await db.query('select 1');
  });

  it('a process that vanishes in the middle of a transaction holds on to nothing for ever', async () => {
    const url = await database();
    const proxy = await createProxy(url);
    const store = await open(proxy.through(url));
    const times = { expiresAt: Date.now() + 60_000 };
    const common = { clientId: 'web', scope: ['read'], ...times };
    await store.clients.save(aClient({ id: 'web' }));
    await store.codes.save(
      { ...common, hash: 'code', grantId: 'grant', redirectUri: 'https://web.example/' },
      { ...common, id: 'grant', userId: 'alice', resource: [], createdAt: Date.now() },
    );
    // The statements that lock arrive; that they have locked nobody hears.
    proxy.swallow('answers');
    const asked = assert.rejects(store.codes.redeem('code', Date.now()), StoreUnavailable);
    while ((await connections(url, "state = 'idle in transaction'")) === 0);
    const other = await connected(url);
    await assert.rejects(other.query('select id from oauth_grants for update nowait'), {
      code: '55P03',
    });
    const start = performance.now();
    await asked;
    await other.query('select id from oauth_grants for update');
    assert.ok(performance.now() - start < SECONDS);
    await other.end();
    proxy.pass();
    proxy.cut();
    assert.deepEqual(await store.codes.redeem('code', Date.now()), { outcome: 'redeemed' });
  });

  it('of more than it can do, it does what it can, and says so to the others at once', async () => {
    const url = await database();
    const store = await open(url);
    const other = await connected(url);
    await other.query('begin; lock table oauth_clients, oauth_requests');
    for (const [ask, bound] of [
      // These wait to share a statement, those for a connection.
      [() => store.clients.find('web'), 5200],
      [() => store.requests.find('some', 0), 1010],
    ] as const) {
      let refused = 0;
      let answered = 0;
      const all = Array.from({ length: 20_000 }, () =>
        ask().catch((error: unknown) => {
          assert.ok(error instanceof StoreUnavailable);
          if (answered === 0) refused += 1;
        }),
      );
      // Nothing has come from the network yet.
      await new Promise((resolve) => setImmediate(resolve));
      answered = 1;
      assert.ok(refused >= 20_000 - bound, `${refused} were refused at once`);
      assert.ok(refused < 20_000, 'and not all');
      const { ms } = await timed(Promise.all(all));
      assert.ok(ms < SECONDS, `${ms} ms`);
    }
    await other.end();
    assert.equal(await store.clients.find('web'), undefined);
    assert.equal(await store.requests.find('some', 0), undefined);
    assert.ok((await connections(url)) <= 10);
  });
});

/** Sends a token request many times over one connection, and counts the answers by their status. */
function pipelined(
  port: number,
  count: number,
  done: (statuses: Map<string, number>) => void,
): void {
  const body = 'grant_type=client_credentials&client_id=codecademy&client_secret=codec@demy';
  const request = [
    'POST /oauth/token HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  const statuses = new Map<string, number>();
  let left = count;
  let rest = '';
  socket.on('data', (chunk) => {
    rest += chunk;
    for (const [, status = ''] of rest.matchAll(/HTTP\/1\.1 (\d+) [^\n]*\n/g)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      left -= 1;
    }
    rest = rest.slice(rest.lastIndexOf('\n') + 1);
    if (left === 0) {
      socket.destroy();
      done(statuses);
    }
  });
  socket.on('error', () => done(statuses.set('broken', left)));
  socket.write(request.repeat(count));
}

describe('a server that is asked for more than it can do', { skip, timeout: 120_000 }, async () => {
  it('answers everybody, keeps its memory in bounds, and works as before afterwards', async () => {
    const cluster = await createCluster();
    after(() => cluster.remove());
    const server = await startProgram({ DATABASE_URL: cluster.url });
    const port = Number(new URL(server.origin).port);
    const issue = () => requestToken(server, CREDENTIALS, 'codecademy:codec@demy');
    assert.equal((await issue()).status, 200);

    const other = new pg.Client(cluster.url);
    await other.connect();
    await other.query('begin; lock table oauth_clients');
    const connectionsOfClients = 400;
    const all = await Promise.all(
      Array.from(
        { length: connectionsOfClients },
        () => new Promise<Map<string, number>>((resolve) => pipelined(port, 50, resolve)),
      ),
    );
    await other.end();
    const counts = new Map<string, number>();
    for (const [status, count] of all.flatMap((statuses) => [...statuses])) {
      counts.set(status, (counts.get(status) ?? 0) + count);
    }
    assert.deepEqual([...counts], [['503', 20_000]]);

    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
      const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      assert.ok(Number(peak) < 600_000, `${peak} kB`);
    }
    assert.equal((await issue()).status, 200);
    assert.equal((await http(`${server.origin}/health`)).status, 200);
    await server.stop();
  });
});

describe('with SQLite', { timeout: 120_000 }, () => {
  it('a file that another process writes to is waited for, but not for long, by however many', async () => {
    const url = freshSqlite();
    const server = await startProgram({ DATABASE_URL: url });
    const issue = () => requestToken(server, CREDENTIALS, 'codecademy:codec@demy');
    const login = () => logIn(server);
    const { access_token } = (await issue()).json;

    // The server may still be storing a key.
    const other = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 });
    other.exec('begin immediate');
    let pending = true;
    const waiting = Promise.all(Array.from({ length: 100 }, login)).finally(() => {
      pending = false;
    });
    // Reads do not wait, and the process can go on working.
    let reads = 0;
    const { ms } = await timed(
      (async () => {
        while (pending) {
          const { result, ms } = await timed(getSecret(server, access_token));
          assert.equal(result.status, 200);
          assert.ok(ms < SECONDS, `${ms} ms`);
          reads += 1;
        }
      })(),
    );
    assert.ok(ms < SECONDS, `${ms} ms`);
    assert.ok(reads > 10, `${reads} reads`);
    for (const { status } of await waiting) assert.equal(status, 503);
    other.close();
    assert.equal((await login()).status, 200);
    assert.equal((await issue()).status, 200);
    await server.stop();
  });

  it('of more writes than it can do, it says so to the others at once', async () => {
    const url = freshSqlite();
    const store = await openStore(url);
    after(() => store.close());
    const other = new DatabaseSync(url.slice('sqlite:'.length));
    other.exec('begin immediate');
    let refused = 0;
    let waited = false;
    const all = Array.from({ length: 20_000 }, () =>
      store.sessions.delete('none').catch((error: unknown) => {
        assert.ok(error instanceof StoreUnavailable);
        if (!waited) refused += 1;
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    waited = true;
    assert.ok(refused >= 18_000 && refused < 20_000, `${refused} were refused at once`);
    const { ms } = await timed(Promise.all(all));
    assert.ok(ms < SECONDS, `${ms} ms`);
    other.close();
    await store.sessions.delete('none');
  });
});
