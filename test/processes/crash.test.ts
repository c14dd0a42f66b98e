// The server is killed in the midst of its work, and started again: what it has answered holds.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';
import { LEDGER_SEED, Ledger, random } from '../helpers/ledger.ts';
import { type Env, run, SETTINGS, seedFile } from '../helpers/running.ts';
import { DATABASES, look } from '../helpers/sql.ts';

/** Each kill is a start, and a start takes half a second of a core. TEST_KILLS=100 looks longer. */
const KILLS = Number(process.env['TEST_KILLS'] ?? 6);
const SEED_FILE = seedFile(LEDGER_SEED);

/** What is there in part: each statement counts what one commit has to leave whole. */
const HALF_DONE = [
  `select count(*) as found from oauth_refresh_tokens t where rotated_at is not null
    and not exists (select 1 from oauth_refresh_tokens s where s.hash = t.successor_hash)`,
  `select count(*) as found from oauth_codes c where redeemed_at is not null
    and exists (select 1 from oauth_grants g where g.id = c.grant_id)
    and not exists (select 1 from oauth_refresh_tokens t where t.grant_id = c.grant_id)`,
  `select count(*) as found from oauth_codes c where redeemed_at is null
    and not exists (select 1 from oauth_grants g where g.id = c.grant_id)`,
];

for (const { kind, fresh, skip } of DATABASES) {
  describe(`a server with ${kind} that is killed ${KILLS} times`, {
    skip,
    timeout: 300_000,
  }, () => {
    const arrangements: [string, Env][] = [
      ['one process', {}],
      ['two processes on one port', { WORKERS: '2' }],
    ];
    for (const [name, env] of arrangements) {
      it(`keeps what it has answered, and does nothing by halves, as ${name}`, async (t) => {
        const port = String(await freePort());
        const databaseUrl = await fresh();
        const start = async () => {
          const server = run({
            ...SETTINGS,
            SEED_FILE,
            PORT: port,
            DATABASE_URL: databaseUrl,
            // Those in doubt are asked about in the end.
            AUTHORIZATION_CODE_TTL: '600',
            ...env,
          });
          await server.greeted();
          return server;
        };

        let server = await start();
        const ledger = new Ledger({ origin: `http://127.0.0.1:${port}` });
        t.after(() => ledger.abandon());
        await ledger.begin();
        for (let kills = 0; kills < KILLS; kills += 1) {
          const { answered } = ledger;
          await ledger.until(() => ledger.answered > answered + 100);
          // The moment is left to chance: right after an answer there is the least in the making.
          await wait(random.next() * 20);
          ledger.pause();
          server.signalAll('SIGKILL');
          assert.equal(await server.exit, 'SIGKILL');
          server = await start();
          ledger.goOn();
        }
        await ledger.finish();
        assert.ok(ledger.broken > KILLS, 'it was killed in the midst of its work');
        assert.equal(ledger.unavailable, 0);
        for (const sql of HALF_DONE)
          assert.equal(Number((await look(databaseUrl, sql))[0]!['found']), 0);

        const compared = await ledger.audit();
        const { answered, broken } = ledger;
        t.diagnostic(JSON.stringify({ answered, withoutAnswer: broken, ...compared }));
        server.child.kill('SIGTERM');
        assert.equal(await server.exit, 0);
      });
    }
  });
}
