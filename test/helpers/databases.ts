// Empty databases for a test file: on the server that TEST_DATABASE_URL names, or else on a cluster of
// our own.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { Turns } from '../../src/protocol/turns.ts';
import type { Database } from '../../src/store/database.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { fileOf, migrateDatabase, openStore } from '../../src/store/open.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { sqlStore } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { type Cluster, createCluster } from './postgres.ts';
import { scratch } from './scratch.ts';

const given = process.env['TEST_DATABASE_URL'];
const made: string[] = [];
let cluster: Promise<Cluster> | undefined;
let folder: string | undefined;
/** The name of the database that all with tables are copies of. */
let model: Promise<string> | undefined;

/**
 * Whether what one process has used is left to the next, by this table of the server: then whoever set it
 * removes the server at the end.
 */
const POOL = process.env['TEST_DATABASE_POOL'];

after(async () => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  await leaveToOthers(idle.splice(0));
  if (given !== undefined && POOL === undefined) {
    for (const name of made) await administer(`drop database if exists ${name} with (force)`);
  }
  await (await cluster)?.remove();
});

async function serverUrl(): Promise<string> {
  if (given !== undefined) return given;
  cluster ??= createCluster();
  return (await cluster).url;
}

/** One connection for all of it: to make one costs the server more than most of what is asked. */
let administrator: Promise<pg.Pool> | undefined;

async function administer(sql: string, ...values: unknown[]): Promise<{ name: string }[]> {
  administrator ??= serverUrl().then((connectionString) => {
    const one = new pg.Pool({ connectionString, max: 1, allowExitOnIdle: true });
    // The server may be gone before this process.
    return one.on('error', () => {});
  });
  return (await (await administrator).query(sql, values)).rows;
}

async function urlOf(name: string): Promise<string> {
  const url = new URL(await serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * The URL of a database in PostgreSQL with nothing in it; it is gone when the test file ends.
 *
 * @param template the name of a database that it is to be a copy of
 * @param options more that `create database` is told
 */
export async function freshPostgres(template = 'template1', options = ''): Promise<string> {
  const name = `oauth_test_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name} template ${template} ${options}`);
  made.push(name);
  return urlOf(name);
}

/** The URL of one that has the tables, and nothing in them: to copy them is faster than to make them. */
export async function emptyPostgres(): Promise<string> {
  model ??= freshPostgres().then(async (url) => {
    await migrateDatabase(url);
    return new URL(url).pathname.slice(1);
  });
  return freshPostgres(await model);
}

/** A database with tables, and what has connected to it so far. */
interface Opened {
  readonly url: string;
  readonly connected: Database[];
}

/**
 * Databases that a store has been closed on: to empty one costs a tenth of a new one, and its connections
 * know its tables already.
 */
const idle: Opened[] = [];

/** Connections are kept of so many of them; of the others they are ended. */
const KEPT = 6;

async function takeIdle(): Promise<Opened | undefined> {
  const opened = idle.pop();
  if (opened !== undefined || POOL === undefined) return opened;
  const [taken] = await administer(`delete from ${POOL} where name =
    (select name from ${POOL} limit 1 for update skip locked) returning name`);
  return taken && { url: await urlOf(taken.name), connected: [] };
}

async function leaveIdle(opened: Opened): Promise<void> {
  if (idle.length < KEPT || POOL === undefined) idle.push(opened);
  else await leaveToOthers([opened]);
}

async function leaveToOthers(all: readonly Opened[]): Promise<void> {
  await Promise.all(all.flatMap(({ connected }) => connected).map((database) => database.close()));
  const names = all.map(({ url }) => new URL(url).pathname.slice(1));
  if (POOL !== undefined) await administer(`insert into ${POOL} select unnest($1::text[])`, names);
}

/** Not compiled by PostgreSQL, as it would be on connections that avoid to read whole tables. */
const EMPTY = `do $$ declare name text; begin
  perform set_config('jit', 'off', true);
  for name in select tablename from pg_tables
    where schemaname = 'public' and tablename not in ('oauth_schema', 'oauth_locks')
  loop execute 'delete from ' || name; end loop;
end $$`;

/**
 * A store in PostgreSQL with nothing in it. Its database is somebody else's once it is closed.
 *
 * @param make makes it of stores, each of which has connections of its own to that database
 */
export function emptyPostgresStore(
  make: (open: () => Store) => Store = (open) => open(),
): Promise<Store> {
  return opening.take(() => openEmpty(make));
}

/** A process of many files begins with all of its suites at once, and the server would make each wait. */
const opening = new Turns(2);

async function openEmpty(make: (open: () => Store) => Store): Promise<Store> {
  const taken = await takeIdle();
  const opened = taken ?? { url: await emptyPostgres(), connected: [] };
  const connections: Database[] = [];
  const open = () => {
    const place = connections.length;
    opened.connected[place] ??= postgresDatabase(opened.url);
    connections.push(lent(opened.connected[place]));
    return sqlStore(connections.at(-1)!);
  };
  const store = make(open);
  if (taken !== undefined) await connections[0]!.query(EMPTY);
  const close = async () => {
    await Promise.all(connections.map((database) => database.close()));
    await leaveIdle(opened);
  };
  let closed: Promise<void> | undefined;
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'close') return Reflect.get(target, name);
      return () => (closed ??= close());
    },
  });
}

/** A database whose closing ends nobody's connections: it waits for what was asked, and takes no more. */
function lent(database: Database): Database {
  const asked = new Set<Promise<unknown>>();
  let isClosed = false;
  async function during<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (isClosed) throw new Error('This store is closed.');
    const answer = ask();
    asked.add(answer);
    try {
      return await answer;
    } finally {
      asked.delete(answer);
    }
  }
  return {
    query: (sql, values) => during(() => database.query(sql, values)),
    transaction: (work) => during(() => database.transaction(work)),
    check: () => database.check(),
    takesWrites: () => database.takesWrites(),
    async close() {
      isClosed = true;
      await Promise.allSettled(asked);
    },
  };
}

/** The URL of a SQLite file that is not there yet; it is gone when the test file ends. */
export function freshSqlite(): string {
  folder ??= mkdtempSync(join(scratch(), 'authorization-server-'));
  return `sqlite:${folder}/${randomBytes(8).toString('hex')}/oauth.db`;
}

/** The file that all with tables are copies of. */
let sqliteModel: Promise<string> | undefined;

/** The URL of a SQLite file that has the tables, and nothing in them. */
export async function emptySqlite(): Promise<string> {
  sqliteModel ??= (async () => {
    const url = freshSqlite();
    await migrateDatabase(url);
    return fileOf(url)!;
  })();
  const model = await sqliteModel;
  const url = freshSqlite();
  mkdirSync(dirname(fileOf(url)!), { mode: 0o700 });
  copyFileSync(model, fileOf(url)!);
  return url;
}

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  memory: async () => memoryStore(),
  sqlite: async () => openStore(await emptySqlite()),
  postgres: () => emptyPostgresStore(),
};

/** A store of the kind that TEST_STORE names, with nothing in it; it is closed when the test ends. */
export async function emptyStore(): Promise<Store> {
  const name = process.env['TEST_STORE'] ?? 'memory';
  const open = STORES[name];
  if (open === undefined) throw new Error(`TEST_STORE is ${name}, and there is no such store.`);
  const store = await open();
  after(() => store.close());
  return store;
}
