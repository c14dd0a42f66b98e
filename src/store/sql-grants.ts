// Codes and tokens in SQL. Whoever changes something of a grant's family has locked the grant's row
// before: it is read, decided upon (rules.ts) and written while nobody else does.

import type {
  AccessToken,
  AuthorizationCode,
  Consent,
  Grant,
  IssuedTokens,
  RefreshToken,
} from '../types.ts';
import type { Database, Query, Row } from './database.ts';
import { extended, MOST, redemptionOf, rotationOf } from './outcomes.ts';
import { areRemembered, unlessRemoved } from './sql-consents.ts';
import { accessTokens, codes, grants, refreshTokens, type Table } from './sql-tables.ts';
import type { Redemption, Rotation } from './store.ts';

/** Locks the grants of what has these hashes, in an order that two transactions agree on. */
const lockGrantsOf = (table: {
  readonly name: string;
}) => `select ${grants.columns} from ${grants.name}
  where id in (select grant_id from ${table.name} where hash = any($1)) order by id for update`;

/** Locked as well, for a database that would let us read what was true when we began. */
const lock = (table: { readonly name: string; readonly columns: string }) =>
  `select ${table.columns} from ${table.name} where hash = any($1) order by hash for update`;

const SQL = {
  grants: `select ${grants.columns} from ${grants.name} where id = any($1) order by id for update`,
  // Those that no token came of are the last, and end first.
  grantsBeyond: `select id from ${grants.name}
    where user_id = $1 and client_id = $2 and expires_at > $3 and id <> $4
    order by coalesce(last_used_at, 0) desc, created_at desc limit 1000 offset $5`,
  endGrants: `delete from ${grants.name} where id = any($1)`,
  grantsOfCodes: lockGrantsOf(codes),
  codes: lock(codes),
  grantsOfRefreshTokens: lockGrantsOf(refreshTokens),
  refreshTokens: lock(refreshTokens),
  saveGrants: grants.upsert('expiresAt', 'lastUsedAt'),
  saveCodes: codes.upsert('redeemedAt'),
  saveAccessTokens: accessTokens.upsert(),
  saveRefreshTokens: refreshTokens.upsert('expiresAt', 'rotatedAt', 'successorHash'),
};

interface Expiring {
  readonly expiresAt: number;
}

/** Rows as they were read, and what has changed since; a row is written once, as it is last. */
class Changing<Kind extends Expiring> {
  readonly #keyOf: (record: Kind) => string;
  readonly #records: Map<string, Kind>;
  readonly changed = new Map<string, Kind>();

  constructor(table: Table<Kind>, rows: readonly Row[], keyOf: (record: Kind) => string) {
    this.#keyOf = keyOf;
    this.#records = new Map(
      rows.map((row) => table.record(row)).map((record) => [keyOf(record), record]),
    );
  }

  find(key: string, now: number): Kind | undefined {
    const record = this.#records.get(key);
    return record !== undefined && now < record.expiresAt ? record : undefined;
  }

  set(record: Kind): void {
    this.#records.set(this.#keyOf(record), record);
    this.changed.set(this.#keyOf(record), record);
  }
}

/** What a transaction has locked, and what it is about to write. */
class Families {
  readonly grants: Changing<Grant>;
  readonly codes: Changing<AuthorizationCode>;
  readonly refreshTokens: Changing<RefreshToken>;
  readonly #accessTokens = new Map<string, AccessToken>();

  constructor(read: {
    grants: readonly Row[];
    codes?: readonly Row[];
    refreshTokens?: readonly Row[];
  }) {
    this.grants = new Changing(grants, read.grants, ({ id }) => id);
    this.codes = new Changing(codes, read.codes ?? [], ({ hash }) => hash);
    this.refreshTokens = new Changing(refreshTokens, read.refreshTokens ?? [], ({ hash }) => hash);
  }

  /** @returns the grant, extended */
  issue(grant: Grant | undefined, tokens: IssuedTokens): Grant | undefined {
    const { accessToken, refreshToken } = tokens;
    if (accessToken.jti === undefined) this.#accessTokens.set(accessToken.hash, accessToken);
    if (refreshToken !== undefined) this.refreshTokens.set(refreshToken);
    const longer = grant && extended(grant, tokens);
    if (longer !== undefined) this.grants.set(longer);
    return longer;
  }

  write(query: Query): Promise<unknown> {
    const writes: Promise<unknown>[] = [];
    const save = <Kind>(sql: string, table: Table<Kind>, records: ReadonlyMap<string, Kind>) => {
      if (records.size > 0) writes.push(query(sql, [table.rows(records.values())]));
    };
    save(SQL.saveGrants, grants, this.grants.changed);
    save(SQL.saveCodes, codes, this.codes.changed);
    save(SQL.saveAccessTokens, accessTokens, this.#accessTokens);
    save(SQL.saveRefreshTokens, refreshTokens, this.refreshTokens.changed);
    return Promise.all(writes);
  }
}

/** Stores a code and the grant it opens, where the consents it rests on are remembered. */
export async function saveCode(
  db: Database,
  code: AuthorizationCode,
  grant: Grant,
  consents: readonly Consent[],
): Promise<boolean> {
  const save = () =>
    db.transaction(async (query) => {
      if (!(await areRemembered(query, consents))) return false;
      const families = new Families({ grants: [] });
      families.grants.set(grant);
      families.codes.set(code);
      await families.write(query);
      await endBeyond(query, grant);
      return true;
    });
  return (await unlessRemoved(db, grant.clientId, save)) ?? false;
}

/** Of the grants of a user at a client, as many are left as there may be. */
async function endBeyond(query: Query, grant: Grant): Promise<void> {
  const { id, userId, clientId, createdAt } = grant;
  const beyond = await query(SQL.grantsBeyond, [userId, clientId, createdAt, id, MOST - 1]);
  if (beyond.length === 0) return;
  const ids = beyond.map((row) => String(row['id']));
  await query(SQL.grants, [ids]);
  await query(SQL.endGrants, [ids]);
}

export interface Redeeming {
  readonly hash: string;
  readonly now: number;
  readonly tokens: IssuedTokens | undefined;
}

export function redeem(db: Database, items: readonly Redeeming[]): Promise<Redemption[]> {
  const hashes = items.map(({ hash }) => hash);
  return db.transaction(async (query) => {
    const [grantRows, codeRows] = await Promise.all([
      query(SQL.grantsOfCodes, [hashes]),
      query(SQL.codes, [hashes]),
    ]);
    const families = new Families({ grants: grantRows, codes: codeRows });
    const results = items.map(({ hash, now, tokens }) => {
      const code = families.codes.find(hash, now);
      const grant = code && families.grants.find(code.grantId, now);
      const redemption = redemptionOf(code, grant, now);
      if (redemption.outcome === 'redeemed') {
        families.codes.set({ ...code!, redeemedAt: now });
        if (tokens !== undefined) families.issue(grant, tokens);
      }
      return redemption;
    });
    await families.write(query);
    return results;
  });
}

export interface Rotating {
  readonly hash: string;
  readonly now: number;
  readonly retryWindow: number;
  readonly tokens: { readonly accessToken: AccessToken; readonly refreshToken: RefreshToken };
}

export function rotate(db: Database, items: readonly Rotating[]): Promise<Rotation[]> {
  return changeRefreshTokens(
    db,
    items.flatMap(({ hash, tokens }) => [hash, tokens.refreshToken.hash]),
    (families) =>
      items.map(({ hash, now, retryWindow, tokens }) => {
        const token = families.refreshTokens.find(hash, now);
        const grant = token && families.grants.find(token.grantId, now);
        const brought = tokens.refreshToken.hash;
        const rotation = rotationOf(
          token && grant && { token, grant },
          families.refreshTokens.find(brought, now),
          brought,
          now,
          retryWindow,
        );
        switch (rotation.outcome) {
          case 'rotated':
            families.refreshTokens.set({ ...token!, rotatedAt: now, successorHash: brought });
            return { ...rotation, grant: families.issue(rotation.grant, tokens)! };
          case 'retried': {
            const { accessToken } = tokens;
            return { ...rotation, grant: families.issue(rotation.grant, { accessToken })! };
          }
          default:
            return rotation;
        }
      }),
  );
}

/** @returns whether this was the caller who used it up */
export function retire(db: Database, hash: string, now: number): Promise<boolean> {
  return changeRefreshTokens(db, [hash], (families) => {
    const token = families.refreshTokens.find(hash, now);
    const grant = token && families.grants.find(token.grantId, now);
    if (token === undefined || grant === undefined || token.rotatedAt !== undefined) return false;
    families.refreshTokens.set({ ...token, rotatedAt: now });
    return true;
  });
}

function changeRefreshTokens<T>(
  db: Database,
  hashes: readonly string[],
  change: (families: Families) => T,
): Promise<T> {
  return db.transaction(async (query) => {
    const [grantRows, tokenRows] = await Promise.all([
      query(SQL.grantsOfRefreshTokens, [hashes]),
      query(SQL.refreshTokens, [hashes]),
    ]);
    const families = new Families({ grants: grantRows, refreshTokens: tokenRows });
    const result = change(families);
    await families.write(query);
    return result;
  });
}

export interface Issuing {
  readonly tokens: IssuedTokens;
  readonly now: number;
}

/** @returns for each whether its grant was in force, and it is stored */
export async function issue(db: Database, items: readonly Issuing[]): Promise<boolean[]> {
  const ids = items.map(({ tokens }) => grantOf(tokens)).filter((id) => id !== undefined);
  // Clients that act for themselves have no grant: what is issued to them is one statement.
  if (ids.length === 0) {
    const kept = items
      .map(({ tokens }) => tokens.accessToken)
      .filter(({ jti }) => jti === undefined);
    if (kept.length > 0) await db.query(SQL.saveAccessTokens, [accessTokens.rows(kept)]);
    return items.map(() => true);
  }
  return db.transaction(async (query) => {
    const families = new Families({ grants: await query(SQL.grants, [ids]) });
    const results = items.map(({ tokens, now }) => {
      const id = grantOf(tokens);
      const grant = id === undefined ? undefined : families.grants.find(id, now);
      if (id !== undefined && grant === undefined) return false;
      families.issue(grant, tokens);
      return true;
    });
    await families.write(query);
    return results;
  });
}

function grantOf({ accessToken, refreshToken }: IssuedTokens): string | undefined {
  return accessToken.grantId ?? refreshToken?.grantId;
}
