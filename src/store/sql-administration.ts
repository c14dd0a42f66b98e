// What an operator asks of a database, in SQL.

import type { Administration, Page } from './administration.ts';
import type { Database } from './database.ts';
import { clientOf, userOf } from './sql-subject-rows.ts';
import { grants, keys, sessions, tickets, users } from './sql-tables.ts';
import { keyOf } from './sql-tickets.ts';

/** Sorts before every key. */
const FIRST = '';

const SQL = {
  clients: 'select id, record from oauth_clients where id > $1 order by id limit $2',
  users: `select ${users.columns} from oauth_users where id > $1 order by id limit $2`,
  grants: `select ${grants.columns} from oauth_grants where id > $1 and expires_at > $3
    order by id limit $2`,
  sessions: `select ${sessions.columns} from oauth_sessions
    where hash > $1 and expires_at > $3 and user_id is not null order by hash limit $2`,
  tickets: `select ${tickets.columns} from oauth_tickets
    where hash > $1 and expires_at > $3 and kind = $4 order by hash limit $2`,
  removeTicket: 'delete from oauth_tickets where hash = $1 and kind = $2 returning hash',
  removals: `select id from oauth_removals where kind = $3 and id > $1 order by id limit $2`,
  // No period is negative: each that was replaced has a number of its own.
  retireKey: `update oauth_keys set period = (select coalesce(min(period), 0) - 1
      from oauth_keys where alg = $2 and period < 0)
    where kid = $1 and alg = $2 and period = $3 returning kid`,
  saveKey: `insert into oauth_keys (${keys.columns}) values ($1, $2, $3, $4, $5, $6)`,
  removeKey: 'delete from oauth_keys where kid = $1 returning kid',
};

const startOf = ({ after = FIRST, limit }: Page) => [after, limit] as const;

export function administrationIn(db: Database): Administration {
  return {
    async listClients(page) {
      const rows = await db.query(SQL.clients, [...startOf(page)]);
      return rows.map((row) => clientOf(row)!);
    },
    async listUsers(page) {
      const rows = await db.query(SQL.users, [...startOf(page)]);
      return rows.map((row) => userOf(row)!);
    },
    async listGrants(page, now) {
      const rows = await db.query(SQL.grants, [...startOf(page), now]);
      return rows.map((row) => grants.record(row));
    },
    async listSessions(page, now) {
      const rows = await db.query(SQL.sessions, [...startOf(page), now]);
      return rows.map((row) => sessions.record(row));
    },
    async listTickets(kind, page, now) {
      const rows = await db.query(SQL.tickets, [...startOf(page), now, kind]);
      return rows.map((row) => {
        const { hash: key, ...ticket } = tickets.record(row);
        return { ...ticket, key };
      });
    },
    keyOfTicket: (kind, hash) => keyOf({ kind, hash }),
    async removeTicket(kind, key) {
      return (await db.query(SQL.removeTicket, [key, kind])).length > 0;
    },
    async listRemovals(kind, page) {
      const rows = await db.query(SQL.removals, [...startOf(page), kind]);
      return rows.map((row) => ({ kind, id: String(row['id']) }));
    },
    async replaceKey(kid, key) {
      const { alg, period, createdAt, encryptedPrivateKey, expiresAt } = key;
      return db.transaction(async (query) => {
        const [retired] = await query(SQL.retireKey, [kid, alg, period]);
        if (retired === undefined) return false;
        void query(SQL.saveKey, [key.kid, alg, period, createdAt, encryptedPrivateKey, expiresAt]);
        return true;
      });
    },
    async removeKey(kid) {
      return (await db.query(SQL.removeKey, [kid])).length > 0;
    },
  };
}
