// Several servers on one database forget together what is over, one of them at a time.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { freshPostgres } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { seedFile, startSite } from '../helpers/running.ts';
import { SEED } from '../helpers/seeds.ts';
import { DATABASES, look } from '../helpers/sql.ts';

/** More than one of them forgets in one go. */
const ROWS = 5000;
const LATER = Date.now() + 3_600_000;

/** Sessions of which every other one is over. */
const FILL = `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${2 * ROWS})
  insert into oauth_sessions (hash, data, expires_at)
    select 'session ' || n, '{}', case when n % 2 = 0 then 1 else ${LATER} end from numbers`;

const COUNT = 'select count(*) as found from oauth_sessions';

async function count(databaseUrl: string): Promise<number> {
  return Number((await look(databaseUrl, COUNT))[0]!['found']);
}

describe('four servers on one database', { concurrency: true, timeout: 120_000 }, () => {
  for (const { kind, fresh, skip } of DATABASES) {
    it(`forget all that is over and nothing else, in ${kind}`, { skip }, async () => {
      const databaseUrl = await fresh();
      const site = await startSite(4, {
        SEED_FILE: seedFile(SEED),
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: 'warn',
      });
      await look(databaseUrl, FILL);
      assert.equal(await count(databaseUrl), 2 * ROWS);
      while ((await count(databaseUrl)) > ROWS) await wait(200);
      assert.deepEqual(await site.stop(), [0, 0, 0, 0]);
      assert.equal(await count(databaseUrl), ROWS);
      for (const { stdout } of site.servers) assert.doesNotMatch(stdout, /"level":[3-6]0/);
    });
  }

  it('leave it to the one that is at it', { skip: postgresMissing() }, async () => {
    const databaseUrl = await freshPostgres();
    const store = await openStore(databaseUrl);
    await look(databaseUrl, FILL);
    const other = new pg.Client(databaseUrl);
    await other.connect();
    await other.query("begin; select from oauth_locks where name = 'purge' for update");
    assert.equal(await store.purge(Date.now(), ROWS), 0);
    assert.equal(await count(databaseUrl), 2 * ROWS);
    // It dies, and its lock with it.
    await other.end();
    assert.equal(await store.purge(Date.now(), ROWS), ROWS);
    await store.close();
  });
});
