// The store in a SQL database: what has no file of its own, besides what the sql-*.ts files have.

import { sha256 } from '../protocol/secrets.ts';
import type { AdministrableStore } from './administration.ts';
import { markLasting } from './built-in-stores.ts';
import type { Database } from './database.ts';
import { accessTokensIn } from './sql-access-tokens.ts';
import { administrationIn } from './sql-administration.ts';
import { clientsIn } from './sql-clients.ts';
import { consentsIn } from './sql-consents.ts';
import { grantsIn } from './sql-grants.ts';
import { lockPurge } from './sql-locks.ts';
import { logoutsIn } from './sql-logouts.ts';
import { requestsIn } from './sql-requests.ts';
import { sessionsIn } from './sql-sessions.ts';
import {
  accessTokens,
  codes,
  grants,
  keys,
  logouts,
  refreshTokens,
  requests,
  sessions,
  tickets,
} from './sql-tables.ts';
import { ticketsIn } from './sql-tickets.ts';
import { usersIn } from './sql-users.ts';

/** For each table with rows that expire, the statement that forgets them. */
const EXPIRING = [
  codes,
  accessTokens,
  refreshTokens,
  grants,
  keys,
  sessions,
  requests,
  tickets,
  logouts,
  { name: 'oauth_revoked_tokens', key: 'hash' },
  { name: 'oauth_replays', key: 'hash' },
  { name: 'oauth_limits', key: 'hash' },
].map(
  ({ name, key }) =>
    // Materialized: with another plan the limit might be applied several times.
    `with forgotten as materialized (select ${key} from ${name}
        where expires_at <= $1 and expires_at >= $3 order by expires_at limit $2
        for update skip locked)
      delete from ${name} where ${key} in (select ${key} from forgotten) returning expires_at`,
);

const SQL = {
  claim: `insert into oauth_replays (hash, expires_at) values ($1, $2)
    on conflict (hash) do update set expires_at = excluded.expires_at
      where oauth_replays.expires_at <= $3 returning hash`,

  keys: `select ${keys.columns} from oauth_keys where expires_at > $1`,
  saveKey: `insert into oauth_keys (${keys.columns}) values ($1, $2, $3, $4, $5, $6)
    on conflict (alg, period) do nothing`,
  key: `select ${keys.columns} from oauth_keys where alg = $1 and period = $2`,

  saveConstant: `insert into oauth_constants (name, value) values ($1, $2)
    on conflict (name) do nothing`,
  constant: 'select value from oauth_constants where name = $1',

  // An attempt that is refused changes nothing, and so no row is answered.
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

  ping: 'select name from oauth_locks',
};

/**
 * A store in a database that has the tables.
 *
 * Clients, users, sessions and consents are looked up, and codes and tokens are read and written,
 * together with those that other requests ask for at the same moment.
 */
export function sqlStore(db: Database): AdministrableStore {
  let closed: Promise<void> | undefined;
  let round = newRound(0);

  return markLasting({
    administration: administrationIn(db),
    clients: clientsIn(db),
    users: usersIn(db),
    consents: consentsIn(db),
    ...grantsIn(db),
    accessTokens: accessTokensIn(db),
    sessions: sessionsIn(db),
    requests: requestsIn(db),
    tickets: ticketsIn(db),
    logouts: logoutsIn(db),

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
          // If there is none, one that had expired was there and has been purged in between.
          if (row !== undefined) return keys.record(row);
        }
      },
    },

    constants: {
      async ensure(name, value) {
        await db.query(SQL.saveConstant, [name, value]);
        const [row] = await db.query(SQL.constant, [name]);
        return String(row!['value']);
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

    async purge(now, limit) {
      const isOfRound = now >= round.since && now < round.since + MAX_ROUND;
      const before = isOfRound ? round : newRound(now);
      const [forgotten, starts] = await db.transaction(async (query) => {
        const starts = new Map(before.starts);
        // Another process is at it.
        if (!(await lockPurge(query))) return [0, starts];
        let forgotten = 0;
        for (const sql of EXPIRING) {
          if (forgotten === limit) break;
          const start = starts.get(sql) ?? FIRST;
          const rows = await query(sql, [now, limit - forgotten, start]);
          forgotten += rows.length;
          starts.set(
            sql,
            rows.reduce((last, row) => Math.max(last, Number(row['expires_at'])), start),
          );
        }
        return [forgotten, starts];
      });
      round = forgotten < limit ? newRound(now) : { since: before.since, starts };
      return forgotten;
    },

    async ping() {
      await db.query(SQL.ping);
      return { isWritable: db.takesWrites() };
    },

    close() {
      closed ??= db.close();
      return closed;
    },
  });
}

/**
 * Calls of `purge` one soon after the other, until one finds less than it might forget: each begins where the
 * last one stopped. What it has deleted may still be in the index, as long as a transaction elsewhere may see
 * it.
 */
interface Round {
  /** The time of its first call. */
  readonly since: number;
  /** For each statement, the time from which on it forgets. */
  readonly starts: ReadonlyMap<string, number>;
}

const newRound = (since: number): Round => ({ since, starts: new Map() });

/** Milliseconds. What was skipped, or came late, is found by the next round. */
const MAX_ROUND = 60_000;

/** Before any time, whatever a clock says. */
const FIRST = -Number.MAX_SAFE_INTEGER;

/** A key of a fixed length that any database can keep, whatever a stranger has put in. */
function hashOf(...parts: string[]): string {
  return sha256(JSON.stringify(parts));
}
