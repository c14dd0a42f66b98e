// The tables: which version of them a database has, and how it gets the one that this release needs.
//
// migrations/ has a file for each version, numbered from 1 without a gap and never changed once
// released. Its statements end in a semicolon at the end of a line.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../package-files.ts';
import { type Database, isMissingTable, isThereAlready } from './database.ts';
import { SchemaError, StoreUnavailable } from './store.ts';

interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

const directory = packageFile('migrations');

function readMigrations(): Migration[] {
  const files = readdirSync(directory).filter((name) => name.endsWith('.sql'));
  return files.sort().map((name) => ({
    version: Number.parseInt(name, 10),
    statements: readFileSync(join(directory, name), 'utf8')
      .split(/;\s*$/m)
      .map((statement) => statement.trim())
      .filter((statement) => statement !== ''),
  }));
}

const SQL = {
  create:
    'create table if not exists oauth_schema (id bigint primary key, version bigint not null)',
  begin: 'insert into oauth_schema (id, version) values (1, 0) on conflict (id) do nothing',
  lock: 'select version from oauth_schema where id = 1 for update',
  version: 'select version from oauth_schema where id = 1',
  set: 'update oauth_schema set version = $1 where id = 1',
};

/**
 * Brings the tables to the version of this release, all the way or not at all. If several processes
 * start at once, one does it, and the others wait.
 *
 * @param migrations those of this release
 * @returns the versions before and after
 * @throws SchemaError if the tables are of a newer release
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<{ from: number; to: number }> {
  const to = migrations.length;
  await prepare(db);
  let reached = 0;
  try {
    return await db.transaction(async (query) => {
      const [row] = await query(SQL.lock);
      const from = Number(row?.['version']);
      if (from > to) throw newer(from, to);
      for (const { version, statements } of migrations.slice(from)) {
        reached = version;
        for (const statement of statements) await query(statement);
        await query(SQL.set, [version]);
      }
      return { from, to };
    });
  } catch (error) {
    throw isThereAlready(error) ? leftOver(reached, error as Error) : error;
  }
}

/** Whether the tables are of an older version than this release needs. */
export async function needsMigration(db: Database): Promise<boolean> {
  return (await versionOf(db)) < readMigrations().length;
}

/**
 * @param options.hasSchemas whether there may be tables that are not seen, in another schema of the database
 * @param options.mayBeNewer whether a server of this release works with them already: a migration only adds
 * @throws SchemaError if the tables are of another version than this release needs
 */
export async function checkSchema(
  db: Database,
  { hasSchemas, mayBeNewer }: { readonly hasSchemas: boolean; readonly mayBeNewer: boolean },
): Promise<void> {
  const needed = readMigrations().length;
  const version = await versionOf(db);
  if (version > needed && !mayBeNewer) throw newer(version, needed);
  if (version < needed) {
    const asSeen = version === 0 && hasSchemas ? ' as this role sees it (search_path)' : '';
    throw new SchemaError(
      `The tables of the database are of version ${version}${asSeen}, and this release needs version ${needed}. Run: npm run migrate (or npx express-authorization-server migrate)`,
    );
  }
}

function newer(version: number, known: number): SchemaError {
  return new SchemaError(
    `The tables of the database are of version ${version}, made by a newer release; this one knows versions up to ${known}. Start the newer release.`,
  );
}

/** What a migration makes is there, though the database says that its tables are older. */
function leftOver(version: number, error: Error): SchemaError {
  return new SchemaError(
    `The tables cannot be brought to version ${version}: ${error.message}. The database says that its tables are older, so this is left of a newer release, as if a backup was restored beside its tables. Nothing was changed. Remove all tables of the server, restore the backup again, and migrate then; with PostgreSQL, "drop owned by" the owner of the tables removes them.`,
    { cause: error },
  );
}

/** Makes the table that has the version. Of two processes that do so at once, one fails at first. */
async function prepare(db: Database): Promise<void> {
  if ((await versionOf(db)) > 0) return;
  try {
    await db.query(SQL.create);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    await db.query(SQL.create);
  }
  await db.query(SQL.begin);
}

/** 0 if there are no tables. */
async function versionOf(db: Database): Promise<number> {
  try {
    const [row] = await db.query(SQL.version);
    return Number(row?.['version'] ?? 0);
  } catch (error) {
    // Any other failure says nothing about the tables.
    if (!isMissingTable(error)) throw error;
    return 0;
  }
}
