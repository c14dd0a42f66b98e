// Grants, codes and refresh tokens in SQL, and how they are found. What has to keep a family together is
// in sql-families.ts.

import { batched } from './batch.ts';
import type { Database } from './database.ts';
import { issueIfUnchangedIn } from './sql-client-tokens.ts';
import * as families from './sql-families.ts';
import { leaveSession, prolongSession } from './sql-session-grants.ts';
import { isStorable, type Table } from './sql-table.ts';
import { codes, grants, refreshTokens } from './sql-tables.ts';
import type { Store } from './store.ts';

/** Rows of a table, `a`, each with its grant, `g`. */
const found = (table: { readonly name: string; columnsOf(alias: string): string }) =>
  `select ${table.columnsOf('a')}, ${grants.columnsOf('g')} from ${table.name} a
    join oauth_grants g on g.id = a.grant_id where a.hash = any($1)`;

const SQL = {
  grant: `select ${grants.columns} from oauth_grants where id = $1 and expires_at > $2`,
  grantsBySession: `select ${grants.columns} from oauth_grants where session = $1 and expires_at > $2`,
  grantsByUser: `select ${grants.columns} from oauth_grants where user_id = $1 and expires_at > $2`,
  endGrant: 'delete from oauth_grants where id = $1 returning id',

  codes: found(codes),
  refreshTokens: found(refreshTokens),
};

export function grantsIn(
  db: Database,
): Pick<Store, 'grants' | 'codes' | 'tokens' | 'refreshTokens'> {
  /** A record of a table and its grant, by hash, whether or not they have expired. */
  const findWithGrant = <Kind extends { readonly hash: string; readonly expiresAt: number }>(
    sql: string,
    table: Table<Kind>,
  ) =>
    batched(async (hashes: readonly string[]) => {
      const rows = await db.query(sql, [hashes]);
      const pairs = new Map(
        rows.map((row) => {
          const record = table.record(row, 'a');
          return [record.hash, { record, grant: grants.record(row, 'g') }];
        }),
      );
      return hashes.map((hash) => pairs.get(hash));
    });
  const findCode = findWithGrant(SQL.codes, codes);
  const findRefreshToken = findWithGrant(SQL.refreshTokens, refreshTokens);

  const redeem = batched((items: readonly families.Redeeming[]) => families.redeem(db, items));
  const rotate = batched((items: readonly families.Rotating[]) => families.rotate(db, items));
  const issue = batched((items: readonly families.Issuing[]) => families.issue(db, items));

  return {
    grants: {
      async find(id, now) {
        if (!isStorable(id)) return undefined;
        const [row] = await db.query(SQL.grant, [id, now]);
        return row && grants.record(row);
      },
      async listByUser(userId, now) {
        if (!isStorable(userId)) return [];
        const rows = await db.query(SQL.grantsByUser, [userId, now]);
        return rows.map((row) => grants.record(row));
      },
      async listBySession(session, now) {
        if (!isStorable(session)) return [];
        const rows = await db.query(SQL.grantsBySession, [session, now]);
        return rows.map((row) => grants.record(row));
      },
      leaveSession: (leaving, now) => leaveSession(db, leaving, now),
      prolongSession: (session, endsAt) => prolongSession(db, session, endsAt),
      async end(id) {
        const rows = await db.query(SQL.endGrant, [id]);
        return rows.length > 0;
      },
    },

    codes: {
      save: (code, grant, consents = [], session = undefined) =>
        families.saveCode(db, code, grant, consents, session),
      async find(hash, now) {
        const found = inForce(await findCode(hash), now);
        return found && { code: found.record, grant: found.grant };
      },
      redeem: (hash, now, tokens, found) => redeem({ hash, now, tokens, found }),
    },

    tokens: {
      issue: (tokens, now, issuance) =>
        issuance === undefined
          ? issue({ tokens, now })
          : families.issueOnce(db, { tokens, now }, issuance),
      issueIfUnchanged: issueIfUnchangedIn(db),
    },

    refreshTokens: {
      async find(hash, now) {
        const found = inForce(await findRefreshToken(hash), now);
        return found && { token: found.record, grant: found.grant };
      },
      rotate: (presented, now, retryWindow, tokens, found) =>
        rotate({ presented, now, retryWindow, tokens, found }),
      retire: (presented, now) => families.retire(db, presented, now),
    },
  };
}

function inForce<Pair extends { record: { expiresAt: number }; grant: { expiresAt: number } }>(
  pair: Pair | undefined,
  now: number,
): Pair | undefined {
  return pair && now < Math.min(pair.record.expiresAt, pair.grant.expiresAt) ? pair : undefined;
}
