import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pg from 'pg';
import type { AdministrableStore } from '../../src/store/administration.ts';
import type { Database, Query, Value } from '../../src/store/database.ts';
import { MAX_HELD } from '../../src/store/outcomes.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { migrate } from '../../src/store/schema.ts';
import { sqlStore } from '../../src/store/sql.ts';
import { sqliteDatabase } from '../../src/store/sqlite.ts';
import { CALLERS, trues } from '../../src/store-contract/race.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aLogout,
  anAccessToken,
  aTicket,
  aUser,
  DAY,
  HOUR,
  NOW,
  someTokens,
  unique,
  WINDOW,
} from '../../src/store-contract/records.ts';
import { registering } from '../../src/store-contract/registering.ts';
import type { Consent } from '../../src/types.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';

/** A database that notes what is asked of it: every statement, with the values of its last run. */
function watched(db: Database) {
  const seen = { asked: new Map<string, readonly Value[]>(), runs: 0 };
  const noting =
    (query: Query): Query =>
    (sql, values = []) => {
      seen.asked.set(sql, values);
      seen.runs += 1;
      return query(sql, values);
    };
  const watching: Database = {
    ...db,
    query: noting(db.query),
    transaction: (work) => db.transaction((query) => work(noting(query))),
  };
  return Object.assign(seen, { watching });
}

/** The statements of an operator. */
async function administered({ administration, keys }: AdministrableStore): Promise<void> {
  const page = { limit: 10 };
  await administration.listClients(page);
  await administration.listUsers(page);
  await administration.listGrants(page, NOW);
  await administration.listSessions(page, NOW);
  await administration.listTickets('a kind', page, NOW);
  await administration.removeTicket('a kind', unique());
  await administration.listRemovals('user', page);
  await administration.addUsers([aUser()]);
  const key = { alg: 'ES256', period: 1, createdAt: NOW, encryptedPrivateKey: '', expiresAt: NOW };
  const { kid } = await keys.ensure({ ...key, kid: unique() });
  const next = { ...key, kid: unique() };
  await administration.replaceKey(kid, next);
  await administration.replaceKey(next.kid, { ...key, kid: unique() }, { isRevoked: true });
}

/** Has a store run every statement it has. */
async function everything(store: AdministrableStore): Promise<void> {
  await administered(store);
  const [client, user] = [aClient(), aUser()];
  await store.clients.save(client);
  await store.clients.find(client.id);
  await store.clients.add(client);
  await store.clients.change(client, client);
  await store.clients.listBySource('seed');
  await store.clients.countUnvouched('document', 10);
  await store.clients.note(client.id, NOW);
  await store.clients.save(aClient({ source: 'document', registeredAt: NOW - DAY }));
  await store.clients.removeUnused('document', NOW, NOW, 10, NOW + DAY);
  await store.users.save(user);
  await store.users.add(user);
  await store.users.change(user, user);
  await store.users.listBySource('seed');
  await store.users.find(user.id);
  await store.users.findByUsername(user.username);
  await store.users.findByTypedName(user.username);
  await store.users.changePassword(user.id, '', unique(), NOW);
  await store.users.passwordKinds();
  const consent = { userId: user.id, clientId: client.id, resource: '', scope: ['a'] };
  await store.consents.add(consent);
  await store.consents.find(user.id, client.id, '');
  await store.consents.listByUser(user.id);
  const allowed = aGrant({ userId: user.id, clientId: client.id });
  await store.codes.save(aCode(allowed), allowed, [consent]);
  await store.grants.listByUser(user.id, NOW);
  await store.consents.withdraw(user.id, client.id);

  const grant = aGrant({ clientId: client.id });
  const [code, first] = [aCode(grant), someTokens(grant)];
  const second = someTokens(grant, first.refreshToken);
  await store.codes.save(code, grant);
  await store.codes.find(code.hash, NOW);
  await store.codes.redeem(code.hash, NOW, first);
  await store.refreshTokens.rotate(first.refreshToken, NOW, WINDOW, second);
  await store.refreshTokens.find(first.refreshToken.hash, NOW);
  // What was found before spares the reading.
  const found = { code: aCode(grant), tokens: someTokens(grant) };
  await store.codes.save(found.code, grant);
  const foundCode = await store.codes.find(found.code.hash, NOW);
  await store.codes.redeem(found.code.hash, NOW, found.tokens, foundCode);
  const { hash } = found.tokens.refreshToken;
  const foundToken = await store.refreshTokens.find(hash, NOW);
  const next = someTokens(grant, found.tokens.refreshToken);
  await store.refreshTokens.rotate(found.tokens.refreshToken, NOW, WINDOW, next, foundToken);
  await store.refreshTokens.retire(second.refreshToken, NOW);
  await store.tokens.issue({ accessToken: anAccessToken(grant) }, NOW);
  await store.tokens.issue({ accessToken: aClientsOwnToken() }, NOW);
  await store.accessTokens.find(first.accessToken.hash, NOW);
  await store.accessTokens.findWithPerson(first.accessToken.hash, NOW);
  await store.accessTokens.revoke(unique(), NOW);
  await store.accessTokens.findOwner(
    { ...grant, grantId: grant.id, hash: unique(), issuedAt: NOW },
    NOW,
  );
  await store.grants.find(grant.id, NOW);
  await store.grants.end(grant.id);
  await store.clients.remove(client.id);
  await store.users.remove(user.id);
  await store.codes.save(code, grant);

  const [leaving, staying] = [
    aGrant({ userId: user.id, clientId: client.id, sessionEndsAt: NOW + HOUR }),
    aGrant({ userId: user.id, clientId: client.id }),
  ];
  await store.clients.save(client);
  const browser = unique();
  await store.sessions.save(browser, { data: '{}', expiresAt: NOW + HOUR });
  for (const one of [leaving, staying]) await store.codes.save(aCode(one), one, [], browser);
  await store.grants.listBySession(leaving.session!, NOW);
  await store.grants.prolongSession(leaving.session!, NOW + DAY);
  const logout = aLogout(leaving);
  await store.grants.leaveSession(
    [
      { grantId: leaving.id, stays: false, logout },
      { grantId: staying.id, stays: true },
    ],
    NOW,
  );
  await store.logouts.find([logout.id], NOW);
  await store.logouts.claim(10, NOW, NOW + HOUR, [unique()]);
  await store.logouts.postpone(logout, 1, NOW);
  await store.logouts.remove(logout);
  await store.clients.remove(client.id);

  await store.replays.claim('jti', unique(), NOW + HOUR, NOW);
  const key = { kid: unique(), alg: unique(), period: 1, encryptedPrivateKey: '', createdAt: NOW };
  await store.keys.ensure({ ...key, expiresAt: NOW + DAY });
  await store.keys.list(NOW);
  await store.constants.ensure(unique(), '');
  const limited = unique();
  for (let attempt = 0; attempt < 2; attempt += 1) await store.limits.take(limited, 1, HOUR, NOW);
  await store.limits.giveBack(limited, NOW);
  for (const documents of [store.sessions, store.requests]) {
    const hash = unique();
    await documents.save(hash, { data: '{}', expiresAt: NOW });
    await documents.find(hash, NOW);
  }
  await store.sessions.delete(unique());
  await store.requests.add(key.kid, { data: '{}', expiresAt: NOW }, NOW);
  await store.requests.add(key.kid, { data: '{}', expiresAt: NOW }, NOW - 1, [consent]);
  const ticket = aTicket({ userId: user.id });
  await store.tickets.create(ticket, NOW);
  await store.tickets.create(aTicket({ clientId: client.id }), NOW);
  await store.tickets.change(ticket, { ...ticket, payload: {} }, NOW);
  const foundTicket = await store.tickets.find(ticket.kind, ticket.hash, NOW);
  const bought = aGrant({ userId: user.id, clientId: client.id });
  await store.tokens.issue(someTokens(bought), NOW, { grant: bought, ticket: foundTicket });
  await store.tickets.take(ticket.kind, ticket.hash, NOW);
  const owner = { userId: user.id, createdAt: NOW, seenAt: NOW, userAgent: 'Mozilla/5.0' };
  const session = { data: '{}', expiresAt: NOW + HOUR, ...owner };
  const hashes = [unique(), unique(), unique()] as const;
  for (const hash of hashes) await store.sessions.save(hash, session);
  await store.sessions.update(hashes[0], session, NOW);
  await store.sessions.note(hashes[0], owner, NOW);
  await store.sessions.listByUser(user.id, NOW);
  await store.sessions.end(hashes[1], user.id, NOW);
  await store.sessions.endOthers(user.id, hashes[0], NOW);
  // One more than there may be of each.
  for (let n = 0; n <= MAX_HELD; n += 1) {
    await store.sessions.save(unique(), session);
    await store.consents.add({ ...consent, resource: `${n}` });
    const another = aGrant({ userId: user.id, clientId: client.id });
    await store.codes.save(aCode(another), another);
  }
  await store.ping();
  await store.purge(0, 1000);
}

/** These never have more than a row or two. */
const isSmall = (name: string) => /^oauth_(locks|schema)/.test(name);

/** What else SQLite may scan: what a statement has found by an index before, and what it was given. */
const SMALL = new Set(
  '|json_each|forgotten|due|vouched|self_made|all_due|held|kinds|counted|CONSTANT'.split('|'),
);

describe('the statements of the store in SQL', () => {
  it('find their rows by an index in SQLite', async () => {
    const db = await sqliteDatabase(freshSqlite().slice('sqlite:'.length));
    await migrate(db);
    const { watching, asked } = watched(db);
    await everything(sqlStore(watching));
    assert.ok(asked.size > 40, `${asked.size} statements`);
    for (const [sql, values] of asked) {
      // What is told of a step: SEARCH oauth_codes USING INDEX ..., or SCAN oauth_codes.
      const steps = await db.query(`explain query plan ${sql}`, values);
      for (const { detail } of steps) {
        const [, scanned = ''] = /^SCAN (\w+)/.exec(String(detail)) ?? [];
        assert.ok(SMALL.has(scanned) || isSmall(scanned), `${detail}: ${sql}`);
      }
    }
    await db.close();
  });

  it('find their rows by an index in PostgreSQL, by plans made when there were none', {
    skip: postgresMissing(),
  }, async () => {
    const url = await freshPostgres();
    const db = postgresDatabase(url);
    await migrate(db);
    const { watching, asked } = watched(db);
    await everything(sqlStore(watching));
    const settings = await db.query(
      "select name, setting from pg_settings where name like 'enable_%'",
    );
    await db.close();
    assert.ok(asked.size > 40, `${asked.size} statements`);

    // On a connection of its own, for the store's pool closes connections, and their plans with them.
    const client = new pg.Client(url);
    await client.connect();
    await withoutStatistics(client);
    for (const { name, setting } of settings) await client.query(`set ${name} = ${setting}`);
    const calls = new Map<string, string>();
    for (const [sql, values] of asked) {
      const name = `s${calls.size}`;
      const call = values.length === 0 ? name : `${name}(${values.map(literal).join(', ')})`;
      calls.set(sql, call);
      await client.query(`prepare ${name} as ${sql}`);
      // From the sixth run on the plan of a prepared statement may be made once for all.
      for (let run = 0; run < 7; run += 1) await client.query(`explain execute ${call}`);
    }
    const assertFound = async (some: Iterable<string> = calls.keys()) => {
      for (const sql of some) {
        const { rows } = await client.query(`explain (format json) execute ${calls.get(sql)}`);
        const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: Plan }];
        for (const step of steps(plan)) {
          const { 'Node Type': kind, Filter: filter = '' } = step;
          // What is left out may be much, and so may be what it is left out of.
          assert.doesNotMatch(filter, /<> ALL \(/, `an array is gone through for each row: ${sql}`);
          const name = step['Relation Name'] ?? step['Index Name'] ?? '';
          if (!SCANS.test(kind) || isSmall(name)) continue;
          assert.ok(step['Index Cond'] !== undefined, `${kind} of ${name}: ${sql}`);
        }
      }
    };
    try {
      await inside(url, fill);
      await assertFound();
      await client.query('analyze');
      await assertFound();
      // If there are few rows, to read a whole index costs no more than to look something up in it, and
      // has them in its order. What locks the rows of one person or session is not to be planned so.
      await inside(url, leaveFew);
      const ofOne = [...calls.keys()].filter((sql) =>
        /(user_id|session) = \$1 .*for update$/s.test(sql),
      );
      assert.equal(ofOne.length, 4);
      await assertFound(ofOne);
    } finally {
      await client.end();
    }
  });

  // Nearly all clients have a single row, so by the statistics a client is as good as a user and a client.
  it('read no more of a popular client than was asked for, by a plan made once for all', {
    skip: postgresMissing(),
  }, async () => {
    const url = await freshPostgres();
    const db = postgresDatabase(url);
    await migrate(db);
    const { watching, asked } = watched(db);
    const store = sqlStore(watching);
    await inside(url, fillSkewed);
    const users = Array.from({ length: CALLERS }, (_, n) => `u${n * 37}`);
    const found = await Promise.all(users.map((id) => store.consents.find(id, 'popular', '')));
    assert.equal(trues(found.map((one) => one !== undefined)), CALLERS);
    const grant = aGrant({ userId: 'u1900', clientId: 'popular' });
    await store.codes.save(aCode(grant), grant, found.slice(0, 1) as Consent[]);
    await store.consents.withdraw('u1900', 'popular');
    const settings = await db.query(
      "select name, setting from pg_settings where name like 'enable_%'",
    );
    await db.close();
    await inside(url, async (client) => {
      for (const { name, setting } of settings) await client.query(`set ${name} = ${setting}`);
      await client.query('set plan_cache_mode = force_generic_plan');
      const some = [...asked].filter(([sql]) => /client_id/.test(sql) && /^(select|del)/.test(sql));
      assert.equal(some.length, 7);
      for (const [n, [sql, values]] of some.entries()) {
        await client.query(`prepare s${n} as ${sql}`);
        const { rows } = await client.query(
          `explain (analyze, format json) execute s${n}(${values.map(literal).join(', ')})`,
        );
        const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: Plan }];
        const looked = steps(plan).filter(({ 'Node Type': kind }) => SCANS.test(kind));
        assert.ok(looked.length > 0);
        for (const step of looked) {
          const { 'Rows Removed by Filter': removed = 0, 'Actual Rows': read = 0 } = step;
          const all = (read + removed) * (step['Actual Loops'] ?? 1);
          assert.ok(all <= 2 * CALLERS, `${all} rows are read: ${sql}`);
        }
      }
    });
  });

  // PostgreSQL keeps what was deleted as long as somebody may see it, and an index still leads there.
  it('go through what was forgotten once, while a transaction elsewhere keeps it from going away', {
    skip: postgresMissing(),
  }, async () => {
    const url = await freshPostgres();
    const db = postgresDatabase(url);
    await migrate(db);
    const { watching, asked } = watched(db);
    const store = sqlStore(watching);
    await inside(url, async (client) => {
      await client.query(`insert into oauth_sessions (hash, data, expires_at)
        select md5(n::text), '{}', n from generate_series(1, 7000) n`);
      await client.query('vacuum analyze oauth_sessions');
      await client.query('begin isolation level repeatable read');
      await client.query('select count(*) from oauth_sessions');
      const blocks: number[] = [];
      for (let batch = 0; batch < 6; batch += 1) {
        assert.equal(await store.purge(NOW + batch, 1000), 1000);
        const [sql, values] = [...asked].find(([one]) => one.includes('from oauth_sessions'))!;
        await inside(url, async (other) => {
          await other.query('set enable_seqscan = off');
          await other.query('begin');
          await other.query(`prepare forget as ${sql}`);
          const { rows } = await other.query(
            `explain (analyze, buffers, format json) execute forget(${values.map(literal)})`,
          );
          const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: Plan }];
          const scan = steps(plan).find((one) => one['Index Name'] === BY_TIME)!;
          blocks.push(scan['Shared Hit Blocks']! + scan['Shared Read Blocks']!);
          await other.query('rollback');
        });
      }
      assert.ok(Math.max(...blocks) < 2 * blocks[0]!, `${blocks} blocks`);
    });
    // The next round begins where the first one did: somebody's clock may have been set back.
    assert.equal(await store.purge(NOW + 6, 1001), 1000);
    await store.sessions.save(unique(), { data: '{}', expiresAt: 1 });
    assert.equal(await store.purge(NOW + 7, 1000), 1);
    await store.close();
  });

  it('are as many for a hundred grants that leave their session as for two', async () => {
    const db = await sqliteDatabase(freshSqlite().slice('sqlite:'.length));
    await migrate(db);
    const seen = watched(db);
    const store = registering(sqlStore(seen.watching));
    for (const count of [2, 2 * CALLERS]) {
      const grants = Array.from({ length: count }, () => aGrant());
      for (const grant of grants) await store.codes.save(aCode(grant), grant);
      seen.runs = 0;
      const leaving = grants.map((grant, n) => ({
        ...{ grantId: grant.id, stays: n % 2 === 0, logout: aLogout(grant) },
      }));
      assert.equal((await store.grants.leaveSession(leaving, NOW)).length, count);
      // Two to lock clients and grants, and three to end some, change others, and add what is told.
      assert.equal(seen.runs, 5);
    }
    await store.close();
  });
});

/** Rows that refer to nothing will do. */
const WITHOUT_REFERENCES = 'set session_replication_role = replica';

/** Leaves three grants and sessions, of one person, and in one session. */
async function leaveFew(client: pg.Client): Promise<void> {
  await client.query(WITHOUT_REFERENCES);
  for (const [table, key] of [
    ['oauth_grants', 'id'],
    ['oauth_sessions', 'hash'],
  ]) {
    await client.query(`delete from ${table} where ${key} not in
      (select ${key} from ${table} where user_id is not null limit 3)`);
    await client.query(`update ${table} set user_id = 'one'`);
  }
  await client.query("update oauth_grants set session = 'one'");
  await client.query(
    'update oauth_grants set client_id = (select client_id from oauth_grants limit 1)',
  );
  await client.query('vacuum (full, analyze)');
}

/** Otherwise PostgreSQL looks at the tables some time in between, and plans anew. */
async function withoutStatistics(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "select tablename from pg_tables where schemaname = 'public'",
  );
  for (const { tablename } of rows) {
    await client.query(`alter table ${tablename} set (autovacuum_enabled = false)`);
  }
}

/** On another connection: some settings of a connection end the plans that it has. */
async function inside(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await work(client);
  await client.end();
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  /** Of `explain analyze`. */
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const SCANS = /^(Seq|Index|Index Only|Bitmap Index) Scan$/;

function steps(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(steps)];
}

function literal(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return pg.escapeLiteral(value);
  return `array[${value.map(pg.escapeLiteral).join(', ')}]::text[]`;
}

/** Puts rows into every table that is not small, more where families are, with all their columns. */
async function fill(client: pg.Client): Promise<void> {
  await client.query(WITHOUT_REFERENCES);
  const { rows } = await client.query<{ table: string; columns: string[]; values: string[] }>(
    `select table_name as table, array_agg(column_name::text) as columns,
        array_agg(case data_type when 'text' then 'md5(n::text)' else $1 || ' + n' end) as values
      from information_schema.columns where table_schema = 'public' group by table_name`,
    [NOW],
  );
  for (const { table, columns, values } of rows.filter(({ table }) => !isSmall(table))) {
    const count = /_(grants|codes|tokens)$/.test(table) ? 20_000 : 5_000;
    await client.query(
      `insert into ${table} (${columns}) select ${values} from generate_series(1, ${count}) n`,
    );
  }
}

const BY_TIME = 'oauth_sessions_expires_at';

/** Many clients of one user each, and one of many. */
async function fillSkewed(client: pg.Client): Promise<void> {
  await client.query(WITHOUT_REFERENCES);
  const rows = `from (select 'u' || (n % 2000) as u,
    case when n <= 2000 then 'popular' else 'c' || n end as c, n from generate_series(1, 22000) n) s`;
  await client.query(`insert into oauth_consents (user_id, client_id, resource, scope)
    select u, c, '', 'read' ${rows}`);
  await client.query(`insert into oauth_grants
      (id, user_id, client_id, scope, resource, created_at, expires_at, last_used_at)
    select 'g' || n, u, c, '', '[]', ${NOW}, ${NOW + DAY}, case when n % 2 = 0 then ${NOW} end ${rows}`);
  await client.query(`insert into oauth_tickets (hash, user_id, client_id, kind, payload, expires_at)
    select 't' || n, u, c, 'a kind', '{}', ${NOW + DAY} ${rows}`);
  await client.query("insert into oauth_clients (id, record, vouched) values ('popular', '{}', 1)");
  await client.query('vacuum analyze');
}

describe('calls that come at the same moment', () => {
  it('share their statements: one to find, and one transaction to change', async () => {
    const db = await sqliteDatabase(freshSqlite().slice('sqlite:'.length));
    await migrate(db);
    const seen = watched(db);
    const store = registering(sqlStore(seen.watching));
    const many = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: CALLERS }, call));
    const grants = await many(async () => {
      const grant = aGrant();
      const [code, tokens] = [aCode(grant), someTokens(grant)];
      await store.codes.save(code, grant);
      return { grant, code, tokens };
    });
    const runsOf = async (calls: () => readonly Promise<unknown>[]) => {
      seen.runs = 0;
      const answers = await Promise.all(calls());
      assert.equal(
        trues(answers.map((answer) => answer !== undefined && answer !== false)),
        CALLERS,
      );
      return seen.runs;
    };
    const runs = {
      redeem: await runsOf(() =>
        grants.map(({ code, tokens }) => store.codes.redeem(code.hash, NOW, tokens)),
      ),
      rotate: await runsOf(() =>
        grants.map(({ grant, tokens }) =>
          store.refreshTokens.rotate(
            tokens.refreshToken,
            NOW,
            0,
            someTokens(grant, tokens.refreshToken),
          ),
        ),
      ),
      issue: await runsOf(() =>
        grants.map(({ grant }) => store.tokens.issue({ accessToken: anAccessToken(grant) }, NOW)),
      ),
      findAccessToken: await runsOf(() =>
        grants.map(({ tokens }) => store.accessTokens.find(tokens.accessToken.hash, NOW)),
      ),
      findRefreshToken: await runsOf(() =>
        grants.map(({ tokens }) => store.refreshTokens.find(tokens.refreshToken.hash, NOW)),
      ),
      findCode: await runsOf(() => grants.map(({ code }) => store.codes.find(code.hash, NOW))),
      findOwner: await runsOf(() =>
        grants.map(({ grant }) =>
          store.accessTokens.findOwner(
            { ...grant, grantId: grant.id, hash: unique(), issuedAt: NOW },
            NOW,
          ),
        ),
      ),
    };
    // Two to read, and one for each kind of record that is written.
    assert.deepEqual(runs, {
      redeem: 6,
      rotate: 5,
      issue: 3,
      findAccessToken: 1,
      findRefreshToken: 1,
      findCode: 1,
      findOwner: 1,
    });
    await store.close();
  });
});
