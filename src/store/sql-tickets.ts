// Tickets in SQL. A transaction that takes tickets locks them before consents and grants.

import { soundTicket } from '../protocol/records.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Ticket } from '../types.ts';
import { batched } from './batch.ts';
import type { Database, Query, Row, Value } from './database.ts';
import { disabledAt, unlessRemoved } from './sql-clients-and-users.ts';
import { tickets } from './sql-tables.ts';
import type { Tickets } from './store-tickets.ts';

const { name, columns } = tickets;

/** The ticket in force that is as it was read: the values of `asRead`. */
const AS_READ = `hash = $1 and expires_at > $2 and payload = $3 and expires_at = $4
  and coalesce(client_id, '') = $5 and coalesce(user_id, '') = $6`;

/** Whether the user `$n`, if it is one, is not disabled; it stays so until the ticket is stored. */
const isEnabled = (n: number) => `(${disabledAt(n)}) is null`;

const SQL = {
  // If there is one in force nothing changes, and so no row is answered.
  create: `insert into ${name} (${columns}) select $1, $2, $3, $4, $5, $6
    where ${isEnabled(6)}
    on conflict (hash) do update set kind = excluded.kind, payload = excluded.payload,
      expires_at = excluded.expires_at, client_id = excluded.client_id, user_id = excluded.user_id
      where ${name}.expires_at <= $7 returning hash`,
  find: `select ${columns} from ${name} where hash = any($1)`,
  change: `update ${name} set payload = $7, expires_at = $8, client_id = $9, user_id = $10
    where ${AS_READ} and ${isEnabled(10)} returning hash`,
  take: `delete from ${name} where hash = $1 and expires_at > $2 returning ${columns}`,
  lock: `select hash from ${name} where ${AS_READ} for update`,
  delete: `delete from ${name} where hash = $1`,
};

/** Under a key of a fixed length, whatever the kind. */
export const keyOf = ({ kind, hash }: Pick<Ticket, 'kind' | 'hash'>) =>
  sha256(JSON.stringify([kind, hash]));

function asRead(read: Ticket, now: number): Value[] {
  const { payload, expiresAt, clientId = '', userId = '' } = read;
  return [keyOf(read), now, JSON.stringify(payload), Math.trunc(expiresAt), clientId, userId];
}

export function ticketsIn(db: Database): Tickets {
  const find = batched(async (keys: readonly string[]) => {
    const rows = await db.query(SQL.find, [keys]);
    const found = new Map(rows.map((row) => [row['hash'], row]));
    return keys.map((key) => found.get(key));
  });
  const recordOf = (row: Row | undefined, hash: string): Ticket | undefined =>
    row && { ...tickets.record(row), hash };

  return {
    async create(given, now) {
      const ticket = soundTicket(given);
      const { kind, payload, expiresAt, clientId = null, userId = null } = ticket;
      const values = [kind, JSON.stringify(payload), Math.trunc(expiresAt), clientId, userId];
      const create = () => db.query(SQL.create, [keyOf(ticket), ...values, now]);
      const created = await unlessRemoved(db, ticket.clientId, create);
      return (created ?? []).length > 0;
    },
    async find(kind, hash, now) {
      const found = recordOf(await find(keyOf({ kind, hash })), hash);
      return found !== undefined && now < found.expiresAt ? found : undefined;
    },
    async change(read, given, now) {
      const { kind, hash } = read;
      const ticket = soundTicket({ ...given, kind, hash });
      const { payload, expiresAt, clientId = null, userId = null } = ticket;
      const values = [JSON.stringify(payload), Math.trunc(expiresAt), clientId, userId];
      const change = () => db.query(SQL.change, [...asRead(read, now), ...values]);
      const changed = await unlessRemoved(db, ticket.clientId, change);
      return (changed ?? []).length > 0;
    },
    async take(kind, hash, now) {
      const [row] = await db.query(SQL.take, [keyOf({ kind, hash }), now]);
      return recordOf(row, hash);
    },
  };
}

/** Locks a ticket, in a transaction. @returns whether it is as it was read */
export async function lockAsRead(query: Query, read: Ticket, now: number): Promise<boolean> {
  return (await query(SQL.lock, asRead(read, now))).length > 0;
}

/** Deletes a ticket that was locked. */
export function deleteTicket(query: Query, ticket: Ticket): void {
  void query(SQL.delete, [keyOf(ticket)]);
}
