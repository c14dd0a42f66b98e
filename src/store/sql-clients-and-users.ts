// What storing a client and storing a user have in common in SQL. A transaction that stores one locks a row
// of oauth_locks (`lockSubjects`): the ids of both kinds have to be looked at, and no index is over two tables.

import type { Client, Source, User } from '../types.ts';
import { givesWay } from './clients-and-users.ts';
import type { Database, Query } from './database.ts';
import { isStorable } from './sql-table.ts';
import { users } from './sql-tables.ts';
import { StoreUnavailable } from './store.ts';

/** What both look at. */
export const SUBJECTS = {
  client: 'select id, record from oauth_clients where id = any($1)',
  clientId: 'select id from oauth_clients where id = $1',
  user: `select ${users.columns} from oauth_users where id = $1`,

  noteRemoval: `insert into oauth_removals (kind, id) values ($1, $2)
    on conflict (kind, id) do nothing`,
  removal: 'select id from oauth_removals where kind = $1 and id = $2',
  forgetRemoval: 'delete from oauth_removals where kind = $1 and id = $2',
};

/**
 * Whether to go on with storing a record, as to what has its id, and whether that was removed; otherwise
 * nothing is changed.
 */
export type IsMeant<Kind> = (there: Kind | undefined, wasRemoved: boolean) => boolean;

/** What `add` stores: not in the place of another, and nothing that its file would bring back. */
export function isToAdd<Kind extends Client | User>(newcomer: Kind): IsMeant<Kind> {
  const isOfFile = newcomer.source === 'seed' || newcomer.source === 'demo';
  return (there, wasRemoved) =>
    there === undefined ? !(isOfFile && wasRemoved) : givesWay(there, newcomer);
}

/**
 * Where records come from that would be there again after the next start, had nobody noted that they were
 * removed.
 */
export const RETURNING: ReadonlySet<unknown> = new Set<Source>(['demo', 'seed', 'command']);

/** Of the user `$n`: when they were disabled, which stays what it is until the end of the transaction. */
export const disabledAt = (n: number) =>
  `select disabled_at from oauth_users where id = $${n} for share`;

const DISABLED_AT = disabledAt(1);

/**
 * Whether a user is disabled, in a transaction: it stays so until the end of that. A transaction asks before
 * it locks sessions, tickets, consents or grants of theirs, as the one does that disables them.
 */
export async function isDisabledIn(query: Query, userId: string): Promise<boolean> {
  const [user] = await query(DISABLED_AT, [userId]);
  return (user?.['disabled_at'] ?? null) !== null;
}

/** An error that `work` answers is thrown afterwards: thrown inside, it would cost the connection. */
export async function transaction(
  db: Database,
  work: (query: Query) => Promise<boolean | Error>,
): Promise<boolean> {
  const outcome = await db.transaction(work);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/**
 * Adds something that refers to a client, unless the client has been removed.
 *
 * @param clientId absent if there is no client that it refers to
 * @param work answers what was added; if it fails and the client is there, it runs once more
 * @returns `undefined` if the client is not registered
 */
export async function unlessRemoved<T>(
  db: Database,
  clientId: string | undefined,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (clientId === undefined) return work();
  for (const isLast of [false, true]) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // Asked, as each database has its own code for a reference to nothing.
      const rows = isStorable(clientId) ? await db.query(SUBJECTS.clientId, [clientId]) : [];
      if (rows.length === 0) break;
      // Otherwise it may have been removed, and stored again since.
      if (isLast) throw error;
    }
  }
  return undefined;
}
