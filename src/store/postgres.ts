// The driver for PostgreSQL, and for other databases that speak its protocol.

import { hash } from 'node:crypto';
import pg from 'pg';
import { CONNECT_TIMEOUT, connecting, shareOut } from './connections.ts';
import {
  CONNECTIONS,
  type Database,
  type Query,
  type Row,
  VAIN_WRITE,
  type Value,
} from './database.ts';
import { cancel } from './postgres-cancel.ts';
import {
  guarded,
  isFromDatabase,
  isNotTaken,
  isTransient,
  isUnanswered,
  leavesConnectionFine,
} from './postgres-errors.ts';
import { StoreUnavailable, UnsuitableDatabase } from './store.ts';
import { WriteGate } from './write-gate.ts';

/** Milliseconds. */
const STATEMENT_TIMEOUT = 5000;
/** For a network that swallows the answer: otherwise the server's own limit comes first. */
const ANSWER_TIMEOUT = 7000;
/** After this the server unlocks what a process has locked that is gone. */
const IDLE_IN_TRANSACTION_TIMEOUT = 10_000;

const SHARED =
  'DATABASE_URL leads to a pooler that gives a connection to somebody else after each transaction, and prepared statements are lost with that. Set pool_mode = session in PgBouncer, or connect to PostgreSQL itself.';

/** A name that the encoding does not have could not even be looked up, and strangers make names up. */
const lacksCharacters = (encoding: string) =>
  `The database keeps text as ${encoding}, which does not have every character. Make one that does, and point DATABASE_URL at it: create database <name> encoding 'UTF8' template template0`;

/** Callers that may wait for a connection. */
const MAX_WAITING = 1000;

/** How often a transaction is tried if others are in its way. */
const ATTEMPTS = 5;

/** The settings of a connection, whatever the database or its roles have. */
const settingsOf = (limits: boolean) =>
  [
    // At a higher level, a statement that waited for another one fails instead of seeing its effect.
    'default_transaction_isolation=read\\ committed',
    // Every statement here finds its rows by an index. While a table is small the planner may choose
    // otherwise, and the plan of a prepared statement would outlast that.
    ...['seqscan', 'hashjoin', 'mergejoin'].map((way) => `enable_${way}=off`),
    ...(limits ? [] : ['statement_timeout=0']),
  ]
    .map((setting) => `-c ${setting}`)
    .join(' ');

/**
 * @param url as libpq has it: `postgres://user:password@host:port/database?sslmode=...`
 * @param options.limits whether to give up a statement that takes long; not for a migration or a command,
 *   which may have to go through a large table, or wait for another migration
 * @param options.connections how many to open at the most; 2 at the least
 */
export function postgresDatabase(
  url: string,
  { limits = true, connections = CONNECTIONS } = {},
): Database {
  const poolOf = (max: number) =>
    new pg.Pool({
      connectionString: withOptions(url, settingsOf(limits)),
      application_name: 'authorization server',
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      ...(limits && {
        statement_timeout: STATEMENT_TIMEOUT,
        query_timeout: ANSWER_TIMEOUT,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
      }),
      keepAlive: true,
      // Statements that `work` asks without waiting in between are sent in one go.
      pipeline: true,
      types: { getTypeParser },
    });
  const most = shareOut(connections);
  const pools = { read: poolOf(most.read), write: poolOf(most.write) };
  const gate = new WriteGate(isNotTaken);
  // A connection that breaks is replaced, and whoever waits for its answer gets the error. Without a
  // listener the event would end the process. A connection may break in the instant in which it is
  // handed over, so the listener is there from the first.
  for (const pool of Object.values(pools)) {
    pool.on('error', ignore);
    pool.on('connect', (client) => client.on('error', ignore));
  }

  const names = new Map<string, string>();
  /**
   * A statement is parsed and planned once for each connection. Its name is made from its text, so
   * one name never stands for two statements, whatever other processes use the same backend.
   */
  function named(sql: string): string {
    const name = names.get(sql) ?? `s${hash('sha256', sql).slice(0, 40)}`;
    names.set(sql, name);
    return name;
  }

  const ask = async (client: pg.PoolClient, sql: string, values: readonly Value[] = []) => {
    const asked = client.query<Row>({ name: named(sql), text: sql, values: [...values] });
    return (await guarded(asked, client.user, limits)).rows;
  };

  const connect = connecting(pools);

  async function use<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (pool.waitingCount >= MAX_WAITING) {
      throw new StoreUnavailable('Too many requests wait for a connection to the database.');
    }
    const client = await guarded(connect(pool));
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      broken = !leavesConnectionFine(error);
      if (isUnanswered(error)) cancel(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  const read = <T>(work: (client: pg.PoolClient) => Promise<T>) => use(pools.read, work);

  const write = async <T>(work: (client: pg.PoolClient) => Promise<T>) => {
    gate.assertPassable();
    // Asked again after the wait for a connection.
    return use(pools.write, (client) => gate.pass(() => work(client)));
  };

  async function attempt<T>(client: pg.PoolClient, work: (query: Query) => Promise<T>): Promise<T> {
    const pending: Promise<unknown>[] = [];
    const sent = <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      // It is waited for below, and may fail before that.
      answer.catch(ignore);
      pending.push(answer);
      return answer;
    };
    void sent(guarded(client.query('begin isolation level read committed')));
    let isOver = false;
    try {
      const result = await work((sql, values) => sent(ask(client, sql, values)));
      isOver = true;
      // After a statement that failed, this is a rollback; the error is that of the statement.
      void sent(guarded(client.query('commit')));
      await Promise.all(pending);
      return result;
    } catch (error) {
      const outcomes = await Promise.allSettled(pending);
      if (!isOver && isFromDatabase(error)) await guarded(client.query('rollback'));
      // Of a statement that came after the one that failed, the database says only that.
      throw outcomes.find((outcome) => outcome.status === 'rejected')?.reason ?? error;
    }
  }

  return {
    query: (sql, values) =>
      (sql.startsWith('select ') ? read : write)((client) => ask(client, sql, values)),
    takesWrites() {
      // Only a write can tell whether it does so again, and nobody else may have one.
      if (!gate.isOpen) write((client) => ask(client, VAIN_WRITE)).catch(ignore);
      return gate.isOpen;
    },
    async check() {
      const one = await guarded(connect(pools.read));
      try {
        const encoding = await encodingOf(one);
        if (encoding !== 'UTF8') throw new UnsuitableDatabase(lacksCharacters(encoding));
        const other = await guarded(connect(pools.write));
        try {
          if (!(await haveBackends(one, other))) throw new UnsuitableDatabase(SHARED);
        } finally {
          other.release(true);
        }
      } finally {
        one.release(true);
      }
    },
    async transaction(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await write((client) => attempt(client, work));
        } catch (error) {
          if (!isTransient(error) || tries === ATTEMPTS) throw error;
        }
      }
    },
    async close() {
      await Promise.all([pools.read.end(), pools.write.end()]);
    },
  };
}

const ignore = () => {};

async function encodingOf(client: pg.PoolClient): Promise<string> {
  const sql = "select current_setting('server_encoding') as encoding";
  const { rows } = await guarded(client.query<{ encoding: string }>(sql));
  return String(rows[0]?.encoding);
}

/** Whether each connection has a backend of its own, and keeps it while the other is in a transaction. */
async function haveBackends(one: pg.PoolClient, other: pg.PoolClient): Promise<boolean> {
  const backendOf = async (client: pg.PoolClient) =>
    (await guarded(client.query<{ pid: number }>('select pg_backend_pid() as pid'))).rows[0]?.pid;
  const before = await backendOf(one);
  if ((await backendOf(other)) === before) return false;
  await guarded(other.query('begin'));
  return (await backendOf(other)) !== before && (await backendOf(one)) === before;
}

function withOptions(url: string, options: string): string {
  const parsed = new URL(url);
  const own = parsed.searchParams.get('options');
  parsed.searchParams.set('options', own === null ? options : `${own} ${options}`);
  return parsed.href;
}

/** Times are `bigint`, and fit a number. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format);
}
