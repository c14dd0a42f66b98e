// Families of grants, codes and tokens as they were read, and what a transaction writes of them.

import type { AccessToken, AuthorizationCode, RefreshToken } from '../issued.ts';
import type { Grant } from '../types.ts';
import type { Database, Query } from './database.ts';
import type { Families } from './outcomes.ts';
import { RecordsRead } from './records-read.ts';
import type { Table } from './sql-table.ts';
import { accessTokens, codes, grants, refreshTokens } from './sql-tables.ts';
import { StoreUnavailable } from './store.ts';

const SQL = {
  saveGrants: grants.upsert('expiresAt', 'lastUsedAt'),
  saveCodes: codes.upsert('expiresAt', 'redeemedAt'),
  saveAccessTokens: accessTokens.upsert(),
  saveRefreshTokens: refreshTokens.upsert('tokenHash', 'salt', 'expiresAt', 'previous'),
  // Of a row nothing changes but what the statements above say, and the session of a grant.
  holdGrants: grants.hold('expiresAt', 'lastUsedAt', 'session', 'sessionEndsAt'),
  holdCodes: codes.hold('redeemedAt'),
  holdRefreshTokens: refreshTokens.hold('tokenHash', 'expiresAt'),
};

/** Records as they were read, and what has changed since. Each is written once, as it is in the end. */
class Changing<Kind extends { readonly expiresAt: number }> extends RecordsRead<Kind> {
  readonly #table: Table<Kind>;
  readonly #read: ReadonlyMap<string, Kind>;

  constructor(table: Table<Kind>, keyOf: (record: Kind) => string, read: readonly Kind[] = []) {
    super(keyOf, read);
    this.#table = table;
    this.#read = new Map(read.map((record) => [keyOf(record), record]));
  }

  /** Sends what locks the records that were read, and fails if one has changed. */
  hold(query: Query, sql: string): void {
    const read = this.#read;
    if (read.size === 0) return;
    void query(sql, [this.#table.rows(read.values()), read.size, [...read.keys()]]);
  }

  /** @returns the statement that was sent, if there was anything to write */
  write(query: Query, sql: string): Promise<unknown>[] {
    const { changed } = this;
    return changed.size > 0 ? [query(sql, [this.#table.rows(changed.values())])] : [];
  }
}

/** What was read of some families. */
interface Read {
  readonly grants?: readonly Grant[];
  readonly codes?: readonly AuthorizationCode[];
  readonly refreshTokens?: readonly RefreshToken[];
}

const hashOf = ({ hash }: { readonly hash: string }) => hash;

/** Families as they were read, and what is about to be written of them. */
export class ChangingFamilies implements Families {
  readonly grants: Changing<Grant>;
  readonly codes: Changing<AuthorizationCode>;
  readonly accessTokens = new Changing<Omit<AccessToken, 'jti'>>(accessTokens, hashOf);
  readonly refreshTokens: Changing<RefreshToken>;

  constructor(read: Read = {}) {
    this.grants = new Changing(grants, ({ id }) => id, read.grants);
    this.codes = new Changing(codes, hashOf, read.codes);
    this.refreshTokens = new Changing(refreshTokens, hashOf, read.refreshTokens);
  }

  /**
   * Sends what locks all that was read, grants first as everywhere, and makes the transaction fail if
   * something of it has changed.
   */
  hold(query: Query): void {
    this.grants.hold(query, SQL.holdGrants);
    this.codes.hold(query, SQL.holdCodes);
    this.refreshTokens.hold(query, SQL.holdRefreshTokens);
  }

  /**
   * Sends what has changed. In a transaction nobody needs to wait for these answers: the commit goes in
   * the same trip, and is none if one of them fails.
   */
  write(query: Query): Promise<unknown>[] {
    return [
      ...this.grants.write(query, SQL.saveGrants),
      ...this.codes.write(query, SQL.saveCodes),
      ...this.accessTokens.write(query, SQL.saveAccessTokens),
      ...this.refreshTokens.write(query, SQL.saveRefreshTokens),
    ];
  }
}

/**
 * Changes families by what was read of them a moment ago, in a single trip: the rows are locked, looked
 * at and written in one go, and nothing is written if one of them is no longer as it was.
 *
 * @param change decides by what was read, and by nothing else
 * @returns what it has decided; `undefined` if nothing was written: then the rows have to be read again
 */
export async function changeAsRead<T>(
  db: Database,
  read: Read,
  change: (families: Families) => T,
): Promise<T | undefined> {
  const families = new ChangingFamilies(read);
  const result = change(families);
  try {
    await db.transaction(async (query) => {
      families.hold(query);
      void families.write(query);
    });
    return result;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return undefined;
  }
}
