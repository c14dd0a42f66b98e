// The driver for PostgreSQL, and for other databases that speak its protocol.

import { hash } from 'node:crypto';
import pg from 'pg';
import { CONNECT_TIMEOUT, CONNECTIONS, connecting } from './connections.ts';
import { type Database, type Query, type Row, VAIN_WRITE, type Value } from './database.ts';
import { StoreUnavailable, UnsuitableDatabase } from './store.ts';
import { cancel, WriteGate } from './write-gate.ts';

/** Milliseconds. */
const STATEMENT_TIMEOUT = 5000;
/** For a network that swallows the answer: otherwise the server's own limit comes first. */
const ANSWER_TIMEOUT = 7000;
/** After this the server unlocks what a process has locked that is gone. */
const IDLE_IN_TRANSACTION_TIMEOUT = 10_000;

const SHARED =
  'DATABASE_URL leads to a pooler that gives a connection to somebody else after each transaction, and prepared statements are lost with that. Set pool_mode = session in PgBouncer, or connect to PostgreSQL itself.';

/** Callers that may wait for a connection. */
const MAX_WAITING = 1000;

/** How often a transaction is tried if others are in its way. */
const ATTEMPTS = 5;

/** Serialization failure, deadlock: the same again is right (PostgreSQL, appendix A). */
const TRANSIENT = new Set(['40001', '40P01']);

/** The settings of a connection, whatever the database or its roles have. */
const SETTINGS = [
  // At a higher level, a statement that waited for another one fails instead of seeing its effect.
  'default_transaction_isolation=read\\ committed',
  // Every statement here finds its rows by an index. While a table is small the planner may choose
  // otherwise, and the plan of a prepared statement would outlast that.
  ...['seqscan', 'hashjoin', 'mergejoin'].map((way) => `enable_${way}=off`),
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/**
 * A statement that is wrong, a conflict, or too little time: after these errors a connection is as good
 * as before. After others it may not be: it may lead to a server that can only be read since a
 * failover, or have a plan for a table that has changed.
 */
const CONNECTION_IS_FINE = /^(22|23|40|42(?!P05)|57014)/;

/**
 * @param url as libpq has it: `postgres://user:password@host:port/database?sslmode=...`
 * @param options.limits whether to give up a statement that takes long; not for a migration, which may
 *   have to go through a large table, or wait for another migration
 */
export function postgresDatabase(url: string, { limits = true } = {}): Database {
  const poolOf = (max: number) =>
    new pg.Pool({
      connectionString: withOptions(url, SETTINGS),
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
  const pools = { read: poolOf(CONNECTIONS.read), write: poolOf(CONNECTIONS.write) };
  const gate = new WriteGate((error) => isNotTaken(causeOf(error)));
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
    return (await guarded(asked)).rows;
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
      const cause = causeOf(error);
      const isFine = cause instanceof pg.DatabaseError && CONNECTION_IS_FINE.test(cause.code ?? '');
      // Without a cause, nothing was asked.
      broken = cause !== undefined && !isFine;
      if (isUnanswered(cause)) cancel(client);
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
    try {
      const result = await work((sql, values) => sent(ask(client, sql, values)));
      // After a statement that failed, this is a rollback; the error is that of the statement.
      void sent(guarded(client.query('commit')));
      await Promise.all(pending);
      return result;
    } catch (error) {
      await Promise.allSettled(pending);
      if (causeOf(error) instanceof pg.DatabaseError) await guarded(client.query('rollback'));
      throw error;
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
      const [one, other] = await Promise.all([
        guarded(connect(pools.read)),
        guarded(connect(pools.read)),
      ]);
      const backendOf = async (client: pg.PoolClient) =>
        (await guarded(client.query<{ pid: number }>('select pg_backend_pid() as pid'))).rows[0]
          ?.pid;
      try {
        // Each has a backend of its own, and keeps it while the other is in a transaction.
        const before = await backendOf(one);
        if ((await backendOf(other)) === before) throw new UnsuitableDatabase(SHARED);
        await guarded(other.query('begin'));
        const [meanwhile, now] = [await backendOf(other), await backendOf(one)];
        if (meanwhile === before || now !== before) throw new UnsuitableDatabase(SHARED);
      } finally {
        one.release(true);
        other.release(true);
      }
    },
    async transaction(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await write((client) => attempt(client, work));
        } catch (error) {
          const cause = causeOf(error);
          const transient = cause instanceof pg.DatabaseError && TRANSIENT.has(cause.code ?? '');
          if (!transient || tries === ATTEMPTS) throw error;
        }
      }
    },
    async close() {
      await Promise.all([pools.read.end(), pools.write.end()]);
    },
  };
}

const ignore = () => {};

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

async function guarded<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof pg.DatabaseError) {
      // These have the values of a row, which are not for the log.
      error.detail = undefined;
      error.where = undefined;
    }
    throw isOurFault(error)
      ? error
      : new StoreUnavailable(`The database does not answer as it should: ${said(error)}`, {
          cause: error,
        });
  }
}

/**
 * The classes: data exception, integrity constraint violation, syntax error or access violation. Two
 * errors of the last are for the operator to mend: a role that lacks a privilege (42501), and a pooler
 * that mixes up prepared statements (42P05).
 */
function isOurFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(22|23|42(?!501|P05))/.test(error.code ?? '');
}

/** As `pg` says that `query_timeout` is over: the server's own limits did not end the wait. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** It did not answer, can only be read (as after a failover), or its disk is full. */
function isNotTaken(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return isUnanswered(error) || code === '25006' || code === '53100';
}

function causeOf(error: unknown): unknown {
  return error instanceof StoreUnavailable ? error.cause : error;
}

function said(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || 'no reason given';
}
