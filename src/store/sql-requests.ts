// Requests that were answered, and forms that may come twice, in SQL.

import type { Database, Query, Row } from './database.ts';
import { unlessRemoved } from './sql-clients-and-users.ts';
import { addConsents } from './sql-consents.ts';
import { requests } from './sql-tables.ts';
import type { Document, Requests } from './store-sessions.ts';

const { name, columns } = requests;

const SQL = {
  find: `select ${columns} from ${name} where hash = $1 and expires_at > $2`,
  there: `select ${columns} from ${name} where hash = $1`,
  save: requests.upsert('data', 'expiresAt'),
  // If there is one in force nothing changes, and so no row is answered.
  add: `insert into ${name} (hash, data, expires_at) values ($1, $2, $3)
    on conflict (hash) do update set data = excluded.data, expires_at = excluded.expires_at
      where ${name}.expires_at <= $4 returning hash`,
};

function document(row: Row): Document {
  const { data, expiresAt } = requests.record(row);
  return { data, expiresAt };
}

export function requestsIn(db: Database): Requests {
  return {
    async find(hash, now) {
      const [row] = await db.query(SQL.find, [hash, now]);
      return row && document(row);
    },
    async save(hash, document) {
      await db.query(SQL.save, [requests.rows([{ hash, ...document }])]);
    },
    async add(hash, { data, expiresAt }, now, consents = []) {
      const addIn = async (query: Query) => {
        for (;;) {
          const added = await query(SQL.add, [hash, data, expiresAt, now]);
          if (added.length > 0) {
            await addConsents(query, consents);
            return undefined;
          }
          const [row] = await query(SQL.there, [hash]);
          // If there is none, one was there and has been purged in between.
          if (row !== undefined) return document(row);
        }
      };
      // One statement needs no transaction, which would be a second round trip.
      if (consents.length === 0) return addIn(db.query);
      return unlessRemoved(db, consents[0]?.clientId, () => db.transaction(addIn));
    },
  };
}
