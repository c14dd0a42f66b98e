import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../src/store/open.ts';
import { sqliteDatabase } from '../../src/store/sqlite.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { storeContract } from '../../src/store-contract/index.ts';
import { CALLERS } from '../../src/store-contract/race.ts';
import { aClient, aUser, HOUR, NOW, unique } from '../../src/store-contract/records.ts';
import { same } from '../../src/store-contract/same.ts';
import { freshSqlite } from '../helpers/databases.ts';
import { finding } from '../helpers/finding.ts';
import { spread } from '../helpers/spread.ts';

storeContract(
  'the store in SQLite',
  () => openStore(freshSqlite()),
  () => {
    const url = freshSqlite();
    return () => openStore(url);
  },
);

storeContract('the store in SQLite, opened four times over,', async () => {
  const url = freshSqlite();
  return spread(await Promise.all([1, 2, 3, 4].map(() => openStore(url))));
});

storeContract(
  'the store in SQLite, opened four times over and told what was found once,',
  async () => {
    const url = freshSqlite();
    return finding(spread(await Promise.all([1, 2, 3, 4].map(() => openStore(url)))));
  },
);

const freshPath = () => freshSqlite().slice('sqlite:'.length);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the file of SQLite', () => {
  it('has nothing in it of a person who was removed, nor has the log beside it', async () => {
    const path = freshPath();
    const store = await openStore(`sqlite:${path}`);
    const other = await openStore(`sqlite:${path}`);
    const claims = { phone_number: '+49 30 7654321', nickname: 'n'.repeat(200) };
    const user = {
      ...aUser(),
      name: 'Ermintrude Quill',
      email: 'ermintrude@quill.example',
      claims,
    };
    await store.users.save(user);
    await other.users.save({ ...user, name: 'Ermintrude Quill-Hart' });
    const words = ['Ermintrude', 'ermintrude@', '7654321', 'nnnnnnnn', user.username];
    const found = () => {
      const bytes = [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('');
      return words.filter((word) => bytes.includes(word));
    };
    assert.deepEqual(found(), words);
    assert.equal(await store.users.remove(user.id), true);
    assert.deepEqual(found(), []);
    await Promise.all([store.close(), other.close()]);
  });

  it('is made for this user alone, and its folder and the files beside it too', async () => {
    const path = join(dirname(freshPath()), 'in', 'here', 'oauth.db');
    const store = await openStore(`sqlite:${path}`);
    await store.clients.save(aClient());
    const folder = dirname(path);
    assert.equal(modeOf(folder), '700');
    assert.equal(modeOf(dirname(folder)), '700');
    assert.deepEqual(readdirSync(folder).sort(), ['oauth.db', 'oauth.db-shm', 'oauth.db-wal']);
    for (const file of readdirSync(folder)) assert.equal(modeOf(join(folder, file)), '600', file);
    await store.close();
    assert.deepEqual(readdirSync(folder), ['oauth.db']);
  });

  // POSIX drops all locks of a process on a file once it closes any descriptor of it. An older SQLite that
  // opens and closes the file then takes itself for the last one, and removes the log that is in use.
  it('stays locked after the first start, so that no other program removes its log', {
    skip: !existsSync('/proc/locks') && 'locks can be seen on Linux alone',
  }, async () => {
    const path = freshPath();
    const store = await openStore(`sqlite:${path}`);
    const locks = readFileSync('/proc/locks', 'utf8');
    assert.match(locks, new RegExp(` ${process.pid} \\S+:${statSync(path).ino} `));
    await store.close();
  });

  it('is found from the folder that the server was started in', async (t) => {
    const path = freshPath();
    mkdirSync(dirname(path));
    t.mock.method(process, 'cwd', () => dirname(path));
    await (await openStore(`sqlite:./${basename(path)}`)).close();
    assert.ok(statSync(path).isFile());
  });

  /** Runs as a user other than root, because root may read and write everything. */
  async function asNobody(work: () => Promise<void>): Promise<void> {
    if (process.geteuid!() !== 0) return work();
    process.seteuid!('nobody');
    try {
      await work();
    } finally {
      process.seteuid!(0);
    }
  }

  const assertUnavailable = (url: string, message: RegExp) =>
    assert.rejects(openStore(url), (error: unknown) => {
      assert.ok(error instanceof StoreUnavailable);
      assert.match(error.message, message);
      return true;
    });

  it('has a log beside it that becomes small again while it is open', async () => {
    const path = freshPath();
    const db = await sqliteDatabase(path);
    await db.query('create table t (id text)');
    const size = () => statSync(`${path}-wal`).size;
    const fill = (length: number) => db.query('insert into t values ($1)', ['x'.repeat(length)]);
    // Nothing of the log may be written over while somebody reads a past state.
    const reader = new DatabaseSync(path);
    reader.exec('begin; select * from t');
    for (let n = 0; n < 10; n += 1) await fill(2_000_000);
    assert.ok(size() > 16_000_000);
    reader.close();
    for (let n = 0; n < 3; n += 1) await fill(10);
    assert.ok(size() <= 8_000_000, `${size()} bytes`);
    await db.close();
  });

  it('is said to be unusable where it is read-only, or its folder', async () => {
    const path = freshPath();
    await (await openStore(`sqlite:${path}`)).close();
    for (const [mode, folderMode, name] of [
      [0o444, 0o777, basename(path)],
      [0o666, 0o555, basename(path)],
      [0o444, 0o555, basename(path)],
      [0o666, 0o555, 'another.db'],
    ] as const) {
      chmodSync(path, mode);
      chmodSync(dirname(path), folderMode);
      await asNobody(() =>
        assertUnavailable(
          `sqlite:${join(dirname(path), name)}`,
          /cannot be used: .*(EACCES|read-?only)/,
        ),
      );
    }
    chmodSync(dirname(path), 0o777);
  });

  it('is said not to open where it is a folder, or where a file is in the way of its folder', async () => {
    const path = freshPath();
    mkdirSync(path, { recursive: true });
    await assertUnavailable(`sqlite:${path}`, /cannot be used: it is a folder/);
    const file = join(path, 'file');
    writeFileSync(file, '');
    await assertUnavailable(`sqlite:${file}/oauth.db`, /cannot be used: /);
  });

  it('is not taken over where it is something else', async () => {
    const path = freshPath();
    mkdirSync(dirname(path));
    writeFileSync(path, 'Dear diary, '.repeat(100));
    await assert.rejects(openStore(`sqlite:${path}`), /file is not a database/);
    assert.equal(statSync(path).size, 1200);
  });
});

describe('a user whose name somebody has changed in the database', () => {
  it('is found by the name that is there, and by no other', async () => {
    const url = freshSqlite();
    const store = await openStore(url);
    await store.users.save(aUser({ id: 'u', username: 'maria' }));
    const db = new DatabaseSync(url.slice('sqlite:'.length));
    db.exec("update oauth_users set username = 'marie' where id = 'u'");
    db.close();
    assert.equal((await store.users.findByTypedName('marie'))?.id, 'u');
    assert.equal(await store.users.findByTypedName('maria'), undefined);
    await store.close();
  });
});

describe('a transaction in SQLite', () => {
  it('is seen by readers when it is done, and not before', async () => {
    const db = await sqliteDatabase(freshPath());
    const count = async () => (await db.query('select id from t')).length;
    await db.query('create table t (id text primary key)');
    await db.transaction(async (query) => {
      await query('insert into t values ($1)', ['a']);
      assert.equal((await query('select id from t')).length, 1);
      assert.equal(await count(), 0);
    });
    assert.equal(await count(), 1);
    await assert.rejects(
      db.transaction(async (query) => {
        await query('insert into t values ($1)', ['b']);
        throw new Error('no, after all');
      }),
      /after all/,
    );
    assert.equal(await count(), 1);
    await db.close();
  });

  it('fails as a whole by a statement that nobody waited for', async () => {
    const db = await sqliteDatabase(freshPath());
    await db.query('create table t (id text primary key)');
    await assert.rejects(
      db.transaction(async (query) => {
        void query('insert into t values ($1)', ['a']);
        void query('insert into t values ($1)', ['a']);
      }),
      /UNIQUE/,
    );
    assert.deepEqual(await db.query('select id from t'), []);
    await db.query('insert into t values ($1)', ['c']);
    await db.close();
  });
});

describe('another process that holds on to the file of SQLite', () => {
  /** Takes the right to write, and gives it back when it is told to. */
  async function hold(path: string) {
    const script = `
      const db = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
      db.exec('begin immediate');
      process.stdout.write('held');
      process.stdin.on('end', () => { db.exec('rollback'); db.close(); }).resume();`;
    const child = spawn(process.execPath, ['-e', script, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    return {
      release() {
        child.stdin.end();
        return ended;
      },
    };
  }

  it('is waited for', async () => {
    const path = freshPath();
    const store = await openStore(`sqlite:${path}`);
    const other = await hold(path);
    const client = aClient();
    let isSaved = false;
    const saving = store.clients.save(client).then(() => {
      isSaved = true;
    });
    await wait(20);
    assert.equal(isSaved, false);
    await other.release();
    await saving;
    same(await store.clients.find(client.id), client);
    await store.close();
  });

  it('keeps nobody from reading, and this process from none of its work', async () => {
    const path = freshPath();
    const store = await openStore(`sqlite:${path}`);
    const client = aClient();
    await store.clients.save(client);
    const other = await hold(path);
    const saving = store.clients.save({ ...client, name: 'Another' });
    for (let turn = 0; turn < 20; turn += 1) {
      const started = performance.now();
      same(await store.clients.find(client.id), client);
      await store.ping();
      assert.ok(performance.now() - started < 1000, 'the event loop is not blocked');
    }
    await other.release();
    await saving;
    assert.equal((await store.clients.find(client.id))?.name, 'Another');
    await store.close();
  });

  const isBusy = (error: unknown) => {
    assert.ok(error instanceof StoreUnavailable);
    assert.match(error.message, /busy: another process holds on to it/);
    return true;
  };

  it('is waited for no longer than five seconds, by everybody who waits', async (t) => {
    const path = freshPath();
    const store = await openStore(`sqlite:${path}`);
    const other = await hold(path);
    const claim = () => store.replays.claim('jti', unique(), NOW + HOUR, NOW);
    const claims = Array.from({ length: CALLERS }, () => assert.rejects(claim(), isBusy));
    await wait(10);
    const later = performance.now() + 5001;
    const clock = t.mock.method(performance, 'now', () => later);
    await Promise.all(claims);
    clock.mock.restore();

    await other.release();
    assert.equal(await claim(), true);
    await store.close();
  });
});
