// The transactions in SQL that change grants because their session ends or goes on. Each locks clients,
// then grants: in the order in which a client that is removed takes its grants along.

import type { Grant, PendingLogout } from '../types.ts';
import type { Database } from './database.ts';
import { RecordsRead } from './records-read.ts';
import { leaveIn, prolongIn } from './session-grants.ts';
import { byKey } from './sql-table.ts';
import { grants, lockGrants, logouts } from './sql-tables.ts';
import type { LeavingGrant } from './store-grants.ts';

const SQL = {
  lockClients: 'select id from oauth_clients where id = any($1) order by id for key share',
  lockSession: `select ${grants.columns} from ${grants.name} where session = $1 and session_ends_at < $2
    ${byKey('id')} for update`,
  save: grants.upsert('session', 'sessionEndsAt', 'openid', 'expiresAt'),
  end: `delete from ${grants.name} where id = any($1)`,
  addLogouts: logouts.upsert('attempts', 'dueAt', 'expiresAt'),
};

const idOf = ({ id }: { readonly id: string }) => id;

/** @returns the ids of the grants that this call has taken out of their sessions */
export function leaveSession(
  db: Database,
  leaving: readonly LeavingGrant[],
  now: number,
): Promise<readonly string[]> {
  const told = leaving.map(({ logout }) => logout).filter((logout) => logout !== undefined);
  return db.transaction(async (query) => {
    if (told.length > 0) void query(SQL.lockClients, [told.map(({ clientId }) => clientId)]);
    const rows = await query(lockGrants, [leaving.map(({ grantId }) => grantId)]);
    const read = rows.map((row) => grants.record(row));
    const records = {
      grants: new RecordsRead<Grant>(idOf, read),
      logouts: new RecordsRead<PendingLogout>(idOf),
    };
    const left = leaveIn(records, leaving, now);
    const { changed, deleted } = records.grants;
    if (changed.size > 0) void query(SQL.save, [grants.rows(changed.values())]);
    if (deleted.size > 0) void query(SQL.end, [[...deleted]]);
    // In an order that two transactions agree on.
    const added = [...records.logouts.changed.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    if (added.length > 0) void query(SQL.addLogouts, [logouts.rows(added)]);
    return left;
  });
}

/** Notes that a session goes on until `endsAt`. */
export async function prolongSession(db: Database, session: string, endsAt: number): Promise<void> {
  await db.transaction(async (query) => {
    const rows = await query(SQL.lockSession, [session, endsAt]);
    const records = new RecordsRead<Grant>(idOf);
    prolongIn(
      records,
      rows.map((row) => grants.record(row)),
      endsAt,
    );
    if (records.changed.size > 0) void query(SQL.save, [grants.rows(records.changed.values())]);
  });
}
