// The kinds of database that a server may have: an empty one of each, and a look behind its back.

import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { freshPostgres, freshSqlite } from './databases.ts';
import { postgresMissing } from './postgres.ts';

export const DATABASES = [
  { kind: 'SQLite', fresh: async () => freshSqlite(), skip: false },
  { kind: 'PostgreSQL', fresh: freshPostgres, skip: postgresMissing() },
] as const;

/** Runs one statement, in SQL that both kinds know. */
export async function look(
  databaseUrl: string,
  sql: string,
): Promise<Record<string, string | number>[]> {
  const [, path] = /^sqlite:(.*)$/.exec(databaseUrl) ?? [];
  if (path !== undefined) {
    const db = new DatabaseSync(path, { timeout: 5000 });
    try {
      return db
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })) as Record<string, string | number>[];
    } finally {
      db.close();
    }
  }
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
