// Clients in SQL.

import { isVouchedFor } from '../protocol/client.ts';
import { soundClient } from '../protocol/records.ts';
import type { Client } from '../types.ts';
import { batched } from './batch.ts';
import { isUnchanged, makeWayForClient } from './clients-and-users.ts';
import type { Database } from './database.ts';
import { clientOf, clientReader, forget, userOf } from './sql-client-and-user-rows.ts';
import {
  type IsMeant,
  isToAdd,
  RETURNING,
  SUBJECTS,
  transaction,
} from './sql-clients-and-users.ts';
import { lockSubjects } from './sql-locks.ts';
import { isStorable } from './sql-table.ts';
import type { Clients } from './store-clients-and-users.ts';

/** Of a client: whether it has no grant in force at a time. */
function hasNoGrant(now: string): string {
  return `not exists (select 1 from oauth_grants
    where oauth_grants.client_id = oauth_clients.id and oauth_grants.expires_at > ${now})`;
}

const SQL = {
  // Held: it may be removed, or the password changed, by a statement of its own.
  heldClient: 'select id, record from oauth_clients where id = $1 for update',
  clientsBySource: 'select id, record from oauth_clients where source = $1',
  sharedIds: `select id from oauth_clients
    where exists (select 1 from oauth_users where oauth_users.id = oauth_clients.id) limit $1`,
  countClients: `select count(*) as count from
    (select 1 from oauth_clients where source = $1 and vouched = 0 limit $2) counted`,
  noteClient: `update oauth_clients set used_at = $2
    where id = $1 and (used_at is null or used_at < $2)`,
  unusedClients: `select id from oauth_clients where source = $1 and vouched = 0 and used_at < $5
    and (used_at < $2 or used_at = registered_at)
    and ${hasNoGrant('$3')} order by used_at limit $4 for update skip locked`,
  removeUnused: `delete from oauth_clients where id = any($1) and ${hasNoGrant('$2')} returning id`,
  saveClient: `insert into oauth_clients (id, record, source, vouched, registered_at, own_tokens_ended_at, used_at)
    values ($1, $2, $3, $4, $5, $6, $5)
    on conflict (id) do update set record = excluded.record, source = excluded.source,
      vouched = excluded.vouched, registered_at = excluded.registered_at,
      own_tokens_ended_at = excluded.own_tokens_ended_at, used_at = case when excluded.used_at > coalesce(oauth_clients.used_at, 0)
        then excluded.used_at else oauth_clients.used_at end`,

  // Grants, consents and tickets refer to their client: the database deletes them with it.
  removeClient: 'delete from oauth_clients where id = $1 returning source',
};

export function clientsIn(db: Database): Clients {
  const read = clientReader();
  const findClient = batched(async (ids: readonly string[]) => {
    const rows = await db.query(SUBJECTS.client, [ids]);
    const clients = new Map(rows.map((row) => [row['id'], read(row)]));
    return ids.map((id) => clients.get(id));
  });

  const putClient = (client: Client, isMeant: IsMeant<Client>) =>
    transaction(db, async (query) => {
      const { id, source = null, registeredAt, ownTokensEndedAt } = client;
      const times = [registeredAt, ownTokensEndedAt].map((time) =>
        time === undefined ? null : Math.trunc(time),
      );
      const [, [same], [user], [removal]] = await Promise.all([
        lockSubjects(query),
        query(SQL.heldClient, [id]),
        query(SUBJECTS.user, [id]),
        query(SUBJECTS.removal, ['client', id]),
      ]);
      const place = { client: clientOf(same), user: userOf(user) };
      if (!isMeant(place.client, removal !== undefined)) return false;
      const leaving = makeWayForClient(client, place);
      if (leaving instanceof Error) return leaving;
      forget(query, leaving);
      if (removal !== undefined) void query(SUBJECTS.forgetRemoval, ['client', id]);
      const vouched = isVouchedFor(client) ? 1 : 0;
      void query(SQL.saveClient, [id, JSON.stringify(client), source, vouched, ...times]);
      return true;
    });

  return {
    async find(id) {
      return isStorable(id) ? findClient(id) : undefined;
    },
    async save(client) {
      await putClient(soundClient(client), () => true);
    },
    async add(given) {
      const client = soundClient(given);
      return putClient(client, isToAdd(client));
    },
    async change(from, to) {
      return putClient(soundClient(to), (there) => isUnchanged(there, from));
    },
    async remove(id) {
      if (!isStorable(id)) return false;
      // A transaction, as that begins again if another one has locked the grants in its own order.
      return db.transaction(async (query) => {
        const [removed] = await query(SQL.removeClient, [id]);
        if (RETURNING.has(removed?.['source'])) void query(SUBJECTS.noteRemoval, ['client', id]);
        return removed !== undefined;
      });
    },
    async listBySource(source) {
      const rows = await db.query(SQL.clientsBySource, [source]);
      return rows.map((row) => clientOf(row)!);
    },
    async countUnvouched(source, most) {
      const [row] = await db.query(SQL.countClients, [source, most]);
      return Number(row!['count']);
    },
    async note(id, now) {
      if (isStorable(id)) await db.query(SQL.noteClient, [id, now]);
    },
    async removeUnused(source, before, now, limit, neverUsedBefore = before) {
      return db.transaction(async (query) => {
        const unused = await query(SQL.unusedClients, [
          source,
          before,
          now,
          limit,
          neverUsedBefore,
        ]);
        if (unused.length === 0) return [];
        // Once they are locked, nobody opens a grant for them. The second look finds grants that were
        // opened after the first look and before the lock.
        const ids = unused.map((row) => String(row['id']));
        const removed = await query(SQL.removeUnused, [ids, now]);
        return removed.map((row) => String(row['id']));
      });
    },
    async listShared(limit) {
      const rows = await db.query(SQL.sharedIds, [limit]);
      return rows.map((row) => String(row['id']));
    },
  };
}
