// Which grants end in SQL because there are too many of a person at one client. Stores that can look at all
// of them have over-max.ts.

import type { Grant } from '../types.ts';
import type { Query } from './database.ts';
import { MAX_HELD } from './outcomes.ts';
import { grants, lockGrants } from './sql-tables.ts';

const SQL = {
  waitingBeyond: `select id from ${grants.name}
    where user_id = $1 and client_id = $2 and expires_at > $3 and id <> $4 and last_used_at is null
    order by created_at desc limit 1000 offset $5`,
  usedBeyond: `select id from ${grants.name}
    where user_id = $1 and client_id = $2 and expires_at > $3 and last_used_at is not null
    order by last_used_at desc, created_at desc limit 1000 offset $4`,
  endGrants: `delete from ${grants.name} where id = any($1)`,
};

/** Of the grants of a user at a client, those that are too many with a new one: the oldest. */
export async function findOverMax(query: Query, grant: Grant): Promise<string[]> {
  const { id, userId, clientId, createdAt } = grant;
  const [waiting, used] = await Promise.all([
    query(SQL.waitingBeyond, [userId, clientId, createdAt, id, MAX_HELD - 1]),
    findUsedBeyond(query, grant, MAX_HELD),
  ]);
  return [...waiting.map((row) => String(row['id'])), ...used];
}

/** Likewise, of those that are in use, with a new one that is used at once. */
export function findUsedOverMax(query: Query, grant: Grant): Promise<string[]> {
  return findUsedBeyond(query, grant, MAX_HELD - 1);
}

/** @param most how many of those in use are left */
async function findUsedBeyond(
  query: Query,
  { userId, clientId, createdAt }: Grant,
  most: number,
): Promise<string[]> {
  const used = await query(SQL.usedBeyond, [userId, clientId, createdAt, most]);
  return used.map((row) => String(row['id']));
}

export function endGrants(query: Query, ids: readonly string[]): void {
  if (ids.length === 0) return;
  void query(lockGrants, [ids]);
  void query(SQL.endGrants, [ids]);
}
