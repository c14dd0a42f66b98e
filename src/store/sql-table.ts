// What a table is: how records become rows, and rows records, and the statements that every table has.

import type { Row, Value } from './database.ts';

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
export const text: Column = { type: 'text', ...asItIs };
/** A whole number: an app around the server may bring a time with a fraction. */
export const number: Column = {
  ...asItIs,
  type: 'bigint',
  write: (value) => Math.trunc(value as number),
};
export const flag: Column = {
  type: 'bigint',
  write: (value) => (value === true ? 1 : 0),
  read: (value) => Number(value) === 1,
};
/** RFC 6749 section 3.3: words without a space in them. */
export const words: Column = {
  type: 'text',
  write: (value) => (value as string[]).join(' '),
  read: (value) => String(value).split(' ').filter(Boolean),
};
export const json: Column = {
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
  /** The names of its columns for a join in which the table is called `alias`: `a.id as a_id`. */
  columnsOf(alias: string): string;
  /** The statement that adds the rows of `$1`, JSON; if a row is there it sets these columns. */
  upsert(...changing: (keyof Kind & string)[]): string;
  /**
   * The statement that adds those rows of `$1`, JSON, for which a condition holds, and answers their keys.
   * The condition may name more of a row than its columns.
   */
  insertIf(condition: string): string;
  /**
   * The statement that locks the rows of `$1`, JSON, with the keys `$3`, and fails unless all `$2` of
   * them are there, with the same in these columns. So what is decided by records that were read before may be sent
   * with it, in one transaction.
   */
  hold(...changing: (keyof Kind & string)[]): string;
  /** `$1` of the statements above. */
  rows(records: Iterable<Kind>): Value;
  /** One of these rows, before it is JSON. */
  row(record: Kind): Readonly<Record<string, string | number | null>>;
  /** @param alias that of `columnsOf`, if any */
  record(row: Row, alias?: string): Kind;
}

/** A table, with the statements and the reading of rows that follow from its columns. */
export function table<Kind extends object>(
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
  const insert = `insert into ${name} (${columns})
    select ${values.join(', ')} from json_array_elements($1)`;
  const row: Table<Kind>['row'] = (record) =>
    Object.fromEntries(
      all.map(({ field, column, write }) => [
        column,
        record[field] === undefined ? null : write(record[field]),
      ]),
    );
  return {
    name,
    key,
    columns,
    columnsOf: (alias) =>
      all.map(({ column }) => `${alias}.${column} as ${alias}_${column}`).join(', '),
    upsert(...changing) {
      const set = changing.map(snake).map((column) => `${column} = excluded.${column}`);
      return `${insert} where true
        on conflict (${key}) do ${set.length > 0 ? `update set ${set.join(', ')}` : 'nothing'}`;
    },
    insertIf: (condition) => `${insert} where ${condition}
      on conflict (${key}) do nothing returning ${key}`,
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
      // What makes a transaction fail in any database, whatever rows it has, is a null in such a column.
      return `insert into oauth_locks (name) select null where $2 <>
        (select count(*) from (select ${key} from ${name} where ${key} = any($3) and (${there.join(', ')}) in
          (select value->>'${key}', ${read.join(', ')} from json_array_elements($1))
          order by ${key} for update) held)`;
    },
    row,
    rows: (records) => JSON.stringify(Array.from(records, row)),
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

/**
 * Whether there can be a row under these names. PostgreSQL has no text with a NUL in it, and UTF-8 has
 * no half of a surrogate pair: another character would take its place, and be found.
 */
export function isStorable(...names: string[]): boolean {
  return names.every((name) => name.isWellFormed() && !name.includes('\0'));
}
