import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { verifyPassword } from '../../src/protocol/passwords.ts';
import { openStore } from '../../src/store/open.ts';
import { allUsers } from '../../src/store/pages.ts';
import type { User } from '../../src/types.ts';
import { administered } from '../helpers/administered.ts';
import { type CommandLine, commandLine } from '../helpers/commands.ts';
import { requestToken } from '../helpers/flows.ts';
import { logIn } from '../helpers/http-person.ts';
import { idOf, keycloakClient, passwordOf, realm, someone } from '../helpers/keycloak.ts';
import { directory } from '../helpers/program.ts';

let files = 0;

async function fileWith(content: unknown): Promise<string> {
  files += 1;
  const path = join(directory, `realm-${files}.json`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

async function everybody({ env }: CommandLine): Promise<User[]> {
  const store = await openStore(env['DATABASE_URL']!);
  try {
    const users: User[] = [];
    for await (const user of allUsers(store)) users.push(user);
    return users;
  } finally {
    await store.close();
  }
}

/** Imports a realm, and answers what the command says of it as JSON. */
async function imported(cli: CommandLine, parts: object, ...more: string[]) {
  const done = await cli(['import', 'keycloak', await fileWith(realm(parts)), '--json', ...more]);
  const refused = done.json.clients.refused + done.json.people.refused;
  assert.equal(done.code, refused === 0 ? 0 : 4, done.stderr);
  return done.json;
}

/** What is said about somebody or something. */
const saidOf = (report: { remarks: { about: string; what: string }[] }, name: string) =>
  report.remarks.filter(({ about }) => about === name).map(({ what }) => what);

describe('import keycloak', () => {
  it('brings a thousand people, each of whom signs in with the password they had', async () => {
    const { server, cli } = await administered();
    const path = await fileWith(realm({ users: range(1000).map((number) => someone(number)) }));
    const before = (await everybody(cli)).length;
    const trial = await cli(['import', 'keycloak', path]);
    assert.equal(trial.code, 0, trial.stderr);
    assert.match(trial.stdout, /^people {3}1000 would be added, 0 there already, 0 cannot/m);
    assert.match(trial.stderr, /Nothing was written/);
    assert.equal((await everybody(cli)).length, before);

    const done = await cli(['import', 'keycloak', path, '--apply']);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^people {3}1000 added/m);
    const people = (await everybody(cli)).filter(({ username }) => username.startsWith('person'));
    assert.equal(people.length, 1000);
    for (const { id, username, passwordHash, source } of people) {
      assert.equal(id, idOf(Number(username.slice('person'.length))));
      assert.equal(source, 'command');
      const isRight = await verifyPassword(passwordHash, `secret of ${username}`, []);
      assert.ok(isRight, `${username}: ${passwordHash}`);
    }
    assert.equal(await verifyPassword(people[0]!.passwordHash, 'secret of another', []), false);
    for (const username of ['person0', 'person1', 'person2', 'person3']) {
      assert.equal((await logIn(server, username, `secret of ${username}`)).status, 200);
      assert.equal((await logIn(server, username, 'secret of another')).status, 400);
    }
  });

  it('can be run again, and adds whoever is not there yet', async () => {
    const cli = await commandLine();
    await imported(cli, { users: range(300).map((number) => someone(number)) }, '--apply');
    const again = range(310).map((number) => someone(number));
    const { people, remarks } = await imported(cli, { users: again }, '--apply');
    assert.deepEqual(people, { added: 10, there: 300, refused: 0 });
    assert.deepEqual(remarks, []);
  });

  it('leaves people as they are here, and names those of whom the file says something else', async () => {
    const cli = await commandLine();
    await imported(cli, { users: [someone(1), someone(2)] }, '--apply');
    const users = [someone(1), someone(2, { lastName: 'Married' })];
    for (const more of [[], ['--apply']]) {
      const report = await imported(cli, { users }, ...more);
      assert.deepEqual(report.people, { added: 0, there: 2, refused: 0 });
      assert.deepEqual(saidOf(report, 'user person1'), []);
      assert.match(saidOf(report, 'user person2').join(), /^is there already, with other data/);
    }
    assert.equal((await everybody(cli)).find(({ id }) => id === idOf(2))!.name, 'Person 2');
  });

  it('says before what it does afterwards', async () => {
    const cli = await commandLine();
    await imported(cli, { users: [someone(1)], clients: [keycloakClient('a')] }, '--apply');
    const parts = {
      users: [
        ...range(400).map((number) => someone(number)),
        // The first of a later batch has the name of somebody in the first one.
        someone(1000, { username: 'person7' }),
        someone(1001, { username: 'PERSON 1001 \u0000' }),
        someone(1002, { id: 'a', username: 'client' }),
        someone(1003, { username: undefined }),
      ],
      clients: [keycloakClient('a'), keycloakClient('b'), keycloakClient('c', { secret: '*****' })],
    };
    const trial = await imported(cli, parts);
    const done = await imported(cli, parts, '--apply');
    assert.deepEqual({ ...trial, applied: true }, done);
    assert.deepEqual(done.people, { added: 399, there: 1, refused: 3 });
    assert.match(saidOf(done, 'user person7').join(), /is in the files more than once/);
    assert.match(saidOf(done, 'user client').join(), /a client has the id/);
  });

  it('keeps every character of a name, but for those that no name here may have', async () => {
    const cli = await commandLine();
    const characters: string[] = [];
    for (let code = 0x20; code <= 0x10ffff; code += code < 0x3000 ? 1 : 997) {
      const character = String.fromCodePoint(code);
      if (/[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u.test(character)) continue;
      characters.push(character);
    }
    const users = range(Math.ceil(characters.length / 60)).map((number) =>
      someone(number, {
        lastName: `<${characters.slice(number * 60, number * 60 + 60).join('')}>`,
      }),
    );
    const bad = ['\u0000', '\u001b[31m', '\ud800', 'a\nb', 'a\u202eb', 'x'.repeat(300)].map(
      (lastName, at) => someone(5000 + at, { lastName, credentials: [] }),
    );
    const report = await imported(cli, { users: [...users, ...bad] }, '--apply');
    assert.equal(report.people.added, users.length + bad.length);
    const found = await everybody(cli);
    for (const user of users) {
      const { claims } = found.find(({ id }) => id === user['id'])!;
      assert.equal(claims!['family_name'], user['lastName']);
    }
    for (const { username } of bad as { username: string }[]) {
      assert.match(saidOf(report, `user ${username}`).join(), /is taken without family_name/);
      assert.equal(
        found.find((user) => user.username === username)!.claims!['family_name'],
        undefined,
      );
    }
  });

  it('shows names without what they would do to a terminal', async () => {
    const cli = await commandLine();
    const users = [someone(1, { username: 'mallory\u001b[2J\nclient x: fine' })];
    const { stdout } = await cli(['import', 'keycloak', await fileWith(realm({ users }))]);
    assert.ok(stdout.includes('mallory\\u001b[2J\\u000aclient x: fine'), stdout);
  });

  it('takes what is known of people, and says of each what is not taken', async () => {
    const cli = await commandLine();
    const report = await imported(
      cli,
      {
        users: [
          someone(1, {
            firstName: 'Ada',
            lastName: 'King',
            emailVerified: false,
            groups: ['/staff/editors', '/it'],
            attributes: {
              locale: ['de'],
              phoneNumber: ['+49 30 1234'],
              phoneNumberVerified: ['true'],
              street: ['Unter den Linden 1'],
              locality: ['Berlin'],
              department: ['Sales'],
            },
          }),
          someone(2, { enabled: false }),
          someone(3, {
            credentials: [passwordOf('x', 'pbkdf2-sha256'), { type: 'otp' }],
            requiredActions: ['VERIFY_EMAIL', 'UPDATE_PASSWORD'],
            federatedIdentities: [{ identityProvider: 'github', userId: '1', userName: 'p3' }],
            realmRoles: ['default-roles-acme', 'auditor'],
            clientRoles: { agenda: ['admin'] },
          }),
          someone(4, { credentials: [] }),
          someone(5, {
            credentials: [passwordOf('x', 'pbkdf2'), { type: 'password-history' }],
          }),
          someone(6, { username: 'service-account-jobs', serviceAccountClientId: 'jobs' }),
          someone(7, {
            credentials: [{ type: 'password', secretData: '{', credentialData: '[]' }],
          }),
          someone(8, { email: 'not an address', firstName: undefined }),
          someone(9, {
            credentials: [
              {
                ...passwordOf('x', 'pbkdf2-sha512'),
                credentialData: '{"hashIterations":99000000,"algorithm":"pbkdf2-sha512"}',
              },
            ],
          }),
        ],
      },
      '--apply',
    );
    const users = new Map((await everybody(cli)).map((user) => [user.username, user]));
    const { name, email, claims } = users.get('person1')!;
    assert.equal(name, 'Ada King');
    assert.equal(email, 'person1@example.com');
    assert.deepEqual(claims, {
      given_name: 'Ada',
      family_name: 'King',
      locale: 'de',
      email_verified: false,
      address: { street_address: 'Unter den Linden 1', locality: 'Berlin' },
      phone_number: '+49 30 1234',
      phone_number_verified: true,
      groups: ['staff/editors', 'it'],
    });
    assert.deepEqual(saidOf(report, 'user person1'), [
      'has attributes that are no claims here: department',
    ]);
    assert.ok(users.get('person2')!.disabledAt! > 0, 'nobody is let in by an import');
    assert.deepEqual(saidOf(report, 'user person3'), [
      'has a second factor or a passkey, and signs in with the password alone here',
      'was to set another password at the next sign-in: give them a reset link',
      'signs in by way of github there, and not here',
      'has roles, and there are groups alone here: auditor, those of agenda',
      'was to do at the next sign-in: VERIFY_EMAIL',
    ]);
    assert.deepEqual(saidOf(report, 'user person4'), ['has no password: send a reset link']);
    assert.deepEqual(saidOf(report, 'user person5'), []);
    assert.ok(!users.has('service-account-jobs'));
    assert.match(saidOf(report, 'user person7').join(), /a password hash of an unknown kind/);
    assert.match(saidOf(report, 'user person8').join(), /taken without email/);
    assert.ok(!users.has('person9'));
    assert.match(saidOf(report, 'user person9').join(), /cannot be taken: .*costs too much/);
  });

  it('takes people from several files, as Keycloak writes them for many', async () => {
    const cli = await commandLine();
    const half = (from: number) => range(20).map((number) => someone(from + number));
    const paths = await Promise.all([
      fileWith(realm({ users: undefined, clients: [keycloakClient('agenda')] })),
      fileWith({ realm: 'acme', users: half(0) }),
      fileWith({ realm: 'acme', users: half(20) }),
    ]);
    const { json } = await cli(['import', 'keycloak', ...paths, '--apply', '--json']);
    assert.deepEqual(json.people, { added: 40, there: 0, refused: 0 });
    assert.equal(json.clients.added, 1);
    const other = await fileWith({ realm: 'other', users: [] });
    const { code, stderr } = await cli(['import', 'keycloak', paths[0]!, other, '--apply']);
    assert.equal(code, 1);
    assert.match(stderr, /of several realms: acme, other/);
  });

  const wrong: [name: string, content: unknown, message: RegExp][] = [
    ['no JSON', '{"realm": "acme", ', /is not JSON/],
    ['an empty file', '', /is not JSON/],
    ['a list', [realm()], /is not an export of a Keycloak realm.*kc\.sh export --realm/],
    ['null', null, /is not an export of a Keycloak realm/],
    ['a seed', { scopes: {}, clients: [], users: [] }, /is not an export of a Keycloak realm/],
  ];
  for (const [name, content, message] of wrong) {
    it(`refuses ${name}, and says which file it is`, async () => {
      const cli = await commandLine();
      const path = await fileWith(content);
      const { code, stdout, stderr } = await cli(['import', 'keycloak', path, '--apply']);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.ok(stderr.startsWith(path), stderr);
      assert.match(stderr, message);
    });
  }

  it('cites nothing of a file that is no JSON, for that may be a secret', async () => {
    const cli = await commandLine();
    const path = await fileWith('{"clients": [{"clientId": "a",\n"secret": hush-hush}]}');
    const { code, stderr } = await cli(['import', 'keycloak', path]);
    assert.equal(code, 1);
    assert.match(stderr, /is not JSON: something in line 2 is out of place/);
    assert.doesNotMatch(stderr, /hush|clientId/);
  });

  it('refuses a file that is not there, and one that is no text', async () => {
    const cli = await commandLine();
    const gone = await cli(['import', 'keycloak', join(directory, 'gone.json')]);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /gone\.json cannot be read: there is no such file \(ENOENT\)/);
    const path = join(directory, 'binary.json');
    await writeFile(path, Buffer.from([0x7b, 0xe9, 0x7d]));
    assert.match((await cli(['import', 'keycloak', path])).stderr, /is not text in UTF-8/);
  });

  it('refuses a file that is larger than a string can be, before it reads it', async () => {
    const cli = await commandLine();
    const path = await fileWith('{');
    // A hole takes no space on the disk.
    await truncate(path, 600_000_000);
    const { code, stderr } = await cli(['import', 'keycloak', path]);
    assert.equal(code, 1);
    assert.match(stderr, /too large to be read as a whole: .*--users different_files/);
  });

  it('survives a realm in which nothing is of the type that it has to be', async () => {
    const cli = await commandLine();
    const odd = [null, 1, 'x', [], {}, { __proto__: null, clientId: 5, username: {} }];
    const users = [
      ...odd,
      { username: 'eve', enabled: true, attributes: { locale: [5], a: null } },
    ];
    for (const more of [[], ['--apply']]) {
      const report = await imported(cli, { clients: odd, users, clientScopes: odd }, ...more);
      assert.equal(report.people.added, 1);
    }
    for (const parts of [{ users: 5 }, { clients: 'x', users: null }, { components: [] }]) {
      await imported(cli, parts, '--apply');
    }
  });

  it('gives both of two imports at once what one of them has added', async () => {
    const cli = await commandLine();
    const path = await fileWith(realm({ users: range(1500).map((number) => someone(number)) }));
    const run = () => cli(['import', 'keycloak', path, '--apply', '--json']);
    const both = await Promise.all([run(), run()]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    const added = both.map(({ json }) => json.people.added);
    assert.equal(added[0] + added[1], 1500);
    for (const { json } of both) {
      assert.equal(json.people.added + json.people.there, 1500);
      assert.deepEqual(json.remarks, []);
    }
    assert.equal((await everybody(cli)).length, 1500);
  });

  it('tells who imported, once, and nothing of a trial or of an import that adds nothing', async () => {
    const cli = await commandLine();
    const path = await fileWith(realm({ users: [someone(1)] }));
    const events = async (...more: string[]) => {
      const typed = ['import', 'keycloak', path, '--operator', 'ada', ...more];
      const { stderr } = await cli(typed, { env: { LOG_LEVEL: 'info' } });
      return stderr.split('\n').filter((line) => line.includes('command_run'));
    };
    assert.deepEqual(await events(), []);
    const [line = '', ...others] = await events('--apply');
    assert.deepEqual(others, []);
    assert.match(line, /"operator":"ada","command":"import keycloak"/);
    assert.deepEqual(JSON.parse(line).counts, { clients: 0, users: 1 });
    assert.deepEqual(await events('--apply'), []);
  });
});

describe('import keycloak, of clients', () => {
  it('brings clients with their secrets, which get tokens at once', async () => {
    const { server, cli } = await administered();
    const report = await imported(
      cli,
      {
        clients: [
          keycloakClient('jobs', { standardFlowEnabled: false, serviceAccountsEnabled: true }),
          keycloakClient('app', { publicClient: true, secret: undefined }),
        ],
      },
      '--apply',
    );
    assert.deepEqual(report.clients, { added: 2, there: 0, refused: 0 });
    const { status } = await requestToken(
      server,
      { grant_type: 'client_credentials' },
      'jobs:secret-of-jobs',
    );
    assert.equal(status, 200);
    const { json: app } = await cli('client show app --json');
    assert.equal(app.token_endpoint_auth_method, 'none');
    assert.deepEqual(app.redirect_uris, ['https://app.example/callback']);
    assert.deepEqual(app.grant_types, ['authorization_code', 'refresh_token']);
    assert.equal(app.source, 'command');
  });

  it('takes what a client may do, and where it is told of a sign-out', async () => {
    const cli = await commandLine();
    await imported(
      cli,
      {
        clients: [
          keycloakClient('full', {
            name: 'Full',
            rootUrl: 'https://full.example/',
            redirectUris: ['/callback', 'https://full.example/*'],
            frontchannelLogout: true,
            attributes: {
              'oauth2.device.authorization.grant.enabled': 'true',
              'post.logout.redirect.uris': '+##https://full.example/bye',
              'backchannel.logout.url': 'https://full.example/back',
              'backchannel.logout.session.required': 'true',
              'frontchannel.logout.url': 'https://full.example/front',
              'access.token.lifespan': '120',
              'id.token.signed.response.alg': 'ES256',
            },
          }),
        ],
      },
      '--apply',
    );
    const { json } = await cli('client show full --json');
    assert.equal(json.client_name, 'Full');
    assert.deepEqual(json.redirect_uris, ['https://full.example/callback']);
    assert.deepEqual(json.post_logout_redirect_uris, [
      'https://full.example/callback',
      'https://full.example/bye',
    ]);
    assert.ok(json.grant_types.includes('urn:ietf:params:oauth:grant-type:device_code'));
    assert.equal(json.backchannel_logout_uri, 'https://full.example/back');
    assert.equal(json.backchannel_logout_session_required, true);
    assert.equal(json.frontchannel_logout_uri, 'https://full.example/front');
    assert.equal(json.frontchannel_logout_session_required, true);
    assert.equal(json.access_token_ttl, 120);
    assert.equal(json.id_token_signed_response_alg, 'ES256');
    assert.equal(json.require_pkce, false);
  });

  it('takes clients that sign, with a key of their own or with their secret', async () => {
    const cli = await commandLine();
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwks = { keys: [publicKey.export({ format: 'jwk' })] };
    const signs = (id: string, attributes: object) =>
      keycloakClient(id, { clientAuthenticatorType: 'client-jwt', attributes });
    const clients = [
      signs('keys', {
        'use.jwks.string': 'true',
        'jwks.string': JSON.stringify(jwks),
        'token.endpoint.auth.signing.alg': 'ES256',
      }),
      signs('url', { 'use.jwks.url': 'true', 'jwks.url': 'https://url.example/jwks' }),
      keycloakClient('hmac', {
        clientAuthenticatorType: 'client-secret-jwt',
        secret: 'as long as Keycloak makes them'.replaceAll(' ', '-').padEnd(32, 'x'),
      }),
    ];
    const report = await imported(cli, { clients }, '--apply');
    assert.deepEqual(report.clients, { added: 3, there: 0, refused: 0 });
    const shown = async (id: string) => (await cli(`client show ${id} --json`)).json;
    assert.equal((await shown('keys')).token_endpoint_auth_method, 'private_key_jwt');
    assert.deepEqual((await shown('keys')).jwks, jwks);
    assert.equal((await shown('keys')).token_endpoint_auth_signing_alg, 'ES256');
    assert.equal((await shown('url')).jwks_uri, 'https://url.example/jwks');
    assert.equal((await shown('hmac')).token_endpoint_auth_method, 'client_secret_jwt');
  });

  const left: [what: string, client: object, said: RegExp][] = [
    ['SAML', keycloakClient('c', { protocol: 'saml' }), /speaks saml/],
    ['a disabled one', keycloakClient('c', { enabled: false }), /is disabled there/],
    ['a bearer-only one', keycloakClient('c', { bearerOnly: true }), /only receives tokens/],
    ['one without a secret', keycloakClient('c', { secret: undefined }), /has no secret/],
    ['one with a hidden secret', keycloakClient('c', { secret: '**********' }), /has no secret/],
    [
      'one with wildcards alone',
      keycloakClient('c', { redirectUris: ['https://c.example/*'] }),
      /cannot be taken: redirect_uris/,
    ],
    [
      'one of the implicit flow alone',
      keycloakClient('c', { standardFlowEnabled: false, implicitFlowEnabled: true }),
      /without a way to get tokens/,
    ],
    [
      'one with a certificate',
      keycloakClient('c', { clientAuthenticatorType: 'client-x509' }),
      /authenticates by client-x509/,
    ],
    [
      'one with a key that is not in the file',
      keycloakClient('c', { clientAuthenticatorType: 'client-jwt' }),
      /give it jwks or jwks_uri/,
    ],
    ['one with an id of several words', keycloakClient('a c'), /cannot be taken: client_id/],
  ];
  for (const [what, client, said] of left) {
    it(`leaves ${what}, and says why`, async () => {
      const cli = await commandLine();
      const report = await imported(cli, { clients: [client] }, '--apply');
      assert.deepEqual(report.clients, { added: 0, there: 0, refused: 1 });
      assert.match(report.remarks.map((one: { what: string }) => one.what).join('\n'), said);
      assert.deepEqual((await cli('client list --json')).json, []);
    });
  }

  it('takes a client without what is wrong with it, if it works without', async () => {
    const cli = await commandLine();
    const client = keycloakClient('agenda', {
      baseUrl: 'javascript:alert(1)',
      attributes: { 'access.token.lifespan': '999999999999', logoUri: 'data:,x' },
    });
    const report = await imported(cli, { clients: [client] }, '--apply');
    assert.equal(report.clients.added, 1);
    const said = saidOf(report, 'client agenda').join('\n');
    for (const field of ['client_uri', 'access_token_ttl', 'logo_uri']) {
      assert.match(said, new RegExp(`is taken without ${field}, which `));
    }
  });

  it('names what a client was asked for there in addition, and what it knows people by', async () => {
    const cli = await commandLine();
    const client = keycloakClient('bank', {
      attributes: {
        'require.pushed.authorization.requests': 'true',
        'dpop.bound.access.tokens': 'true',
      },
      protocolMappers: [{ protocolMapper: 'oidc-sha256-pairwise-sub-mapper' }],
    });
    const said = saidOf(await imported(cli, { clients: [client] }), 'client bank').join('\n');
    assert.match(said, /push its requests/);
    assert.match(said, /DPoP/);
    assert.match(said, /pairwise/);
  });

  it('says which scopes the seed file has to have, and gives clients those that it has', async () => {
    const SEED_FILE = await fileWith({ scopes: { read: 'Read' }, clients: [], users: [] });
    const cli = await commandLine({ SEED_FILE });
    const parts = {
      clientScopes: [
        { name: 'billing', protocol: 'openid-connect', description: 'See your bills' },
        { name: 'read', protocol: 'openid-connect' },
        { name: 'roles', protocol: 'openid-connect' },
      ],
      clients: [keycloakClient('a', { defaultClientScopes: ['roles', 'read', 'billing'] })],
    };
    const report = await imported(cli, parts, '--apply');
    assert.match(
      saidOf(report, 'scope billing').join(),
      /add "billing": "See your bills" to "scopes" in the seed file/,
    );
    const { scope } = (await cli('client show a --json')).json;
    assert.deepEqual(scope.split(' ').sort(), [
      ...['address', 'offline_access', 'openid', 'phone', 'read'],
    ]);
  });

  it('leaves a client that is here as it is, and one whose id a person has', async () => {
    const cli = await commandLine();
    await cli(
      'client create --id agenda --name Ours --redirect-uri https://agenda.example/callback',
    );
    await imported(cli, { users: [someone(1, { id: 'mine', credentials: [] })] }, '--apply');
    const clients = [keycloakClient('agenda', { name: 'Theirs' }), keycloakClient('mine')];
    const report = await imported(cli, { clients }, '--apply');
    assert.deepEqual(report.clients, { added: 0, there: 1, refused: 1 });
    assert.match(saidOf(report, 'client agenda').join(), /is there already/);
    assert.match(saidOf(report, 'client mine').join(), /a person has the id/);
    assert.equal((await cli('client show agenda --json')).json.client_name, 'Ours');
  });

  it('names what a realm has and this server has not', async () => {
    const cli = await commandLine();
    const report = await imported(cli, {
      identityProviders: [{ alias: 'github' }],
      components: { 'org.keycloak.storage.UserStorageProvider': [{ name: 'ldap' }] },
      passwordPolicy: 'length(12)',
      accessTokenLifespan: 300,
    });
    const said = saidOf(report, 'the realm').join('\n');
    for (const word of ['github', 'user federation', 'length(12)', 'ACCESS_TOKEN_TTL']) {
      assert.ok(said.includes(word), word);
    }
  });
});
