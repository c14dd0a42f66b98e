// The tables that migrations/ makes: how records become rows, and rows records.

import type { AccessToken, AuthorizationCode, RefreshToken } from '../issued.ts';
import type { Grant, PendingLogout, StoredKey, Ticket, User } from '../types.ts';
import type { Row, Value } from './database.ts';
import type { Document, Session } from './store-sessions.ts';

/**
 * Orders rows by their key, though they are found by something else. By the key alone PostgreSQL may
 * read its index from the beginning, as long as the table is small, and keeps that plan when it grows.
 */
export const byKey = (key: string) => `order by ${key} || ''`;

/** How a field is kept in its column; an absent one is null. */
interface Column {
  readonly type: 'text' | 'bigint';
  write(value: unknown): string | number;
  read(value: string | number): unknown;
}

const asItIs = {
  write: (value: unknown) => value as string | number,
  read: (value: unknown) => value,
};
const text: Column = { type: 'text', ...asItIs };
/** A whole number: an app around the server may bring a time with a fraction. */
const number: Column = { ...asItIs, type: 'bigint', write: (value) => Math.trunc(value as number) };
/** RFC 6749 section 3.3: words without a space in them. */
const words: Column = {
  type: 'text',
  write: (value) => (value as string[]).join(' '),
  read: (value) => String(value).split(' ').filter(Boolean),
};
const json: Column = {
  type: 'text',
  write: (value) => JSON.stringify(value),
  read: (value) => JSON.parse(String(value)),
};

/** What stands for an absent value if two are compared: no hash and no time is like that. */
const NONE: Readonly<Record<Column['type'], string>> = { text: "''", bigint: '-1' };

/** The records of one kind. The first field is the key. */
export interface Table<Kind> {
  readonly name: string;
  readonly key: string;
  /** The names of its columns, for a `select`. */
  readonly columns: string;
  /** The same for the table that is called `alias` in a join: `a.id as a_id`. */
  columnsOf(alias: string): string;
  /** The statement that adds the rows of `$1`, JSON; if a row is there it sets these columns. */
  upsert(...changing: (keyof Kind & string)[]): string;
  /**
   * The statement that locks the rows of `$1`, JSON, with the keys `$3`, and fails unless all `$2` of
   * them are there, with the same in these columns. So what is decided by records that were read before may be sent
   * with it, in one transaction.
   */
  hold(...changing: (keyof Kind & string)[]): string;
  /** `$1` of the statements above. */
  rows(records: Iterable<Kind>): Value;
  /** @param alias that of `columnsOf`, if any */
  record(row: Row, alias?: string): Kind;
}

function table<Kind extends object>(
  name: string,
  fields: { readonly [Field in keyof Kind]-?: Column },
): Table<Kind> {
  const all = Object.entries<Column>(fields).map(([field, column]) => ({
    field: field as keyof Kind & string,
    column: snake(field),
    ...column,
  }));
  const key = all[0]!.column;
  const columns = all.map(({ column }) => column).join(', ');
  const values = all.map(({ column, type }) =>
    type === 'text' ? `value->>'${column}'` : `cast(value->>'${column}' as bigint)`,
  );
  return {
    name,
    key,
    columns,
    columnsOf: (alias) =>
      all.map(({ column }) => `${alias}.${column} as ${alias}_${column}`).join(', '),
    upsert(...changing) {
      const set = changing.map(snake).map((column) => `${column} = excluded.${column}`);
      return `insert into ${name} (${columns}) select ${values.join(', ')} from json_array_elements($1)
        where true on conflict (${key}) do ${set.length > 0 ? `update set ${set.join(', ')}` : 'nothing'}`;
    },
    hold(...changing) {
      const compared = all.filter(({ field }) => changing.includes(field));
      const there = [
        key,
        ...compared.map(({ column, type }) => `coalesce(${column}, ${NONE[type]})`),
      ];
      const read = compared.map(({ column, type }) =>
        type === 'text'
          ? `coalesce(value->>'${column}', ${NONE[type]})`
          : `coalesce(cast(value->>'${column}' as bigint), ${NONE[type]})`,
      );
      // A name that is taken: what makes a transaction fail in any database is a key that is there.
      return `insert into oauth_locks (name) select name from oauth_locks where name = 'purge' and $2 <>
        (select count(*) from (select ${key} from ${name} where ${key} = any($3) and (${there.join(', ')}) in
          (select value->>'${key}', ${read.join(', ')} from json_array_elements($1))
          order by ${key} for update) held)`;
    },
    rows: (records) =>
      JSON.stringify(
        Array.from(records, (record) =>
          Object.fromEntries(
            all.map(({ field, column, write }) => [
              column,
              record[field] === undefined ? null : write(record[field]),
            ]),
          ),
        ),
      ),
    record(row, alias) {
      const prefix = alias === undefined ? '' : `${alias}_`;
      const record: Partial<Record<keyof Kind, unknown>> = {};
      for (const { field, column, read } of all) {
        const value = row[prefix + column] ?? null;
        if (value !== null) record[field] = read(value);
      }
      return record as Kind;
    },
  };
}

function snake(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** With the name by which a user is found however it is typed. */
export const users = table<User & { readonly foldedUsername: string }>('oauth_users', {
  id: text,
  username: text,
  foldedUsername: text,
  name: text,
  email: text,
  claims: json,
  passwordHash: text,
  passwordChangedAt: number,
  disabledAt: number,
  source: text,
});

export const grants = table<Grant>('oauth_grants', {
  id: text,
  clientId: text,
  userId: text,
  scope: words,
  resource: json,
  authTime: number,
  createdAt: number,
  expiresAt: number,
  lastUsedAt: number,
  openid: json,
  session: text,
  sessionEndsAt: number,
});

export const codes = table<AuthorizationCode>('oauth_codes', {
  hash: text,
  grantId: text,
  clientId: text,
  redirectUri: text,
  scope: words,
  codeChallenge: text,
  nonce: text,
  expiresAt: number,
  redeemedAt: number,
});

/** No JWT is among them. */
export const accessTokens = table<Omit<AccessToken, 'jti'>>('oauth_access_tokens', {
  hash: text,
  clientId: text,
  grantId: text,
  userId: text,
  scope: words,
  audience: json,
  issuedAt: number,
  expiresAt: number,
  claims: text,
});

export const refreshTokens = table<RefreshToken>('oauth_refresh_tokens', {
  hash: text,
  tokenHash: text,
  salt: text,
  grantId: text,
  clientId: text,
  scope: words,
  expiresAt: number,
  previous: json,
});

export const keys = table<StoredKey>('oauth_keys', {
  kid: text,
  alg: text,
  period: number,
  createdAt: number,
  encryptedPrivateKey: text,
  expiresAt: number,
});

export const sessions = table<Session & { readonly hash: string }>('oauth_sessions', {
  hash: text,
  data: text,
  expiresAt: number,
  userId: text,
  createdAt: number,
  seenAt: number,
  userAgent: text,
});

export const requests = table<Document & { readonly hash: string }>('oauth_requests', {
  hash: text,
  data: text,
  expiresAt: number,
});

/** Its hash is that of its kind and the hash of its secret. */
export const tickets = table<Ticket>('oauth_tickets', {
  hash: text,
  kind: text,
  payload: json,
  expiresAt: number,
  clientId: text,
  userId: text,
});

export const logouts = table<PendingLogout>('oauth_logouts', {
  id: text,
  clientId: text,
  userId: text,
  subject: text,
  sid: text,
  attempts: number,
  dueAt: number,
  expiresAt: number,
});

/**
 * Whether there can be a row under these names. PostgreSQL has no text with a NUL in it, and UTF-8 has
 * no half of a surrogate pair: another character would take its place, and be found.
 */
export function isStorable(...names: string[]): boolean {
  return names.every((name) => name.isWellFormed() && !name.includes('\0'));
}
