import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { applySeed } from '../../src/program/apply-seed.ts';
import { parseSeed, readSeed, SeedError } from '../../src/program/seed.ts';
import { seedOf } from '../../src/program/serve.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { CLIENT, HMAC, PUBLIC, SIGNING } from '../helpers/client-entries.ts';

const PHC =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$VLOmnyVeGhRnkxAz2Vh0yZQ9N1y7xZ1m8S8Jk1gJ2bM';

const API = 'https://api.example.com/';

const DEMO = fileURLToPath(new URL('../../seeds/demo.json', import.meta.url));

const withClient = (client: object) => ({ scopes: { read: 'Read' }, clients: [client] });
const withUser = (user: object) => ({ users: [user] });

/** The lines that say what is wrong. */
function problems(content: unknown, production = false): string[] {
  const json = typeof content === 'string' ? content : JSON.stringify(content);
  try {
    parseSeed('seed.json', json, production);
  } catch (error) {
    assert.ok(error instanceof SeedError);
    const [title, ...lines] = error.message.split('\n');
    if (lines.length === 0) return [title!];
    assert.equal(title, 'seed.json cannot be used:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
}

describe('a seed that is right', () => {
  it('has defaults for all a client leaves out', () => {
    const { clients } = parseSeed('seed.json', JSON.stringify(withClient(CLIENT)), false);
    assert.deepEqual(clients, [
      {
        ...CLIENT,
        client_secret: ['secret'],
        client_secret_hash: [],
        grant_types: ['authorization_code'],
        require_pkce: true,
      },
    ]);
  });

  it('may be empty', () => {
    assert.deepEqual(parseSeed('seed.json', '{}', true), {
      scopes: {},
      resources: {},
      clients: [],
      users: [],
    });
  });

  const right: [string, object][] = [
    ['a user with a password', withUser({ username: 'alice', password: 'wonderland' })],
    ['a user with a hash', withUser({ username: 'alice', password_hash: PHC })],
    [
      'what is known of a user, by the claims of OpenID Connect',
      withUser({
        username: 'alice',
        password_hash: PHC,
        email: 'alice@example.com',
        email_verified: false,
        birthdate: '0000-05-04',
        address: { formatted: 'Christ Church\nOxford' },
        groups: [],
        updated_at: 0,
      }),
    ],
    ['resources', { resources: { [API]: { access_token_format: 'jwt' }, 'urn:example:api': {} } }],
    [
      'a client for those resources',
      {
        resources: { [API]: {} },
        clients: [{ ...CLIENT, resources: [API], introspects: [API], access_token_format: 'jwt' }],
      },
    ],
    [
      'several clients',
      { clients: [CLIENT, { ...PUBLIC, client_id: 'public' }, { ...HMAC, client_id: 'hmac' }] },
    ],
    ['a client with the id __proto__', withClient({ ...CLIENT, client_id: '__proto__' })],
  ];
  for (const [what, content] of right) {
    it(`may have ${what}`, () => assert.deepEqual(problems(content), []));
  }
});

describe('a seed that is wrong: the message names the entry and the field', () => {
  const wrong: [unknown, string, boolean?][] = [
    [[], 'the file must be an object'],
    [null, 'the file must be an object'],
    ['"seed"', 'the file must be an object'],
    [{ client: [] }, 'the file has an unknown field: client'],
    [{ scopes: ['read'] }, 'scopes must be an object'],
    [{ scopes: { 'a b': 'x' } }, 'scopes.a b is not a scope (RFC 6749 section 3.3)'],
    ...[3, null, ['Read'], {}, { de: 3 }].map((read): [object, string] => [
      { scopes: { read } },
      'scopes.read must be a string, or one for each language: { "en": "...", "de": "..." }; the languages are en, de, es, fr, zh',
    ]),
    [
      { scopes: { read: { german: 'Lesen' } } },
      'scopes.read has an unknown language: german; the languages are en, de, es, fr, zh',
    ],
    [
      { scopes: { read: { de: 'Lesen', de_AT: 'Lesen' } } },
      'scopes.read has a language twice: a region makes no difference',
    ],
    [{ scopes: { read: { de: '' } } }, 'scopes.read.de must not be empty'],
    [{ scopes: { read: '' } }, 'scopes.read must not be empty'],
    [{ clients: {} }, 'clients must be a list'],
    [{ clients: ['app'] }, 'clients[0] must be an object'],
    [{ clients: [null] }, 'clients[0] must be an object'],
    [{ users: 'alice' }, 'users must be a list'],

    [withClient({ ...CLIENT, client_id: undefined }), 'clients[0] client_id is missing'],
    [withClient({ ...CLIENT, client_id: 7 }), 'clients[0] client_id must be a string'],
    [
      withClient({ ...CLIENT, client_id: '' }),
      'clients[0] () client_id must be 1 to 255 letters, digits and -._~ and the like, without spaces',
    ],
    [
      { clients: [CLIENT, { ...SIGNING, client_id: 'b', jwks: { keys: [{ kty: 'oct' }] } }] },
      'clients[1] (b) jwks.keys[0].kty must be EC, RSA or OKP',
    ],
    [
      withClient({ ...CLIENT, client_secret: undefined }),
      'clients[0] (app) client_secret is missing; for a public client say "token_endpoint_auth_method": "none"',
    ],
    [
      withClient({
        ...CLIENT,
        redirect_uris: ['http://app.example/'],
        client_secret: 's'.repeat(32),
      }),
      'clients[0] (app) redirect_uris[0] is http for a host that is not loopback: use https: http://app.example/',
      true,
    ],
    [
      withClient({ ...CLIENT, grant_types: ['password'] }),
      'clients[0] (app) grant_types[0] must be one of authorization_code, client_credentials, refresh_token, urn:ietf:params:oauth:grant-type:device_code',
    ],
    [
      withClient({ ...CLIENT, redirect_uri: 'https://app.example/', secret: 'x' }),
      'clients[0] (app) has an unknown field: redirect_uri, secret',
    ],
    [
      withClient({ ...CLIENT, client_uri: 'https://app.example/ ' }),
      'clients[0] (app) client_uri has a space or a control character',
    ],
    ...['https:app.example', 'app.example', 'ftp://app.example/'].map((uri): [object, string] => [
      withClient({ ...CLIENT, client_uri: uri }),
      'clients[0] (app) client_uri must be an http or https URL',
    ]),
    [
      withClient({ ...CLIENT, scope: 'read all' }),
      'clients[0] (app) scope has all, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
    ],
    [
      { resources: { [API]: {} }, clients: [{ ...CLIENT, resources: ['urn:other'] }] },
      'clients[0] (app) resources has urn:other, which "resources" does not list',
    ],
    [{ resources: { api: {} } }, 'resources.api must be an absolute URI without a fragment'],
    [{ resources: { [API]: { format: 'jwt' } } }, `resources.${API} has an unknown field: format`],
    [
      { resources: { [API]: { access_token_format: 'xml' } } },
      `resources.${API}.access_token_format must be opaque or jwt`,
    ],
    [
      { clients: [CLIENT, { ...PUBLIC, client_id: 'other' }, CLIENT] },
      'clients[2] (app) client_id is there twice',
    ],

    [
      withClient({
        client_id: 'a',
        client_name: '',
        grant_types: ['password'],
        redirect_uris: ['urn:ietf:wg:oauth:2.0:oob'],
      }),
      'clients[0] (a) client_name must not be empty\nclients[0] (a) client_secret is missing; for a public client say "token_endpoint_auth_method": "none"\nclients[0] (a) grant_types[0] must be one of authorization_code, client_credentials, refresh_token, urn:ietf:params:oauth:grant-type:device_code\nclients[0] (a) redirect_uris[0] is not a place to be sent to: an app on the person’s machine uses http://127.0.0.1 instead, with any port (RFC 8252 section 7.3): urn:ietf:wg:oauth:2.0:oob',
    ],
    [
      withClient({ ...CLIENT, token_endpoint_auth_method: 'basic', client_secret: undefined }),
      'clients[0] (app) token_endpoint_auth_method must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none',
    ],
    [
      withUser({ username: 'alice', email: 'x' }),
      'users[0] (alice) email must be an e-mail address\nusers[0] (alice) needs either password or password_hash',
    ],
    [withUser({ password: 'x' }), 'users[0] username is missing'],
    [withUser({ username: 7, password: 'x' }), 'users[0] username must be a string'],
    [withUser({ username: '', password: 'x' }), 'users[0] () username must not be empty'],
    [
      withUser({ username: 'alice', name: 'A\nB', password: 'x' }),
      'users[0] (alice) name has a control character, or half of a character, in it',
    ],
    [
      withUser({ username: 'alice', name: 'A\u202eB', given_name: '\u2067A', password: 'x' }),
      'users[0] (alice) name has a character in it that changes the direction of text, or a control character\nusers[0] (alice) given_name has a character in it that changes the direction of text, or a control character',
    ],
    [
      withClient({ ...CLIENT, client_name: 'App\u202e' }),
      'clients[0] (app) client_name has a character in it that changes the direction of text, or a control character',
    ],
    [
      withUser({ username: 'u'.repeat(256), password: 'x' }),
      `users[0] (${'u'.repeat(256)}) id is left out, and cannot be the username, which has more than 255 characters`,
    ],
    [
      withUser({ username: 'josé', password: 'x' }),
      'users[0] (josé) id is left out, and cannot be the username, which has a character that is not ASCII: the person needs another id',
    ],
    [
      withUser({ username: 'maria ', password: 'x' }),
      'users[0] (maria ) id is left out, and cannot be the username, which has a space at one end: the person needs another id',
    ],
    [
      withUser({ username: 'jose', id: 'josé', password: 'x' }),
      'users[0] (jose) id has a character that is not ASCII: the person needs another id',
    ],
    [withUser({ username: 'jose', id: '', password: 'x' }), 'users[0] (jose) id is empty'],
    [
      withUser({ username: 'u'.repeat(256), id: 'u', password: '' }),
      `users[0] (${'u'.repeat(256)}) password must not be empty`,
    ],
    [withUser({ username: 'alice', password: '' }), 'users[0] (alice) password must not be empty'],
    [
      withUser({ username: 'alice', password: 'x'.repeat(1025) }),
      'users[0] (alice) password is too long',
    ],
    [withUser({ username: 'alice' }), 'users[0] (alice) needs either password or password_hash'],
    [
      withUser({ username: 'alice', password: 'x', password_hash: PHC }),
      'users[0] (alice) needs either password or password_hash',
    ],
    [
      withUser({
        username: 'alice',
        password_hash: '$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$aGFzaA',
      }),
      'users[0] (alice) password_hash costs too much: it may have at most m=1048576, t=64 and p=64',
    ],
    [
      withUser({ username: 'alice', password_hash: 'wonderland' }),
      'users[0] (alice) password_hash must be a hash like $argon2id$v=19$m=..., $2b$12$..., $pbkdf2-sha256$i=...,l=...$... or $scrypt$ln=...,r=...,p=...$...',
    ],
    [
      withUser({ username: 'alice', password: 'x', email: 'alice' }),
      'users[0] (alice) email must be an e-mail address',
    ],
    ...['a@b@c.example', 'a b@c.example', '@c.example', 'a@', 'a@c..example', 'a@-c.example']
      .concat(`a@${'c'.repeat(64)}.example`, `a@${'c.'.repeat(126)}c`)
      .map((email): [object, string] => [
        withUser({ username: 'alice', password: 'x', email }),
        'users[0] (alice) email must be an e-mail address',
      ]),
    [
      withUser({ username: 'alice', password: 'x', name: '' }),
      'users[0] (alice) name must not be empty',
    ],
    [
      withUser({ username: 'alice', password: 'x', admin: true }),
      'users[0] (alice) has an unknown field: admin',
    ],
    [
      withUser({
        username: 'alice',
        password: 'x',
        email_verified: 'yes',
        picture: 'alice.png',
        address: {},
        groups: ['readers', 7],
        nickname: null,
      }),
      [
        'users[0] (alice) nickname is not a string',
        'users[0] (alice) picture is not an http or https URL',
        'users[0] (alice) email_verified is not a boolean',
        'users[0] (alice) address is empty',
        'users[0] (alice) groups has 7 in it, which is not a string',
      ].join('\n'),
    ],
    [
      withUser({ username: 'alice', password: 'x', preferred_username: 'al', sub: '1' }),
      'users[0] (alice) has an unknown field: preferred_username, sub',
    ],
    [
      {
        users: [
          { username: 'alice', password: 'x' },
          { username: 'bob', id: 'alice', password: 'x' },
        ],
      },
      'users[1] (bob) id is there twice',
    ],
    [
      {
        clients: [{ ...CLIENT, client_id: 'maria' }],
        users: [{ username: 'maria', password: 'x' }],
      },
      'users[0] (maria) has the id maria, which is that of a client: give the user another "id" (RFC 9068 section 5)',
    ],
    [
      {
        clients: [CLIENT],
        users: [{ username: 'maria', id: CLIENT.client_id, password: 'x' }],
      },
      'users[0] (maria) has the id app, which is that of a client: give the user another "id" (RFC 9068 section 5)',
    ],
  ];
  for (const [content, message, production] of wrong) {
    it(message, () => assert.deepEqual(problems(content, production), message.split('\n')));
  }

  it('every mistake is a line of its own', () => {
    const content = {
      clients: [
        { ...CLIENT, scope: 'read' },
        { ...CLIENT, client_id: 'b', redirect_uris: ['x', 'y'] },
      ],
    };
    assert.deepEqual(problems(content), [
      'clients[0] (app) scope has read, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)',
      'clients[1] (b) redirect_uris[0] is not an absolute URI: x',
      'clients[1] (b) redirect_uris[1] is not an absolute URI: y',
    ]);
  });

  for (const json of ['', '{', '{"clients": [],}', 'scopes: read']) {
    it(`is not JSON: ${JSON.stringify(json)}`, () => {
      assert.match(problems(json)[0]!, /^seed\.json is not JSON: ./);
    });
  }

  it('no message has a secret or a password in it', () => {
    const content = {
      clients: [{ ...CLIENT, client_secret: 'hush hush' }],
      users: [{ username: 'alice', password: 'wonderland', password_hash: 'looking glass' }],
    };
    assert.doesNotMatch(problems(content).join(), /hush|wonderland|looking/);
  });
});

describe('an e-mail address that is unusual', () => {
  for (const email of ["o'brien@example.com", 'ops@intranet', 'a+b.c@d-e.example', 'A@X.EXAMPLE']) {
    it(`is one: ${email}`, () =>
      assert.deepEqual(problems(withUser({ username: 'alice', password: 'x', email })), []));
  }
});

describe('readSeed', () => {
  it('answers with what the file says, in the words of authorizationServer', async () => {
    const { scopes, resources, clients, users } = await readSeed(DEMO);
    assert.deepEqual(Object.keys(scopes), ['read', 'write']);
    assert.deepEqual(resources, {});
    assert.deepEqual(
      clients.map(({ client_id }) => client_id),
      ['codecademy', 'demo-app', 'demo-tv'],
    );
    assert.equal(users.length, 1);
  });

  it('holds clients to the rules of production if it is told to', async () => {
    await assert.rejects(readSeed(DEMO, { production: true }), {
      message: /clients\[0\] \(codecademy\) client_secret is too short for production/,
    });
  });

  it('names the file that it cannot read', async () => {
    await assert.rejects(readSeed('nowhere.json'), {
      name: 'Error',
      message: 'nowhere.json cannot be read: there is no such file (ENOENT)',
    });
  });

  it('is all that applySeed needs', async () => {
    const store = memoryStore();
    await applySeed(store, await readSeed(DEMO));
    assert.equal((await store.clients.find('codecademy'))?.source, 'seed');
    assert.equal((await store.users.findByUsername('alice'))?.source, 'seed');
  });
});

describe('the seed that the settings name', () => {
  const config = { production: false, demo: false, issuer: 'http://localhost:4001' };

  it('is empty if they name no file', async () => {
    assert.deepEqual(await seedOf({ ...config, seedFile: undefined }), {
      scopes: {},
      resources: {},
      clients: [],
      users: [],
    });
  });

  it('adds to the demo what depends on where it runs, and to no other seed', async () => {
    const { issuer } = config;
    const [tutorial, app] = (await seedOf({ ...config, demo: true, seedFile: DEMO })).clients;
    assert.equal(tutorial?.redirect_uris.at(-1), `${issuer}/demo/callback`);
    assert.deepEqual(tutorial?.introspects, [issuer]);
    assert.equal(app?.redirect_uris.at(-1), `${issuer}/playground`);
    assert.equal(app?.introspects, undefined);

    const plain = await seedOf({ ...config, seedFile: DEMO });
    for (const { redirect_uris, introspects } of plain.clients) {
      assert.ok(redirect_uris.every((uri) => !uri.startsWith(issuer)));
      assert.equal(introspects, undefined);
    }
  });

  it('is held to the rules of production there', async () => {
    await assert.rejects(seedOf({ ...config, production: true, seedFile: DEMO }), SeedError);
  });
});

describe('applySeed', () => {
  const seed = parseSeed(
    'seed.json',
    JSON.stringify({
      scopes: { read: 'Read', write: 'Write' },
      clients: [CLIENT, { ...PUBLIC, client_id: 'public', scope: 'read', access_token_ttl: 60 }],
      users: [
        { username: 'alice', password: 'wonderland' },
        {
          username: 'bob',
          id: '7',
          name: 'Bob',
          password_hash: PHC,
          email: 'bob@example.com',
          given_name: 'Robert',
          groups: ['builders'],
        },
      ],
    }),
    false,
  );

  it('keeps no secret and no password, only their hashes', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    const client = await store.clients.find('app');
    assert.equal(client?.secretHashes.length, 1);
    const alice = await store.users.findByUsername('alice');
    assert.match(alice?.passwordHash ?? '', /^\$argon2id\$/);
    assert.doesNotMatch(JSON.stringify([client, alice]), /"secret"|wonderland/);
    assert.equal((await store.users.findByUsername('bob'))?.passwordHash, PHC);
  });

  it('gives a client that names no scope every scope there is, and a user the username as id', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    const openid = ['openid', 'profile', 'email', 'address', 'phone', 'groups'];
    assert.deepEqual((await store.clients.find('app'))?.scope, ['read', 'write', ...openid]);
    assert.deepEqual((await store.clients.find('public'))?.scope, ['read']);
    assert.equal((await store.clients.find('public'))?.accessTokenLifetime, 60);
    assert.equal((await store.users.find('alice'))?.name, 'alice');
    const bob = await store.users.find('7');
    assert.equal(bob?.username, 'bob');
    assert.deepEqual(bob.claims, { given_name: 'Robert', groups: ['builders'] });
  });

  it('needs the secret of the server only for a client that signs with its own', async () => {
    const store = memoryStore();
    const signing = parseSeed('seed.json', JSON.stringify(withClient(HMAC)), true);
    await assert.rejects(applySeed(store, signing), TypeError);
    await applySeed(store, signing, 's'.repeat(32));
    assert.equal((await store.clients.find('app'))?.encryptedSecrets?.length, 1);
  });

  it('says of each record where it came from', async () => {
    for (const source of ['seed', 'demo'] as const) {
      const store = memoryStore();
      await applySeed(store, seed, undefined, source);
      assert.equal((await store.clients.find('app'))?.source, source);
      assert.equal((await store.users.find('alice'))?.source, source);
    }
  });

  it('gives no client the id of a user, no user that of a client, and no username twice', async () => {
    const other = parseSeed(
      'other.json',
      JSON.stringify({
        clients: [{ ...CLIENT, client_id: 'alice' }],
        users: [{ username: 'app', password: 'wonderland' }],
      }),
      false,
    );
    const store = memoryStore();
    await applySeed(store, { ...other, users: [] });
    await assert.rejects(applySeed(store, { ...seed, clients: [] }), {
      name: 'Error',
      message:
        'The user alice with the username alice cannot be added to the store. A client has the id of the user.',
    });
    await applySeed(store, { ...other, clients: [] });
    await assert.rejects(applySeed(store, { ...seed, users: [] }), {
      message: 'The client app cannot be added to the store. A user has the id of the client.',
    });
    const [user] = other.users;
    await assert.rejects(
      applySeed(store, { ...seed, clients: [], users: [{ ...user!, id: '8' }] }),
      {
        message:
          'The user 8 with the username app cannot be added to the store. The username is taken.',
      },
    );
  });

  it('names everything that is taken at once, and writes nothing', async () => {
    const store = memoryStore();
    const before = { clients: [], users: [{ username: 'app', password: 'wonderland' }] };
    await applySeed(store, parseSeed('before.json', JSON.stringify(before)));
    const users = ['7', '8'].map((id) => ({ id, username: 'app', password: 'wonderland' }));
    const after = {
      clients: [CLIENT, { ...CLIENT, client_id: 'free' }],
      users: [...users.slice(0, 1), { username: 'bob', password: 'wonderland' }],
    };
    const twice = parseSeed('after.json', JSON.stringify(after));
    await assert.rejects(applySeed(store, { ...twice, users: [...twice.users, users[1]!] }), {
      message: [
        'The client app cannot be added to the store. A user has the id of the client.',
        'The user 7 with the username app cannot be added to the store. The username is taken.',
        'The user 8 with the username app cannot be added to the store. The username is taken.',
      ].join('\n'),
    });
    assert.equal(await store.clients.find('free'), undefined);
    assert.equal(await store.users.find('bob'), undefined);
  });

  it('may be done twice', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    await applySeed(store, seed);
    assert.equal((await store.users.findByUsername('bob'))?.id, '7');
  });
});
