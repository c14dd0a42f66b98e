// The driver for SQLite, which is part of Node. One connection writes and one reads, so a reader
// never sees what is not committed. The file is in WAL mode: several processes of one machine may
// have it open, and readers and a writer do not wait for one another.

import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type Database, type Query, type Row, VAIN_WRITE, type Value } from './database.ts';
import { StoreUnavailable } from './store.ts';
import { WriteGate } from './write-gate.ts';

/** Milliseconds to wait for a turn to write, behind others of this process and of other processes. */
const PATIENCE = 5000;

/** Bytes that are left of the log once all of it is in the database. SQLite itself waits for 4 MB. */
const LOG_LIMIT = 8_000_000;

/** Callers that may wait for their turn. */
const MAX_WAITING = 1000;

/** https://www.sqlite.org/rescode.html */
const BUSY = 5;
const UNAVAILABLE: Readonly<Record<number, string>> = {
  [BUSY]: 'The database is busy: another process holds on to it.',
  6: 'The database is busy.',
  8: 'The database cannot be written: the file or its folder is read-only.',
  10: 'The disk of the database does not work as it should.',
  13: 'The disk of the database is full.',
  14: 'The database file cannot be opened.',
};
/** Those that a write has: read-only, an error of the disk, a full disk. */
const TAKES_NO_WRITES = [8, 10, 13];

/**
 * Opens a database file. If there is none it is made, and its folder too, for this user alone.
 *
 * @throws StoreUnavailable if it cannot be opened
 */
export async function sqliteDatabase(path: string): Promise<Database> {
  const { writer, reader } = await open(path);
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const read = prepared(reader);
  const write = prepared(writer);
  const gate = new WriteGate((error) =>
    TAKES_NO_WRITES.includes(codeOf((error as Error).cause) ?? 0),
  );

  /** Transactions run one at a time; others of this process wait here, and not for the file. */
  async function inTurn<T>(work: (query: Query) => Promise<T>): Promise<T> {
    if (waiting >= MAX_WAITING) throw new StoreUnavailable('Too many requests wait to write.');
    // From now on, and not from its turn on: it waits for this long in all.
    const deadline = performance.now() + PATIENCE;
    waiting += 1;
    const mine = turn.then(async () => {
      waiting -= 1;
      await patiently(deadline, () => writer.exec('begin immediate'));
      const pending: Promise<unknown>[] = [];
      const query: Query = (sql, values) => {
        const answer = write(sql, values);
        // It is waited for below, and may fail before that.
        answer.catch(() => {});
        pending.push(answer);
        return answer;
      };
      try {
        const result = await work(query);
        await Promise.all(pending);
        guarded(() => writer.exec('commit'));
        return result;
      } catch (error) {
        await Promise.allSettled(pending);
        // A full disk has rolled it back by itself.
        if (writer.isTransaction) writer.exec('rollback');
        throw error;
      }
    });
    turn = mine.catch(() => {});
    return mine;
  }

  const transaction: Database['transaction'] = (work) => gate.pass(() => inTurn(work));
  const query: Query = (sql, values) =>
    sql.startsWith('select ') ? read(sql, values) : transaction((ask) => ask(sql, values));

  return {
    query,
    transaction,
    async check() {},
    async wipe() {
      // In its turn: a transaction of this process would be in the way. Of others, the next one does it.
      turn = turn.then(() => writer.exec('pragma wal_checkpoint(truncate)')).catch(() => {});
      await turn;
    },
    takesWrites() {
      // Only a write can tell whether it does so again, and nobody else may have one.
      if (!gate.isOpen) query(VAIN_WRITE).catch(() => {});
      return gate.isOpen;
    },
    async close() {
      await turn;
      reader.close();
      writer.close();
    },
  };
}

async function open(path: string): Promise<{ writer: DatabaseSync; reader: DatabaseSync }> {
  let writer: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    make(path);
    const opened = new DatabaseSync(path, { timeout: 0 });
    writer = opened;
    const deadline = performance.now() + PATIENCE;
    // It is busy while another process does the same.
    await patiently(deadline, () => opened.exec('pragma journal_mode = wal'));
    // FULL: a commit is on the disk before it is answered, and stays there if the power fails.
    writer.exec('pragma synchronous = full');
    // Otherwise the log stays as large as it ever was: a reader elsewhere, as a backup, lets it grow.
    writer.exec(`pragma journal_size_limit = ${LOG_LIMIT}`);
    // What is deleted is overwritten: otherwise a name can be read in the file long after its person is gone.
    writer.exec('pragma secure_delete = on');
    const reader = new DatabaseSync(path, { timeout: PATIENCE });
    reader.exec('pragma query_only = on');
    return { writer, reader };
  } catch (error) {
    writer?.close();
    const { message } = error as Error;
    throw new StoreUnavailable(`The database file ${path} cannot be used: ${message}`, {
      cause: error,
    });
  }
}

/** Makes the file for this user alone. The files that SQLite puts beside it get the same mode. */
function make(path: string): void {
  try {
    // It must not be opened if it is there: to close it again would drop the locks that this process
    // has on it (POSIX), and the next process to close it would remove the log of those that are open.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // SQLite would say no more than that it cannot open it.
  if (statSync(path).isDirectory()) throw new Error('it is a folder');
}

/** Does what another process may be in the way of; this process goes on with other work meanwhile. */
async function patiently(deadline: number, work: () => void): Promise<void> {
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (codeOf(error) !== BUSY || performance.now() > deadline) throw asUnavailable(error);
      await wait(1 + Math.random() * 3);
    }
  }
}

function prepared(connection: DatabaseSync): Query {
  const statements = new Map<string, StatementSync>();
  return async (sql, values = []) => {
    return guarded(() => {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = connection.prepare(translated(sql));
        statements.set(sql, statement);
      }
      return statement.all(...values.map(bound)) as Row[];
    });
  };
}

/** A statement in PostgreSQL's SQL, translated for SQLite. */
function translated(sql: string): string {
  return sql
    .replaceAll(/= any\(\$(\d+)\)/g, 'in (select value from json_each(?$1))')
    .replaceAll(/select unnest\(\$(\d+)::text\[\]\)/g, 'select value from json_each(?$1)')
    .replaceAll(/json_array_elements\(\$(\d+)\)/g, 'json_each(?$1)')
    .replaceAll(/\bfor (update|(key )?share)( skip locked)?/g, '')
    .replaceAll(/\$(\d+)/g, '?$1');
}

function bound(value: Value): SQLInputValue {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : (value as SQLInputValue);
}

function codeOf(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: number };
  // The upper bits only add detail.
  return errcode === undefined ? undefined : errcode & 0xff;
}

function asUnavailable(error: unknown): unknown {
  const message = UNAVAILABLE[codeOf(error) ?? -1];
  return message === undefined ? error : new StoreUnavailable(message, { cause: error });
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asUnavailable(error);
  }
}
