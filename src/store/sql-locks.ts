// The rows of oauth_locks. Each is for something that one transaction does at a time: the one that has
// locked the row. If somebody has deleted them, nobody could lock anything, and nobody would notice.

import type { Database, Query } from './database.ts';
import { SchemaError } from './store.ts';

const SQL = {
  names: 'select name from oauth_locks',
  restore: "insert into oauth_locks (name) values ('purge'), ('subjects') on conflict do nothing",
  subjects: "select name from oauth_locks where name = 'subjects' for update",
  purge: "select name from oauth_locks where name = 'purge' for update skip locked",
  purgeThere: "select name from oauth_locks where name = 'purge'",
};

/** How many rows `restore` makes. */
const COUNT = 2;

/** Whether the rows are missing, or some of them. */
export async function lacksLocks(db: Database): Promise<boolean> {
  return (await db.query(SQL.names)).length < COUNT;
}

/** Makes the rows that are missing. */
export async function restoreLocks(db: Database): Promise<void> {
  await db.query(SQL.restore);
}

/** @throws SchemaError if rows are missing */
export async function checkLocks(db: Database): Promise<void> {
  if (await lacksLocks(db)) throw locksMissing();
}

/**
 * Waits until no other transaction stores a client or a user.
 *
 * @throws SchemaError if there is no row to lock
 */
export async function lockSubjects(query: Query): Promise<void> {
  const [lock] = await query(SQL.subjects);
  if (lock === undefined) throw locksMissing();
}

/**
 * Takes the right to forget, in a transaction.
 *
 * @returns whether no other transaction has it
 * @throws SchemaError if there is no row to lock
 */
export async function lockPurge(query: Query): Promise<boolean> {
  const [lock] = await query(SQL.purge);
  if (lock !== undefined) return true;
  const [there] = await query(SQL.purgeThere);
  if (there === undefined) throw locksMissing();
  return false;
}

function locksMissing(): SchemaError {
  return new SchemaError(
    'The table oauth_locks lacks rows that this release needs: somebody has deleted them. Run: npm run migrate (or npx express-authorization-server migrate)',
  );
}
