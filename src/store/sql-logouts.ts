// Logouts in SQL: what clients have to be told. grants.leaveSession adds them (sql-session-grants.ts).

import type { Database } from './database.ts';
import { isStorable } from './sql-table.ts';
import { logouts } from './sql-tables.ts';
import type { Logouts } from './store-logouts.ts';

const { name, columns } = logouts;

/**
 * What is due for one kind of clients. Compared by a difference, for which there is no index, because
 * nearly all have not expired, and few are due. And with a subselect, which becomes a hash: an array
 * would be searched for each row, and thousands of clients may have to be left out.
 */
const due = (isSelfMade: 0 | 1, limit: string) => `select id, due_at from ${name}
  where is_self_made = ${isSelfMade} and due_at <= $1 and expires_at - $1 > 0
    and client_id not in (select unnest($4::text[])) order by due_at limit ${limit} for update skip locked`;

const SQL = {
  find: `select ${columns} from ${name} where id = any($1) and expires_at > $2`,
  // Materialized, because with another plan the limits might be applied several times. Each kind by
  // itself, so that what is due for one is not searched for what is due for the other.
  claim: `with vouched as materialized (${due(0, '$2')}), self_made as materialized (${due(1, '$5')}),
      due as materialized (select id from (select id, due_at from vouched union all
        select id, due_at from self_made) all_due order by due_at limit $2)
    update ${name} set due_at = $3 where id in (select id from due) returning ${columns}`,
  postpone: `update ${name} set attempts = $3, due_at = $4 where id = $1 and due_at = $2`,
  remove: `delete from ${name} where id = $1 and due_at = $2 returning id`,
};

export function logoutsIn(db: Database): Logouts {
  return {
    async find(ids, now) {
      const rows = await db.query(SQL.find, [ids.filter((id) => isStorable(id)), now]);
      return rows.map((row) => logouts.record(row));
    },
    async claim(limit, now, until, except, maxSelfMade = limit) {
      const rows = await db.query(SQL.claim, [now, limit, until, except, maxSelfMade]);
      return rows.map((row) => logouts.record(row));
    },
    async postpone({ id, dueAt: before }, attempts, dueAt) {
      await db.query(SQL.postpone, [id, before, attempts, dueAt]);
    },
    async remove({ id, dueAt }) {
      return (await db.query(SQL.remove, [id, dueAt])).length > 0;
    },
  };
}
