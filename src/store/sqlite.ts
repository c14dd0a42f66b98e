// The driver for SQLite, which is part of Node. One connection writes and one reads, so a reader
// never sees what is not committed. The file is in WAL mode: several processes of one machine may
// have it open, and readers and a writer do not wait for one another.

import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Database, type Query, type Row, VAIN_WRITE, type Value } from './database.ts';
import { asUnavailable, isWriteNotTaken } from './sqlite-errors.ts';
import { PATIENCE, patiently, SqliteTransactions } from './sqlite-transactions.ts';
import { StoreUnavailable } from './store.ts';
import { WriteGate } from './write-gate.ts';

/** Bytes that are left of the log once all of it is in the database. SQLite itself waits for 4 MB. */
const LOG_LIMIT = 8_000_000;

/**
 * Opens a database file. If there is none it is made, and its folder too, for this user alone.
 *
 * @throws StoreUnavailable if it cannot be opened
 */
export async function sqliteDatabase(path: string): Promise<Database> {
  const { writer, reader } = await open(path);
  const read = prepared(reader);
  const transactions = new SqliteTransactions(writer, prepared(writer));
  const gate = new WriteGate(isWriteNotTaken);
  const transaction: Database['transaction'] = (work) => gate.pass(() => transactions.run(work));
  const query: Query = (sql, values) =>
    sql.startsWith('select ') ? read(sql, values) : transaction((ask) => ask(sql, values));

  return {
    query,
    transaction,
    async check() {},
    // A transaction of this process would be in the way. Of those of others, the next one does it.
    wipe: () => transactions.between(() => writer.exec('pragma wal_checkpoint(truncate)')),
    takesWrites() {
      // Only a write can tell whether it does so again, and nobody else may have one.
      if (!gate.isOpen) query(VAIN_WRITE).catch(() => {});
      return gate.isOpen;
    },
    async close() {
      await transactions.between();
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

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asUnavailable(error);
  }
}
