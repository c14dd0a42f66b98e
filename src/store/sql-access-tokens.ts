// Access tokens in SQL: how they are found, and revoked.

import type { AccessToken } from '../issued.ts';
import type { Noted } from '../protocol/client.ts';
import { batched } from './batch.ts';
import type { Database, Row } from './database.ts';
import { type Holder, isHeld } from './held.ts';
import { userOf } from './sql-client-and-user-rows.ts';
import { isStorable, type Table } from './sql-table.ts';
import { accessTokens, grants, signIns, users } from './sql-tables.ts';
import type { AccessTokens } from './store-grants.ts';

/** What is asked of the client. */
const CLIENT =
  'c.id as registered, c.registered_at as registered_at, c.own_tokens_ended_at as own_tokens_ended_at';

const SQL = {
  find: `select ${accessTokens.columnsOf('a')}, ${signIns.columnsOf('g')}, g.expires_at as grant_end, ${CLIENT}
    from oauth_access_tokens a left join oauth_grants g on g.id = a.grant_id
      left join oauth_clients c on c.id = a.client_id
    where a.hash = any($1)`,
  findWithPerson: `select ${accessTokens.columnsOf('a')}, ${grants.columnsOf('g')},
      ${users.columnsOf('u')}, g.expires_at as grant_end, ${CLIENT}
    from oauth_access_tokens a left join oauth_grants g on g.id = a.grant_id
      left join oauth_clients c on c.id = a.client_id
      left join oauth_users u on u.id = a.user_id
    where a.hash = any($1)`,
  delete: 'delete from oauth_access_tokens where hash = $1 returning hash',
  revoke: `insert into oauth_revoked_tokens (hash, expires_at) values ($1, $2)
    on conflict (hash) do update set expires_at = excluded.expires_at`,
  holders: `select hash as id, expires_at as time, 'revoked' as kind, '' as user_id, 0 as ended
      from oauth_revoked_tokens where hash = any($1)
    union all select id, expires_at, 'grant', user_id, 0 from oauth_grants where id = any($2)
    union all select id, registered_at, 'client', '', own_tokens_ended_at
      from oauth_clients where id = any($3)`,
};

export function accessTokensIn(db: Database): AccessTokens {
  const find = batched((hashes: readonly string[]) => findAll(db, hashes));
  const findWithPerson = batched((hashes: readonly string[]) => findAllWithPerson(db, hashes));
  const findHolder = batched((tokens: readonly Jwt[]) => findHolders(db, tokens));
  return {
    async find(hash, now) {
      const found = await find(hash);
      if (found === undefined || !isInForce(found, now)) return undefined;
      const { token, grant } = found;
      return { token, grant };
    },
    async findWithPerson(hash, now) {
      const found = await findWithPerson(hash);
      if (found === undefined || !isInForce(found, now)) return undefined;
      const { token, grant, user } = found;
      return { token, grant, user };
    },
    async revoke(hash, until) {
      const deleted = await db.query(SQL.delete, [hash]);
      if (deleted.length === 0) await db.query(SQL.revoke, [hash, until]);
    },
    async findOwner(token, now) {
      const holder = await findHolder(token);
      if (now < holder.revokedUntil || !isHeld(token, holder, now)) return undefined;
      return { userId: holder.userId };
    },
  };
}

/** A token, whether or not it has expired, and what it depends on. */
interface Held extends Holder {
  readonly token: AccessToken;
}

function heldIn(row: Row): Held {
  const token = accessTokens.record(row, 'a');
  // SQLite's command line deletes a client and leaves its grants.
  const isRegistered = (row['registered'] ?? null) !== null;
  const client = isRegistered
    ? notedIn(row['registered_at'], row['own_tokens_ended_at'])
    : undefined;
  return { token, client, grantEnd: Number(row['grant_end'] ?? 0) };
}

/** What is noted of a client, as its row has it: `null` if nothing is. */
function notedIn(registered: Row[string] = null, ended: Row[string] = null): Noted {
  return {
    ...(registered !== null && { registeredAt: Number(registered) }),
    ...(ended !== null && { ownTokensEndedAt: Number(ended) }),
  };
}

/** What a row has of the grant, if there is one. */
function grantIn<Kind>(table: Table<Kind>, row: Row): Kind | undefined {
  return (row['g_id'] ?? null) === null ? undefined : table.record(row, 'g');
}

function isInForce(held: Held, now: number): boolean {
  return now < held.token.expiresAt && isHeld(held.token, held, now);
}

/** For each hash the token, with how its person signed in. */
async function findAll(db: Database, hashes: readonly string[]) {
  const rows = await db.query(SQL.find, [hashes]);
  const tokens = new Map(
    rows.map((row) => [row['a_hash'], { ...heldIn(row), grant: grantIn(signIns, row) }]),
  );
  return hashes.map((hash) => tokens.get(hash));
}

/** For each hash the token, with its grant and its user. */
async function findAllWithPerson(db: Database, hashes: readonly string[]) {
  const rows = await db.query(SQL.findWithPerson, [hashes]);
  const tokens = new Map(
    rows.map((row) => [
      row['a_hash'],
      {
        ...heldIn(row),
        grant: grantIn(grants, row),
        user: (row['u_id'] ?? null) === null ? undefined : userOf(row, 'u'),
      },
    ]),
  );
  return hashes.map((hash) => tokens.get(hash));
}

type Jwt = Parameters<AccessTokens['findOwner']>[0];

/** For each JWT, of which no row is kept, what it depends on, and until when it is revoked. */
async function findHolders(db: Database, tokens: readonly Jwt[]) {
  const grantIds = tokens.map(({ grantId }) => grantId).filter((id) => id !== undefined);
  const rows = await db.query(SQL.holders, [
    tokens.map(({ hash }) => hash),
    grantIds.filter((id) => isStorable(id)),
    tokens.map(({ clientId }) => clientId).filter((id) => isStorable(id)),
  ]);
  const found = {
    revoked: new Map<string, Row>(),
    grant: new Map<string, Row>(),
    client: new Map<string, Row>(),
  };
  for (const row of rows) found[row['kind'] as keyof typeof found].set(String(row['id']), row);
  return tokens.map(({ hash, clientId, grantId = '' }) => {
    const grant = found.grant.get(grantId);
    const client = found.client.get(clientId);
    return {
      revokedUntil: Number(found.revoked.get(hash)?.['time'] ?? 0),
      client: client && notedIn(client['time'], client['ended']),
      grantEnd: Number(grant?.['time'] ?? 0),
      userId: grant && String(grant['user_id']),
    };
  });
}
