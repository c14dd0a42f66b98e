// migrate, purge, config and registration-token.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { aClient, aCode, aGrant, aUser } from '../../src/store-contract/records.ts';
import { commandLine } from '../helpers/commands.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { directory, settings, startProgram } from '../helpers/program.ts';
import { bearer, registerClient } from '../helpers/registering.ts';
import { look } from '../helpers/sql.ts';

describe('migrate', () => {
  it('makes the tables once, and tells who did it', async () => {
    const cli = await commandLine({ DATABASE_URL: freshSqlite(), LOG_LEVEL: 'info' });
    const first = await cli('migrate --operator olga');
    assert.equal(
      first.stdout,
      'The tables of the database are of version 1 now; they were of version 0.\n',
    );
    const { operator, command } = JSON.parse(first.stderr);
    assert.deepEqual([operator, command], ['olga', 'migrate']);
    const second = await cli('migrate');
    assert.equal(second.stderr, '');
    assert.equal(second.stdout, 'The tables of the database are of version 1 already.\n');
    assert.deepEqual((await cli('migrate --json')).json, { from: 1, to: 1 });
  });

  it('needs DATABASE_URL', async () => {
    const cli = await commandLine({ DATABASE_URL: '' });
    const { code, stderr } = await cli('migrate');
    assert.equal(code, 1);
    assert.match(stderr, /^DATABASE_URL is missing\. Set it to the database whose tables/);
  });
});

describe('purge', () => {
  it('forgets all that has expired, however much it is, and says how much', async () => {
    const cli = await commandLine();
    const store = await openStore(cli.env['DATABASE_URL']!);
    for (let at = 0; at < 1500; at += 1) await store.replays.claim('jti', `${at}`, 1000, 0);
    await store.close();
    assert.equal((await cli('purge')).stdout, '1500 records were forgotten.\n');
    assert.deepEqual((await cli('purge --json')).json, { forgotten: 0 });
  });
});

describe('a command on PostgreSQL', { skip: postgresMissing() }, () => {
  // As it is of a client that a million people have allowed something.
  it('ends all that there is, however long a statement takes, and says what to set if it may not', async () => {
    const url = await freshPostgres();
    const cli = await commandLine({ DATABASE_URL: url });
    await cli('migrate');
    const store = await openStore(url);
    const [client, user] = [aClient(), aUser()];
    const ids = { clientId: client.id, userId: user.id };
    const grants = [aGrant(ids), aGrant(ids), aGrant(ids)];
    const opened = async () => {
      await store.clients.save(client);
      await store.users.save(user);
      for (const grant of grants) await store.codes.save(aCode(grant), grant);
    };
    const takesLong = (when: string) =>
      look(
        url,
        `create or replace function takes_long() returns trigger language plpgsql as $$ begin
          if ${when} then raise exception 'canceling statement due to statement timeout'
            using errcode = '57014'; end if;
          return old; end $$;
        create or replace trigger takes_long before delete on oauth_grants
          for each row execute function takes_long()`,
      );
    const commands = [
      `grant revoke --yes ${grants[0]!.id}`,
      `user delete --yes ${user.id}`,
      `client delete --yes ${client.id}`,
    ];
    await opened();
    await takesLong('true');
    for (const command of commands) {
      const { code, stderr } = await cli(command);
      assert.equal(code, 1, command);
      assert.match(
        stderr,
        /statement timeout\. .* alter role \S+ set statement_timeout = 0/,
        command,
      );
    }
    await takesLong("current_setting('statement_timeout') <> '0'");
    await assert.rejects(store.clients.remove(client.id), /statement timeout$/);
    for (const command of commands) {
      await opened();
      const { code, stderr } = await cli(command);
      assert.equal(code, 0, stderr);
    }
    await store.close();
  });
});

describe('config', () => {
  it('shows what is in force, and where it comes from, without a secret', async () => {
    const cli = await commandLine({ DATABASE_URL: 'postgres://keeper:pass-word@db:5432/oauth' });
    const how = { env: { PORT: '5000', BRAND: 'Ours' }, fromFile: ['BRAND', 'DATABASE_URL'] };
    const { json, code, stdout } = await cli('config --json', how);
    assert.equal(code, 0);
    const of = (name: string) => json.find((one: { name: string }) => one.name === name);
    assert.deepEqual(of('PORT'), { name: 'PORT', value: '5000', from: 'environment' });
    assert.deepEqual(of('BRAND'), { name: 'BRAND', value: 'Ours', from: '.env' });
    assert.deepEqual(of('ISSUER'), {
      name: 'ISSUER',
      value: 'http://localhost:5000',
      from: 'default',
    });
    assert.deepEqual(of('ACCESS_TOKEN_TTL').from, 'default');
    assert.equal(of('DATABASE_URL').value, 'postgres://keeper:***@db:5432/oauth');
    assert.equal(of('SESSION_SECRET').value, '***');
    assert.ok(!stdout.includes('pass-word') && !stdout.includes(cli.env['SESSION_SECRET']!));
    const table = await cli('config', how);
    assert.match(table.stdout, /^PORT +environment +5000$/m);
  });

  it('says what a start would say of the seed file, its scopes and the host', async () => {
    const cli = await commandLine();
    const SEED_FILE = join(directory, 'config-seed.json');
    const said = async (env: Record<string, string>) => {
      const { code, stdout, stderr } = await cli('config', { env });
      assert.match(stdout, /^SEED_FILE /m);
      assert.equal(code, stderr === '' ? 0 : 1);
      return stderr.replace('The settings are not right:\n', '');
    };
    assert.equal(
      await said({ SEED_FILE: '/nowhere.json', HOST: '192.0.2.1' }),
      '  - SEED_FILE: /nowhere.json cannot be read: there is no such file (ENOENT)\n  - 192.0.2.1 is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.\n',
    );
    await writeFile(SEED_FILE, JSON.stringify({ users: [{ username: 'mallory' }] }));
    assert.match(
      await said({ SEED_FILE }),
      /^ {2}- .*config-seed\.json cannot be used:\n {4}- users\[0\] \(mallory\) needs either/,
    );
    await writeFile(SEED_FILE, JSON.stringify({ scopes: { read: 'Read' } }));
    assert.match(
      await said({ SEED_FILE, SELF_REGISTERED_SCOPES: 'read foo' }),
      /^ {2}- SELF_REGISTERED_SCOPES has foo, which the seed does not have\./,
    );
    assert.equal(await said({ SEED_FILE, SELF_REGISTERED_SCOPES: 'read', HOST: 'localhost' }), '');
  });

  it('knows every setting that there is', async () => {
    const { readFile } = await import('node:fs/promises');
    const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
    const names = [...example.matchAll(/^# ?([A-Z_]+)=/gm)].map(([, name]) => name);
    const cli = await commandLine();
    const { json } = await cli('config --json');
    assert.ok(names.length > 20);
    assert.deepEqual(
      json.map((one: { name: string }) => one.name),
      [...new Set(names)].sort(),
    );
  });

  it('shows what is wrong, and does not show what may be a password', async () => {
    const cli = await commandLine({ DATABASE_URL: 'nowhere:pass-word' });
    const { code, stdout, stderr } = await cli('config', {
      env: { PORT: 'x', DATABSE_URL: 'y', OPERATOR: 'olga', FOREIGN: 'z' },
      fromFile: ['DATABSE_URL', 'OPERATOR', 'FOREIGN'],
    });
    assert.equal(code, 1);
    assert.match(stderr, /^The settings are not right:\n/);
    assert.match(stderr, /- PORT is "x"\. Set it to/);
    assert.match(stderr, /- DATABASE_URL /);
    assert.match(
      stderr,
      /- DATABSE_URL in \.env is no setting of the server\. Did you mean DATABASE_URL\?/,
    );
    assert.doesNotMatch(stderr, /FOREIGN|OPERATOR/);
    assert.match(stdout, /^DATABASE_URL +environment/m);
    assert.ok(!`${stdout}${stderr}`.includes('pass-word'));
  });
});

describe('registration-token', () => {
  const APP = { redirect_uris: ['https://app.example/cb'] };

  it('makes tokens that a running server takes, lists them and ends them', async () => {
    const cli = await commandLine({ REGISTRATION: 'token' });
    const server = await startProgram(await settings({ ...cli.env, DEMO: 'off' }));
    const registers = async (token: string) =>
      (await registerClient(server, APP, bearer(token))).status;
    const made = await cli(['registration-token', 'create', '--uses', '2', '--ttl', '60']);
    assert.match(made.stdout, /^[\w-]{43}\n$/);
    assert.equal(await registers(made.stdout.trim()), 201);
    const metadata = '{"client_uri": "https://app.example"}';
    const other = await cli(['registration-token', 'create', '--metadata', metadata, '--json']);
    const { json } = await cli('registration-token list --json');
    const own = json.find((one: { key: string }) => one.key === other.json.key);
    assert.deepEqual(own.metadata, { client_uri: 'https://app.example' });
    assert.equal(json.length, 2);
    assert.ok(json.every((one: { uses: number }) => one.uses === 1));
    assert.match(
      (await cli('registration-token list')).stdout,
      /^key +uses +expires_at +metadata\n/,
    );
    const mistyped = `${other.json.key.slice(0, -1)}.`;
    const unknown = await cli(`registration-token revoke ${mistyped}`);
    assert.equal(unknown.code, 1);
    assert.equal(
      unknown.stderr,
      `There is no registration token ${mistyped}. Did you mean ${other.json.key}?\n`,
    );
    const revoked = await cli(`registration-token revoke ${other.json.key} --json`);
    assert.deepEqual(revoked.json, { key: other.json.key, revoked: true });
    assert.equal(await registers(other.json.token), 401);
    assert.equal(await registers(made.stdout.trim()), 201);
    assert.deepEqual((await cli('registration-token list --json')).json, []);
    await server.stop();
  });

  const refused: [
    name: string,
    settings: Record<string, string>,
    typed: string[],
    code: number,
    message: RegExp,
  ][] = [
    ['where nobody may register', { REGISTRATION: 'off' }, [], 1, /^REGISTRATION is off\. Set it/],
    ['with a setting that is wrong', { REGISTRATION: 'all' }, [], 1, /REGISTRATION is "all"/],
    ['for no client', {}, ['--uses', '0'], 2, /uses .* whole number of clients from 1/],
    ['for a number that is none', {}, ['--uses', 'many'], 2, /uses .* whole number of clients/],
    ['for no time', {}, ['--ttl', '0'], 2, /ttl .* whole number of seconds/],
    [
      'with metadata that are no JSON',
      {},
      ['--metadata', '{'],
      2,
      /--metadata is no object of JSON/,
    ],
    [
      'with metadata that are wrong',
      {},
      ['--metadata', '{"scope":5}'],
      2,
      /scope must be a string/,
    ],
    [
      'with a field that there is not',
      {},
      ['--metadata', '{"scop":"a"}'],
      2,
      /Did you mean scope\?/,
    ],
    ['with an option that there is not', {}, ['--times', '5'], 2, /^Unknown option '--times'/],
  ];
  for (const [name, env, typed, code, message] of refused) {
    it(`create says what to do ${name}`, async () => {
      const cli = await commandLine({ REGISTRATION: 'token', ...env });
      const done = await cli(['registration-token', 'create', ...typed]);
      assert.deepEqual([done.code, done.stdout], [code, '']);
      assert.match(done.stderr, message);
      assert.doesNotMatch(done.stderr, /create\(\)/, 'no word of the code');
    });
  }
});
