import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import { migrateDatabase, openStore } from '../../src/store/open.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { storeContract } from '../../src/store-contract/index.ts';
import { CALLERS } from '../../src/store-contract/race.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aTicket,
  aUser,
  DAY,
  HOUR,
  NOW,
  someTokens,
  unique,
} from '../../src/store-contract/records.ts';
import { registering } from '../../src/store-contract/registering.ts';
import { same } from '../../src/store-contract/same.ts';
import { emptyPostgres, emptyPostgresStore, freshPostgres } from '../helpers/databases.ts';
import { finding } from '../helpers/finding.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { spread } from '../helpers/spread.ts';

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  return client;
}

const fourTimesOver = (open: () => Store) => spread([1, 2, 3, 4].map(open));

/** The level of transactions in a database, for those who do not say another. */
async function setLevel(url: string, level: string): Promise<void> {
  const client = await connect(url);
  await client.query(
    `alter database ${client.database} set default_transaction_isolation = '${level}'`,
  );
  await client.end();
}

describe('on PostgreSQL', { skip: postgresMissing() }, () => {
  storeContract(
    'the store in PostgreSQL',
    () => emptyPostgresStore(),
    () => {
      const url = emptyPostgres();
      return async () => openStore(await url);
    },
  );

  storeContract(
    'the store in PostgreSQL, opened four times over and told what was found once,',
    () => emptyPostgresStore((open) => finding(fourTimesOver(open))),
  );

  // An operator may have set another level for the database, or for the role.
  it('reads what others have committed, whichever level is the default', async () => {
    const url = await emptyPostgres();
    for (const level of ['read committed', 'repeatable read', 'serializable']) {
      await setLevel(url, level);
      const db = postgresDatabase(url);
      const show = 'show transaction_isolation';
      const isReadCommitted = [{ transaction_isolation: 'read committed' }];
      assert.deepEqual(await db.query(show), isReadCommitted);
      assert.deepEqual(await db.transaction((query) => query(show)), isReadCommitted);
      await db.close();
    }
  });

  // It could not look up a name that its encoding does not have, and strangers make names up.
  for (const encoding of ['LATIN1', 'SQL_ASCII']) {
    it(`is not opened in a database of the encoding ${encoding}, nor migrated`, async () => {
      const options = `encoding '${encoding}' lc_collate 'C' lc_ctype 'C'`;
      const url = await freshPostgres('template0', options);
      const unsuitable = {
        name: 'UnsuitableDatabase',
        message: `The database keeps text as ${encoding}, which does not have every character. Make one that does, and point DATABASE_URL at it: create database <name> encoding 'UTF8' template template0`,
      };
      for (const migrate of [true, false]) {
        await assert.rejects(openStore(url, { migrate }), unsuitable);
      }
      await assert.rejects(migrateDatabase(url), unsuitable);
    });
  }

  it('says where it looks if the role does not see the tables in their schema', async () => {
    const url = await freshPostgres();
    const client = await connect(url);
    await client.query('create schema elsewhere');
    const parsed = new URL(url);
    parsed.searchParams.set('options', '-c search_path=elsewhere');
    await migrateDatabase(parsed.href);
    const open = (where: string) => openStore(where, { migrate: false });
    await assert.rejects(open(url), {
      name: 'SchemaError',
      message: /^The tables .* version 0 as this role sees it \(search_path\), and this release/,
    });
    await (await open(parsed.href)).close();
    await client.end();
  });

  // Nobody knows of the other: what refers to the client waits, and then finds another one.
  it('stores what refers to a client that is removed and stored again at the same instant', async () => {
    const url = await freshPostgres();
    const [store, other] = [await openStore(url), await connect(url)];
    const client = aClient();
    await store.clients.save(client);
    await other.query('begin');
    await other.query('delete from oauth_clients where id = $1', [client.id]);
    await other.query('insert into oauth_clients (id, record, vouched) values ($1, $2, 0)', [
      client.id,
      JSON.stringify(client),
    ]);
    const clientId = client.id;
    const [grant, bought] = [aGrant({ clientId }), aGrant({ clientId })];
    const ticket = aTicket({ clientId });
    const consent = { userId: unique(), clientId, resource: '', scope: ['read'] };
    const under = Promise.all([
      store.consents.add(consent),
      store.codes.save(aCode(grant), grant),
      store.tickets.create(ticket, NOW),
      store.tokens.issue(someTokens(bought), NOW, { grant: bought }),
    ]);
    const locks = 'select count(*)::int as count from pg_locks where not granted';
    while ((await other.query(locks)).rows[0].count < 4) await nextTurn();
    await other.query('commit');
    assert.deepEqual(await under, [undefined, true, true, true]);
    assert.ok(await store.consents.find(consent.userId, clientId, ''));
    assert.ok(await store.tickets.find(ticket.kind, ticket.hash, NOW));
    await other.end();
    await store.close();
  });

  it('fails alone with a record that PostgreSQL cannot keep, and goes on', async () => {
    const store = registering(await openStore(await emptyPostgres()));
    const tokens = Array.from({ length: CALLERS }, (_, n) =>
      aClientsOwnToken(n % 10 === 0 ? { scope: ['a\0b'] } : {}),
    );
    const issued = await Promise.allSettled(
      tokens.map((accessToken) => store.tokens.issue({ accessToken }, NOW)),
    );
    for (const [n, { status }] of issued.entries()) {
      assert.equal(status, n % 10 === 0 ? 'rejected' : 'fulfilled');
      const found = await store.accessTokens.find(tokens[n]!.hash, NOW);
      same(found?.token, n % 10 === 0 ? undefined : tokens[n]);
    }
    const nameless = aUser({ username: 'a\0b' });
    await assert.rejects(store.users.save(nameless), (error: unknown) => {
      assert.ok(!(error instanceof StoreUnavailable), 'waiting would not help');
      return true;
    });
    assert.equal(await store.users.find(nameless.id), undefined);
    await store.close();
  });

  it('ends no session while a code of it is being stored', async () => {
    const url = await freshPostgres();
    const [store, other] = [registering(await openStore(url)), await connect(url)];
    const [session, grant] = [unique(), aGrant()];
    await store.clients.save(aClient({ id: grant.clientId }));
    await store.sessions.save(session, { data: '{}', expiresAt: NOW + DAY });
    /** Until so many statements wait for what others have locked. */
    const waiting = async (count: number) => {
      const locks = 'select count(*)::int as count from pg_locks where not granted';
      while ((await other.query(locks)).rows[0].count < count) await nextTurn();
    };
    await other.query('begin');
    await other.query('select id from oauth_clients where id = $1 for update', [grant.clientId]);
    const saved = store.codes.save(aCode(grant), grant, [], session);
    await waiting(1);
    const ended = store.sessions.delete(session).then(() => store.grants.find(grant.id, NOW));
    await Promise.race([waiting(2), ended]);
    await other.query('commit');
    assert.equal(await saved, true);
    same(await ended, grant);
    await other.end();
    await store.close();
  });

  it('forgets without waiting, and forgets nothing that somebody is about to keep for longer', async () => {
    const url = await freshPostgres();
    const [store, other] = [await openStore(url), await connect(url)];
    const [kept, over] = [unique(), unique()];
    for (const hash of [kept, over]) {
      await store.sessions.save(hash, { data: '{}', expiresAt: NOW });
    }
    await other.query('begin');
    const extend = 'update oauth_sessions set expires_at = $1 where hash = $2';
    await other.query(extend, [NOW + DAY, kept]);
    assert.equal(await store.purge(NOW + HOUR, 1000), 1);
    await other.query('commit');
    assert.equal(await store.purge(NOW + HOUR, 1000), 0);
    assert.ok(await store.sessions.find(kept, NOW + HOUR));
    await other.end();
    await store.close();
  });

  it('leaves the forgetting to another process that is at it', async () => {
    const url = await freshPostgres();
    const [store, other] = [await openStore(url), await connect(url)];
    await store.sessions.save(unique(), { data: '{}', expiresAt: NOW });
    await other.query('begin');
    await other.query("select name from oauth_locks where name = 'purge' for update");
    assert.equal(await store.purge(NOW + HOUR, 1000), 0);
    await other.query('commit');
    assert.equal(await store.purge(NOW + HOUR, 1000), 1);
    await other.end();
    await store.close();
  });

  it('takes nothing of a transaction whose write fails that nobody waited for, and says why', async () => {
    const db = postgresDatabase(await freshPostgres());
    await db.query('create table kept (n bigint primary key)');
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    process.on('unhandledRejection', hear);
    const insert = 'insert into kept (n) values ($1)';
    for (const isAwaited of [false, true]) {
      const failing = db.transaction(async (query) => {
        void query(insert, [1]);
        void query(insert, [1]);
        const last = query(insert, [2]);
        if (isAwaited) await last;
      });
      // Neither that of the statement after it, which the database no longer looks at, nor the commit's.
      await assert.rejects(failing, { code: '23505' });
    }
    await db.transaction(async (query) => void query(insert, [3]));
    assert.deepEqual(await db.query('select n from kept'), [{ n: 3 }]);
    await nextTurn();
    assert.deepEqual(unheard, []);
    process.off('unhandledRejection', hear);
    await db.close();
  });

  for (const connections of [2, 3, 7]) {
    it(`opens ${connections} connections and no more, for reads and for writes, if it is told so`, async () => {
      const url = await emptyPostgres();
      const store = await openStore(url, { connections });
      const observer = await connect(url);
      const busy = Array.from({ length: CALLERS }, (_, n) => [
        store.keys.list(NOW),
        store.limits.take(`${n}`, 1, HOUR, NOW),
      ]);
      await Promise.all(busy.flat());
      const { rows } = await observer.query(
        "select count(*)::int as open from pg_stat_activity where datname = current_database() and application_name = 'authorization server'",
      );
      assert.equal(rows[0].open, connections);
      await observer.end();
      await store.close();
    });
  }

  it('says what it may wait for if no connection becomes free', async () => {
    const db = postgresDatabase(await emptyPostgres(), { connections: 2 });
    const busy = db.transaction((query) => query('select pg_sleep(3.5)'));
    await assert.rejects(
      db.transaction((query) => query('select 1')),
      {
        name: 'StoreUnavailable',
        message:
          'The database does not answer as it should: no connection became free within 3 seconds. Either somebody holds a lock that those in use wait for, as pg_stat_activity shows, or they are too few: see DATABASE_CONNECTIONS',
      },
    );
    await busy;
    await db.close();
  });

  it('gives a statement five seconds, and one of a migration as long as it takes', async () => {
    const url = await freshPostgres();
    for (const [limits, timeout] of [
      [true, '5s'],
      [false, '0'],
    ] as const) {
      const db = postgresDatabase(url, { limits });
      assert.deepEqual(await db.query('show statement_timeout'), [{ statement_timeout: timeout }]);
      await db.close();
    }
  });
});
