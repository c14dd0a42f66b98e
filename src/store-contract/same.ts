// Whether a store answers what was saved in it.

import assert from 'node:assert/strict';

/** A record as plain data, because an absent field and one that is undefined say the same. */
export const plain = (record: unknown): unknown =>
  record === undefined ? undefined : JSON.parse(JSON.stringify(record));

export function same(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

/** The same records, in whatever order. */
export function sameSet(actual: readonly object[], expected: readonly object[]): void {
  const sorted = (records: readonly object[]) =>
    records.map((record) => JSON.stringify(record, Object.keys(record).sort())).sort();
  assert.deepEqual(sorted(actual), sorted(expected));
}
