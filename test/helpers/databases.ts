// Empty databases for a test file: on the server that TEST_DATABASE_URL names, or else on a cluster of
// our own.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { Turns } from '../../src/protocol/turns.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { migrateDatabase, openStore } from '../../src/store/open.ts';
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

async function administer(sql: string, ...values: string[]): Promise<{ name: string }[]> {
  const client = new pg.Client(await serverUrl());
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
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
 */
export async function freshPostgres(template = 'template1'): Promise<string> {
  const name = `oauth_test_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name} template ${template}`);
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

/** Databases with tables that a store has been closed on: to empty one costs a tenth of a new one. */
const idle = new Set<string>();

async function takeIdle(): Promise<string | undefined> {
  if (POOL !== undefined) {
    const [taken] = await administer(`delete from ${POOL} where name =
      (select name from ${POOL} limit 1 for update skip locked) returning name`);
    return taken && urlOf(taken.name);
  }
  const [url] = idle;
  if (url !== undefined) idle.delete(url);
  return url;
}

async function leaveIdle(url: string): Promise<void> {
  if (POOL === undefined) idle.add(url);
  else await administer(`insert into ${POOL} (name) values ($1)`, new URL(url).pathname.slice(1));
}

async function emptied(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`do $$ declare name text; begin
      for name in select tablename from pg_tables
        where schemaname = 'public' and tablename not in ('oauth_schema', 'oauth_locks')
      loop execute 'delete from ' || name; end loop;
    end $$`);
  } finally {
    await client.end();
  }
  return url;
}

/**
 * A store in PostgreSQL with nothing in it. Its database is somebody else's once it is closed.
 *
 * @param open opens it at the URL of a database that has the tables, and nothing in them
 */
export function emptyPostgresStore(
  open: (url: string) => Promise<Store> = openStore,
): Promise<Store> {
  return opening.take(() => openEmpty(open));
}

/** A process of many files begins with all of its suites at once, and the server would make each wait. */
const opening = new Turns(2);

async function openEmpty(open: (url: string) => Promise<Store>): Promise<Store> {
  const another = await takeIdle();
  const url = another === undefined ? await emptyPostgres() : await emptied(another);
  const store = await open(url);
  const close = async () => {
    await store.close();
    await leaveIdle(url);
  };
  let closed: Promise<void> | undefined;
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'close') return Reflect.get(target, name);
      return () => (closed ??= close());
    },
  });
}

/** The URL of a SQLite file that is not there yet; it is gone when the test file ends. */
export function freshSqlite(): string {
  folder ??= mkdtempSync(join(scratch(), 'authorization-server-'));
  return `sqlite:${folder}/${randomBytes(8).toString('hex')}/oauth.db`;
}

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  memory: async () => memoryStore(),
  sqlite: () => openStore(freshSqlite()),
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
