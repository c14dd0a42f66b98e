// What an operator asks of a database, in SQL.

import { isDeepStrictEqual } from 'node:util';
import { soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { User } from '../types.ts';
import type { Addition, Administration, Page } from './administration.ts';
import type { Database, Query } from './database.ts';
import { clientOf, userOf } from './sql-client-and-user-rows.ts';
import { consentColumns, consentOf } from './sql-consents.ts';
import { lockSubjects } from './sql-locks.ts';
import { grants, keys, sessions, tickets, users } from './sql-tables.ts';
import { keyOf } from './sql-tickets.ts';

/** Sorts before every key. */
const FIRST = '';

/** Those of a kind who have something with one of the other, each once. */
function allowed(wanted: string, given: string): string {
  const from = (table: string, more = '') =>
    `select ${wanted} as id from ${table} where ${given} = $1 and ${wanted} > $2 ${more}`;
  const inForce = 'and expires_at > $4';
  return `${from('oauth_consents')} union ${from('oauth_grants', inForce)}
    union ${from('oauth_tickets', inForce)} order by id limit $3`;
}

const SQL = {
  clients: 'select id, record from oauth_clients where id > $1 order by id limit $2',
  users: `select ${users.columns} from oauth_users where id > $1 order by id limit $2`,
  known: `select ${users.columns} from oauth_users where id = any($1)`,
  usernames: 'select username from oauth_users where username = any($1)',
  clientIds: 'select id from oauth_clients where id = any($1)',
  saveUsers: users.upsert(),
  forgetRemovals: "delete from oauth_removals where kind = 'user' and id = any($1)",
  // By the primary key, in its order.
  consents: `select ${consentColumns} from oauth_consents
    where (client_id, user_id, resource) > ($1, $2, $3)
    order by client_id, user_id, resource limit $4`,
  usersOf: allowed('user_id', 'client_id'),
  clientsOf: allowed('client_id', 'user_id'),
  grants: `select ${grants.columns} from oauth_grants where id > $1 and expires_at > $3
    order by id limit $2`,
  sessions: `select ${sessions.columns} from oauth_sessions
    where hash > $1 and expires_at > $3 and user_id is not null order by hash limit $2`,
  tickets: `select ${tickets.columns} from oauth_tickets
    where hash > $1 and expires_at > $3 and kind = $4 order by hash limit $2`,
  removeTicket: 'delete from oauth_tickets where hash = $1 and kind = $2 returning hash',
  removals: `select id from oauth_removals where kind = $3 and id > $1 order by id limit $2`,
  // All of an algorithm: two that are replaced at once would get the same number.
  lockKeys: 'select kid from oauth_keys where alg = $1 order by kid for update',
  // No period is negative: each that was replaced has a number of its own.
  retireKey: `update oauth_keys set period = (select coalesce(min(period), 0) - 1
      from oauth_keys where alg = $2 and period < 0)
    where kid = $1 and alg = $2 and period = $3 returning kid`,
  saveKey: `insert into oauth_keys (${keys.columns}) values ($1, $2, $3, $4, $5, $6)`,
  removeKey: 'delete from oauth_keys where kid = $1 and alg = $2 and period = $3 returning kid',
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
    async addUsers(given, { isTrial = false } = {}) {
      const all = given.map(soundUser);
      if (isTrial) return additionsOf(db.query, all);
      return db.transaction(async (query) => {
        const [, additions] = await Promise.all([lockSubjects(query), additionsOf(query, all)]);
        const added = all.filter((_, at) => additions[at] === 'added');
        if (added.length === 0) return additions;
        void query(SQL.forgetRemovals, [added.map(({ id }) => id)]);
        const rows = added.map((user) => ({ ...user, foldedUsername: foldName(user.username) }));
        void query(SQL.saveUsers, [users.rows(rows)]);
        return additions;
      });
    },
    async listConsents({ after, limit }) {
      const start = after === undefined ? [FIRST, FIRST, FIRST] : JSON.parse(after);
      return (await db.query(SQL.consents, [...start, limit])).map(consentOf);
    },
    async listUsersOf(clientId, page, now) {
      const rows = await db.query(SQL.usersOf, [clientId, ...startOf(page), now]);
      return rows.map(({ id }) => String(id));
    },
    async listClientsOf(userId, page, now) {
      const rows = await db.query(SQL.clientsOf, [userId, ...startOf(page), now]);
      return rows.map(({ id }) => String(id));
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
    async replaceKey(kid, key, { isRevoked = false } = {}) {
      const { alg, period, createdAt, encryptedPrivateKey, expiresAt } = key;
      return db.transaction(async (query) => {
        const [, [replaced]] = await Promise.all([
          query(SQL.lockKeys, [alg]),
          query(isRevoked ? SQL.removeKey : SQL.retireKey, [kid, alg, period]),
        ]);
        if (replaced === undefined) return false;
        void query(SQL.saveKey, [key.kid, alg, period, createdAt, encryptedPrivateKey, expiresAt]);
        return true;
      });
    },
  };
}

/** What happens to users who are added, as the database is now. */
async function additionsOf(query: Query, all: readonly User[]): Promise<Addition[]> {
  const theirIds = all.map(({ id }) => id);
  const [known, usernames, clientIds] = await Promise.all([
    query(SQL.known, [theirIds]),
    query(SQL.usernames, [all.map(({ username }) => username)]),
    query(SQL.clientIds, [theirIds]),
  ]);
  const there = new Map(known.map((row) => [row['id'], userOf(row)!]));
  const taken = {
    usernames: new Set(usernames.map((row) => row['username'])),
    clientIds: new Set(clientIds.map((row) => row['id'])),
  };
  return all.map((user) => {
    const { id, username } = user;
    const same = there.get(id);
    if (same !== undefined)
      return isDeepStrictEqual(dataOf(same), dataOf(user)) ? 'there' : 'differs';
    if (taken.clientIds.has(id)) return 'id_taken';
    if (taken.usernames.has(username)) return 'username_taken';
    there.set(id, user);
    taken.usernames.add(username);
    return 'added';
  });
}

/** What is known of a user besides the password. */
function dataOf({ username, name, email, claims, disabledAt }: User) {
  return { username, name, email, claims, isDisabled: disabledAt !== undefined };
}
