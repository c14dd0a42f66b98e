// Opens the database that DATABASE_URL names, and brings its tables up to date.

import { resolve } from 'node:path';
import { boundsProblem, CONNECTION_BOUNDS } from '../protocol/bounds.ts';
import { isA, partsOf } from '../protocol/checks.ts';
import type { AdministrableStore } from './administration.ts';
import type { Database } from './database.ts';
import { databaseUrlProblem } from './database-url.ts';
import { checkSchema, migrate, needsMigration } from './schema.ts';
import { sqlStore } from './sql.ts';
import { checkLocks, lacksLocks, restoreLocks } from './sql-locks.ts';
import { UnsuitableDatabase } from './store.ts';

const optionsProblem = partsOf({
  migrate: isA('boolean'),
  connections: (value) => boundsProblem(value, CONNECTION_BOUNDS),
});

/**
 * Opens a store that lasts.
 *
 * @param url `sqlite:./data/oauth.db`, `sqlite:/var/lib/oauth.db`, or
 *   `postgres://user:password@host:5432/database`
 * @param options.migrate whether to bring the tables to the version of this release, by default
 *   true; otherwise they have to be of that version
 * @param options.connections how many connections to PostgreSQL it opens at the most, by default 10;
 *   SQLite has none
 * @throws TypeError if the URL is none of these, or an option is unknown or wrong
 * @throws StoreUnavailable if the database cannot be reached
 * @throws SchemaError if its tables are not those that this release works with
 * @throws UnsuitableDatabase if it is behind a pooler that shares connections, or keeps text otherwise
 *   than in UTF-8
 */
export async function openStore(
  url: string,
  options: {
    readonly migrate?: boolean | undefined;
    readonly connections?: number | undefined;
  } = {},
): Promise<AdministrableStore> {
  const problem = optionsProblem(options);
  if (problem !== undefined) throw new TypeError(`The second argument of openStore() ${problem}.`);
  const { connections } = options;
  const migrate = options.migrate !== false;
  return open(url, connections === undefined ? {} : { connections }, { migrate });
}

/**
 * Opens the store for a further process of a server that runs, or once more for one of its processes. The
 * tables may have become newer meanwhile, and then it works with them as the other processes do.
 *
 * @param url, connections as `openStore` has them
 * @throws as `openStore` does, but for newer tables
 */
export function openBeside(
  url: string,
  connections: number | undefined,
): Promise<AdministrableStore> {
  const how = connections === undefined ? {} : { connections };
  return open(url, how, { migrate: false, mayBeNewer: true });
}

/** As `postgresDatabase` has them. */
interface DatabaseOptions {
  readonly limits?: boolean;
  readonly connections?: number;
}

/**
 * Opens the store for a command: somebody waits for it, so no statement is given up because it takes long,
 * as to delete a client does that a million people have allowed something. It makes no tables.
 *
 * @param url, connections as `openStore` has them
 * @throws as `openStore` does
 */
export function openForCommand(url: string, connections: number): Promise<AdministrableStore> {
  return open(url, { connections, limits: false }, { migrate: false });
}

async function open(
  url: string,
  how: DatabaseOptions,
  tables: { readonly migrate: boolean; readonly mayBeNewer?: boolean },
): Promise<AdministrableStore> {
  const db = await openDatabase(url, how);
  try {
    const lacks = async () => (await needsMigration(db)) || (await lacksLocks(db));
    if (tables.migrate && (await lacks())) await migrateDatabase(url);
    const hasSchemas = fileOf(url) === undefined;
    await checkSchema(db, { hasSchemas, mayBeNewer: tables.mayBeNewer === true });
    await checkLocks(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return sqlStore(db);
}

/**
 * Brings the tables of a database to the version of this release, with the rows that they have from the
 * beginning.
 *
 * @returns the versions before and after; 0 if there were no tables
 * @throws as `openStore` does
 */
export async function migrateDatabase(url: string): Promise<{ from: number; to: number }> {
  const db = await openDatabase(url, { limits: false });
  try {
    const versions = await migrate(db);
    await restoreLocks(db);
    return versions;
  } finally {
    await db.close();
  }
}

/**
 * @param options as `postgresDatabase` has them
 * @throws TypeError if the URL is of no database known here
 * @throws UnsuitableDatabase
 */
async function openDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  const problem = databaseUrlProblem(url);
  if (problem !== undefined) throw new TypeError(`The URL of the database ${problem}.`);
  const path = fileOf(url);
  // Loaded here, as a server that keeps everything in memory needs neither.
  if (path !== undefined) return (await sqlite()).sqliteDatabase(path);
  const db = (await import('./postgres.ts')).postgresDatabase(url, options);
  try {
    await db.check();
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The absolute path of the file that a URL names; `undefined` if the database is not a file. */
export function fileOf(url: string): string | undefined {
  const [, path] = /^sqlite:(?:\/\/)?(.*)$/.exec(url) ?? [];
  return path === undefined ? undefined : resolve(path);
}

/** @throws UnsuitableDatabase if this Node was built or started without SQLite */
async function sqlite() {
  try {
    return await import('./sqlite.ts');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw error;
    throw new UnsuitableDatabase(
      `SQLite comes with Node 24 or newer, and this Node ${process.versions.node} has none or was started without it: ${process.execPath}`,
      { cause: error },
    );
  }
}
