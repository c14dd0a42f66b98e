import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { requestToken } from '../helpers/flows.ts';
import { directory, settings, startProgram } from '../helpers/program.ts';

const JOB = '--grant client_credentials --scope read';

describe('client', () => {
  let cli: CommandLine;
  before(async () => {
    const SEED_FILE = join(directory, 'client-seed.json');
    await writeFile(
      SEED_FILE,
      JSON.stringify({
        scopes: { read: 'Read your notes', write: 'Write notes' },
        clients: [],
        users: [],
      }),
    );
    cli = await commandLine({ SEED_FILE });
  });

  const made = async (id: string, more = JOB) => {
    const done = await cli(`client create --id ${id} ${more} --json`);
    assert.equal(done.code, 0, done.stderr);
    return done.json;
  };

  it('create registers a client by what an operator types, and shows its secret once', async () => {
    const { code, json, stderr } = await cli([
      ...['client', 'create', '--id', 'agenda', '--name', 'My agenda', '--scope', 'openid read'],
      ...['--redirect-uri', 'https://agenda.example/cb', '--redirect-uri', 'https://b.example/cb'],
      ...['--grant', 'authorization_code', '--grant', 'refresh_token'],
      ...['access_token_ttl=60', 'require_pkce=true', '--json'],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(json.client_secret, /^[\w-]{43}$/);
    assert.match(stderr, /shown this once/);
    const { json: shown } = await cli('client show agenda --json');
    assert.equal(shown.client_secret, undefined);
    assert.deepEqual(shown.redirect_uris, ['https://agenda.example/cb', 'https://b.example/cb']);
    assert.deepEqual(shown.grant_types, ['authorization_code', 'refresh_token']);
    assert.equal(shown.client_name, 'My agenda');
    assert.equal(shown.scope, 'openid read');
    assert.equal(shown.access_token_ttl, 60);
    assert.equal(shown.source, 'command');
    assert.equal(shown.secrets, 1);
    const { stdout } = await cli('client show agenda');
    assert.match(stdout, /^client_name +My agenda$/m);
  });

  it('create makes no secret for a public client, and an id for one that has none', async () => {
    const { json } = await cli(
      'client create --public --redirect-uri https://app.example/cb --json',
    );
    assert.equal(json.client_secret, undefined);
    assert.equal(json.token_endpoint_auth_method, 'none');
    assert.match(json.client_id, /^[\w-]{22}$/);
  });

  it('create takes all fields from JSON: as it is, in a file, and on standard input', async () => {
    const fields = (name: string) =>
      JSON.stringify({ client_name: name, redirect_uris: ['https://a.example/cb'] });
    const path = join(directory, 'client.json');
    await writeFile(path, fields('In a file'));
    for (const [given, name, input] of [
      [fields('As it is'), 'As it is', ''],
      [path, 'In a file', ''],
      ['-', 'On standard input', fields('On standard input')],
    ] as const) {
      const { json } = await cli(['client', 'create', '--metadata', given, '--json'], { input });
      assert.equal(json.client_name, name);
    }
  });

  it('refuses what the server would refuse, with a line for each problem', async () => {
    const { code, stderr, stdout } = await cli(
      'client create --id bad --redirect-uri nowhere --scope none',
    );
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^The client cannot be registered:\n {2}- .*\n {2}- /);
    assert.match(stderr, /redirect_uris\[0\]/);
    await made('taken');
    const again = await cli(`client create --id taken ${JOB}`);
    assert.equal(again.code, 1);
    assert.equal(again.stderr, 'There is a client with the id taken already.\n');
  });

  it('refuses URLs with a comma between them, and says that each is given by itself', async () => {
    await made('listed');
    const two = 'https://a.example/cb,https://b.example/cb';
    for (const typed of [
      `client create --redirect-uri ${two}`,
      `client update listed redirect_uris=${two}`,
    ]) {
      const { code, stderr } = await cli(typed);
      assert.equal(code, 1);
      assert.match(
        stderr,
        / {2}- .*redirect_uris\[0\] has two URLs in it: each is an entry of its own/,
      );
    }
  });

  const wrong: [typed: string[], message: RegExp][] = [
    [
      ['redirect_uri=https://a.example'],
      /^There is no field redirect_uri\. Did you mean redirect_uris\?\n$/,
    ],
    [['zzzzzzzzzzzz=1'], /^There is no field zzzzzzzzzzzz\. The fields are client_id, /],
    [['client_name'], /^"client_name" is no field=value\. An example: client_name=Agenda\n$/],
    [['client_secret=known-to-all'], /^client_secret is a secret, and others can see/],
    [[], /^There is nothing to change\./],
    [['--metadata', '[1]'], /^\[1\] cannot be read: there is no such file/],
    [['--metadata', '{"client_nam": 1}'], /no field client_nam\. Did you mean client_name\?/],
    [['--metadata', '{'], /^--metadata is no object of JSON/],
  ];
  for (const [typed, message] of wrong) {
    it(`update says what is wrong with ${typed.join(' ') || 'nothing'}`, async () => {
      const { code, stderr } = await cli(['client', 'update', 'agenda', ...typed]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    });
  }

  it('update changes what is named, takes lists, and leaves out what is empty', async () => {
    await made('changed', '--redirect-uri https://a.example/cb client_uri=https://a.example');
    const typed = ['redirect_uris=https://b.example/cb', 'client_uri=', 'require_pkce=false'];
    const { json, code, stderr } = await cli(['client', 'update', 'changed', ...typed, '--json']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(json.redirect_uris, ['https://b.example/cb']);
    assert.equal(json.client_uri, undefined);
    assert.equal(json.require_pkce, false);
    const both = 'redirect_uris=https://a.example/cb redirect_uris=https://b.example/cb';
    const { json: two } = await cli(`client update changed ${both} client_name=123 --json`);
    assert.deepEqual(two.redirect_uris, ['https://a.example/cb', 'https://b.example/cb']);
    assert.equal(two.client_name, '123');
    const bad = await cli('client update changed resources=nowhere default_max_age=-1');
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /resources\[0\] must be an absolute URI/);
    assert.match(bad.stderr, /default_max_age must not be less than 0/);
  });

  it('update leaves the id what it is', async () => {
    const { code, stderr } = await cli('client update agenda client_id=other');
    assert.equal(code, 1);
    assert.equal(stderr, 'The client agenda cannot be changed:\n  - client_id stays what it is\n');
  });

  it('names the nearest client, to who asks for one that there is not', async () => {
    await made('codecademy');
    for (const typed of [
      'show codecadmy',
      'update codecadmy client_name=A',
      'delete codecadmy --yes',
      'rotate-secret codecadmy',
      'drop-secret codecadmy',
    ]) {
      const { code, stderr } = await cli(`client ${typed}`);
      assert.equal(code, 1);
      assert.equal(stderr, 'There is no client codecadmy. Did you mean codecademy?\n');
    }
    const { stderr } = await cli('client show nothing-like-it-at-all');
    assert.equal(stderr, 'There is no client nothing-like-it-at-all.\n');
  });

  it('list shows those that are looked for', async () => {
    const { stdout } = await cli('client list');
    assert.match(stdout, /^client_id +client_name +source +grant_types\n/);
    assert.match(stdout, /^codecademy +codecademy +command +client_credentials$/m);
    const ids = async (typed: string) =>
      (await cli(`client list ${typed} --json`)).json.map(
        (one: { client_id: string }) => one.client_id,
      );
    assert.deepEqual(await ids('--search CADEMY'), ['codecademy']);
    assert.deepEqual(await ids('--search agenda.example'), ['agenda']);
    assert.deepEqual(await ids('--source seed'), []);
    const none = await cli('client list --source seed');
    assert.deepEqual([none.stdout, none.stderr, none.code], ['', 'There are none.\n', 0]);
    const unknown = await cli('client list --source sede');
    assert.equal(unknown.code, 2);
  });

  it('list walks over all that there are, and shows each once', async () => {
    const many = await commandLine();
    const store = await openStore(many.env['DATABASE_URL']!);
    const client = (id: string, name: string) => ({
      ...{ id, name, secretHashes: [], redirectUris: [], grants: [], scope: [] },
      requirePkce: true,
    });
    for (let at = 0; at < 1100; at += 1) await store.clients.save(client(`c${at}`, `Client ${at}`));
    await store.clients.save(client('odd', 'a\u200fb\u00e9\u{1f600} "\\'));
    await store.close();
    const { json } = await many('client list --json');
    assert.equal(json.length, 1101);
    assert.equal(new Set(json.map((one: { client_id: string }) => one.client_id)).size, 1101);
    assert.equal(json.at(-1).client_name, 'a\u200fb\u00e9\u{1f600} "\\');
    const { stdout } = await many('client list --search odd');
    assert.match(stdout, /^odd +a\\u200fb\u00e9\u{1f600} "\\ +code/mu);
  });

  it('delete asks in a terminal, and elsewhere wants --yes', async () => {
    await made('gone');
    const alone = await cli('client delete gone');
    assert.equal(alone.code, 1);
    assert.equal(
      alone.stderr,
      'Nothing was done: without a terminal nobody can be asked. Add --yes.\n',
    );
    const no = await cli('client delete gone', { answers: [''] });
    assert.equal(no.code, 1);
    assert.match(no.stderr, /^Remove the client gone, .*\? \[y\/N\] Nothing was done\.\n$/);
    const yes = await cli('client delete gone', { answers: ['y'] });
    assert.equal(yes.stdout, 'The client gone is removed, with its tokens.\n');
    assert.equal((await cli('client show gone')).code, 1);
    await made('gone');
    assert.deepEqual((await cli('client delete gone --yes --json')).json, {
      client_id: 'gone',
      removed: true,
    });
  });

  it('tells who ran what, and nothing of a secret', async () => {
    const env = { LOG_LEVEL: 'info', OPERATOR: 'olga' };
    const create = await cli(`client create --id told ${JOB} --json`, { env });
    const lines = create.stderr.split('\n').filter((line) => line.startsWith('{'));
    assert.equal(lines.length, 1);
    const { operator, command, subject, msg } = JSON.parse(lines[0]!);
    assert.deepEqual(
      [operator, command, subject, msg],
      ['olga', 'client create', 'told', 'command_run'],
    );
    assert.ok(!create.stderr.includes(create.json.client_secret));
    assert.deepEqual(JSON.parse(lines[0]!).clientId, 'told');
    const changed = await cli('client update told client_name=Another access_token_ttl=60', {
      env,
    });
    const { fields, clientId } = JSON.parse(changed.stderr);
    assert.deepEqual([fields, clientId], [['client_name', 'access_token_ttl'], 'told']);
    assert.doesNotMatch(changed.stderr, /Another/, 'names of fields, and no values');
    const named = await cli('client delete told --yes --operator otto', { env });
    assert.equal(JSON.parse(named.stderr).operator, 'otto');
    const nothing = await cli('client delete told --yes', { env });
    assert.equal(nothing.stderr, 'There is no client told.\n');
    const watched = await cli(`client create --id told ${JOB}`, { env, answers: [] });
    assert.doesNotMatch(watched.stderr, /command_run/);
  });

  it('changes that come at once are all kept', async () => {
    await made('busy');
    const fields = ['client_name=A', 'access_token_ttl=60', 'require_pkce=false', 'scope=write'];
    const all = await Promise.all(fields.map((field) => cli(['client', 'update', 'busy', field])));
    assert.deepEqual(
      all.map(({ code }) => code),
      [0, 0, 0, 0],
      all.map(({ stderr }) => stderr).join(''),
    );
    const { json } = await cli('client show busy --json');
    assert.deepEqual(
      [json.client_name, json.access_token_ttl, json.require_pkce, json.scope],
      ['A', 60, false, 'write'],
    );
  });

  it('changes nothing of the demo, whose secrets everybody knows', async () => {
    const demo = await commandLine({ DEMO: 'on' });
    const store = await openStore(demo.env['DATABASE_URL']!);
    await store.clients.save({
      ...{ id: 'demo', name: 'Demo', secretHashes: [], redirectUris: [], grants: [], scope: [] },
      ...{ requirePkce: true, source: 'demo' },
    });
    await store.close();
    const { code, stderr } = await demo('client update demo client_name=Mine');
    assert.deepEqual(
      [code, stderr],
      [1, 'The client demo is of the demo, which nobody changes.\n'],
    );
  });
});

describe('client rotate-secret', () => {
  it('changes a secret over in a running server, which serves the old one until it is dropped', async () => {
    const SEED_FILE = join(directory, 'rotated.json');
    await writeFile(
      SEED_FILE,
      JSON.stringify({ scopes: { read: 'Read' }, clients: [], users: [] }),
    );
    const cli = await commandLine({ SEED_FILE });
    const server = await startProgram(await settings(cli.env));
    const works = async (secret: string) => {
      const form = { grant_type: 'client_credentials' };
      return (await requestToken(server, form, `job:${secret}`)).status === 200;
    };
    const first = (await cli(`client create --id job ${JOB} --json`)).json.client_secret;
    assert.equal(await works(first), true);
    const second = (await cli('client rotate-secret job --json')).json.client_secret;
    assert.deepEqual([await works(first), await works(second)], [true, true]);
    const refused = await cli('client rotate-secret job');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^The client job has two secrets in force, .* "client drop-secret" .* --drop-old/,
    );
    assert.deepEqual([await works(first), await works(second)], [true, true]);
    const dropped = await cli('client drop-secret job');
    assert.equal(dropped.stdout, 'The old secret of the client job has ended.\n');
    assert.deepEqual([await works(first), await works(second)], [false, true]);
    assert.match((await cli('client drop-secret job')).stdout, /has one secret, which stays/);
    const third = (await cli('client rotate-secret job --json')).json.client_secret;
    const fourth = (await cli('client rotate-secret job --drop-old --json')).json.client_secret;
    assert.deepEqual(
      [await works(second), await works(third), await works(fourth)],
      [false, false, true],
    );
    const several = await Promise.all([1, 2, 3].map(() => cli('client rotate-secret job --json')));
    const [made, ...others] = several.filter(({ code }) => code === 0);
    assert.equal(others.length, 0, 'of several at once, one makes a secret');
    assert.deepEqual([await works(fourth), await works(made!.json.client_secret)], [true, true]);
    await cli('client delete job --yes');
    assert.equal(await works(made!.json.client_secret), false);
    await server.stop();
  });

  it('makes one for a client that signs with it, and none for a client without', async () => {
    const cli = await commandLine();
    const jwt = 'token_endpoint_auth_method=client_secret_jwt';
    await cli(`client create --id signs --grant client_credentials ${jwt}`);
    const { json, code, stderr } = await cli('client rotate-secret signs --json');
    assert.equal(code, 0, stderr);
    assert.match(json.client_secret, /^[\w-]{43}$/);
    assert.equal((await cli('client show signs --json')).json.secrets, 2);
    const store = await openStore(cli.env['DATABASE_URL']!);
    assert.equal((await store.clients.find('signs'))?.encryptedSecrets?.length, 2);
    await store.close();
    await cli('client create --id open --public --redirect-uri https://a.example/cb');
    const refused = await cli('client rotate-secret open');
    assert.deepEqual([refused.code, refused.stderr], [1, 'The client open has no secret.\n']);
  });
});
