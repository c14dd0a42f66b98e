// Clients and users that a program saves itself: what is not whole is refused when it is saved, and
// what was written past the store is unknown.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  authorizationServer,
  memoryStore,
  openStore,
  type ServerEvents,
  type Store,
} from '../../src/index.ts';
import { isUnchanged } from '../../src/store/clients-and-users.ts';
import { aClient, aUser } from '../../src/store-contract/records.ts';
import type { Client, User } from '../../src/types.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';
import { DATABASES, look } from '../helpers/sql.ts';

const CREDENTIALS = { grant_type: 'client_credentials' };

const WRONG_CLIENTS: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ name: undefined }, 'name is missing'],
  [{ scope: undefined }, 'scope is missing'],
  [{ scope: 'read write' }, 'scope is "read write", which is not a list of words'],
  [
    { scope: ['read write'] },
    'scope is a list of 1, which has "read write" in it, which is not one word of a scope',
  ],
  [{ grants: undefined }, 'grants is missing'],
  [{ redirectUris: undefined }, 'redirectUris is missing'],
  [
    { redirectUris: 'https://web.example/callback' },
    'redirectUris is "https://web.example/callback", which is not a list of URIs',
  ],
  [
    { redirectUris: ['/callback'] },
    'redirectUris is a list of 1, which has "/callback" in it, which is not an absolute URI',
  ],
  [
    { redirectUris: ['urn:ietf:wg:oauth:2.0:oob'] },
    'redirectUris is a list of 1, which has "urn:ietf:wg:oauth:2.0:oob" in it, which is not a place to be sent to: an app on the person’s machine uses http://127.0.0.1 instead, with any port (RFC 8252 section 7.3)',
  ],
  [
    { redirectUris: ['https://web.example/callback#x'] },
    'redirectUris is a list of 1, which has "https://web.example/callback#x" in it, which has a fragment',
  ],
  [
    { redirectUris: ['https:/transfer?to=mallory'] },
    'redirectUris is a list of 1, which has "https:/transfer?to=mallory" in it, which has no // and host after its scheme (RFC 9110 section 4.2)',
  ],
  [
    { redirectUris: ['https://x;sandbox/cb'] },
    'redirectUris is a list of 1, which has "https://x;sandbox/cb" in it, which has a host that is no name and no address',
  ],
  [
    { postLogoutRedirectUris: ['https:evil.example/../../transfer'] },
    'postLogoutRedirectUris is a list of 1, which has "https:evil.example/../../transfer" in it, which has no // and host after its scheme (RFC 9110 section 4.2)',
  ],
  [
    { frontchannelLogoutUri: 'https:/transfer' },
    'frontchannelLogoutUri is "https:/transfer", which has no // and host after its scheme (RFC 9110 section 4.2)',
  ],
  [
    { redirectUris: ['javascript:alert(1)'] },
    'redirectUris is a list of 1, which has "javascript:alert(1)" in it, which has the scheme javascript:, which runs code',
  ],
  [
    { postLogoutRedirectUris: ['data:text/html,x'] },
    'postLogoutRedirectUris is a list of 1, which has "data:text/html,x" in it, which has the scheme data:, which runs code',
  ],
  [
    { backchannelLogoutUri: 'https://web.example/logout#x' },
    'backchannelLogoutUri is "https://web.example/logout#x", which has a fragment',
  ],
  [
    { frontchannelLogoutUri: 'javascript:alert(1)' },
    'frontchannelLogoutUri is "javascript:alert(1)", which is not http or https',
  ],
  [{ secretHashes: undefined }, 'secretHashes is missing'],
  [{ secretHashes: 'secret' }, 'secretHashes is not a list of strings'],
  [{ requirePkce: undefined }, 'requirePkce is missing'],
  [{ requirePkce: 'false' }, 'requirePkce is "false", which is not a boolean'],
  [{ jwks: { key: {} } }, 'jwks is an object, which is not { keys: [...] }'],
  [
    { tokenEndpointAuthMethod: 'basic' },
    'tokenEndpointAuthMethod is "basic", which is not one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, none',
  ],
  [
    { accessTokenLifetime: Number.MAX_SAFE_INTEGER },
    'accessTokenLifetime is 9007199254740991, which is not a whole number of seconds from 1 to 315360000',
  ],
  [
    { refreshTokenLifetime: 0 },
    'refreshTokenLifetime is 0, which is not a whole number of seconds from 1 to 315360000',
  ],
];

const NO_SUB = 'has a (character that is not ASCII|space at one end): the person needs another id';

const WRONG_USERS: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ username: undefined }, 'username is missing'],
  [{ username: '' }, 'username is "", which is empty'],
  [{ name: undefined }, 'name is missing'],
  [{ name: 7 }, 'name is 7, which is not a string'],
  [
    { passwordHash: '$2b$10$abcdefghijklmnopqrstuv' },
    'passwordHash is not a hash like $argon2id$v=19$m=..., $2b$12$..., $pbkdf2-sha256$i=...,l=...$... or $scrypt$ln=...,r=...,p=...$...',
  ],
  [
    { passwordHash: '$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$aGFzaA' },
    'passwordHash costs too much: it may have at most m=1048576, t=64 and p=64',
  ],
  [
    { passwordHash: '$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$aGFzaA' },
    'passwordHash is not a hash like $argon2id$v=19$m=..., $2b$12$..., $pbkdf2-sha256$i=...,l=...$... or $scrypt$ln=...,r=...,p=...$...',
  ],
  [{ passwordChangedAt: 1e300 }, 'passwordChangedAt is 1e+300, which is not a time'],
];

describe('a record that is not whole', async () => {
  const store = await emptyStore();

  for (const [changes, problem] of WRONG_CLIENTS) {
    it(`is no client that can be saved: ${problem}`, async () => {
      const client = aClient({ id: 'mine', ...(changes as Partial<Client>) });
      await assert.rejects(store.clients.save(client), {
        name: 'TypeError',
        message: `The client "mine" cannot be stored: ${problem}.`,
      });
      assert.equal(await store.clients.find('mine'), undefined);
    });
  }

  for (const [changes, problem] of WRONG_USERS) {
    it(`is no user that can be saved or added: ${problem}`, async () => {
      const user = aUser({ id: 'me', ...(changes as Partial<User>) });
      const message = `The user "me" cannot be stored: ${problem}.`;
      await assert.rejects(store.users.save(user), { name: 'TypeError', message });
      await assert.rejects(store.users.add(user), { name: 'TypeError', message });
      assert.equal(await store.users.find('me'), undefined);
    });
  }

  it('is no user with an id that no token can have as its sub', async () => {
    for (const id of ['josé', 'a\u0085b', '👩', ' a', 'a ']) {
      const message = new RegExp(`^The user ".*" cannot be stored: id is ".*", which ${NO_SUB}`);
      await assert.rejects(store.users.save(aUser({ id })), { name: 'TypeError', message });
      await assert.rejects(store.users.add(aUser({ id })), { name: 'TypeError', message });
      assert.equal(await store.users.find(id), undefined);
    }
    const user = aUser({ id: '{"a b"}' });
    await store.users.save(user);
    assert.equal((await store.users.find(user.id))?.username, user.username);
  });

  it('is no client without an id, and nothing at all is none either', async () => {
    await assert.rejects(store.clients.save(aClient({ id: undefined as never })), {
      message: 'The client undefined cannot be stored: id is missing.',
    });
    await assert.rejects(store.clients.save(undefined as never), { name: 'TypeError' });
  });

  it('is a whole one with a number for its id, which becomes a string', async () => {
    await store.clients.save(aClient({ id: 7 as never }));
    assert.equal((await store.clients.find('7'))?.id, '7');
    await store.users.save(aUser({ id: 8 as never, username: 'eight' }));
    assert.equal((await store.users.find('8'))?.id, '8');
    assert.equal((await store.users.findByUsername('eight'))?.id, '8');
  });
});

/** A store in which somebody has changed records by other means: what is read comes back changed. */
function changedStore(store: Store, client: object, user: object): Store {
  const change = <Kind extends object>(found: Kind | undefined, changes: object) =>
    found && ({ ...found, ...changes } as Kind);
  return {
    ...store,
    clients: {
      ...store.clients,
      find: async (id) =>
        id === 'web' ? change(await store.clients.find(id), client) : store.clients.find(id),
    },
    users: {
      ...store.users,
      find: async (id) => change(await store.users.find(id), user),
      findByUsername: async (name) => change(await store.users.findByUsername(name), user),
      findByTypedName: async (typed) => change(await store.users.findByTypedName(typed), user),
    },
  };
}

describe('a record that somebody wrote past the store', () => {
  for (const [changes, problem] of WRONG_CLIENTS) {
    it(`is unknown as a client at every endpoint, and reported once: ${problem}`, async () => {
      const store = changedStore(await emptyStore(), changes, {});
      const server = await startServer({}, { store });
      const refused: ServerEvents['record_refused'][0][] = [];
      server.events.on('record_refused', (one) => refused.push(one));
      const page = await http(authorizeUrl(server));
      assert.equal(page.status, 400);
      assert.equal(page.location, '');
      for (const endpoint of ['token', 'revoke', 'introspect']) {
        const answer = await http(`${server.origin}/oauth/${endpoint}`, {
          method: 'POST',
          body: new URLSearchParams({
            ...CREDENTIALS,
            token: 'a',
            client_id: 'web',
            client_secret: 'web-secret',
          }),
        });
        assert.equal(answer.json.error, 'invalid_client', endpoint);
      }
      assert.deepEqual(refused, [{ clientId: 'web', problem }]);
    });
  }

  for (const [changes, problem] of WRONG_USERS) {
    it(`is unknown as a user, and reported: ${problem}`, async () => {
      const server = await startServer(
        {},
        { store: changedStore(await emptyStore(), {}, changes) },
      );
      const refused: ServerEvents['record_refused'][0][] = [];
      server.events.on('record_refused', (one) => refused.push(one));
      const answer = await logIn(server, 'bob', 'builder');
      assert.equal(answer.status, 400);
      assert.match(answer.text, /name="password"/);
      assert.deepEqual(refused, [{ userId: 'user-2', problem }]);
    });
  }

  it('is unknown as a user with an id that is not ASCII, and reported', async () => {
    const store = changedStore(await emptyStore(), {}, { id: 'josé' });
    const server = await startServer({}, { store });
    const refused: ServerEvents['record_refused'][0][] = [];
    server.events.on('record_refused', (one) => refused.push(one));
    const answer = await logIn(server, 'bob', 'builder');
    assert.equal(answer.status, 400);
    assert.match(answer.text, /name="password"/);
    assert.deepEqual(refused, [
      {
        userId: 'josé',
        problem:
          'id is "josé", which has a character that is not ASCII: the person needs another id',
      },
    ]);
  });

  for (const { kind, fresh, skip } of DATABASES) {
    it(`is unknown if it is no record at all, in ${kind}`, { skip }, async () => {
      const url = await fresh();
      const store = await openStore(url);
      const server = await startServer({}, { store });
      const refused: ServerEvents['record_refused'][0][] = [];
      server.events.on('record_refused', (one) => refused.push(one));
      for (const record of ['{', 'null', '[]', '7', '{"id":"another"}']) {
        await look(url, `update oauth_clients set record = '${record}' where id = 'web'`);
        const { status, json } = await requestToken(server, CREDENTIALS, 'web:web-secret');
        assert.equal(status, 401, record);
        assert.equal(json.error, 'invalid_client');
      }
      assert.deepEqual(refused, [{ clientId: 'web', problem: 'name is missing' }]);
      await server.close();
      await store.close();
    });
  }

  for (const { kind, fresh, skip } of DATABASES) {
    it(`is in a database that needs a secret, and a server without one says so: ${kind}`, {
      skip,
    }, async () => {
      const store = await openStore(await fresh());
      const issuer = 'http://127.0.0.1:1';
      assert.throws(() => authorizationServer({ issuer, store }), {
        name: 'TypeError',
        message: /^The option secret of authorizationServer\(\) is missing: the store lasts, /,
      });
      await authorizationServer({ issuer, store, secret: 'x'.repeat(32) }).close();
      await store.close();
    });
  }

  it('is unknown if it says another id than it is kept under', async () => {
    const store = changedStore(await emptyStore(), { id: 'basic-only' }, {});
    const server = await startServer({}, { store });
    const { json } = await requestToken(server, CREDENTIALS, 'web:web-secret');
    assert.equal(json.error, 'invalid_client');
  });

  it('leaves the others as they are', async () => {
    const store = changedStore(await emptyStore(), { scope: undefined }, {});
    const server = await startServer({}, { store });
    const { status } = await requestToken(server, CREDENTIALS, 'basic-only:a+b%20c/d');
    assert.equal(status, 200);
    assert.doesNotThrow(() =>
      authorizationServer({ issuer: server.issuer, store, secret: 'x'.repeat(32) }).close(),
    );
  });
});

/** A store of a class with private fields, whose verbs say `null` where there is nothing. */
function privateStore(store: Store): Store {
  type Verbs = Record<string, (...args: unknown[]) => Promise<unknown>>;
  class Private {
    readonly #noun: Verbs;
    constructor(noun: object) {
      this.#noun = noun as Verbs;
      for (const name of Object.keys(noun)) {
        Object.defineProperty(this, name, {
          value(this: Private, ...args: unknown[]) {
            return this.ask(name, args);
          },
        });
      }
    }
    async ask(name: string, args: unknown[]) {
      return (await this.#noun[name]!(...args)) ?? null;
    }
  }
  const nouns = Object.entries(store).map(([name, noun]) => [
    name,
    typeof noun === 'object' ? new Private(noun) : noun,
  ]);
  return Object.fromEntries(nouns) as Store;
}

describe('a store of somebody’s own', () => {
  it('may be of a class with private fields, and say null where there is nothing', async () => {
    const store = privateStore(memoryStore());
    const server = await startServer({}, { store });
    const flow = await authorizeAs(server);
    assert.equal((await flow.exchange()).status, 200);
    for (const [path, form] of [
      ['token', { grant_type: 'authorization_code', code: 'x', code_verifier: 'x'.repeat(43) }],
      ['token', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ] as const) {
      const { status, json } = await requestToken(server, form, 'web:web-secret');
      assert.deepEqual([status, json.error], [400, 'invalid_grant'], path);
    }
    for (const endpoint of ['revoke', 'introspect']) {
      const { status } = await http(`${server.issuer}/oauth/${endpoint}`, {
        method: 'POST',
        headers: { authorization: basic('web', 'web-secret') },
        body: new URLSearchParams({ token: 'x' }),
      });
      assert.equal(status, 200, endpoint);
    }
    const headers = { authorization: 'Bearer x' };
    assert.equal((await http(`${server.issuer}/secret`, { headers })).status, 401);
  });
});

/** A store whose tables count: the ids in what it answers are numbers, and it is asked by strings. */
function countingStore(store: Store, toNumber: (id: string) => unknown): Store {
  const counted = (answer: unknown): unknown => {
    if (Array.isArray(answer)) return answer.map(counted);
    if (typeof answer !== 'object' || answer === null) return answer;
    const fields = Object.entries(answer).map(([name, value]) => {
      const isId = /^(id|userId|clientId)$/.test(name) && /^\d+$/.test(String(value));
      return [name, isId ? toNumber(value as string) : counted(value)];
    });
    return Object.fromEntries(fields);
  };
  const nouns = Object.entries(store).map(([name, noun]) => {
    if (typeof noun !== 'object') return [name, noun];
    const verbs = Object.entries(noun as Record<string, (...args: unknown[]) => unknown>).map(
      ([verb, ask]) => [verb, async (...args: unknown[]) => counted(await ask(...args))],
    );
    return [name, Object.fromEntries(verbs)];
  });
  return Object.fromEntries(nouns) as Store;
}

describe('a store whose ids are numbers', () => {
  it('may be one of ours in which somebody has replaced a verb', async () => {
    const store = memoryStore();
    const find = store.users.find;
    store.users.find = async (id) => {
      const user = await find(id);
      return user && { ...user, id: Number(user.id) as never };
    };
    const users = [{ ...SEED.users[0]!, id: '7' }];
    const server = await startServer({}, { store, seed: { ...SEED, users } });
    const { json } = await (await authorizeAs(server)).exchange();
    const { status } = await http(`${server.issuer}/secret`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    assert.equal(status, 200);
  });

  for (const toId of [Number, BigInt]) {
    it(`compares a client as one whose ids are strings: ${toId.name}`, async () => {
      const client = (await startServer()).store.clients.find('web');
      const read = { ...(await client)!, id: '31' };
      const row = { ...read, id: toId(31) as unknown as string };
      assert.equal(isUnchanged(row, read), true);
      assert.equal(isUnchanged(row, { ...read, id: '32' }), false);
      assert.equal(isUnchanged(row, { ...read, scope: [] }), false);
    });
  }

  for (const toNumber of [Number, BigInt]) {
    it(`serves people and clients as one whose ids are strings: ${toNumber.name}`, async () => {
      const web = SEED.clients.find(({ client_id }) => client_id === 'web')!;
      const clients = [{ ...web, client_id: '31', client_secret: 'web-secret' }];
      const users = SEED.users.map((user) => ({
        ...user,
        id: user.username === 'alice' ? '7' : '8',
      }));
      const store = countingStore(memoryStore(), toNumber);
      const server = await startServer({}, { store, seed: { ...SEED, clients, users } });
      const refused: object[] = [];
      server.events.on('record_refused', (one) => refused.push(one));

      const person = new Person(server);
      const { verifier, challenge } = pkce();
      const url = authorizeUrl(server, { client_id: '31', code_challenge: challenge });
      const code = (await person.allow(url)).searchParams.get('code')!;
      const exchange = () =>
        requestToken(
          server,
          {
            grant_type: 'authorization_code',
            code,
            code_verifier: verifier,
            redirect_uri: 'http://127.0.0.1:9/callback',
          },
          '31:web-secret',
        );
      const first = await exchange();
      assert.equal(first.status, 200, first.text);
      const refresh = { grant_type: 'refresh_token', refresh_token: first.json.refresh_token };
      const second = await requestToken(server, refresh, '31:web-secret');
      assert.equal(second.status, 200, second.text);
      // The answer was lost, and then the token was stolen.
      assert.equal((await requestToken(server, refresh, '31:web-secret')).status, 200);
      const { json } = await http(`${server.issuer}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization: basic('31', 'web-secret') },
        body: new URLSearchParams({ token: second.json.access_token }),
      });
      assert.equal(json.sub, '7');
      assert.equal(json.client_id, '31');

      // Remembered, listed, and taken back.
      assert.ok((await person.allow(url)).searchParams.has('code'));
      const page = await person.visit('/account');
      assert.match(page.text, /client_id=31/);
      const asked = await person.visit('/account/remove-app?client_id=31');
      assert.match((await person.submit(asked, {})).text, /<h1/);
      assert.equal((await getSecret(server, second.json.access_token)).status, 401);
      assert.deepEqual(refused, []);
    });
  }
});

describe('a session that nobody could work with', () => {
  it('is none, and the next page begins a new one', async () => {
    const sessions = memoryStore().sessions;
    let data: unknown;
    const store: Store = {
      ...memoryStore(),
      sessions: {
        ...sessions,
        async find(hash, now) {
          const found = await sessions.find(hash, now);
          return found && data !== undefined ? { ...found, data: data as string } : found;
        },
      },
    };
    const server = await startServer({}, { store });
    const person = new Person(server);
    for (data of ['{', 'null', '7', '{}', '[]', '{"cookie":null}', null, 7, {}]) {
      const { status } = await person.open('/login');
      assert.equal(status, 200, JSON.stringify(data));
      assert.equal((await person.open('/account')).status, 303, JSON.stringify(data));
    }
  });
});
