// docs/deployment.md: its commands and its SQL do what it says, with a real SQLite and PostgreSQL.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { migrate } from '../../src/store/schema.ts';
import { as, send } from '../helpers/clients.ts';
import { Answers, commandsOf, curlMissing, readBlocks, sh } from '../helpers/document.ts';
import { getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { Person } from '../helpers/http-person.ts';
import { MAIN } from '../helpers/main-file.ts';
import { clusterMissing, createCluster, programs } from '../helpers/postgres.ts';
import {
  directory,
  type Running,
  refusal,
  run,
  running,
  settings,
  spawned,
} from '../helpers/program.ts';
import { manageClient, registerClient } from '../helpers/registering.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const guide = await readFile(join(ROOT, 'docs/deployment.md'), 'utf8');
const seedGuide = await readFile(join(ROOT, 'docs/seed.md'), 'utf8');
/** The first section is about an empty machine: empty-debian.test.ts has that. */
const [, rest = ''] = guide.split('\n## Where the data are\n');
const blocks = readBlocks(rest);
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf);
const statements = blocks
  .filter(({ language }) => language === 'sql')
  .map(({ content }) => content);

/** The clients and the user that the guide speaks of. */
const seed =
  readBlocks(seedGuide).find(({ content }) => content.includes('"clients"'))?.content ?? '';
const WEB = 'notes-web:a-long-random-secret-of-32-characters-or-more';
const JOB = 'nightly-export:another-long-random-secret-of-32-characters-or-more';
const CALLBACK = 'https://notes.example.com/callback';

const ran = new Set<string>();

/** The one command or block of SQL in the guide that matches; what is shown in it has been run. */
function shown(pattern: RegExp): string {
  const found = [...new Set([...commands, ...statements])].filter((text) => pattern.test(text));
  assert.equal(found.length, 1, `${pattern} is in the guide once: ${found.join('\n')}`);
  ran.add(found[0]!);
  return found[0]!;
}

/** A simulated machine: folders, a port, and the values for `<secret>` and the like. */
async function machine() {
  const home = mkdtempSync(join(directory, 'machine-'));
  for (const name of ['srv', 'lib', 'backups']) mkdirSync(join(home, name));
  const { PORT = '', SHUTDOWN_DELAY = '' } = await settings({});
  const answers = new Answers();
  const hosts = new Map([
    ['/var/lib/oauth', join(home, 'lib')],
    ['/var/backups', join(home, 'backups')],
    ['localhost:4001', `localhost:${PORT}`],
  ]);
  /** A text of the guide, for this machine. */
  const here = (text: string) => {
    let changed = answers.fillIn(text);
    for (const [there, instead] of hosts) changed = changed.replaceAll(there, instead);
    return changed;
  };
  const secret = await sh(shown(/randomBytes/), home);
  answers.values.set('secret', secret.trim());

  const [settingsShown] = blocks.filter(({ content }) => content.startsWith('NODE_ENV='));
  writeFileSync(join(home, 'srv/seed.json'), seed);
  writeFileSync(join(home, 'srv/.env'), here(settingsShown!.content));

  /** The settings that a command starts with, `NAME=value`. */
  const settingsOf = (command: string) =>
    Object.fromEntries([...command.matchAll(/([A-Z_]+)=(\S+) /g)].map(([, a, b]) => [a, b]));
  const npm = (command: string) => {
    const text = here(command);
    const verb = text.endsWith('npm run migrate') ? 'migrate' : undefined;
    return run({ PORT, SHUTDOWN_DELAY, ...settingsOf(text) }, verb, { cwd: join(home, 'srv') });
  };
  return {
    home,
    answers,
    hosts,
    here,
    async migrate(command: RegExp): Promise<void> {
      const migration = npm(shown(command));
      assert.equal(await migration.exit, 0, migration.stderr);
    },
    async start(command: RegExp): Promise<Running> {
      const server = await running(npm(shown(command)), { PORT });
      // It is behind a proxy for everybody else.
      return Object.assign(server, { issuer: server.origin });
    },
    /** Runs a command, with the settings that the server starts with. @returns what it prints */
    async command(text: string, start: RegExp): Promise<string> {
      const words = text.replace('npm run cli -- ', '').split(' ');
      const env = { PORT, SHUTDOWN_DELAY, ...settingsOf(here(shown(start))) };
      const cwd = join(home, 'srv');
      const command = spawned([process.execPath, MAIN, ...words], env, { cwd });
      assert.equal(await command.exit, 0, `${text}: ${command.stderr}`);
      return command.stdout;
    },
    refused: (command: RegExp) => refusal(npm(shown(command))),
    sh: (command: RegExp) => sh(here(shown(command)), home, programs() ?? '.'),
    /** A backup has hashes of passwords, and who may do what. */
    isForItsOwnerAlone(backup: string) {
      const { mode } = statSync(join(home, 'backups', backup));
      assert.equal(mode & 0o777, 0o600, backup);
    },
  };
}

type Machine = Awaited<ReturnType<typeof machine>>;

/** Maria signs in and allows what an app asks for. */
async function signIn(server: Running) {
  const { verifier, challenge } = pkce();
  const person = new Person(server);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'notes-web',
    redirect_uri: CALLBACK,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const url = `/oauth/authorize?${query}`;
  const code = (await person.allow(url, 'maria', 'caterpillar')).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
  const { status, json } = await requestToken(server, form, WEB);
  assert.equal(status, 200);
  const isSignedIn = async () => (await person.visit('/login')).text.includes('You are signed in');
  return { ...(json as { access_token: string; refresh_token: string }), isSignedIn, person, url };
}

const refresh = (server: Running, refresh_token: string) =>
  requestToken(server, { grant_type: 'refresh_token', refresh_token }, WEB);
const issue = async (server: Running) =>
  (await requestToken(server, { grant_type: 'client_credentials' }, JOB)).json.access_token;
const isGood = async (server: Running, token: string) =>
  (await getSecret(server, token)).status === 200;

/** Where a password link leads to, on the machine itself. */
const linkIn = (printed: string) =>
  (/https:\/\/\S+/.exec(printed)?.[0] ?? '').replace('https://auth.example.com', '');

/** One database of a machine: how its SQL is run, and the commands that belong to it. */
interface Kept {
  readonly machine: Machine;
  readonly start: RegExp;
  sql(block: string): Promise<unknown>;
}

/** What a restore brings back, and what the SQL of the guide does about it. */
async function goesBack(
  { machine, start, sql }: Kept,
  backUp: () => Promise<unknown>,
  restore: () => Promise<unknown>,
): Promise<void> {
  let server = await machine.start(start);
  const before = await signIn(server);
  const revoked = await issue(server);
  const command = (pattern: RegExp) => machine.command(shown(pattern), start);
  const link = linkIn(await command(/user reset-link/));
  const isLinkGood = async () => (await before.person.visit(link)).status === 200;
  await backUp();
  assert.equal(await isLinkGood(), true);
  const { refresh_token: successor } = (await refresh(server, before.refresh_token)).json;
  assert.equal((await refresh(server, successor)).status, 200);
  await send(server, 'revoke', { token: revoked }, as(JOB));
  const page = await before.person.visit('/logout');
  const cookies = new Map(before.person.cookies);
  await before.person.submit(page, {});
  assert.equal(await before.isSignedIn(), false);
  const later = await signIn(server);
  await command(/grant revoke --user/);
  await command(/user disable/);
  await command(/user delete/);
  assert.equal(await isLinkGood(), false);
  await server.stop();

  await restore();
  server = await machine.start(start);
  assert.equal(await isLinkGood(), true);
  // A thief's word would be as good as theirs.
  assert.equal(await isGood(server, revoked), true);
  assert.equal((await refresh(server, before.refresh_token)).status, 200);
  assert.equal((await refresh(server, later.refresh_token)).status, 400);
  before.person.cookies.clear();
  for (const [name, value] of cookies) before.person.cookies.set(name, value);
  assert.equal(await before.isSignedIn(), true);
  await server.stop();

  await restore();
  await sql(shown(/^delete from oauth_grants;\ndelete from oauth_access_tokens;/));
  server = await machine.start(start);
  assert.equal(await isLinkGood(), false);
  for (const token of [revoked, before.access_token, later.access_token]) {
    assert.equal(await isGood(server, token), false);
  }
  for (const { refresh_token } of [before, later]) {
    assert.equal((await refresh(server, refresh_token)).status, 400);
  }
  assert.equal(await before.isSignedIn(), false);
  // A consent that was withdrawn since is remembered, of a person who was removed since, and all else goes on.
  const again = await before.person.visit(before.url);
  const back = await before.person.signIn(again, 'maria', 'caterpillar');
  assert.ok(back.location.startsWith(`${CALLBACK}?code=`), back.text);
  assert.equal(await isGood(server, await issue(server)), true);
  await server.stop();
}

/** A forgotten password, a person who is shut out, removing a client and a person, a new secret. */
async function isAdministered({ machine, start, sql }: Kept): Promise<void> {
  let server = await machine.start(start);
  const command = (pattern: RegExp) => machine.command(shown(pattern), start);
  const held = await signIn(server);
  const link = linkIn(await command(/user reset-link/));
  const fresh = 'a caterpillar becomes a moth';
  const page = await held.person.visit(link);
  await held.person.submit(page, { new_password: fresh, new_password_again: fresh });
  assert.equal(await held.isSignedIn(), false);
  const signInAgain = async (password: string) =>
    (await held.person.signIn(await held.person.visit('/login'), 'maria', password)).status;
  assert.equal(await signInAgain('caterpillar'), 400);
  await signInAgain(fresh);
  assert.equal(await held.isSignedIn(), true);

  await command(/user disable/);
  assert.equal(await held.isSignedIn(), false);
  assert.equal(await isGood(server, held.access_token), false);
  await command(/user enable/);
  await signInAgain(fresh);
  assert.equal(await held.isSignedIn(), true);

  await command(/user delete/);
  assert.equal(await held.isSignedIn(), false);
  const token = await requestToken(server, { grant_type: 'client_credentials' }, WEB);
  assert.equal(token.json.error, 'unauthorized_client');
  await command(/client delete/);
  const gone = await requestToken(server, { grant_type: 'client_credentials' }, WEB);
  assert.equal(gone.json.error, 'invalid_client');
  await server.stop();

  server = await machine.start(start);
  const still = await requestToken(server, { grant_type: 'client_credentials' }, WEB);
  assert.equal(still.json.error, 'invalid_client', 'it does not come back with the seed');
  await machine.command('npm run cli -- seed apply --yes', start);
  const cut = await signIn(server);
  await command(/grant revoke --user/);
  assert.equal(await isGood(server, cut.access_token), false);
  assert.equal((await refresh(server, cut.refresh_token)).status, 400);
  const second = await signIn(server);
  await command(/client rotate-secret/);
  await command(/grant revoke --client/);
  await command(/token revoke --client/);
  // Its secret is that of the file again.
  await machine.command('npm run cli -- seed apply --yes', start);
  assert.equal(await isGood(server, second.access_token), false);
  assert.equal((await refresh(server, second.refresh_token)).status, 400);
  const later = await signIn(server);
  const own = await issue(server);
  await server.stop();
  const env = join(machine.home, 'srv/.env');
  appendFileSync(env, '\nACCESS_TOKEN_FORMAT=jwt\nREGISTRATION=open\n');
  server = await machine.start(start);
  // Its URL is that of the proxy.
  const registered = (await registerClient(server)).json;
  const manages = async () => {
    const path = new URL(registered.registration_client_uri).pathname;
    const url = `${server.origin}${path}`;
    return (await manageClient({ ...registered, registration_client_uri: url }, 'GET')).status;
  };
  assert.equal(await manages(), 200);
  const jwt = await issue(server);
  assert.equal(await isGood(server, jwt), true);
  await server.stop();
  const secret = machine.answers.values.get('secret')!;
  writeFileSync(env, (await readFile(env, 'utf8')).replace(secret, `${secret}-changed`));
  assert.match(await machine.refused(start), /encrypted under another SESSION_SECRET/);
  await sql(shown(/^delete from oauth_keys;\n/));
  assert.equal(await machine.command('npm run cli -- session list --json', start), '[]\n');
  await command(/drop-registration-access-token/);
  server = await machine.start(start);
  assert.equal(await manages(), 401);
  for (const token of [later.access_token, own, jwt]) {
    assert.equal(await isGood(server, token), false);
  }
  assert.equal((await refresh(server, later.refresh_token)).status, 400);
  assert.equal(await later.isSignedIn(), false);
  // A consent that was withdrawn since is remembered, of a person who was removed since, and all else goes on.
  const again = await later.person.visit(later.url);
  const back = await later.person.signIn(again, 'maria', 'caterpillar');
  assert.ok(back.location.startsWith(`${CALLBACK}?code=`), back.text);
  assert.equal(await isGood(server, await issue(server)), true);
  await server.stop();
}

/** What a release does with the tables of the next, which has only added to them. */
async function isUpgraded({ machine, start, sql }: Kept): Promise<void> {
  const server = await machine.start(start);
  await sql('alter table oauth_users add column phone text');
  await sql('create table oauth_devices (id text primary key)');
  await sql('update oauth_schema set version = version + 1');
  const { refresh_token } = await signIn(server);
  assert.equal((await refresh(server, refresh_token)).status, 200);
  await server.stop();
  assert.match(await machine.refused(start), /of version \d+, made by a newer release/);
}

const options = { timeout: 180_000 };

describe('the guide to deployment, with SQLite', options, async () => {
  const here = await machine();
  const path = join(here.home, 'lib/oauth.db');
  const kept: Kept = {
    machine: here,
    start: /^npm start$/,
    async sql(block) {
      const file = new DatabaseSync(path, { timeout: 5000 });
      file.exec(block);
      file.close();
    },
  };
  const MIGRATE = /^npm run migrate$/;

  it('installs what is needed and no more: src/ imports nothing else', async () => {
    shown(/^npm ci --omit=dev$/);
    const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const files = await readdir(join(ROOT, 'src'), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = await readFile(join(ROOT, 'src', file), 'utf8');
      for (const [, name = ''] of source.matchAll(
        /(?:^(?:import|export|\}).* from |^import |\bimport\()\s*'([^.'][^']*)'/gm,
      )) {
        const [packageName] = /^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [];
        assert.ok(
          name.startsWith('node:') || packageName! in dependencies,
          `${file} imports ${name}`,
        );
      }
    }
  });

  it('refuses to start before the tables are made, and starts afterwards', async () => {
    assert.match(
      await here.refused(/^npm start$/),
      /^There is no database at .*, run: npm run migrate \(or npx [^)]+\)\n$/,
    );
    await here.migrate(MIGRATE);
    const server = await here.start(/^npm start$/);
    assert.match(server.stdout, /is running at https:\/\/auth\.example\.com\n/);
    await server.stop();
  });

  it('says what /health answers', { skip: curlMissing() }, async () => {
    const server = await here.start(/^npm start$/);
    const block = blocks.find(({ content }) => content.startsWith('curl'))!;
    here.answers.compareCurl(shown(/^curl/), await here.sh(/^curl/), block);
    await server.stop();
  });

  const restore = async () => {
    await here.sh(/^rm -f/);
    await here.sh(/^install/);
    await here.migrate(MIGRATE);
  };

  it('backs up a database in use with sqlite3, and says what a restore brings back', async (t) => {
    try {
      execFileSync('sqlite3', ['--version']);
    } catch {
      // `npm test` installs it where it may, which it may on CI.
      assert.ok(!process.env['CI'], 'the guide needs sqlite3');
      shown(/ sqlite3 /);
      return t.skip('no sqlite3 found');
    }
    await goesBack(kept, () => here.sh(/ sqlite3 /), restore);
    here.isForItsOwnerAlone('oauth.db');
    await assert.rejects(here.sh(/ sqlite3 /), /already exists/);
  });

  it('backs it up with Node alone', async () => {
    const backups = join(here.home, 'backups');
    await goesBack(
      kept,
      () => here.sh(/ node -e .*vacuum/),
      async () => {
        here.isForItsOwnerAlone('oauth-by-node.db');
        copyFileSync(join(backups, 'oauth-by-node.db'), join(backups, 'oauth.db'));
        await restore();
      },
    );
  });

  it('says how to remove and change clients, users, passwords and the secret', () =>
    isAdministered(kept));

  it('says what a release does with the tables of the next', () => isUpgraded(kept));
});

describe('the guide to deployment, with PostgreSQL', {
  ...options,
  skip: clusterMissing(),
}, async () => {
  const rules = join(directory, 'pg_hba.conf');
  writeFileSync(
    rules,
    'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  const cluster = await createCluster({ hba_file: rules });
  after(() => cluster.remove());
  const here = await machine();
  let at = new URL(cluster.url);
  here.hosts.set('db.example.com:5432', at.host);
  here.answers.values.set('owner_password', 'of-the-owner');
  here.answers.values.set('server_password', 'of-the-server');

  async function runAs(username: string, database: string, sql: string): Promise<unknown> {
    const password = here.answers.values.get(`${username.slice(6)}_password`) ?? '';
    const url = Object.assign(new URL(at), { username, password, pathname: database });
    const client = new pg.Client(url.href);
    await client.connect();
    try {
      return await client.query(here.here(sql));
    } finally {
      await client.end();
    }
  }

  const MIGRATE = /oauth_owner.* npm run migrate$/;
  const kept: Kept = {
    machine: here,
    start: /oauth_server.* npm start$/,
    sql: (block) => runAs('oauth_owner', 'oauth', block),
  };

  async function createRoles(): Promise<void> {
    for (const statement of shown(/^create role/)
      .split(/(?<=;)\n/)
      .filter(Boolean)) {
      await runAs('postgres', 'postgres', statement);
    }
    await kept.sql(shown(/default privileges/));
  }

  const restore = async () => {
    await here.sh(/drop owned/);
    await here.sh(/pg_restore/);
    await here.migrate(MIGRATE);
  };

  it('makes two roles, of which the one that serves may not change a table', async () => {
    await createRoles();
    await here.migrate(MIGRATE);
    const server = await here.start(kept.start);
    const { refresh_token, person } = await signIn(server);
    assert.equal((await refresh(server, refresh_token)).status, 200);
    await person.submit(await person.visit('/logout'), {});
    await server.stop();
    for (const change of [
      'create table oauth_more (id text)',
      'alter table oauth_keys add column more text',
      'drop table oauth_keys',
      'truncate oauth_keys',
    ]) {
      const refused = { code: '42501' };
      await assert.rejects(runAs('oauth_server', 'oauth', change), refused, change);
    }
  });

  it('has SQL that PostgreSQL takes, for a busy server and for PgBouncer', async () => {
    await kept.sql(shown(/autovacuum/));
    await runAs('postgres', 'oauth', shown(/^alter role oauth_server set statement_timeout/));
  });

  it('backs up a database in use, and says what a restore brings back', async () => {
    await goesBack(
      kept,
      () => here.sh(/pg_dump/),
      async () => {
        here.isForItsOwnerAlone('oauth.dump');
        await restore();
      },
    );
  });

  it('goes back to the release before by the backup, and later forward again', async () => {
    await here.sh(/pg_dump/);
    const url = new URL(at);
    Object.assign(url, { username: 'oauth_owner', password: 'of-the-owner', pathname: 'oauth' });
    const upgrade = async () => {
      const db = postgresDatabase(url.href);
      try {
        const [now] = await db.query('select version from oauth_schema');
        const old = Array.from({ length: Number(now?.['version']) }, () => []);
        const statements = [
          'create table oauth_extra (id text primary key)',
          'alter table oauth_users add column extra text',
        ];
        const migrations = [...old, statements].map((all, index) => ({
          version: index + 1,
          statements: all,
        }));
        return await migrate(db, migrations);
      } finally {
        await db.close();
      }
    };
    const { from, to } = await upgrade();
    assert.match(await here.refused(kept.start), /made by a newer release/);
    await restore();
    const server = await here.start(kept.start);
    assert.ok((await signIn(server)).access_token);
    await server.stop();
    assert.deepEqual(await upgrade(), { from, to });
    await restore();
  });

  it('restores the backup on another cluster, once that has the roles and the database', async () => {
    const other = await createCluster({ hba_file: rules });
    const before = at;
    const moveTo = (url: URL) => {
      at = url;
      here.hosts.set('db.example.com:5432', url.host);
    };
    moveTo(new URL(other.url));
    await assert.rejects(here.sh(/pg_restore/));
    await createRoles();
    await here.sh(/pg_restore/);
    await here.migrate(MIGRATE);
    const server = await here.start(kept.start);
    assert.ok((await signIn(server)).access_token);
    await server.stop();
    moveTo(before);
    await other.remove();
  });

  it('says how to remove and change clients, users, passwords and the secret', () =>
    isAdministered(kept));

  it('says what a release does with the tables of the next', () => isUpgraded(kept));
});

describe('the guide to deployment', () => {
  it('has no command and no SQL in it that was not run', {
    skip: clusterMissing() || curlMissing(),
  }, () => {
    assert.deepEqual(
      [...commands, ...statements].filter((text) => !ran.has(text)),
      [],
    );
  });

  it('has no block in another language that is a command', () => {
    for (const { language, content } of blocks) {
      assert.ok(['sh', 'sql', 'ini', 'http', 'nginx', 'caddy'].includes(language), language);
      if (language !== 'sh') assert.doesNotMatch(content, /^(?:\$ )?(?:npm|npx|curl|node) /m);
    }
  });
});
