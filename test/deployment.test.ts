import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openStore } from '../src/store/open.ts';
import { freshPostgres } from './databases.ts';
import { commandsOf, readBlocks, sh } from './document.ts';
import { postgresMissing } from './postgres.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const blocks = readBlocks(await readFile(join(ROOT, 'docs/deployment.md'), 'utf8'));

const ofLanguage = (language: string) => blocks.filter((block) => block.language === language);

/** Rows, without their order. */
async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('docs/deployment.md', { timeout: 120_000 }, () => {
  let home = '';
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'deployment-'));
    // As in a clone, but with settings of its own.
    for (const name of ['src', 'migrations', 'views', 'seeds', 'node_modules', 'package.json']) {
      await symlink(join(ROOT, name), join(home, name));
    }
  });
  after(() => rm(home, { recursive: true }));

  it('has commands that this test knows how to run, and no others', () => {
    const commands = ofLanguage('sh').flatMap(commandsOf);
    const known = [
      /^node -p .*randomBytes/,
      /^npm run migrate$/,
      /^npm start$/,
      /^node -e .*vacuum into/,
      /^DATABASE_URL=postgres:\S+ npm run migrate$/,
    ];
    for (const command of commands) {
      assert.ok(
        known.some((pattern) => pattern.test(command)),
        command,
      );
    }
    assert.equal(commands.length, known.length);
  });

  it('has a way from nothing to a running server with SQLite, to its backup, and back', async () => {
    const commands = ofLanguage('sh').flatMap(commandsOf);
    const [secret = '', migrate = '', start = '', backup = ''] = commands;
    const settings = ofLanguage('ini')[0]!.content.replace(
      '<secret>',
      (await sh(secret, home)).trim(),
    );
    await writeFile(
      join(home, 'seed.json'),
      JSON.stringify({ scopes: {}, clients: [], users: [{ username: 'zoe', password: 'x' }] }),
    );
    await writeFile(join(home, '.env'), settings);
    const inHome = (command: string) => sh(`cd '${home}' && ${command}`, home);
    assert.match(await inHome(migrate), /of version \d+ now; they were of version 0/);
    assert.match(await inHome(migrate), /of version \d+ already/);

    assert.equal(start, 'npm start');
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    assert.equal(scripts.start, 'node src/main.ts');
    const store = await openStore(`sqlite:${home}/data/oauth.db`);
    await store.users.save({ id: 'kept', username: 'kept', name: 'Kept' });
    await inHome(backup);
    await store.users.save({ id: 'later', username: 'later', name: 'Later' });
    await store.close();

    await copyFile(join(home, 'backup.db'), join(home, 'data/oauth.db'));
    for (const name of ['oauth.db-wal', 'oauth.db-shm']) {
      await rm(join(home, 'data', name), { force: true });
    }
    const restored = await openStore(`sqlite:${home}/data/oauth.db`, { migrate: false });
    assert.equal((await restored.users.find('kept'))?.name, 'Kept');
    assert.equal(await restored.users.find('later'), undefined);
    await restored.close();
  });

  it('has roles for PostgreSQL that suffice, and statements that work', {
    skip: postgresMissing(),
  }, async () => {
    const owner = await freshPostgres();
    const [roles, ...others] = ofLanguage('sql').map(({ content }) => content);
    const mark = new URL(owner).pathname.slice(1);
    // Roles are for the whole server, which other tests use too.
    const named = (sql: string) => sql.replaceAll(/\boauth_(owner|server)\b/g, `${mark}_$1`);
    await query(owner, named(roles!));
    const as = (role: string, password: string) => {
      const url = new URL(owner);
      url.username = named(role);
      url.password = password;
      return url.href;
    };
    try {
      const command = ofLanguage('sh').flatMap(commandsOf).at(-1)!;
      const migrate = command.replace(/postgres:\S+/, `'${as('oauth_owner', 'change me')}'`);
      assert.match(await sh(`cd '${home}' && ${migrate}`, home), /they were of version 0/);

      const store = await openStore(as('oauth_server', 'change me too'), { migrate: false });
      await store.clients.save({
        id: 'old-app',
        name: 'Old',
        secretHashes: [],
        redirectUris: [],
        grants: [],
        scope: [],
        requirePkce: true,
      });
      await store.users.save({ id: 'alice', username: 'alice', name: 'Alice' });
      assert.equal(await store.limits.take('key', 1, 1000, 0).then(({ allowed }) => allowed), true);
      assert.ok((await store.purge(Date.now(), 10)) > 0);
      for (const sql of others) await query(as('oauth_server', 'change me too'), sql);
      assert.equal(await store.clients.find('old-app'), undefined);
      assert.equal(await store.users.find('alice'), undefined);
      await store.close();
    } finally {
      for (const role of ['oauth_server', 'oauth_owner']) {
        await query(owner, `drop owned by ${named(role)} cascade; drop role ${named(role)}`);
      }
    }
  });
});
