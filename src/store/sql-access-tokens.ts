// Access tokens in SQL: how they are found, and revoked.

import { batched } from './batch.ts';
import type { Database } from './database.ts';
import { isHeld } from './outcomes.ts';
import { accessTokens, isStorable } from './sql-tables.ts';
import type { AccessTokens } from './store-grants.ts';

const SQL = {
  find: `select ${accessTokens.columnsOf('a')}, g.expires_at as grant_end, c.id as registered
    from oauth_access_tokens a left join oauth_grants g on g.id = a.grant_id
      left join oauth_clients c on c.id = a.client_id
    where a.hash = any($1)`,
  delete: 'delete from oauth_access_tokens where hash = $1 returning hash',
  revoke: `insert into oauth_revoked_tokens (hash, expires_at) values ($1, $2)
    on conflict (hash) do update set expires_at = excluded.expires_at`,
  holders: `select hash as id, expires_at, 'revoked' as kind from oauth_revoked_tokens
      where hash = any($1)
    union all select id, expires_at, 'grant' as kind from oauth_grants where id = any($2)
    union all select id, 0 as expires_at, 'client' as kind from oauth_clients where id = any($3)`,
};

export function accessTokensIn(db: Database): AccessTokens {
  const find = batched((hashes: readonly string[]) => findAll(db, hashes));
  const findHolder = batched((tokens: readonly Jwt[]) => findHolders(db, tokens));
  return {
    async find(hash, now) {
      const found = await find(hash);
      if (found === undefined || found.token.expiresAt <= now) return undefined;
      return isHeld(found.token, found, now) ? found.token : undefined;
    },
    async revoke(hash, until) {
      const deleted = await db.query(SQL.delete, [hash]);
      if (deleted.length === 0) await db.query(SQL.revoke, [hash, until]);
    },
    async isInForce(token, now) {
      const holder = await findHolder(token);
      return holder.revokedUntil <= now && isHeld(token, holder, now);
    },
  };
}

/** For each hash the token, whether or not it has expired, and what it comes of. */
async function findAll(db: Database, hashes: readonly string[]) {
  const rows = await db.query(SQL.find, [hashes]);
  const tokens = new Map(
    rows.map((row) => {
      const token = accessTokens.record(row, 'a');
      // SQLite's command line deletes a client and leaves its grants.
      const isRegistered = (row['registered'] ?? null) !== null;
      return [token.hash, { token, isRegistered, grantEnd: Number(row['grant_end'] ?? 0) }];
    }),
  );
  return hashes.map((hash) => tokens.get(hash));
}

type Jwt = Parameters<AccessTokens['isInForce']>[0];

/** For each JWT, of which no row is kept, what it comes of, and until when it is revoked. */
async function findHolders(db: Database, tokens: readonly Jwt[]) {
  const grantIds = tokens.map(({ grantId }) => grantId).filter((id) => id !== undefined);
  const rows = await db.query(SQL.holders, [
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
  return tokens.map(({ hash, clientId, grantId = '' }) => ({
    revokedUntil: found.revoked.get(hash) ?? 0,
    isRegistered: found.client.has(clientId),
    grantEnd: found.grant.get(grantId) ?? 0,
  }));
}
