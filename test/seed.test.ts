import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applySeed, parseSeed, readSeed, SeedError } from '../src/seed.ts';
import { memoryStore } from '../src/store/memory.ts';

const PHC =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$VLOmnyVeGhRnkxAz2Vh0yZQ9N1y7xZ1m8S8Jk1gJ2bM';

const CLIENT = {
  client_id: 'app',
  client_secret: 'secret',
  redirect_uris: ['https://app.example/callback'],
};

/** The same client without a secret. */
const PUBLIC = {
  client_id: 'app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'none',
};

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
      { ...CLIENT, grant_types: ['authorization_code'], require_pkce: true },
    ]);
  });

  it('may be empty', () => {
    assert.deepEqual(parseSeed('seed.json', '{}', true), { scopes: {}, clients: [], users: [] });
  });

  const right: [string, object, boolean?][] = [
    ['a public client', withClient(PUBLIC)],
    ['an old client that cannot do PKCE', withClient({ ...CLIENT, require_pkce: false })],
    [
      'a client without a redirect URI that needs none',
      withClient({ client_id: 'job', client_secret: 's', grant_types: ['client_credentials'] }),
    ],
    [
      'RFC 7591 metadata that says nothing to this server',
      withClient({ ...CLIENT, logo_uri: 'https://app.example/logo', contacts: ['a@b.example'] }),
    ],
    ['response_types code', withClient({ ...CLIENT, response_types: ['code'] })],
    [
      'http on loopback in production',
      withClient({ ...PUBLIC, redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]:8/'] }),
      true,
    ],
    [
      'the scheme of an app in production',
      withClient({ ...PUBLIC, redirect_uris: ['com.example.app:/callback'] }),
      true,
    ],
    ['http outside production', withClient({ ...CLIENT, redirect_uris: ['http://app.example/'] })],
    ['a user with a password', withUser({ username: 'alice', password: 'wonderland' })],
    ['a user with a hash', withUser({ username: 'alice', password_hash: PHC })],
    ['a client with the id __proto__', withClient({ ...CLIENT, client_id: '__proto__' })],
  ];
  for (const [what, content, production] of right) {
    it(`may have ${what}`, () => assert.deepEqual(problems(content, production), []));
  }
});

describe('a seed that is wrong: the message names the entry and the field', () => {
  const anId = 'must be 1 to 255 letters, digits and -._~ and the like, without spaces';
  const wrong: [unknown, string, boolean?][] = [
    [[], 'the file must be an object'],
    [null, 'the file must be an object'],
    ['"seed"', 'the file must be an object'],
    [{ client: [] }, 'the file has a field nobody knows: client'],
    [{ scopes: ['read'] }, 'scopes must be an object'],
    [{ scopes: { 'a b': 'x' } }, 'scopes.a b is not a scope (RFC 6749 section 3.3)'],
    [{ scopes: { read: 3 } }, 'scopes.read must be a string'],
    [{ scopes: { read: '' } }, 'scopes.read must not be empty'],
    [{ clients: {} }, 'clients must be a list'],
    [{ clients: ['app'] }, 'clients[0] must be an object'],
    [{ clients: [null] }, 'clients[0] must be an object'],
    [{ users: 'alice' }, 'users must be a list'],

    [withClient({ ...CLIENT, client_id: undefined }), 'clients[0] client_id is missing'],
    [withClient({ ...CLIENT, client_id: 7 }), 'clients[0] client_id must be a string'],
    [withClient({ ...CLIENT, client_id: '' }), `clients[0] () client_id ${anId}`],
    [withClient({ ...CLIENT, client_id: 'a b' }), `clients[0] (a b) client_id ${anId}`],
    [
      withClient({ ...CLIENT, client_secret: 7 }),
      'clients[0] (app) client_secret must be a string',
    ],
    [
      withClient({ ...CLIENT, client_secret: 'a b' }),
      'clients[0] (app) client_secret must be 1 to 255 printable ASCII characters, without spaces',
    ],
    [
      withClient({ ...CLIENT, client_secret: undefined }),
      'clients[0] (app) client_secret is missing; for a public client say "token_endpoint_auth_method": "none"',
    ],
    [
      withClient({ ...CLIENT, token_endpoint_auth_method: 'none' }),
      'clients[0] (app) client_secret is there, but "token_endpoint_auth_method" is "none"',
    ],
    [
      withClient({ ...CLIENT, token_endpoint_auth_method: 'private_key_jwt' }),
      'clients[0] (app) token_endpoint_auth_method must be client_secret_basic, client_secret_post or none',
    ],
    [withClient({ ...CLIENT, client_name: '' }), 'clients[0] (app) client_name must not be empty'],
    [
      withClient({ ...CLIENT, client_name: 'x'.repeat(257) }),
      'clients[0] (app) client_name is too long',
    ],
    [
      withClient({ ...CLIENT, client_uri: 'javascript:alert(1)' }),
      'clients[0] (app) client_uri must be an http or https URL',
    ],
    [
      withClient({ ...CLIENT, redirect_uris: 'https://app.example/' }),
      'clients[0] (app) redirect_uris must be a list',
    ],
    [
      withClient({ ...CLIENT, redirect_uris: [7] }),
      'clients[0] (app) redirect_uris[0] must be a string',
    ],
    [
      withClient({ ...CLIENT, redirect_uris: undefined }),
      'clients[0] (app) redirect_uris is missing: the grant type authorization_code needs one',
    ],
    ...(
      [
        ['/callback', 'is not an absolute URI'],
        ['https://app.example/#x', 'has a fragment (RFC 6749 section 3.1.2)'],
        ['https://app.example/ x', 'has a space or a control character'],
        ['https://a:b@app.example/', 'has a user name or password in it'],
        ['javascript:alert(1)', 'has the scheme javascript:, which runs code'],
        ['data:text/html,x', 'has the scheme data:, which runs code'],
      ] as const
    ).map(([uri, problem]): [unknown, string] => [
      withClient({ ...CLIENT, redirect_uris: ['https://app.example/', uri] }),
      `clients[0] (app) redirect_uris[1] ${problem}: ${uri}`,
    ]),
    [
      withClient({ ...CLIENT, redirect_uris: ['http://app.example/'] }),
      'clients[0] (app) redirect_uris[0] is http for a host that is not loopback: use https: http://app.example/',
      true,
    ],
    [
      withClient({ ...CLIENT, grant_types: ['password'] }),
      'clients[0] (app) grant_types[0] must be one of authorization_code, client_credentials, refresh_token',
    ],
    [
      withClient({ ...CLIENT, grant_types: 'authorization_code' }),
      'clients[0] (app) grant_types must be a list',
    ],
    [
      withClient({ ...PUBLIC, grant_types: ['client_credentials'] }),
      'clients[0] (app) grant_types has client_credentials, which needs a client_secret (RFC 6749 section 4.4)',
    ],
    [
      withClient({ ...CLIENT, response_types: ['token'] }),
      'clients[0] (app) response_types[0] must be code',
    ],
    [
      withClient({ ...CLIENT, scope: ['read'] }),
      'clients[0] (app) scope must be a string of words separated by spaces',
    ],
    [
      withClient({ ...CLIENT, scope: 'read all' }),
      'clients[0] (app) scope has all, which "scopes" does not explain',
    ],
    [
      withClient({ ...CLIENT, require_pkce: 'no' }),
      'clients[0] (app) require_pkce must be true or false',
    ],
    [
      withClient({ ...PUBLIC, require_pkce: false }),
      'clients[0] (app) require_pkce must be true for a public client (RFC 9700 section 2.1.1)',
    ],
    [
      withClient({ ...CLIENT, access_token_ttl: 0 }),
      'clients[0] (app) access_token_ttl must be more than 0',
    ],
    [
      withClient({ ...CLIENT, refresh_token_ttl: '60' }),
      'clients[0] (app) refresh_token_ttl must be a whole number of seconds',
    ],
    [
      withClient({ ...CLIENT, redirect_uri: 'https://app.example/', secret: 'x' }),
      'clients[0] (app) has a field nobody knows: redirect_uri, secret',
    ],
    [
      { clients: [CLIENT, { ...PUBLIC, client_id: 'other' }, CLIENT] },
      'clients[2] (app) client_id is there twice',
    ],

    [withUser({ password: 'x' }), 'users[0] username is missing'],
    [withUser({ username: 7, password: 'x' }), 'users[0] username must be a string'],
    [withUser({ username: '', password: 'x' }), 'users[0] () username must not be empty'],
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
      withUser({ username: 'alice', password_hash: 'wonderland' }),
      'users[0] (alice) password_hash must be an argon2 hash in the PHC format: $argon2id$v=19$...',
    ],
    [
      withUser({ username: 'alice', password: 'x', email: 'alice' }),
      'users[0] (alice) email must be an e-mail address',
    ],
    [
      withUser({ username: 'alice', password: 'x', name: '' }),
      'users[0] (alice) name must not be empty',
    ],
    [
      withUser({ username: 'alice', password: 'x', admin: true }),
      'users[0] (alice) has a field nobody knows: admin',
    ],
    [
      {
        users: [
          { username: 'alice', password: 'x' },
          { username: 'bob', id: 'alice', password: 'x' },
        ],
      },
      'users[1] (alice) id is there twice',
    ],
  ];
  for (const [content, message, production] of wrong) {
    it(message, () => assert.deepEqual(problems(content, production), [message]));
  }

  it('every mistake is a line of its own', () => {
    const content = {
      clients: [
        { ...CLIENT, scope: 'read' },
        { ...CLIENT, client_id: 'b', redirect_uris: ['x', 'y'] },
      ],
    };
    assert.deepEqual(problems(content), [
      'clients[0] (app) scope has read, which "scopes" does not explain',
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

describe('readSeed', () => {
  const config = { production: false, demo: false, issuer: 'http://localhost:4001' };

  it('answers with nothing where no file is named', async () => {
    assert.deepEqual(await readSeed({ ...config, seedFile: undefined }), {
      scopes: {},
      clients: [],
      users: [],
    });
  });

  it('names the file that it cannot read', async () => {
    await assert.rejects(readSeed({ ...config, seedFile: 'nowhere.json' }), {
      message: 'nowhere.json cannot be read: ENOENT',
    });
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
        { username: 'bob', id: '7', name: 'Bob', password_hash: PHC, email: 'bob@example.com' },
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

  it('gives a client that names no scope every scope of the seed, and a user the username as id', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    assert.deepEqual((await store.clients.find('app'))?.scope, ['read', 'write']);
    assert.deepEqual((await store.clients.find('public'))?.scope, ['read']);
    assert.equal((await store.clients.find('public'))?.accessTokenLifetime, 60);
    assert.equal((await store.users.find('alice'))?.name, 'alice');
    assert.equal((await store.users.find('7'))?.username, 'bob');
  });

  it('may be done twice', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    await applySeed(store, seed);
    assert.equal((await store.users.findByUsername('bob'))?.id, '7');
  });
});
