// Rows of clients and users in SQL, as records; and how those who leave are deleted.

import { frozen } from '../frozen.ts';
import type { Client, User } from '../types.ts';
import type { Leaving } from './clients-and-users.ts';
import type { Query, Row } from './database.ts';
import { users } from './sql-tables.ts';

/** Clients whose rows are remembered as they were parsed, and characters of all these rows. */
const MAX_KNOWN = 1000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Under the id of its row. What somebody wrote past these verbs may be no record, and has no fields. */
export function clientOf(row: Row | undefined): Client | undefined {
  if (row === undefined) return undefined;
  const id = String(row['id']);
  try {
    return { ...JSON.parse(String(row['record'])), id };
  } catch {
    return { id } as Client;
  }
}

/** The texts of the rows that clients were read from. */
const recordTexts = new WeakMap<Client, string>();

/** What the row of a client has as its record, if it is still the one that the client was read from. */
export function recordTextOf(client: Client): string {
  return recordTexts.get(client) ?? JSON.stringify(client);
}

/** @param alias that of the columns, if any */
export function userOf(row: Row | undefined, alias?: string): User | undefined {
  if (row === undefined) return undefined;
  const { foldedUsername, ...user } = users.record(row, alias);
  return user;
}

/**
 * Makes the reader of clients' rows. As long as a row says the same it gives out the same object, so
 * that it is parsed once, and looked at once by whoever remembers what they found (vetting.ts).
 */
export function clientReader(): (row: Row) => Client {
  const known = new Map<string, { readonly record: string; readonly client: Client }>();
  let characters = 0;
  return (row) => {
    const [id, record] = [String(row['id']), String(row['record'])];
    const there = known.get(id);
    if (there?.record === record) return there.client;
    const client = frozen(clientOf(row)!);
    characters += record.length - (there?.record.length ?? 0);
    if (known.size >= MAX_KNOWN || characters > MAX_CHARACTERS) {
      known.clear();
      characters = record.length;
    }
    known.set(id, { record, client });
    recordTexts.set(client, record);
    return client;
  };
}

/**
 * Deletes those who leave. What belongs to them and is not deleted along with them goes first, in the
 * order in which other transactions lock it. Clients leave like this only once, for a demo, so no index
 * is kept for it.
 */
const FORGET = {
  clients: [
    'delete from oauth_access_tokens where client_id = any($1)',
    'delete from oauth_clients where id = any($1)',
  ],
  users: [
    'delete from oauth_sessions where user_id = any($1) returning 1 as one',
    'delete from oauth_tickets where user_id = any($1) returning 1 as one',
    'delete from oauth_consents where user_id = any($1) returning 1 as one',
    'delete from oauth_grants where user_id = any($1) returning 1 as one',
    'delete from oauth_users where id = any($1) returning 1 as one',
  ],
};

/** Sends what deletes them, and waits for nothing. */
export function forget(query: Query, leaving: Leaving): void {
  for (const kind of ['clients', 'users'] as const) {
    if (leaving[kind].length === 0) continue;
    for (const sql of FORGET[kind]) void query(sql, [leaving[kind]]);
  }
}

/** Deletes all of a user, and says whether there was anything. */
export async function forgetUser(query: Query, id: string): Promise<boolean> {
  const deleted = await Promise.all(FORGET.users.map((sql) => query(sql, [[id]])));
  return deleted.some((rows) => rows.length > 0);
}

const END_ALL = [
  'delete from oauth_sessions where user_id = any($1)',
  'delete from oauth_tickets where user_id = any($1)',
  'delete from oauth_grants where user_id = any($1)',
];

/** Sends what ends all that a user has begun, and waits for nothing. What they have allowed is remembered. */
export function endAllOf(query: Query, userId: string): void {
  for (const sql of END_ALL) void query(sql, [[userId]]);
}
