// What the store in SQL asks of a database, and what the two drivers give it.
//
// Statements are written in the part of PostgreSQL's SQL that SQLite has too. The exceptions are `$1`,
// `= any($1)`, `select unnest($1::text[])`, `json_array_elements($1)`, `for update`, `for share`,
// `for key share` and `skip locked`, which the driver for SQLite translates.
// Columns are named one by one, so a later column disturbs no statement.

/** An array is the value of `$1` in a statement that says `= any($1)` or `unnest($1::text[])`. */
export type Value = string | number | null | readonly string[];

export type Row = Readonly<Record<string, string | number | null>>;

/**
 * Runs one statement and answers its rows.
 *
 * @throws StoreUnavailable if the database cannot be reached, is too slow or is full
 */
export type Query = (sql: string, values?: readonly Value[]) => Promise<readonly Row[]>;

/** How many connections to PostgreSQL a process opens at the most, if nobody says otherwise. */
export const CONNECTIONS = 10;

export interface Database {
  /** Runs a statement that takes effect by itself. */
  readonly query: Query;
  /**
   * Runs statements that take effect together, or not at all, one after the other in the order in
   * which they are asked. Those that `work` does not wait for are waited for here; together with the
   * commit they cost one round trip. If one of them fails, nothing takes effect, and its error is
   * thrown. If another transaction was in the way, `work` runs once more, from its start. `work` must
   * wait for nothing but its statements.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /**
   * Finds out whether this database can be worked with at all.
   *
   * @throws UnsuitableDatabase which says why not, and what to do
   */
  check(): Promise<void>;
  /**
   * Removes from the disk what was deleted, as far as nobody is in the way. Absent if the database does so
   * by itself.
   */
  wipe?(): Promise<void>;
  /** Whether it took the last write. If it did not, this call starts another one, to find out. */
  takesWrites(): boolean;
  close(): Promise<void>;
}

/** A write that changes nothing. */
export const VAIN_WRITE = "update oauth_locks set name = name where name = 'purge'";

/** Whether a statement failed because what it makes is there already, in PostgreSQL or in SQLite. */
export function isThereAlready(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  // A table or an index, a column, another object.
  if (['42P07', '42701', '42710'].includes(String(code))) return true;
  return /^(?:(?:table|index) \S+ already exists|duplicate column name)\b/.test(message);
}

/** Whether a statement failed because there is no such table, in PostgreSQL or in SQLite. */
export function isMissingTable(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  return code === '42P01' || /^no such table\b/.test(message);
}
