// Clients and users in SQL. A transaction that stores one locks a row of oauth_locks: the ids of both
// kinds have to be looked at, and no index is over two tables.

import { frozen } from '../frozen.ts';
import { soundClient, soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { Client, User } from '../types.ts';
import { batched } from './batch.ts';
import type { Database, Query, Row } from './database.ts';
import { isStorable, users } from './sql-tables.ts';
import type { Store } from './store.ts';
import { givesWay, type Leaving, makeWayForClient, makeWayForUser } from './subjects.ts';

/** What stands before the salt of a hash; migrations/001-initial.sql has the index. */
const BASE64 = "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'";
const KIND = `rtrim(rtrim(rtrim(password_hash, ${BASE64}), '$'), ${BASE64})`;

/** Clients whose rows are remembered as they were parsed. */
const MAX_KNOWN = 1000;

const SQL = {
  lock: "select name from oauth_locks where name = 'subjects' for update",

  client: 'select id, record from oauth_clients where id = any($1)',
  clientsBySource: 'select id, record from oauth_clients where source = $1',
  sharedIds: `select id from oauth_clients
    where exists (select 1 from oauth_users where oauth_users.id = oauth_clients.id) limit $1`,
  saveClient: `insert into oauth_clients (id, record, source) values ($1, $2, $3)
    on conflict (id) do update set record = excluded.record, source = excluded.source`,

  // Grants, consents and tickets refer to their client: the database deletes them with it.
  removeClient: 'delete from oauth_clients where id = $1 returning id',

  user: `select ${users.columns} from oauth_users where id = $1`,
  users: `select ${users.columns} from oauth_users where id = any($1)`,
  userByUsername: `select ${users.columns} from oauth_users where username = $1`,
  userByTypedName: `select ${users.columns} from oauth_users 
    where folded_username = $1 or username = $2
    order by case when username = $2 then 0 else 1 end limit 2`,
  usersBySource: `select ${users.columns} from oauth_users where source = $1`,
  saveUser: users.upsert(
    'username',
    'foldedUsername',
    'name',
    'email',
    'passwordHash',
    'passwordChangedAt',
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

/**
 * Deletes those who leave, and before them what came of them and is not deleted with them. It happens
 * once, for a demo: no index is kept for it.
 */
const FORGET = {
  clients: [
    'delete from oauth_access_tokens where client_id = any($1)',
    'delete from oauth_clients where id = any($1)',
  ],
  users: [
    'delete from oauth_consents where user_id = any($1)',
    'delete from oauth_grants where user_id = any($1)',
    'delete from oauth_sessions where user_id = any($1)',
    'delete from oauth_tickets where user_id = any($1)',
    'delete from oauth_users where id = any($1)',
  ],
};

/** Under the id of its row. What somebody wrote past these verbs may be no record, and has no fields. */
function clientOf(row: Row | undefined): Client | undefined {
  if (row === undefined) return undefined;
  const id = String(row['id']);
  try {
    return { ...JSON.parse(String(row['record'])), id };
  } catch {
    return { id } as Client;
  }
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
function clientReader(): (row: Row) => Client {
  const known = new Map<string, { readonly record: string; readonly client: Client }>();
  return (row) => {
    const [id, record] = [String(row['id']), String(row['record'])];
    const there = known.get(id);
    if (there?.record === record) return there.client;
    const client = frozen(clientOf(row)!);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(id, { record, client });
    return client;
  };
}

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

  /** @param isNew whether to change nothing if there is a user with the id */
  const putUser = (user: User, isNew: boolean) =>
    transaction(async (query) => {
      const [, [same], [named], [client]] = await Promise.all([
        query(SQL.lock),
        query(SQL.user, [user.id]),
        query(SQL.userByUsername, [user.username]),
        query(SQL.client, [[user.id]]),
      ]);
      const place = { user: userOf(same), named: userOf(named), client: clientOf(client) };
      if (isNew && place.user !== undefined && !givesWay(place.user, user)) return false;
      const leaving = makeWayForUser(user, place);
      if (leaving instanceof Error) return leaving;
      forget(query, leaving);
      const foldedUsername = foldName(user.username);
      void query(SQL.saveUser, [users.rows([{ ...user, foldedUsername }])]);
      return true;
    });

  return {
    clients: {
      async find(id) {
        return isStorable(id) ? findClient(id) : undefined;
      },
      async save(given) {
        const client = soundClient(given);
        const { id, source = null } = client;
        await transaction(async (query) => {
          const [, [same], [user]] = await Promise.all([
            query(SQL.lock),
            query(SQL.client, [[id]]),
            query(SQL.user, [id]),
          ]);
          const place = { client: clientOf(same), user: userOf(user) };
          const leaving = makeWayForClient(client, place);
          if (leaving instanceof Error) return leaving;
          forget(query, leaving);
          void query(SQL.saveClient, [id, JSON.stringify(client), source]);
          return true;
        });
      },
      async remove(id) {
        if (!isStorable(id)) return false;
        // A transaction, as that begins again if another one has locked the grants in its own order.
        return db.transaction(async (query) => (await query(SQL.removeClient, [id])).length > 0);
      },
      async listBySource(source) {
        const rows = await db.query(SQL.clientsBySource, [source]);
        return rows.map((row) => clientOf(row)!);
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
      async add(user) {
        return putUser(soundUser(user), true);
      },
      async save(user) {
        await putUser(soundUser(user), false);
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

function forget(query: Query, leaving: Leaving): void {
  for (const kind of ['clients', 'users'] as const) {
    if (leaving[kind].length === 0) continue;
    for (const sql of FORGET[kind]) void query(sql, [leaving[kind]]);
  }
}
