// The frame of the commands: what is typed, what is said, and how a command ends.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { emptyPostgres, freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { MAIN } from '../helpers/main-file.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { directory, SECRET, spawned } from '../helpers/program.ts';

describe('the command line', () => {
  let cli: CommandLine;
  before(async () => {
    cli = await commandLine();
  });

  it('has a --help by which a newcomer finds the way', async () => {
    for (const typed of ['--help', '-h', 'help']) {
      const { code, stdout, stderr } = await cli(typed);
      assert.deepEqual([code, stderr], [0, '']);
      for (const word of ['client', 'registration-token', 'config', 'migrate', 'purge']) {
        assert.match(stdout, new RegExp(`^  ${word} `, 'm'));
      }
      assert.match(stdout, /DATABASE_URL/);
      assert.match(stdout, /\.env/);
      const codes = /Exit codes:\n((?: {2}\d {2}\w.*\n)*)/.exec(stdout)?.[1] ?? '';
      assert.deepEqual(codes.match(/^ {2}\d/gm), ['  0', '  1', '  2', '  3', '  4']);
      assert.match(stdout, /Examples:\n {2}express-authorization-server client create /);
    }
  });

  it('tells who ran what at every LOG_LEVEL but silent', async () => {
    for (const LOG_LEVEL of ['debug', 'info', 'warn', 'error']) {
      const created = `client create --id of-${LOG_LEVEL} --public --redirect-uri https://a.example/cb`;
      const { stderr } = await cli(created, { env: { LOG_LEVEL } });
      const runs = stderr.split('\n').filter((line) => line.includes('"msg":"command_run"'));
      assert.equal(runs.length, 1, LOG_LEVEL);
      assert.equal(JSON.parse(runs[0]!).clientId, `of-${LOG_LEVEL}`);
    }
    const silent = await cli('client delete of-info --yes', { env: { LOG_LEVEL: 'silent' } });
    assert.deepEqual([silent.code, silent.stderr], [0, '']);
  });

  it('has an example, --json and --operator in the --help of every command', async () => {
    const found: string[] = ['config', 'migrate', 'purge'];
    const { stdout: all } = await cli('--help');
    const nouns = [...all.split('The server itself:')[0]!.matchAll(/^ {2}([a-z-]+) {2}/gm)];
    assert.equal(nouns.length, 10);
    for (const [, noun] of nouns) {
      const { stdout } = await cli(`${noun} --help`);
      assert.match(stdout, /^Usage: .*\n\n[a-z]/, `${noun} begins in lower case`);
      const commands = stdout.split('Commands:\n')[1]!;
      for (const [, name] of commands.matchAll(/^ {2}([\w-]+)/gm)) found.push(`${noun} ${name}`);
    }
    assert.equal(found.length, 40);
    for (const words of found) {
      const { stdout, code } = await cli(`${words} --help`);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\n  express-authorization-server ${words}`), words);
      assert.match(stdout, /^Usage: .*\n\n[a-z]/, `${words} begins in lower case`);
      assert.match(stdout, /--json/);
      assert.match(stdout, /--operator <name>/);
    }
  });

  it('shows the help of a command of a noun, asked for in either way', async () => {
    for (const words of ['client create', 'user', 'purge']) {
      const { code, stdout } = await cli(`help ${words}`);
      assert.deepEqual([code, stdout], [0, (await cli(`${words} --help`)).stdout]);
    }
    assert.equal((await cli('help clint')).code, 2);
  });

  it('takes an id that begins with a dash after --, and says so', async () => {
    const made = await cli('client create --id -abcdefgh --redirect-uri https://a.example/cb');
    assert.equal(made.code, 0, made.stderr);
    const { code, stderr } = await cli('client show -abcdefgh');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^Unknown option '-abcdefgh'\n\(if that is an id, put -- before it, and options before that\)\n/,
    );
    assert.equal((await cli('client show --json -- -abcdefgh')).json.client_id, '-abcdefgh');
  });

  it('says which release it is', async () => {
    for (const typed of ['--version', '-V'])
      assert.match((await cli(typed)).stdout, /^\d+\.\d+\.\d+/);
  });

  const wrong: [typed: string | string[], message: RegExp][] = [
    [
      'clint',
      /^Unknown command 'clint'\n\(Did you mean client\?\)\n\(--help says what there is\)\n$/,
    ],
    ['client lst', /^Unknown command 'lst'\n\(Did you mean list\?\)/],
    ['client show ', /^An argument is empty/],
    ['user disable ', /^An argument is empty/],
    [['grant', 'list', '--user', ''], /^An argument is empty/],
    ['client list --jsn', /^Unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['client show -6V4ycz', /^Unknown option '-6V4ycz'\n\(if that is an id, put -- before it/],
    ['client list more', /^Too many arguments/],
    ['client show', /^Missing required argument 'id'/],
    ['client', /^Usage: express-authorization-server client /],
    ['migrate \u001b[2J', /^Too many arguments/],
  ];
  for (const [typed, message] of wrong) {
    it(`says what is wrong with: ${JSON.stringify(typed)}`, async () => {
      const { code, stdout, stderr } = await cli(typed);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.ok(!stderr.includes('\u001b'));
    });
  }
});

describe('a command', () => {
  it('without a database says that there is nothing to administer, and what to set', async () => {
    const cli = await commandLine({ DATABASE_URL: '' });
    for (const typed of ['client list', 'purge', 'registration-token list']) {
      const { code, stdout, stderr } = await cli(typed);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(
        stderr,
        /^There is nothing to administer: DATABASE_URL is missing, .* Set it to /,
      );
    }
  });

  it('with settings that are wrong says which', async () => {
    const cli = await commandLine();
    const { code, stderr } = await cli('client list', { env: { PORT: 'x', WORKERS: '0' } });
    assert.equal(code, 1);
    assert.match(stderr, /^The settings are not right:\n {2}- PORT is "x"\..*\n {2}- WORKERS is/);
  });

  it('with another secret than the database has does nothing', async () => {
    const cli = await commandLine();
    await cli('client create --id job --grant client_credentials --scope openid');
    const env = { SESSION_SECRET: `${SECRET}, but another` };
    const { code, stderr } = await cli('client delete job --yes', { env });
    assert.equal(code, 1);
    assert.match(stderr, /another SESSION_SECRET/);
    assert.equal((await cli('client show job')).code, 0);
  });

  it('at a file that is not there says where, and makes neither it nor a folder', async () => {
    const folder = join(directory, 'no-such-folder');
    const cli = await commandLine({ DATABASE_URL: `sqlite:${folder}/oauth.db` });
    for (const typed of ['client list', 'user create dan --no-password', 'purge']) {
      const { code, stdout, stderr } = await cli(typed);
      assert.deepEqual([code, stdout], [1, '']);
      assert.ok(stderr.startsWith(`There is no database at ${folder}/oauth.db, `), stderr);
    }
    assert.equal(existsSync(folder), false);
  });

  it('at tables of another version says what to do', async () => {
    const DATABASE_URL = freshSqlite();
    const cli = await commandLine({ DATABASE_URL });
    const file = DATABASE_URL.slice('sqlite:'.length);
    await mkdir(dirname(file));
    writeFileSync(file, '');
    const older = await cli('client list');
    assert.equal(older.code, 1);
    assert.match(
      older.stderr,
      /of version 0, .* needs version \d+\. Run: npm run migrate \(or npx [^)]+\)\n$/,
    );
    await cli('migrate');
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(DATABASE_URL.slice('sqlite:'.length));
    db.exec('update oauth_schema set version = 99');
    db.close();
    for (const typed of ['client list', 'migrate']) {
      const newer = await cli(typed);
      assert.equal(newer.code, 1);
      assert.match(
        newer.stderr,
        /of version 99, made by a newer release; .* Start the newer release/,
      );
    }
  });

  it('at a database that is away says so, at once', async () => {
    const cli = await commandLine({ DATABASE_URL: 'postgres://a:pass-word@127.0.0.1:1/b' });
    for (const typed of ['client list', 'migrate', 'purge']) {
      const { code, stdout, stderr } = await cli(typed);
      assert.deepEqual([code, stdout], [1, '']);
      assert.equal(
        stderr,
        'The database does not answer as it should: connect ECONNREFUSED 127.0.0.1:1\n',
      );
    }
  });

  it('shows no stack trace, unless somebody wants one', async () => {
    const DATABASE_URL = freshSqlite();
    const cli = await commandLine({ DATABASE_URL });
    await cli('migrate');
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(DATABASE_URL.slice('sqlite:'.length));
    db.exec('drop table oauth_clients');
    db.close();
    const { code, stderr } = await cli('client list');
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'The command failed: no such table: oauth_clients (LOG_LEVEL=debug says more)\n',
    );
    const more = await cli('client list', { env: { LOG_LEVEL: 'debug' } });
    assert.match(more.stderr, /\n {4}at /);
  });
});

describe('a role without privileges', { skip: postgresMissing() }, () => {
  it('is told what to grant, and with that it works', async () => {
    const url = await emptyPostgres();
    const owner = new pg.Client(url);
    await owner.connect();
    const role = `role_${new URL(url).pathname.slice(-8)}`;
    await owner.query(`create role ${role} login`);
    const as = new URL(url);
    as.username = role;
    const cli = await commandLine({ DATABASE_URL: as.href });
    const granted = async (typed: string) => {
      const { code, stderr } = await cli(typed);
      assert.equal(code, 1);
      const [, sql = ''] = /: (grant .*?)(?:\. Or .*)?\n$/.exec(stderr) ?? [];
      assert.match(sql, new RegExp(` to "${role}"$`), stderr);
      await owner.query(sql);
    };
    await granted('client list');
    assert.equal((await cli('client list')).code, 0);
    await owner.query(`drop owned by ${role}`);
    await owner.query(`drop role ${role}`);
    await owner.end();
  });

  it('is told so, too, when it migrates', async () => {
    const url = await freshPostgres();
    const owner = new pg.Client(url);
    await owner.connect();
    const role = `role_${new URL(url).pathname.slice(-8)}`;
    await owner.query(`create role ${role} login`);
    await owner.query('revoke create on schema public from public');
    const as = new URL(url);
    as.username = role;
    const cli = await commandLine({ DATABASE_URL: as.href });
    const { code, stderr } = await cli('migrate');
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `The database does not answer as it should: permission denied for schema public. To let this role make tables, run as the owner of the schema: grant usage, create on schema public to "${role}". Or migrate as a role that may.\n`,
    );
    await owner.query(`grant usage, create on schema public to "${role}"`);
    assert.deepEqual((await cli('migrate --json')).json, { from: 0, to: 1 });
    await owner.query(`drop owned by ${role}`);
    await owner.query(`drop role ${role}`);
    await owner.end();
  });
});

const NO_ROOM =
  'The answer cannot be written to standard output: ENOSPC. What the command changes is changed all the same.\n';

describe('the program', () => {
  it('asks in a terminal, and does nothing unless somebody says yes', {
    skip: !existsSync('/usr/bin/script'),
  }, async () => {
    const DATABASE_URL = freshSqlite();
    const cli = await commandLine({ DATABASE_URL });
    await cli('migrate');
    await cli('client create --id job --grant client_credentials --scope openid');
    const asked = async (typed: string) => {
      const line = `printf '${typed}' | script -qec '${process.execPath} ${MAIN} client delete job' /dev/null`;
      const run = spawned(['bash', '-c', line], { PATH: process.env['PATH']!, ...cli.env });
      return { code: await run.exit, said: run.stdout };
    };
    const no = await asked('no\\n');
    assert.equal(no.code, 1);
    assert.match(no.said, /Nothing was done\./);
    assert.equal((await cli('client show job')).code, 0);
    const yes = await asked('y\\n');
    assert.equal(yes.code, 0);
    assert.match(yes.said, /The client job is removed/);
    assert.equal((await cli('client show job')).code, 1);
  });

  it('says in a line that its answer has no room, with an exit code of its own, and the change is made', {
    skip: !existsSync('/dev/full'),
  }, async () => {
    const cli = await commandLine();
    const typed = async (line: string) => {
      const command = `${process.execPath} ${MAIN} ${line}`;
      const run = spawned(['bash', '-c', command], { PATH: process.env['PATH']!, ...cli.env });
      return { code: await run.exit, said: run.stderr };
    };
    const create = 'client create --grant client_credentials --scope openid';
    for (const [line, code, said] of [
      [`${create} --id job > /dev/full`, 3, NO_ROOM],
      ['--help > /dev/full', 3, NO_ROOM],
      [`${create} --id other > /dev/null 2> /dev/full`, 0, ''],
      ['client show nobody 2> /dev/full', 1, ''],
    ] as const) {
      assert.deepEqual(await typed(line), { code, said }, line);
    }
    for (const id of ['job', 'other']) assert.equal((await cli(`client show ${id}`)).code, 0);
  });

  it('refuses what is not text in UTF-8 on standard input, and what it would have been for', async () => {
    const cli = await commandLine();
    const typed = async (bytes: string) => {
      const command = `printf '${bytes}' | ${process.execPath} ${MAIN} user create dan --password-stdin`;
      const run = spawned(['bash', '-c', command], { PATH: process.env['PATH']!, ...cli.env });
      return { code: await run.exit, said: run.stderr };
    };
    assert.deepEqual(await typed('caf\\xe9 au lait, please'), {
      code: 1,
      said: 'Standard input is not text in UTF-8.\n',
    });
    assert.equal((await cli('user show dan')).code, 1);
    assert.equal((await typed('caf\\xc3\\xa9 au lait, please')).code, 0);
  });

  it('takes the settings from .env, and a reader that has seen enough is no error', async () => {
    const cwd = await mkdtemp(join(directory, 'dot-env-'));
    await mkdir(join(cwd, 'data'));
    const DATABASE_URL = 'sqlite:./data/oauth.db';
    await writeFile(join(cwd, '.env'), `DATABASE_URL=${DATABASE_URL}\nSESSION_SECRET=${SECRET}\n`);
    const { migrateDatabase } = await import('../../src/store/open.ts');
    const url = `sqlite:${cwd}/data/oauth.db`;
    await migrateDatabase(url);
    const store = await openStore(url);
    for (let at = 0; at < 3000; at += 1) {
      await store.clients.save({
        ...{ id: `c${at}`, name: 'N'.repeat(200), secretHashes: [], redirectUris: [], grants: [] },
        ...{ scope: [], requirePkce: true },
      });
    }
    await store.close();
    const run = (line: string, env: Record<string, string> = {}) =>
      spawned(
        ['bash', '-c', `set -o pipefail; ${line}`],
        { PATH: process.env['PATH']!, ...env },
        { cwd },
      );
    const program = `${process.execPath} ${MAIN}`;
    const cut = run(`${program} client list | head -1`);
    assert.equal(await cut.exit, 0, cut.stderr);
    assert.match(cut.stdout, /^client_id +client_name.*\n$/);
    assert.equal(cut.stderr, '');
    const shown = run(`${program} client show c1`, { FORCE_COLOR: '1' });
    assert.equal(await shown.exit, 0);
    const plain = run(`${program} client show c1`, { NO_COLOR: '1' });
    assert.equal(await plain.exit, 0);
    assert.ok(!plain.stdout.includes('\u001b'));
    assert.ok(shown.stdout.includes('\u001b[1mclient_id'), shown.stdout);
  });
});
