import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { applySeed, parseSeed, readSeed, SeedError } from '../../src/program/seed.ts';
import { memoryStore } from '../../src/store/memory.ts';

const PHC =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$VLOmnyVeGhRnkxAz2Vh0yZQ9N1y7xZ1m8S8Jk1gJ2bM';

const CLIENT = {
  client_id: 'app',
  client_secret: 'secret',
  redirect_uris: ['https://app.example/callback'],
};

/** The same with a secret that production takes. */
const LONG = { ...CLIENT, client_secret: 's'.repeat(32) };

/** The same client without a secret. */
const PUBLIC = {
  client_id: 'app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'none',
};

/** One that signs with its private key. */
const SIGNING = {
  client_id: 'app',
  redirect_uris: ['https://app.example/callback'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: {
    keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }],
  },
};

/** And one whose keys are somewhere else. */
const FETCHED = {
  ...SIGNING,
  jwks: undefined,
  jwks_uri: 'https://app.example/jwks.json',
};

/** One that signs with its secret. */
const HMAC = {
  ...CLIENT,
  client_secret: 'a-secret-of-forty-characters-or-even-more',
  token_endpoint_auth_method: 'client_secret_jwt',
};

const API = 'https://api.example.com/';

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
    [
      'old clients that sign for the token endpoint',
      {
        clients: [
          { ...SIGNING, allow_token_endpoint_audience: true },
          { ...HMAC, client_id: 'hmac', allow_token_endpoint_audience: true },
          { ...CLIENT, client_id: 'not-one', allow_token_endpoint_audience: false },
        ],
      },
    ],
    ['secrets of 32 characters in production', withClient(LONG), true],
    [
      'two of them in production',
      withClient({ ...LONG, client_secret: ['l'.repeat(32), 'm'.repeat(255)] }),
      true,
    ],
    ['two secrets for a change-over', withClient({ ...CLIENT, client_secret: ['old', 'new'] })],
    ['a client that signs with its private key', withClient(SIGNING), true],
    ['a client whose keys are to be fetched', withClient(FETCHED), true],
    [
      'http for those keys outside production',
      withClient({ ...FETCHED, jwks_uri: 'http://localhost:9/jwks.json' }),
    ],
    ['a client that signs with its secret', withClient(HMAC)],
    ['resources', { resources: { [API]: { access_token_format: 'jwt' }, 'urn:example:api': {} } }],
    [
      'a client for those resources',
      {
        resources: { [API]: {} },
        clients: [{ ...CLIENT, resources: [API], introspects: [API], access_token_format: 'jwt' }],
      },
    ],
    [
      'resources of a client where the server lists none',
      withClient({ ...CLIENT, resources: [API], introspects: [API] }),
    ],
    [
      'a client that does nothing but introspect',
      withClient({ client_id: 'api', client_secret: 's', grant_types: [], introspects: [API] }),
    ],
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
    ...[3, null, ['Read'], {}, { de: 3 }].map((read): [object, string] => [
      { scopes: { read } },
      'scopes.read must be a string, or one for each language: { "en": "...", "de": "..." }; the languages are en, de, es, fr, zh',
    ]),
    [{ scopes: { read: { german: 'Lesen' } } }, 'scopes.read has a field nobody knows: german'],
    [{ scopes: { read: { de: '' } } }, 'scopes.read de must not be empty'],
    [{ scopes: { read: '' } }, 'scopes.read must not be empty'],
    [{ clients: {} }, 'clients must be a list'],
    [{ clients: ['app'] }, 'clients[0] must be an object'],
    [{ clients: [null] }, 'clients[0] must be an object'],
    [{ users: 'alice' }, 'users must be a list'],

    [withClient({ ...CLIENT, client_id: undefined }), 'clients[0] client_id is missing'],
    [withClient({ ...CLIENT, client_id: 7 }), 'clients[0] client_id must be a string'],
    [withClient({ ...CLIENT, client_id: '' }), `clients[0] () client_id ${anId}`],
    [withClient({ ...CLIENT, client_id: 'a b' }), `clients[0] (a b) client_id ${anId}`],
    ...[7, 'a b', '', [], ['one', 'two', 'three']].map((value): [unknown, string] => [
      withClient({ ...CLIENT, client_secret: value }),
      'clients[0] (app) client_secret must be a string of 1 to 255 printable ASCII characters without spaces, or a list of two',
    ]),
    [
      withClient({ ...CLIENT, client_secret: ['one', 'a b'] }),
      'clients[0] (app) client_secret[1] must be a string of 1 to 255 printable ASCII characters without spaces, or a list of two',
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
      withClient({ ...CLIENT, token_endpoint_auth_method: 'tls_client_auth' }),
      'clients[0] (app) token_endpoint_auth_method must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none',
    ],
    [
      withClient({ ...SIGNING, jwks: undefined }),
      'clients[0] (app) jwks is missing: private_key_jwt needs it, or jwks_uri',
    ],
    [
      withClient({ ...SIGNING, client_secret: 'secret' }),
      'clients[0] (app) client_secret is there, but the client signs with its private key',
    ],
    [
      withClient({ ...FETCHED, jwks: SIGNING.jwks }),
      'clients[0] (app) jwks_uri is there beside jwks: give one of them (RFC 7591 section 2)',
    ],
    [
      withClient({ ...CLIENT, jwks: SIGNING.jwks }),
      'clients[0] (app) jwks is there, but "token_endpoint_auth_method" is not "private_key_jwt"',
    ],
    [withClient({ ...SIGNING, jwks: { keys: [] } }), 'clients[0] (app) jwks keys must have a key'],
    [
      withClient({ ...SIGNING, jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }),
      'clients[0] (app) jwks keys[0] kty must be EC, RSA or OKP',
    ],
    [
      withClient({ ...SIGNING, jwks: { keys: [{ kty: 'OKP', d: 'AAAA' }] } }),
      'clients[0] (app) jwks keys[0] is a private key: keep it with the client',
    ],
    [
      withClient({ ...FETCHED, jwks_uri: 'file:///etc/keys.json' }),
      'clients[0] (app) jwks_uri must be an https URL',
    ],
    [
      withClient({ ...FETCHED, jwks_uri: 'http://app.example/jwks.json' }),
      'clients[0] (app) jwks_uri is http: use https',
      true,
    ],
    [
      withClient({ ...HMAC, client_secret: 'short' }),
      'clients[0] (app) client_secret must have 32 characters or more to sign with (RFC 7518 section 3.2)',
    ],
    ...['s'.repeat(31), ['s'.repeat(31), 'l'.repeat(32)], ['l'.repeat(32), 's']].map(
      (client_secret): [unknown, string, boolean] => [
        withClient({ ...CLIENT, client_secret }),
        `clients[0] (app) client_secret is too short for production: make one of 32 random characters or more, with node -p "crypto.randomBytes(32).toString('base64url')"`,
        true,
      ],
    ),
    [
      withClient({ ...CLIENT, allow_token_endpoint_audience: true }),
      'clients[0] (app) allow_token_endpoint_audience is there, but the client does not sign',
    ],
    [
      withClient({ ...SIGNING, allow_token_endpoint_audience: 'yes' }),
      'clients[0] (app) allow_token_endpoint_audience must be true or false',
    ],
    [
      withClient({ ...CLIENT, access_token_format: 'JWT' }),
      'clients[0] (app) access_token_format must be opaque or jwt',
    ],
    ...['api', '/api', `${API}#x`].map((value): [unknown, string] => [
      withClient({ ...CLIENT, resources: [value] }),
      'clients[0] (app) resources[0] must be an absolute URI without a fragment',
    ]),
    [
      withClient({ ...CLIENT, introspects: ['api'] }),
      'clients[0] (app) introspects[0] must be an absolute URI without a fragment',
    ],
    [
      { resources: { [API]: {} }, clients: [{ ...CLIENT, resources: ['urn:other'] }] },
      'clients[0] (app) resources has urn:other, which "resources" does not list',
    ],
    [{ resources: { api: {} } }, 'resources.api must be an absolute URI without a fragment'],
    [
      { resources: { [API]: { format: 'jwt' } } },
      `resources.${API} has a field nobody knows: format`,
    ],
    [
      { resources: { [API]: { access_token_format: 'xml' } } },
      `resources.${API} access_token_format must be opaque or jwt`,
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
      withClient({ ...CLIENT, redirect_uris: Array(101).fill('https://app.example/') }),
      'clients[0] (app) redirect_uris has more than 100',
    ],
    [
      withClient({ ...CLIENT, redirect_uris: [`https://app.example/${'x'.repeat(1005)}`] }),
      `clients[0] (app) redirect_uris[0] is longer than 1024 characters: https://app.example/${'x'.repeat(1005)}`,
    ],
    [
      withClient({ ...CLIENT, resources: Array(101).fill(API) }),
      'clients[0] (app) resources has more than 100',
    ],
    [
      withClient({ ...CLIENT, scope: Array.from({ length: 101 }, (_, n) => n).join(' ') }),
      'clients[0] (app) scope has more than 100',
    ],
    [
      withClient({ ...CLIENT, jwks: { keys: Array(33).fill({ kty: 'EC' }) } }),
      'clients[0] (app) jwks keys has more than 32',
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
      withClient({ ...LONG, redirect_uris: ['http://app.example/'] }),
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
      resources: {},
      clients: [],
      users: [],
    });
  });

  it('adds to the demo what depends on where it runs, and to no other seed', async () => {
    const seedFile = fileURLToPath(new URL('../../seeds/demo.json', import.meta.url));
    const { issuer } = config;
    const [tutorial, app] = (await readSeed({ ...config, demo: true, seedFile })).clients;
    assert.equal(tutorial?.redirect_uris.at(-1), `${issuer}/demo/callback`);
    assert.deepEqual(tutorial?.introspects, [issuer]);
    assert.equal(app?.redirect_uris.at(-1), `${issuer}/playground`);
    assert.equal(app?.introspects, undefined);

    const plain = await readSeed({ ...config, seedFile });
    for (const { redirect_uris, introspects } of plain.clients) {
      assert.ok(redirect_uris.every((uri) => !uri.startsWith(issuer)));
      assert.equal(introspects, undefined);
    }
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

  it('keeps the secrets of a client that signs with them, but encrypted', async () => {
    const store = memoryStore();
    const signing = parseSeed('seed.json', JSON.stringify(withClient(HMAC)), true);
    await assert.rejects(applySeed(store, signing), {
      name: 'Error',
      message: "The client app signs with its secret: give applySeed the server's.",
    });
    await applySeed(store, signing, 's'.repeat(32));
    const client = await store.clients.find('app');
    assert.equal(client?.encryptedSecrets?.length, 1);
    assert.equal(client.secretHashes.length, 1);
    assert.doesNotMatch(JSON.stringify(client), /forty-characters/);
  });

  it('keeps what a client may ask tokens for, introspects and signs with', async () => {
    const store = memoryStore();
    const entry = { ...SIGNING, resources: [API], introspects: [API], access_token_format: 'jwt' };
    const seed = parseSeed('seed.json', JSON.stringify(withClient(entry)), true);
    await applySeed(store, seed);
    const client = await store.clients.find('app');
    assert.deepEqual(client?.resources, [API]);
    assert.deepEqual(client.introspects, [API]);
    assert.equal(client.accessTokenFormat, 'jwt');
    assert.deepEqual(client.jwks, SIGNING.jwks);
    assert.deepEqual(client.secretHashes, []);
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

  it('may be done twice', async () => {
    const store = memoryStore();
    await applySeed(store, seed);
    await applySeed(store, seed);
    assert.equal((await store.users.findByUsername('bob'))?.id, '7');
  });
});
