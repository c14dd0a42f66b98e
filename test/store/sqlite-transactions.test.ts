// One commit for those that wait at the same time, and an outcome for each.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Database } from '../../src/store/database.ts';
import { sqliteDatabase } from '../../src/store/sqlite.ts';
import { freshSqlite } from '../helpers/databases.ts';

const COUNT = 20;
const numbers = Array.from({ length: COUNT }, (_, number) => number);

/** A database with a table of numbers, and one whose rows must have a number by the time of the commit. */
async function database() {
  const path = freshSqlite().slice('sqlite:'.length);
  const db = await sqliteDatabase(path);
  await db.query('create table numbers (id integer primary key)');
  await db.query(
    'create table children (id integer references numbers (id) deferrable initially deferred)',
  );
  await db.wipe!();
  const ids = async () =>
    (await db.query('select id from numbers order by id')).map(({ id }) => id);
  return { path, db, ids };
}

const add = (db: Database, id: number) =>
  db.transaction((query) => query('insert into numbers values ($1)', [id]));

/**
 * The commits in the log of a database: a frame that ends one says how large the database is then
 * (https://www.sqlite.org/fileformat2.html#walformat).
 */
function commitsIn(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const frame = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= log.length; at += frame) {
    if (log.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

describe('transactions of one process in SQLite that wait at the same time', () => {
  it('share a commit', async () => {
    const { path, db, ids } = await database();
    await Promise.all(numbers.map((id) => add(db, id)));
    assert.deepEqual(await ids(), numbers);
    assert.equal(commitsIn(path), 1);
    await add(db, COUNT);
    assert.equal(commitsIn(path), 2);
    await db.close();
  });

  it('are answered once another process can read what they have written', async () => {
    const { path, db } = await database();
    const other = new DatabaseSync(path);
    const find = other.prepare('select id from numbers where id = ?');
    await Promise.all(
      numbers.map(async (id) => {
        await db.query('insert into numbers values ($1)', [id]);
        assert.deepEqual(find.get(id), { __proto__: null, id });
      }),
    );
    other.close();
    await db.close();
  });

  it('are undone alone, whatever fails in them', async () => {
    const { db, ids } = await database();
    const refused = new Error('refused');
    const outcomes = await Promise.allSettled(
      numbers.map((id) =>
        db.transaction(async (query) => {
          await query('insert into numbers values ($1)', [id]);
          if (id % 4 === 0) throw refused;
          if (id % 4 === 1) await query('insert into numbers values ($1)', [id]);
          // Nobody waits for this one.
          if (id % 4 === 2) void query('insert into numbers values ($1)', [id]);
          return id;
        }),
      ),
    );
    for (const [id, outcome] of outcomes.entries()) {
      if (id % 4 === 3) assert.deepEqual(outcome, { status: 'fulfilled', value: id });
      else if (id % 4 === 0) assert.deepEqual(outcome, { status: 'rejected', reason: refused });
      else assert.match(String((outcome as PromiseRejectedResult).reason), /UNIQUE/);
    }
    assert.deepEqual(
      await ids(),
      numbers.filter((id) => id % 4 === 3),
    );
    await db.close();
  });

  it('have all failed if the commit fails, and the next ones are as good as before', async () => {
    const { db, ids } = await database();
    const outcomes = await Promise.allSettled(
      numbers.map((id) =>
        db.transaction(async (query) => {
          await query('insert into numbers values ($1)', [id]);
          if (id === 7) await query('insert into children values ($1)', [-1]);
          if (id === 8) throw new Error('refused');
        }),
      ),
    );
    for (const outcome of outcomes) {
      assert.match(String((outcome as PromiseRejectedResult).reason), /FOREIGN KEY/);
    }
    assert.deepEqual(await ids(), []);
    await db.query('insert into numbers values ($1)', [1]);
    assert.deepEqual(await ids(), [1]);
    await db.close();
  });

  it('have all failed if the database gives all of them up, and nothing is written outside of them', async () => {
    const { db, ids } = await database();
    await add(db, 100);
    const outcomes = await Promise.allSettled(
      numbers.map((id) =>
        db.transaction(async (query) => {
          void query('insert into numbers values ($1)', [id]);
          // As it does by itself when its disk is full.
          if (id === 7) void query('insert or rollback into numbers values (100)');
          void query('insert into numbers values ($1)', [id + 200]);
        }),
      ),
    );
    for (const outcome of outcomes.slice(0, 8)) {
      assert.match(String((outcome as PromiseRejectedResult).reason), /UNIQUE/);
    }
    const others = numbers.slice(8);
    assert.deepEqual(await ids(), [...others, 100, ...others.map((id) => id + 200)]);
    await db.close();
  });

  it('fail, and do no harm, once the store is closed', async () => {
    const { db } = await database();
    const late = db.close().then(() => Promise.allSettled(numbers.map((id) => add(db, id))));
    for (const outcome of await late) {
      assert.match(String((outcome as PromiseRejectedResult).reason), /not open/);
    }
  });
});
