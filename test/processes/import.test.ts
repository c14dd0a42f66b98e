// An import is killed in its midst and run again, and two processes import at once.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { migrateDatabase, openStore } from '../../src/store/open.ts';
import type { User } from '../../src/types.ts';
import { FOREIGN_HASHES } from '../helpers/foreign-hashes.ts';
import { MAIN } from '../helpers/main-file.ts';
import { directory, SECRET, spawned } from '../helpers/program.ts';
import { DATABASES, look } from '../helpers/sql.ts';

const PEOPLE = 5000;
const path = join(directory, 'people.csv');
const rows = Array.from({ length: PEOPLE }, (_, at) => {
  const hash = FOREIGN_HASHES['pbkdf2-sha512'];
  return `id${at},user${at},"Person, ${at}",user${at}@example.com,"${hash}",it;staff`;
});
await writeFile(path, ['id,username,name,email,password_hash,groups', ...rows].join('\n'));

function start(databaseUrl: string) {
  const args = ['import', 'csv', path, '--apply', '--json'];
  return spawned([process.execPath, MAIN, ...args], {
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: SECRET,
    DEMO: 'off',
    LOG_LEVEL: 'silent',
  });
}

async function everybody(databaseUrl: string): Promise<User[]> {
  const store = await openStore(databaseUrl);
  try {
    return [...(await store.administration.listUsers({ limit: PEOPLE * 2 }))];
  } finally {
    await store.close();
  }
}

async function imported(databaseUrl: string) {
  const run = start(databaseUrl);
  assert.equal(await run.exit, 0, run.stderr);
  const { people, remarks } = JSON.parse(run.stdout);
  assert.deepEqual(remarks, []);
  return people;
}

async function tables(fresh: () => string | Promise<string>): Promise<string> {
  const url = await fresh();
  await migrateDatabase(url);
  return url;
}

for (const { kind, fresh, skip } of DATABASES) {
  describe(`an import into ${kind}`, { skip, timeout: 120_000 }, () => {
    it('leaves the same people if it was killed and run again as if it had run once', async () => {
      const once = await tables(fresh);
      assert.deepEqual(await imported(once), { added: PEOPLE, there: 0, refused: 0 });
      const expected = await everybody(once);
      assert.equal(expected.length, PEOPLE);

      const url = await tables(fresh);
      const killed = start(url);
      const count = async () => {
        const [row] = await look(url, 'select count(*) as people from oauth_users');
        return Number(row!['people']);
      };
      while ((await count()) === 0) await wait(5);
      killed.child.kill('SIGKILL');
      await killed.exit;
      const left = await count();
      const again = await imported(url);
      const { there } = again;
      // PostgreSQL may still have finished a batch of the one that was killed.
      assert.ok(left > 0 && there >= left && there < PEOPLE, `${left}, ${there}`);
      assert.equal(left % 250, 0, 'a batch is there as a whole');
      assert.equal(there % 250, 0, 'so is the last');
      assert.deepEqual(again, { added: PEOPLE - there, there, refused: 0 });
      assert.deepEqual(await everybody(url), expected);
    });

    it('adds everybody once if two processes do it', async () => {
      const url = await tables(fresh);
      const both = await Promise.all([imported(url), imported(url)]);
      assert.equal(both[0].added + both[1].added, PEOPLE);
      for (const { added, there, refused } of both) {
        assert.equal(added + there, PEOPLE);
        assert.equal(refused, 0);
      }
      assert.equal((await everybody(url)).length, PEOPLE);
    });
  });
}
