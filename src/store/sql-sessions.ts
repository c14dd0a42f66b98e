// Browser sessions in SQL. Only `save` adds a row, so a session that has ended stays ended. A
// transaction that locks a session does so before it locks tickets, consents and grants.

import { batched } from './batch.ts';
import type { Database, Query } from './database.ts';
import { MAX_HELD } from './outcomes.ts';
import { byKey } from './sql-table.ts';
import { sessions } from './sql-tables.ts';
import type { Sessions } from './store-sessions.ts';

const { name, columns } = sessions;

const SQL = {
  find: `select ${columns} from ${name} where hash = any($1)`,
  save: sessions.upsert('data', 'expiresAt', 'userId', 'createdAt', 'seenAt', 'userAgent'),
  lockOwner: 'select disabled_at from oauth_users where id = $1 for update',
  beyond: `select hash from ${name} where user_id = $1 and expires_at > $2 and hash <> $3
    order by created_at desc, hash limit 1000 offset $4`,
  lockSome: `select hash from ${name} where hash = any($1) order by hash for update`,
  update: `update ${name} set data = $2, expires_at = $3 where hash = $1 and expires_at > $4
    returning hash`,
  note: `update ${name} set user_id = $2, created_at = $3, seen_at = $4, user_agent = $5
    where hash = $1 and expires_at > $6`,
  delete: `delete from ${name} where hash = $1`,
  listByUser: `select ${columns} from ${name} where user_id = $1 and expires_at > $2`,
  end: `delete from ${name} where hash = $1 and user_id = $2 and expires_at > $3 returning hash`,
  lockAll: `select hash from ${name} where user_id = $1 and expires_at > $2 ${byKey('hash')} for update`,
  lock: `select hash from ${name} where hash = $1 and expires_at > $2 for update`,
  endSome: `delete from ${name} where hash = any($1)`,
};

export function sessionsIn(db: Database): Sessions {
  const findRow = batched(async (hashes: readonly string[]) => {
    const rows = await db.query(SQL.find, [hashes]);
    const found = new Map(rows.map((row) => [row['hash'], row]));
    return hashes.map((hash) => found.get(hash));
  });
  return {
    async find(hash, now) {
      const row = await findRow(hash);
      if (row === undefined) return undefined;
      const { hash: _hash, ...session } = sessions.record(row);
      return now < session.expiresAt ? session : undefined;
    },
    async save(hash, session) {
      const rows = sessions.rows([{ ...session, hash }]);
      const { userId, createdAt = 0 } = session;
      if (userId === undefined) {
        await db.query(SQL.save, [rows]);
        return;
      }
      await db.transaction(async (query) => {
        // One after the other, so that each session that begins sees those before it.
        const [[owner], , beyond] = await Promise.all([
          query(SQL.lockOwner, [userId]),
          query(SQL.save, [rows]),
          query(SQL.beyond, [userId, createdAt, hash, MAX_HELD - 1]),
        ]);
        const isOver = (owner?.['disabled_at'] ?? null) !== null;
        const hashes = [...beyond.map((row) => String(row['hash'])), ...(isOver ? [hash] : [])];
        if (hashes.length === 0) return;
        void query(SQL.lockSome, [hashes]);
        void query(SQL.endSome, [hashes]);
      });
    },
    async update(hash, { data, expiresAt }, now) {
      const rows = await db.query(SQL.update, [hash, data, expiresAt, now]);
      return rows.length > 0;
    },
    async note(hash, { userId, createdAt, seenAt, userAgent }, now) {
      await db.query(SQL.note, [hash, userId, createdAt, seenAt, userAgent, now]);
    },
    async delete(hash) {
      await db.query(SQL.delete, [hash]);
    },
    async listByUser(userId, now) {
      const rows = await db.query(SQL.listByUser, [userId, now]);
      return rows.map((row) => sessions.record(row));
    },
    async end(hash, userId, now) {
      const rows = await db.query(SQL.end, [hash, userId, now]);
      return rows.length > 0;
    },
    async endOthers(userId, keep, now) {
      return db.transaction(async (query) => {
        const hashes = (await query(SQL.lockAll, [userId, now])).map(({ hash }) => String(hash));
        const others = hashes.filter((hash) => hash !== keep);
        if (others.length === hashes.length || others.length === 0) return 0;
        void query(SQL.endSome, [others]);
        return others.length;
      });
    },
  };
}

/** Whether a session is there, in a transaction, until whose end that stays true. */
export async function isSessionOpen(query: Query, hash: string, now: number): Promise<boolean> {
  return (await query(SQL.lock, [hash, now])).length > 0;
}
