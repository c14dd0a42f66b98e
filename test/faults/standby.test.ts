// PostgreSQL whose synchronous standby is away: every commit waits for it, for ever.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { getSecret, http, requestToken, startServer } from '../helpers/harness.ts';
import { clusterMissing, createCluster } from '../helpers/postgres.ts';

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
    // That request tries a write; no other request waits for its result.
    const start = performance.now();
    for (let count = 0; count < 50; count += 1) assert.equal((await token()).status, 503);
    assert.ok(performance.now() - start < 5000);
    assert.equal((await getSecret(server, access_token)).status, 200);

    await setStandbys('');
    await until('writes are taken', async () => (await health()).json.status === 'ok');
    assert.equal((await token()).status, 200);
    assert.equal(await backends("wait_event = 'SyncRep'"), 0);
  });
});
