// The benchmark of growth compares stores that it fills: it has to find what it has put there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { clusterMissing } from '../helpers/postgres.ts';

it('npm run bench:growth finds each token it looks for, and leaves none that has expired', {
  skip: clusterMissing(),
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bench/growth.ts', '2000']);
  const [head, ...rows] = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  assert.deepEqual(head, ['store', 'among 1000', 'among 2000', 'issued', 'purged', 'left']);
  assert.deepEqual(
    rows.map((row) => [row[0], row.at(-1)]),
    [
      ['memory', '0'],
      ['SQLite', '0'],
      ['PostgreSQL', '0'],
    ],
  );
});
