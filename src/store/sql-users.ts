// Users in SQL.

import { soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { User } from '../types.ts';
import { batched } from './batch.ts';
import { isDisabled, isUnchanged, makeWayForUser } from './clients-and-users.ts';
import type { Database } from './database.ts';
import { clientOf, endAllOf, forget, forgetUser, userOf } from './sql-client-and-user-rows.ts';
import {
  type IsMeant,
  isToAdd,
  RETURNING,
  SUBJECTS,
  transaction,
} from './sql-clients-and-users.ts';
import { lockSubjects } from './sql-locks.ts';
import { isStorable } from './sql-table.ts';
import { users } from './sql-tables.ts';
import type { Users } from './store-clients-and-users.ts';

/** What stands before the salt of a hash; migrations/001-initial.sql has the index. */
const BASE64 = "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'";
/** bcrypt has no dollar sign between the salt and the hash. */
const KIND = `(case substr(password_hash, 2, 1) when '2' then substr(password_hash, 1, 7)
  else rtrim(rtrim(rtrim(password_hash, ${BASE64}), '$'), ${BASE64}) end)`;

const SQL = {
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
    'enabledAt',
    'source',
  ),
  changePassword: `update oauth_users set password_hash = $3,
      password_changed_at = coalesce($4, password_changed_at)
    where id = $1 and password_hash = $2 and disabled_at is null returning id`,
  // From one kind to the next, by the index: there are few kinds, and many users.
  passwordKinds: `select kind from (
      with recursive kinds (kind) as (
        select (select ${KIND} from oauth_users where ${KIND} > '' order by ${KIND} limit 1)
        union all
        select (select ${KIND} from oauth_users where ${KIND} > kinds.kind order by ${KIND} limit 1)
          from kinds where kinds.kind is not null
      ) select kind from kinds where kind is not null limit 16) found`,
};

export function usersIn(db: Database): Users {
  const findUser = batched(async (ids: readonly string[]) => {
    const rows = await db.query(SQL.users, [ids]);
    const found = new Map(rows.map((row) => [row['id'], row]));
    // Each caller gets an object of its own.
    return ids.map((id) => userOf(found.get(id)));
  });

  const putUser = (user: User, isMeant: IsMeant<User>) =>
    transaction(db, async (query) => {
      const { id } = user;
      const [, [same], [named], [client], [removal]] = await Promise.all([
        lockSubjects(query),
        query(SQL.heldUser, [id]),
        query(SQL.userByUsername, [user.username]),
        query(SUBJECTS.client, [[id]]),
        query(SUBJECTS.removal, ['user', id]),
      ]);
      const place = { user: userOf(same), named: userOf(named), client: clientOf(client) };
      if (!isMeant(place.user, removal !== undefined)) return false;
      const leaving = makeWayForUser(user, place);
      if (leaving instanceof Error) return leaving;
      forget(query, leaving);
      if (removal !== undefined) void query(SUBJECTS.forgetRemoval, ['user', id]);
      if (isDisabled(user)) endAllOf(query, id);
      const foldedUsername = foldName(user.username);
      void query(SQL.saveUser, [users.rows([{ ...user, foldedUsername }])]);
      return true;
    });

  return {
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
      const isRemoved = await db.transaction(async (query) => {
        const [, [there]] = await Promise.all([lockSubjects(query), query(SQL.heldUser, [id])]);
        if (RETURNING.has(there?.['source'])) void query(SUBJECTS.noteRemoval, ['user', id]);
        return forgetUser(query, id);
      });
      if (isRemoved) await db.wipe?.();
      return isRemoved;
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
  };
}
