import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const text = read('SECURITY.md');

/** The rows that name an attack; a row that names a subject has nothing but that. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:Attack or failure|---|\*\*)/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

/** The tests that a cell names: a path and, behind a colon, the titles in that file. */
function testsIn(cell: string): { path: string; title: string }[] {
  return [
    ...cell.matchAll(/`((?:test|src\/store-contract)\/[^`]+)`: ("[^"]+"(?:; "[^"]+")*)/g),
  ].flatMap(([, path = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ path, title })),
  );
}

describe('SECURITY.md', () => {
  it('names in each row an attack, what the server does, and a test', () => {
    assert.ok(rows.length > 60);
    for (const row of rows) {
      assert.equal(row.length, 4, row[0]);
      const [attack, answer, , tests = ''] = row;
      assert.ok(attack && answer, attack);
      const named = testsIn(tests).map(({ title }) => `"${title}"`);
      assert.ok(named.length > 0, `${attack} has a test`);
      assert.deepEqual(tests.match(/"[^"]*"/g), named, `${attack} has a file for every title`);
    }
  });

  it('quotes titles that are in the files they are said to be in', () => {
    for (const { path, title } of rows.flatMap(([, , , tests = '']) => testsIn(tests))) {
      assert.ok(read(path).includes(title), `${path} has a test "${title}"`);
    }
  });

  it('names only files of tests that are there', () => {
    for (const [, path = ''] of text.matchAll(/`(test\/[\w./-]*)`/g)) {
      assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), path);
    }
  });
});
