// Clients and users in SQL. A transaction that stores one locks a row of oauth_locks: the ids of both
// kinds have to be looked at, and no index is over two tables.

import { soundClient, soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { Client, Source, User } from '../types.ts';
import { batched } from './batch.ts';
import type { Database, Query } from './database.ts';
import { clientOf, clientReader, endAllOf, forget, userOf } from './sql-subject-rows.ts';
import { isStorable, users } from './sql-tables.ts';
import type { Store } from './store.ts';
import { givesWay, isUnchanged, makeWayForClient, makeWayForUser } from './subjects.ts';

/** What stands before the salt of a hash; migrations/001-initial.sql has the index. */
const BASE64 = "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'";
/** bcrypt has no dollar sign between the salt and the hash. */
const KIND = `(case substr(password_hash, 2, 1) when '2' then substr(password_hash, 1, 7)
  else rtrim(rtrim(rtrim(password_hash, ${BASE64}), '$'), ${BASE64}) end)`;

/** Of a client: whether it has no grant in force at a time. */
function hasNoGrant(now: string): string {
  return `not exists (select 1 from oauth_grants
    where oauth_grants.client_id = oauth_clients.id and oauth_grants.expires_at > ${now})`;
}

const SQL = {
  lock: "select name from oauth_locks where name = 'subjects' for update",

  client: 'select id, record from oauth_clients where id = any($1)',
  // Held: it may be removed, or the password changed, by a statement of its own.
  heldClient: 'select id, record from oauth_clients where id = $1 for update',
  clientsBySource: 'select id, record from oauth_clients where source = $1',
  sharedIds: `select id from oauth_clients
    where exists (select 1 from oauth_users where oauth_users.id = oauth_clients.id) limit $1`,
  countClients: `select count(*) as count from
    (select 1 from oauth_clients where source = $1 limit $2) counted`,
  noteClient: `update oauth_clients set used_at = $2
    where id = $1 and (used_at is null or used_at < $2)`,
  unusedClients: `select id from oauth_clients where source = $1 and used_at < $2
    and ${hasNoGrant('$3')} order by used_at limit $4 for update skip locked`,
  removeUnused: `delete from oauth_clients where id = any($1) and ${hasNoGrant('$2')} returning id`,
  saveClient: `insert into oauth_clients (id, record, source, used_at) values ($1, $2, $3, $4)
    on conflict (id) do update set record = excluded.record, source = excluded.source,
      used_at = case when excluded.used_at > coalesce(oauth_clients.used_at, 0)
        then excluded.used_at else oauth_clients.used_at end`,

  // Grants, consents and tickets refer to their client: the database deletes them with it.
  removeClient: 'delete from oauth_clients where id = $1 returning source',

  noteRemoval: `insert into oauth_removals (kind, id) values ($1, $2)
    on conflict (kind, id) do nothing`,
  removal: 'select id from oauth_removals where kind = $1 and id = $2',
  forgetRemoval: 'delete from oauth_removals where kind = $1 and id = $2',

  user: `select ${users.columns} from oauth_users where id = $1`,
  users: `select ${users.columns} from oauth_users where id = any($1)`,
  heldUser: `select ${users.columns} from oauth_users where id = $1 for update`,
  userByUsername: `select ${users.columns} from oauth_users where username = $1`,
  userByTypedName: `select ${users.columns} from oauth_users 
    where folded_username = $1 or username = $2
    order by case when username = $2 then 0 else 1 end limit 2`,
  usersBySource: `select ${users.columns} from oauth_users where source = $1`,
  saveUser: users.upsert(
    'username',
    'foldedUsername',
    'name',
    'claims',
    'email',
    'passwordHash',
    'passwordChangedAt',
    'disabledAt',
    'source',
  ),
  changePassword: `update oauth_users set password_hash = $3,
      password_changed_at = coalesce($4, password_changed_at)
    where id = $1 and password_hash = $2 returning id`,
  // From one kind to the next, by the index: there are few kinds, and many users.
  passwordKinds: `select kind from (
      with recursive kinds (kind) as (
        select (select ${KIND} from oauth_users where ${KIND} > '' order by ${KIND} limit 1)
        union all
        select (select ${KIND} from oauth_users where ${KIND} > kinds.kind order by ${KIND} limit 1)
          from kinds where kinds.kind is not null
      ) select kind from kinds where kind is not null limit 16) found`,
};

type IsMeant<Kind> = (there: Kind | undefined, wasRemoved: boolean) => boolean;

/** What `add` stores: not in the place of another, and nothing that its file would bring back. */
function isToAdd<Kind extends Client | User>(newcomer: Kind): IsMeant<Kind> {
  const isOfFile = newcomer.source === 'seed' || newcomer.source === 'demo';
  return (there, wasRemoved) =>
    there === undefined ? !(isOfFile && wasRemoved) : givesWay(there, newcomer);
}

/** Where records come from that would be there again after the next start, had nobody noted that they were removed. */
const RETURNING: ReadonlySet<unknown> = new Set<Source>(['demo', 'seed', 'command']);

export function subjectsIn(db: Database): Pick<Store, 'clients' | 'users'> {
  const read = clientReader();
  const findClient = batched(async (ids: readonly string[]) => {
    const rows = await db.query(SQL.client, [ids]);
    const clients = new Map(rows.map((row) => [row['id'], read(row)]));
    return ids.map((id) => clients.get(id));
  });

  /** An error that `work` answers is thrown afterwards: thrown inside, it would cost the connection. */
  async function transaction(work: (query: Query) => Promise<boolean | Error>): Promise<boolean> {
    const outcome = await db.transaction(work);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  const findUser = batched(async (ids: readonly string[]) => {
    const rows = await db.query(SQL.users, [ids]);
    const found = new Map(rows.map((row) => [row['id'], row]));
    // Each caller gets an object of its own.
    return ids.map((id) => userOf(found.get(id)));
  });

  /**
   * @param isMeant whether to go on, as to what has the id, and whether that was removed; otherwise
   *   nothing is changed
   */
  const putClient = (client: Client, isMeant: IsMeant<Client>) =>
    transaction(async (query) => {
      const { id, source = null, registeredAt } = client;
      const usedAt = registeredAt === undefined ? null : Math.trunc(registeredAt);
      const [, [same], [user], [removal]] = await Promise.all([
        query(SQL.lock),
        query(SQL.heldClient, [id]),
        query(SQL.user, [id]),
        query(SQL.removal, ['client', id]),
      ]);
      const place = { client: clientOf(same), user: userOf(user) };
      if (!isMeant(place.client, removal !== undefined)) return false;
      const leaving = makeWayForClient(client, place);
      if (leaving instanceof Error) return leaving;
      forget(query, leaving);
      if (removal !== undefined) void query(SQL.forgetRemoval, ['client', id]);
      void query(SQL.saveClient, [id, JSON.stringify(client), source, usedAt]);
      return true;
    });

  /** @param isMeant as above */
  const putUser = (user: User, isMeant: IsMeant<User>) =>
    transaction(async (query) => {
      const { id } = user;
      const [, [same], [named], [client], [removal]] = await Promise.all([
        query(SQL.lock),
        query(SQL.heldUser, [id]),
        query(SQL.userByUsername, [user.username]),
        query(SQL.client, [[id]]),
        query(SQL.removal, ['user', id]),
      ]);
      const place = { user: userOf(same), named: userOf(named), client: clientOf(client) };
      if (!isMeant(place.user, removal !== undefined)) return false;
      const leaving = makeWayForUser(user, place);
      if (leaving instanceof Error) return leaving;
      forget(query, leaving);
      if (removal !== undefined) void query(SQL.forgetRemoval, ['user', id]);
      if (user.disabledAt !== undefined) endAllOf(query, id);
      const foldedUsername = foldName(user.username);
      void query(SQL.saveUser, [users.rows([{ ...user, foldedUsername }])]);
      return true;
    });

  return {
    clients: {
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
          if (RETURNING.has(removed?.['source'])) void query(SQL.noteRemoval, ['client', id]);
          return removed !== undefined;
        });
      },
      async listBySource(source) {
        const rows = await db.query(SQL.clientsBySource, [source]);
        return rows.map((row) => clientOf(row)!);
      },
      async countBySource(source, most) {
        const [row] = await db.query(SQL.countClients, [source, most]);
        return Number(row!['count']);
      },
      async note(id, now) {
        if (isStorable(id)) await db.query(SQL.noteClient, [id, now]);
      },
      async removeUnused(source, before, now, limit) {
        return db.transaction(async (query) => {
          const unused = await query(SQL.unusedClients, [source, before, now, limit]);
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
    },

    users: {
      async find(id) {
        return isStorable(id) ? findUser(id) : undefined;
      },
      async findByUsername(username) {
        if (!isStorable(username)) return undefined;
        const [row] = await db.query(SQL.userByUsername, [username]);
        return userOf(row);
      },
      async findByTypedName(typed) {
        if (!isStorable(typed)) return undefined;
        const folded = foldName(typed);
        const rows = await db.query(SQL.userByTypedName, [folded, typed]);
        // Somebody may have changed a name in the database, and not what it folds to.
        const alike = rows
          .map((row) => userOf(row))
          .filter((user) => foldName(user!.username) === folded);
        const [first, ...others] = alike;
        return first?.username === typed || others.length === 0 ? first : undefined;
      },
      async add(given) {
        const user = soundUser(given);
        return putUser(user, isToAdd(user));
      },
      async save(user) {
        await putUser(soundUser(user), () => true);
      },
      async change(from, to) {
        return putUser(soundUser(to), (there) => isUnchanged(there, from));
      },
      async remove(id) {
        if (!isStorable(id)) return false;
        return db.transaction(async (query) => {
          const [, [there]] = await Promise.all([query(SQL.lock), query(SQL.heldUser, [id])]);
          if (there === undefined) return false;
          forget(query, { clients: [], users: [id] });
          if (RETURNING.has(there['source'])) void query(SQL.noteRemoval, ['user', id]);
          return true;
        });
      },
      async listBySource(source) {
        const rows = await db.query(SQL.usersBySource, [source]);
        return rows.map((row) => userOf(row)!);
      },
      async changePassword(id, from, to, changedAt) {
        const rows = await db.query(SQL.changePassword, [id, from, to, changedAt ?? null]);
        return rows.length > 0;
      },
      async passwordKinds() {
        const rows = await db.query(SQL.passwordKinds);
        return rows.map(({ kind }) => String(kind));
      },
    },
  };
}
