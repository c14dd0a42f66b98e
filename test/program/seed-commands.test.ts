// seed diff, seed apply, seed export.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are references of seed files

import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { applySeed, clashesIn } from '../../src/program/apply-seed.ts';
import { readSeed } from '../../src/program/seed.ts';
import { sha256 } from '../../src/protocol/secrets.ts';
import type { AdministrableStore } from '../../src/store/administration.ts';
import { openStore } from '../../src/store/open.ts';
import { HMAC, PUBLIC, SIGNING } from '../helpers/client-entries.ts';
import { commandLine } from '../helpers/commands.ts';
import { quickHash } from '../helpers/passwords.ts';
import { directory, SECRET } from '../helpers/program.ts';
import { seedFields } from '../helpers/seed-fields.ts';

let files = 0;

/** A database that has begun with a seed file, and commands on it. */
async function begun(content: object) {
  files += 1;
  const path = join(directory, `commands-${files}.json`);
  const write = (next: object) => writeFileSync(path, JSON.stringify(next));
  write(content);
  const cli = await commandLine({ SEED_FILE: path });
  const store = (await openStore(cli.env['DATABASE_URL']!)) as AdministrableStore;
  const start = async () => applySeed(store, await readSeed(path), SECRET);
  await start();
  return { cli, store, write, start };
}

const machine = (id: string, fields = {}) => ({
  client_id: id,
  client_secret: `secret-of-${id}`,
  grant_types: ['client_credentials'],
  scope: 'read',
  ...fields,
});

const person = (username: string, fields = {}) => ({
  username,
  password_hash: quickHash('caterpillar'),
  ...fields,
});

const SCOPES = { read: 'Read', write: 'Write' };

/** A file and a database that disagree in every way. */
async function disagreeing() {
  const all = await begun({
    scopes: SCOPES,
    clients: ['same', 'outdated', 'overruled', 'removed', 'unlisted'].map((id) => machine(id)),
    users: ['same-user', 'changed-user', 'removed-user', 'unlisted-user'].map((name) =>
      person(name, { email: `${name}@example.com`, given_name: 'Given' }),
    ),
  });
  const { store, write } = all;
  const overruled = (await store.clients.find('overruled'))!;
  await store.clients.change(overruled, { ...overruled, name: 'By command', source: 'command' });
  await store.clients.remove('removed');
  const changed = (await store.users.find('changed-user'))!;
  const claims = { nickname: 'Nick' };
  await store.users.change(changed, { ...changed, name: 'Changed', email: undefined, claims });
  await store.users.remove('removed-user');
  write({
    scopes: SCOPES,
    clients: [
      machine('same'),
      machine('outdated', { scope: 'read write', client_secret: 'another-secret' }),
      machine('overruled'),
      machine('removed'),
      machine('missing'),
    ],
    users: ['same-user', 'changed-user', 'removed-user', 'missing-user'].map((name) =>
      person(name, { email: `${name}@example.com`, given_name: 'Given' }),
    ),
  });
  return all;
}

describe('seed diff', () => {
  it('shows what differs, field by field, and no secret', async () => {
    const { cli, store } = await disagreeing();
    const { code, stdout, stderr } = await cli('seed diff');
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'The database is not as the seed file says. "seed apply --prune" makes it so; without --prune, what is no longer in the file goes on working.\n',
    );
    assert.equal(
      stdout,
      [
        'client outdated is not up to date: a start changes it',
        '  scope: "read" -> "read write"',
        '  client_secret: "(secret)" -> "(another secret)"',
        'client overruled was changed in the database: a start leaves it alone',
        '  client_name: "By command" -> "overruled"',
        'client removed was removed: a start does not bring it back',
        'client missing is not there yet: a start adds it',
        'user changed-user was changed in the database: a start leaves it alone',
        '  name: "Changed" -> "changed-user"',
        '  nickname: "Nick" -> nothing',
        '  email: nothing -> "changed-user@example.com"',
        '  given_name: nothing -> "Given"',
        'user removed-user was removed: a start does not bring it back',
        'user missing-user is not there yet: a start adds it',
        'client unlisted is no longer in the file: it goes on working',
        'user unlisted-user is no longer in the file: it goes on working',
        '',
      ].join('\n'),
    );
    const { json, code: again } = await cli('seed diff --json');
    assert.equal(again, 1);
    assert.deepEqual(json[0], {
      kind: 'client',
      id: 'outdated',
      state: 'outdated',
      differences: [
        { field: 'scope', from: 'read', to: 'read write' },
        { field: 'client_secret', from: '(secret)', to: '(another secret)' },
      ],
    });
    assert.equal(json.length, 9);
    await store.close();
  });

  it('says what a start refuses, which writes nothing then, and what seed apply cannot do either', async () => {
    const { cli, store, write, start } = await begun({ scopes: SCOPES });
    await cli('user create maria --no-password id=7');
    await cli('user create otto --no-password id=job');
    write({ scopes: SCOPES, clients: [machine('job'), machine('new')], users: [person('maria')] });
    const { stdout, stderr } = await cli('seed diff');
    assert.equal(
      stdout,
      [
        'client job cannot be added, and a start is refused: A user has the id of the client.',
        'client new is not there yet: a start adds it',
        'user maria cannot be added, and a start is refused: The username is taken.',
        '',
      ].join('\n'),
    );
    assert.match(stderr, /"seed apply" makes it so, but for what cannot be added\.\n$/);
    const { json } = await cli('seed diff --json');
    assert.deepEqual(json[0], {
      kind: 'client',
      id: 'job',
      state: 'refused',
      problem: 'A user has the id of the client.',
      differences: [],
    });
    await assert.rejects(start(), /The client job cannot be added.*\n.*The username is taken\.$/);
    assert.equal(await store.clients.find('new'), undefined);
    const applied = await cli('seed apply --yes');
    assert.deepEqual([applied.code, applied.stdout], [1, '1 of 3 done.\n']);
    assert.ok(await store.clients.find('new'));
    await store.close();
  });

  it('has exit code 0 if nothing differs, and says so if there is no file', async () => {
    const { cli, store } = await begun({
      scopes: SCOPES,
      clients: [
        machine('a'),
        machine('b', {
          client_secret: 's'.repeat(32),
          token_endpoint_auth_method: 'client_secret_jwt',
        }),
      ],
      users: [person('maria', { groups: ['a'] })],
    });
    assert.deepEqual(
      [await cli('seed diff'), await cli('seed diff --json')].map(({ code, stdout }) => [
        code,
        stdout,
      ]),
      [
        [0, 'The database is as the seed file says.\n'],
        [0, '[]\n'],
      ],
    );
    const { code, stderr } = await cli('seed diff', { env: { SEED_FILE: '' } });
    assert.equal(code, 1);
    assert.match(stderr, /^SEED_FILE is missing/);
    await store.close();
  });
});

describe('what the seed file has and was removed', () => {
  it('needs no room: somebody else may have the username, or the id, when it is read again', async () => {
    const content = { scopes: SCOPES, clients: [machine('job')], users: [person('maria')] };
    const { cli, store, start } = await begun(content);
    await cli('user delete maria --yes');
    assert.equal((await cli('user create maria --no-password')).code, 0);
    await cli('client delete job --yes');
    assert.equal((await cli('user create other --no-password id=job')).code, 0);
    assert.deepEqual(await clashesIn(store, await readSeed(cli.env['SEED_FILE']!)), []);
    assert.deepEqual((await start()).leftAlone, [
      { kind: 'client', id: 'job' },
      { kind: 'user', id: 'maria' },
    ]);
    await store.close();
  });
});

describe('client drop-secret', () => {
  it("leaves a client the file's that has no old secret", async () => {
    const { cli, store } = await begun({ scopes: SCOPES, clients: [machine('job')], users: [] });
    assert.equal((await cli('client drop-secret job --json')).json.dropped, false);
    assert.equal((await store.clients.find('job'))?.source, 'seed');
    await store.close();
  });
});

describe('seed apply', () => {
  it('asks first, and makes the database what the file says', async () => {
    const { cli, store, start } = await disagreeing();
    for (const how of [{}, { answers: ['n'] }]) {
      assert.equal((await cli('seed apply', how)).code, 1);
      assert.equal((await cli('seed diff --json')).json.length, 9);
    }
    const hash = (await store.users.find('changed-user'))?.passwordHash;
    const applied = await cli('seed apply', { answers: ['y'], env: { LOG_LEVEL: 'info' } });
    assert.equal(applied.code, 0, applied.stderr);
    assert.match(
      applied.stderr,
      /client removed was removed: it comes back[\s\S]*what the seed file says\? \[y\/N\]/,
    );
    assert.doesNotMatch(applied.stderr, /a start/, 'it is about what is done now');
    assert.match(
      applied.stderr,
      /^client unlisted is no longer in the file: it goes on working, unless --prune is given$/m,
    );
    assert.equal(applied.stdout, '7 of 7 done.\n');
    assert.deepEqual(
      (await cli('seed diff --json')).json.map(({ id, state }: Record<string, string>) => [
        id,
        state,
      ]),
      [
        ['unlisted', 'unlisted'],
        ['unlisted-user', 'unlisted'],
      ],
    );
    const clients = ['outdated', 'overruled', 'removed', 'missing'];
    for (const id of clients) assert.equal((await store.clients.find(id))?.source, 'seed', id);
    assert.equal((await store.users.find('changed-user'))?.passwordHash, hash);
    assert.equal((await store.users.find('removed-user'))?.source, 'seed');
    assert.deepEqual((await start()).leftAlone, []);

    const pruned = await cli('seed apply --prune --yes --json', { env: { LOG_LEVEL: 'info' } });
    assert.deepEqual(
      pruned.json.map(({ kind, id }: Record<string, string>) => [kind, id]),
      [
        ['client', 'unlisted'],
        ['user', 'unlisted-user'],
      ],
    );
    assert.match(pruned.stderr, /^client unlisted is no longer in the file: it is removed$/m);
    assert.match(pruned.stderr, /"command":"seed apply","subject":"unlisted-user"/);
    assert.equal((await cli('seed diff')).code, 0);
    assert.equal((await cli('seed apply --yes')).stdout, 'There is nothing to be done.\n');
    await store.close();
  });

  it('disables and enables people only if the file says whether they are', async () => {
    const { cli, store, write } = await begun({ users: [person('maria')] });
    const maria = (await store.users.find('maria'))!;
    await store.users.change(maria, { ...maria, disabledAt: 1 });
    assert.equal((await cli('seed diff')).code, 0);
    for (const disabled of [false, true]) {
      write({ users: [person('maria', { disabled })] });
      assert.match((await cli('seed diff')).stdout, /disabled: (true|false) -> (true|false)/);
      assert.equal((await cli('seed apply --yes')).code, 0);
      const { disabledAt } = (await store.users.find('maria'))!;
      assert.equal(disabledAt !== undefined, disabled);
    }
    await store.close();
  });

  it('lets a start add again what was pruned, if the file has it again', async () => {
    const { cli, store, write, start } = await begun({
      clients: [machine('a', { scope: '' })],
      users: [person('b')],
    });
    write({});
    assert.equal((await cli('seed apply --prune --yes')).code, 0);
    assert.equal(await store.clients.find('a'), undefined);
    write({ clients: [machine('a', { scope: '' })], users: [person('b')] });
    await start();
    assert.ok(await store.clients.find('a'));
    assert.ok(await store.users.find('b'));
    await store.close();
  });

  it('does what can be done, and names what cannot', async () => {
    const { cli, store, write } = await begun({ users: [person('maria')] });
    await store.users.add({ id: '7', username: 'taken', name: 'T' });
    write({ users: [person('taken', { id: 'maria' }), person('new')] });
    const { code, stdout, stderr } = await cli('seed apply --yes');
    assert.equal(code, 1);
    assert.equal(stdout, '1 of 2 done.\n');
    assert.match(
      stderr,
      /^user maria .*\n {2}name: .*\n.*The user maria is not as the seed file says: The username is taken\.\n$/s,
    );
    assert.ok(await store.users.find('new'));
    await store.close();
  });
});

/** Clients and users that together have every field. */
const EVERYTHING = {
  scopes: { read: { en: 'Read ${this}', de: 'Lesen' }, write: 'Write' },
  resources: { 'https://api.example/': { access_token_format: 'jwt' }, 'urn:other': {} },
  clients: [
    {
      client_id: 'web',
      client_secret: ['first-secret', 'second-secret'],
      client_name: 'Web ${NAME} $${NAME} "ü"',
      client_uri: 'https://web.example',
      logo_uri: 'https://web.example/logo.png',
      policy_uri: 'https://web.example/policy',
      tos_uri: 'https://web.example/terms',
      redirect_uris: ['https://web.example/callback', 'http://127.0.0.1/callback'],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid read',
      token_endpoint_auth_method: 'client_secret_post',
      allow_any_loopback_port: true,
      rotate_refresh_tokens: false,
      resources: ['https://api.example/'],
      introspects: ['urn:other'],
      access_token_format: 'jwt',
      require_pkce: false,
      access_token_ttl: 60,
      refresh_token_ttl: 600,
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'EdDSA',
      introspection_signed_response_alg: 'RS256',
      id_token_ttl: 61,
      id_token_claims: true,
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://web.example/sector.json',
      default_max_age: 3600,
      require_auth_time: true,
      initiate_login_uri: 'https://web.example/login',
      post_logout_redirect_uris: ['https://web.example/out'],
      backchannel_logout_uri: 'https://web.example/back',
      backchannel_logout_session_required: true,
      frontchannel_logout_uri: 'https://web.example/front',
      frontchannel_logout_session_required: true,
    },
    {
      ...SIGNING,
      client_id: 'keys',
      token_endpoint_auth_signing_alg: 'EdDSA',
      allow_token_endpoint_audience: true,
    },
    {
      ...SIGNING,
      client_id: 'published',
      jwks: undefined,
      jwks_uri: 'https://keys.example/jwks.json',
    },
    { ...HMAC, client_id: 'hmac.one' },
    { ...PUBLIC, client_id: 'public', redirect_uris: ['http://127.0.0.1/callback'] },
    { ...machine('hashed'), client_secret: undefined, client_secret_hash: sha256('a-secret') },
  ],
  users: [
    {
      id: '7',
      username: 'maria',
      password_hash: quickHash('caterpillar'),
      name: 'Maria ${Sibylla}',
      email: 'maria@example.com',
      email_verified: true,
      given_name: 'Maria',
      family_name: 'Merian',
      middle_name: 'Sibylla',
      nickname: 'M',
      profile: 'https://maria.example',
      picture: 'https://maria.example/a.png',
      website: 'https://maria.example/site',
      gender: 'woman',
      birthdate: '1647-04-02',
      zoneinfo: 'Europe/Berlin',
      locale: 'de-DE',
      updated_at: 1700000000,
      address: { formatted: 'A\nB', country: 'DE' },
      phone_number: '+49 69 1234567',
      phone_number_verified: false,
      groups: ['a b', 'c'],
    },
    { username: 'plain', password: 'caterpillar', disabled: true },
  ],
};

/** The same text as somebody writes it who means every `${`. */
const written = (content: object) =>
  JSON.parse(JSON.stringify(content).replaceAll('${', () => '$${'));

describe('seed export', () => {
  it('writes what another server reads as the same records', async () => {
    const { cli, store } = await begun(written(EVERYTHING));
    await store.clients.save({
      id: 'stranger',
      name: 'S',
      secretHashes: [],
      redirectUris: [],
      grants: [],
      scope: [],
      requirePkce: true,
      tokenEndpointAuthMethod: 'none',
      source: 'registration',
    });
    const { code, stdout, stderr } = await cli('seed export');
    assert.equal(code, 0, stderr);
    assert.equal(
      stderr,
      [
        'The client hmac.one signs with its secret: set SECRET_OF_hmac_2e_one to it where the file is read.',
        "Clients that are left out: 1. They are the demo's, are in the options of a program, or have made themselves known.",
        '',
      ].join('\n'),
    );
    for (const secret of ['first-secret', 'a-secret', HMAC.client_secret, 'caterpillar']) {
      assert.ok(!stdout.includes(secret), secret);
    }

    const path = join(directory, 'exported.json');
    writeFileSync(path, stdout);
    const env = { SEED_FILE: path, SECRET_OF_hmac_2e_one: HMAC.client_secret };
    const other = await commandLine(env);
    const seed = await readSeed(path, { env });
    assert.deepEqual(seed.scopes, EVERYTHING.scopes);
    assert.deepEqual(seed.resources['https://api.example/'], { accessTokenFormat: 'jwt' });
    const second = (await openStore(other.env['DATABASE_URL']!)) as AdministrableStore;
    await applySeed(second, seed, SECRET);
    assert.equal((await other('seed diff')).stdout, 'The database is as the seed file says.\n');

    await store.clients.remove('stranger');
    for (const list of ['listClients', 'listUsers'] as const) {
      const [before, after] = await Promise.all(
        [store, second].map(async ({ administration }) =>
          (await administration[list]({ limit: 100 })).map((record) => ({
            ...record,
            // Encrypted with a nonce of their own; seed diff has compared them.
            encryptedSecrets: undefined,
            // When each was added to its own store.
            registeredAt: undefined,
            ...('disabledAt' in record && { disabledAt: Boolean(record.disabledAt) }),
          })),
        ),
      );
      assert.deepEqual(after, before);
      assert.ok(before!.length > 1);
    }
    // Nothing was forgotten here.
    const named = (records: object[]) => records.flatMap((one) => Object.keys(one));
    const clientFields = named(EVERYTHING.clients).map((name) => `clients[].${name}`);
    const userFields = named(EVERYTHING.users).map((name) => `users[].${name}`);
    const all = new Set(['scopes', 'resources', ...clientFields, ...userFields]);
    assert.deepEqual(
      seedFields.filter((name) => !all.has(name)),
      [],
    );
    await Promise.all([store.close(), second.close()]);
  });

  it('and seed apply move all to another database, of which a start has nothing to say', async () => {
    const { cli, store } = await begun({ scopes: SCOPES, clients: [machine('kept')], users: [] });
    await cli('client update kept client_name=Changed');
    await cli('user create bob --no-password');
    const path = join(directory, 'moved.json');
    await cli(`seed export --output ${path}`);
    const other = await commandLine({ SEED_FILE: path });
    const { code, stderr } = await other('seed apply --yes');
    assert.equal(code, 0, stderr);
    assert.equal((await other('client show kept --json')).json.client_name, 'Changed');
    assert.equal((await other('user show bob --json')).json.has_password, false);
    const second = (await openStore(other.env['DATABASE_URL']!)) as AdministrableStore;
    const applied = await applySeed(second, await readSeed(path), SECRET);
    assert.deepEqual(applied, { leftAlone: [], unlisted: [] });
    await Promise.all([store.close(), second.close()]);
  });

  it('--output replaces a file by a whole one that its owner alone reads, also the seed file itself', async () => {
    const { cli, store } = await begun({
      scopes: SCOPES,
      clients: [machine('a')],
      users: [person('b')],
    });
    const file = cli.env['SEED_FILE']!;
    const { stdout } = await cli('seed export');
    const link = join(directory, 'link-to-a-seed.json');
    symlinkSync(file, link);
    const { code, stdout: said, stderr } = await cli(`seed export --output ${link}`);
    assert.equal(code, 0, stderr);
    assert.equal(said, `${link} is written.\n`);
    assert.equal(readFileSync(file, 'utf8'), stdout);
    assert.equal(lstatSync(file).mode & 0o777, 0o600);
    assert.ok(lstatSync(link).isSymbolicLink());
    const before = readdirSync(directory);
    for (const [path, why] of [
      [join(directory, 'nowhere', 'seed.json'), 'ENOENT'],
      [directory, 'it is there, and is no file.'],
    ]) {
      const refused = await cli(`seed export --output ${path}`);
      assert.equal(refused.code, 1);
      assert.ok(refused.stderr.endsWith(`${path} cannot be written: ${why}\n`), refused.stderr);
    }
    assert.deepEqual(readdirSync(directory), before, 'nothing half written is left');
    const { stdout: help } = await cli('seed export --help');
    assert.match(help, /seed export --output exported\.json/);
    assert.doesNotMatch(help, / > /, 'a shell would empty the seed file before it is read');
    await store.close();
  });

  it('explains every scope that a client has, whatever the file at hand says', async () => {
    const { cli, store } = await begun({ scopes: SCOPES, clients: [machine('a')] });
    const { stdout } = await cli('seed export', { env: { SEED_FILE: '' } });
    assert.deepEqual(JSON.parse(stdout).scopes, { read: 'read' });
    await store.close();
  });
});

describe('at once', () => {
  it('starts and changes by commands lose nothing', async () => {
    const { store, write, start } = await begun({ scopes: SCOPES, clients: [machine('a')] });
    for (let round = 0; round < 10; round += 1) {
      write({ scopes: SCOPES, clients: [machine('a', { access_token_ttl: 60 + round })] });
      const byCommand = async () => {
        for (;;) {
          const there = (await store.clients.find('a'))!;
          const to = { ...there, name: `Round ${round}`, source: 'command' as const };
          if (await store.clients.change(there, to)) return;
        }
      };
      await Promise.all([start(), start(), byCommand(), start()]);
      const client = (await store.clients.find('a'))!;
      assert.equal(client.name, `Round ${round}`);
      assert.equal(client.source, 'command');
      // Given back to the file for the next round.
      assert.ok(await store.clients.change(client, { ...client, source: 'seed' }));
    }
    await store.close();
  });

  it('one of several starts adds, and what is removed meanwhile stays away', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { store, start } = await begun({
        clients: [machine('a', { scope: '' })],
        users: [person('b')],
      });
      await Promise.all([
        start(),
        store.clients.remove('a'),
        start(),
        store.users.remove('b'),
        start(),
      ]);
      const { leftAlone } = await start();
      assert.deepEqual(leftAlone, [
        { kind: 'client', id: 'a' },
        { kind: 'user', id: 'b' },
      ]);
      await store.close();
    }
  });
});
