// The store in a SQL database: the statements of every verb. Those of codes and tokens, where a
// family has to be kept together, stand in families.ts; clients with users, consents, requests and
// sessions have a file each.

import { sha256 } from '../protocol/secrets.ts';
import type { AccessToken } from '../types.ts';
import { batched } from './batch.ts';
import type { Database } from './database.ts';
import { consentsIn } from './sql-consents.ts';
import * as families from './sql-grants.ts';
import { requestsIn } from './sql-requests.ts';
import { sessionsIn } from './sql-sessions.ts';
import { subjectsIn } from './sql-subjects.ts';
import {
  accessTokens,
  codes,
  grants,
  isStorable,
  keys,
  refreshTokens,
  requests,
  sessions,
  type Table,
} from './sql-tables.ts';
import type { Store } from './store.ts';

/** What expires, and the column that tells one row from another. */
const EXPIRING = [
  codes,
  accessTokens,
  refreshTokens,
  grants,
  keys,
  sessions,
  requests,
  { name: 'oauth_revoked_tokens', key: 'hash' },
  { name: 'oauth_replays', key: 'hash' },
  { name: 'oauth_limits', key: 'hash' },
].map(
  ({ name, key }) =>
    // Materialized: in any other plan the limit might be taken several times over.
    `with forgotten as materialized (select ${key} from ${name}
        where expires_at <= $1 order by expires_at limit $2 for update skip locked)
      delete from ${name} where ${key} in (select ${key} from forgotten) returning ${key}`,
);

/** What a token comes of. */
type Holding = Pick<AccessToken, 'hash' | 'clientId' | 'grantId'>;

/** Rows of a table, `a`, each with its grant, `g`. */
const found = (table: { readonly name: string; columnsOf(alias: string): string }) =>
  `select ${table.columnsOf('a')}, ${grants.columnsOf('g')} from ${table.name} a
    join oauth_grants g on g.id = a.grant_id where a.hash = any($1)`;

const SQL = {
  grant: `select ${grants.columns} from oauth_grants where id = $1 and expires_at > $2`,
  grantsByUser: `select ${grants.columns} from oauth_grants where user_id = $1 and expires_at > $2`,
  endGrant: 'delete from oauth_grants where id = $1 returning id',

  codes: found(codes),
  refreshTokens: found(refreshTokens),

  accessTokens: `select ${accessTokens.columnsOf('a')}, g.expires_at as grant_expires_at,
      c.id as registered
    from oauth_access_tokens a left join oauth_grants g on g.id = a.grant_id
      left join oauth_clients c on c.id = a.client_id
    where a.hash = any($1)`,
  deleteAccessToken: 'delete from oauth_access_tokens where hash = $1 returning hash',
  revoke: `insert into oauth_revoked_tokens (hash, expires_at) values ($1, $2)
    on conflict (hash) do update set expires_at = excluded.expires_at`,
  ends: `select hash as id, expires_at, 'revoked' as kind from oauth_revoked_tokens
      where hash = any($1)
    union all select id, expires_at, 'grant' as kind from oauth_grants where id = any($2)
    union all select id, 0 as expires_at, 'client' as kind from oauth_clients where id = any($3)`,

  claim: `insert into oauth_replays (hash, expires_at) values ($1, $2)
    on conflict (hash) do update set expires_at = excluded.expires_at
      where oauth_replays.expires_at <= $3 returning hash`,

  keys: `select ${keys.columns} from oauth_keys where expires_at > $1`,
  saveKey: `insert into oauth_keys (${keys.columns}) values ($1, $2, $3, $4, $5, $6)
    on conflict (alg, period) do nothing`,
  key: `select ${keys.columns} from oauth_keys where alg = $1 and period = $2`,

  // One that is refused changes nothing, and so answers no row.
  take: `insert into oauth_limits (hash, attempts, expires_at) values ($1, $2, $3)
    on conflict (hash) do update set
      attempts = case when oauth_limits.expires_at <= $4 then excluded.attempts
        else oauth_limits.attempts + 1 end,
      expires_at = case when oauth_limits.expires_at <= $4 then excluded.expires_at
        else oauth_limits.expires_at end
      where oauth_limits.expires_at <= $4 or oauth_limits.attempts < $5
    returning expires_at`,
  limit: 'select expires_at from oauth_limits where hash = $1',
  giveBack: `update oauth_limits set attempts = attempts - 1
    where hash = $1 and expires_at > $2 and attempts > 0`,

  lockPurge: "select name from oauth_locks where name = 'purge' for update skip locked",
  ping: 'select name from oauth_locks',
};

/**
 * A store in a database that has the tables.
 *
 * Clients are looked up, and codes and tokens read and written, together with those that other
 * requests ask for at the same moment.
 */
export function sqlStore(db: Database): Store {
  /** The records of a table and their grants, by hash, whether or not they have expired. */
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

  const findAccessToken = batched(async (hashes: readonly string[]) => {
    const rows = await db.query(SQL.accessTokens, [hashes]);
    const tokens = new Map(
      rows.map((row) => {
        const token = accessTokens.record(row, 'a');
        const isRegistered = (row['registered'] ?? null) !== null;
        const holderEnd = endOfHolder(token, Number(row['grant_expires_at'] ?? 0), isRegistered);
        return [token.hash, { token, end: Math.min(token.expiresAt, holderEnd) }];
      }),
    );
    return hashes.map((hash) => tokens.get(hash));
  });

  const ends = batched(async (tokens: readonly Holding[]) => {
    const grantIds = tokens.map(({ grantId }) => grantId).filter((id) => id !== undefined);
    const rows = await db.query(SQL.ends, [
      tokens.map(({ hash }) => hash),
      grantIds.filter((id) => isStorable(id)),
      tokens.map(({ clientId }) => clientId).filter((id) => isStorable(id)),
    ]);
    const found = {
      revoked: new Map<string, number>(),
      grant: new Map<string, number>(),
      client: new Map<string, number>(),
    };
    for (const row of rows) {
      found[row['kind'] as keyof typeof found].set(String(row['id']), Number(row['expires_at']));
    }
    return tokens.map((token) => ({
      revokedUntil: found.revoked.get(token.hash) ?? 0,
      end: endOfHolder(
        token,
        found.grant.get(token.grantId ?? '') ?? 0,
        found.client.has(token.clientId),
      ),
    }));
  });

  const redeem = batched((items: readonly families.Redeeming[]) => families.redeem(db, items));
  const rotate = batched((items: readonly families.Rotating[]) => families.rotate(db, items));
  const issue = batched((items: readonly families.Issuing[]) => families.issue(db, items));

  let closed: Promise<void> | undefined;

  return {
    ...subjectsIn(db),
    consents: consentsIn(db),

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
      async end(id) {
        const rows = await db.query(SQL.endGrant, [id]);
        return rows.length > 0;
      },
    },

    codes: {
      save: (code, grant, consents = []) => families.saveCode(db, code, grant, consents),
      async find(hash, now) {
        const found = inForce(await findCode(hash), now);
        return found && { code: found.record, grant: found.grant };
      },
      redeem: (hash, now, tokens) => redeem({ hash, now, tokens }),
    },

    tokens: {
      issue: (tokens, now) => issue({ tokens, now }),
    },

    accessTokens: {
      async find(hash, now) {
        const found = await findAccessToken(hash);
        return found && now < found.end ? found.token : undefined;
      },
      async revoke(hash, until) {
        const deleted = await db.query(SQL.deleteAccessToken, [hash]);
        if (deleted.length === 0) await db.query(SQL.revoke, [hash, until]);
      },
      async isInForce(token, now) {
        const { revokedUntil, end } = await ends(token);
        return revokedUntil <= now && now < end;
      },
    },

    refreshTokens: {
      async find(hash, now) {
        const found = inForce(await findRefreshToken(hash), now);
        return found && { token: found.record, grant: found.grant };
      },
      rotate: (hash, now, retryWindow, tokens) => rotate({ hash, now, retryWindow, tokens }),
      retire: (hash, now) => families.retire(db, hash, now),
    },

    replays: {
      async claim(kind, id, until, now) {
        const rows = await db.query(SQL.claim, [hashOf(kind, id), until, now]);
        return rows.length > 0;
      },
    },

    keys: {
      async list(now) {
        const rows = await db.query(SQL.keys, [now]);
        return rows.map((row) => keys.record(row));
      },
      async ensure(key) {
        const { kid, alg, period, createdAt, encryptedPrivateKey, expiresAt } = key;
        for (;;) {
          await db.query(SQL.saveKey, [
            kid,
            alg,
            period,
            createdAt,
            encryptedPrivateKey,
            expiresAt,
          ]);
          const [row] = await db.query(SQL.key, [alg, period]);
          // Where there is none, one that had expired was there and has been purged in between.
          if (row !== undefined) return keys.record(row);
        }
      },
    },

    limits: {
      async take(key, max, window, now) {
        const hash = hashOf(key);
        const end = now + window;
        const [taken] = await db.query(SQL.take, [hash, Math.min(1, max), end, now, max]);
        if (taken !== undefined) return { allowed: max > 0, resetAt: Number(taken['expires_at']) };
        const [row] = await db.query(SQL.limit, [hash]);
        return { allowed: false, resetAt: Number(row?.['expires_at'] ?? end) };
      },
      async giveBack(key, now) {
        await db.query(SQL.giveBack, [hashOf(key), now]);
      },
    },

    sessions: sessionsIn(db),
    requests: requestsIn(db),

    async purge(now, limit) {
      return db.transaction(async (query) => {
        const [lock] = await query(SQL.lockPurge);
        let forgotten = 0;
        // Another process is at it.
        if (lock === undefined) return forgotten;
        for (const sql of EXPIRING) {
          if (forgotten === limit) break;
          forgotten += (await query(sql, [now, limit - forgotten])).length;
        }
        return forgotten;
      });
    },

    async ping() {
      await db.query(SQL.ping);
      return { isWritable: db.takesWrites() };
    },

    close() {
      closed ??= db.close();
      return closed;
    },
  };
}

function inForce<Pair extends { record: { expiresAt: number }; grant: { expiresAt: number } }>(
  pair: Pair | undefined,
  now: number,
): Pair | undefined {
  return pair && now < Math.min(pair.record.expiresAt, pair.grant.expiresAt) ? pair : undefined;
}

/**
 * When what a token comes of is over: its grant, if it has one. Without its client it is over in any
 * case; SQLite's command line deletes a client and leaves its grants.
 *
 * @param grantEnd 0 if there is no such grant
 */
function endOfHolder({ grantId }: Holding, grantEnd: number, isRegistered: boolean): number {
  if (!isRegistered) return 0;
  return grantId === undefined ? Number.POSITIVE_INFINITY : grantEnd;
}

/** Of a fixed length and in any characters, whatever a stranger has put in. */
function hashOf(...parts: string[]): string {
  return sha256(JSON.stringify(parts));
}
