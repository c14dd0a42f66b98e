// PostgreSQL with a standby: a synchronous one that is away, for which every commit waits for ever; and
// one to read from.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import { createApp } from '../../src/program/app.ts';
import { readConfig } from '../../src/program/config.ts';
import { parseSeed } from '../../src/program/seed.ts';
import { openStore } from '../../src/store/open.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { clusterMissing, createCluster } from '../helpers/postgres.ts';
import { SEED } from '../helpers/seeds.ts';

const CREDENTIALS = { grant_type: 'client_credentials' };

/** Waits until something holds, and says what did not. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await holds())) assert.ok(performance.now() - start < 30_000, what);
}

describe('a synchronous standby that is away', {
  skip: clusterMissing(),
  timeout: 120_000,
}, async () => {
  const cluster = await createCluster();
  // One who commits nothing, and so waits for no standby.
  const operator = new pg.Client(cluster.url);
  await operator.connect();
  const store = await openStore(cluster.url);
  const server = await startServer({}, { store });
  after(async () => {
    await store.close();
    await operator.end();
    await cluster.remove();
  });

  const token = () => requestToken(server, CREDENTIALS, 'web:web-secret');
  const health = () => http(`${server.issuer}/health`);
  const ask = (sql: string) => operator.query(sql);

  async function setStandbys(names: string): Promise<void> {
    await ask(`alter system set synchronous_standby_names = '${names}'`);
    await ask('select pg_reload_conf()');
    await until('the setting is read', async () => {
      const { rows } = await ask('show synchronous_standby_names');
      return rows[0].synchronous_standby_names === names;
    });
  }

  const backends = async (where: string) =>
    (
      await ask(`select count(*)::int as count from pg_stat_activity
        where application_name = 'authorization server' and ${where}`)
    ).rows[0].count;

  it('fails writes in bounds, lets reads go on, leaves no backend behind, and is over when it is over', async () => {
    const { access_token } = (await token()).json;
    assert.deepEqual((await health()).json, { status: 'ok' });
    await setStandbys('nobody');

    let isTried = true;
    // Token requests share their statements; attempts have one each.
    const attempts = Array.from({ length: 100 }, (_, n) =>
      assert.rejects(store.limits.take(`${n}`, 1, 60_000, 0), StoreUnavailable),
    );
    const writes = Promise.all(Array.from({ length: 100 }, token)).finally(() => {
      isTried = false;
    });
    await until('all writes are answered', async () => {
      assert.equal((await getSecret(server, access_token)).status, 200);
      return !isTried;
    });
    for (const answer of await writes) {
      assert.equal(answer.status, 503);
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    }
    await Promise.all(attempts);
    await until('no backend waits', async () => (await backends("wait_event = 'SyncRep'")) === 0);
    assert.ok((await backends('true')) <= 10);

    const { status, json } = await health();
    assert.deepEqual([status, json], [200, { status: 'read-only' }]);
    // That request tries a write, or one of these does if it was given up; nobody else waits for its end.
    let refused = 0;
    const asked = Array.from({ length: 50 }, async () => {
      assert.equal((await token()).status, 503);
      refused += 1;
    });
    await until('all but one are refused', async () => {
      await nextTurn();
      return refused >= asked.length - 1;
    });
    assert.ok((await backends("wait_event = 'SyncRep'")) <= 1, 'only one is tried');
    await Promise.all(asked);
    assert.equal((await getSecret(server, access_token)).status, 200);

    await setStandbys('');
    await until('writes are taken', async () => (await health()).json.status === 'ok');
    assert.equal((await token()).status, 200);
    assert.equal(await backends("wait_event = 'SyncRep'"), 0);
  });
});

describe('a server that reads from a standby', {
  skip: clusterMissing(),
  timeout: 120_000,
}, () => {
  it('checks tokens, says that it is read-only, and writes nothing', async () => {
    const primary = await createCluster({ wal_level: 'replica' });
    const first = await openStore(primary.url);
    const env = { SESSION_SECRET: 's'.repeat(32) };
    const server = await startServer(env, { store: first });
    await server.ready();
    const { access_token } = (await requestToken(server, CREDENTIALS, 'web:web-secret')).json;
    const standby = await createCluster({ hot_standby: 'on' }, primary);
    const store = await openStore(standby.url, { migrate: false });
    after(async () => {
      await Promise.all([first.close(), store.close()]);
      await standby.remove();
      await primary.remove();
    });
    const config = readConfig({ ...env, ISSUER: server.issuer, DEMO: 'off', LOG_LEVEL: 'silent' });
    const seed = parseSeed('the test seed', JSON.stringify(SEED), false);
    const { app, ready, close } = createApp(config, store, seed);
    const listener = createServer(app);
    await listen(listener);
    after(() => {
      void close();
      listener.closeAllConnections();
      listener.close();
    });
    await ready();
    const issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    assert.equal((await getSecret({ issuer }, access_token)).status, 200);
    assert.equal((await requestToken({ issuer }, CREDENTIALS, 'web:web-secret')).status, 503);
    assert.deepEqual((await http(`${issuer}/health`)).json, { status: 'read-only' });
    await until('what is issued at the primary has arrived', async () => {
      const { json } = await requestToken(server, CREDENTIALS, 'web:web-secret');
      return (await getSecret({ issuer }, json.access_token)).status === 200;
    });
  });
});
