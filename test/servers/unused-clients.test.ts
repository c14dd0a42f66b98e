// Clients that made themselves known, once nobody uses them.

import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { authorizationServer, type Store } from '../../src/index.ts';
import { sha256 } from '../../src/protocol/secrets.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { aClient } from '../../src/store-contract/records.ts';
import type { Client } from '../../src/types.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, authorizeUrl, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';

const DAY = 24 * 3600_000;

/** A client that registered itself a moment ago. */
const newcomer = (changes: Partial<Client> = {}): Client => ({
  ...aClient({
    id: 'newcomer',
    secretHashes: [sha256('its-secret')],
    redirectUris: ['http://127.0.0.1:9/callback'],
    grants: ['authorization_code', 'refresh_token', 'client_credentials'],
    source: 'registration',
    registeredAt: Date.now(),
  }),
  ...changes,
});

const PUBLIC = 'https://app.example/client.json';
const published = () =>
  newcomer({
    id: PUBLIC,
    source: 'document',
    secretHashes: [],
    tokenEndpointAuthMethod: 'none',
    grants: ['authorization_code', 'refresh_token'],
  });

const CREDENTIALS = { grant_type: 'client_credentials' };
const ASK = [CREDENTIALS, 'newcomer:its-secret'] as const;

describe('a client that made itself known', () => {
  /** A server whose store keeps a list of the notes, and refuses those that a test wants to fail. */
  async function noting() {
    const store = await emptyStore();
    const notes: string[] = [];
    const failing: Error[] = [];
    const note: Store['clients']['note'] = async (id, now) => {
      const error = failing.shift();
      if (error !== undefined) throw error;
      await store.clients.note(id, now);
      notes.push(id);
    };
    const given = { ...store, clients: { ...store.clients, note } };
    const server = await startServer({}, { store: given });
    await store.clients.save(newcomer());
    await store.clients.save(published());
    return { server, notes, failing };
  }

  /** Has a person allow the client something, and exchanges the code. */
  async function used(server: TestServer, client = 'newcomer:its-secret') {
    const flow = await authorizeAs(server, { client });
    const answer = await flow.exchange();
    assert.equal(answer.status, 200);
    return answer.json;
  }

  const refresh = ({ refresh_token }: { refresh_token: string }) =>
    ({ grant_type: 'refresh_token', refresh_token }) as const;

  it('is noted as used if it gets tokens for a person, once a day', async () => {
    const { server, notes } = await noting();
    await withClock(async (advance) => {
      const first = await used(server);
      assert.deepEqual(notes, ['newcomer']);
      const second = await requestToken(server, refresh(first), 'newcomer:its-secret');
      assert.equal(second.status, 200);
      assert.deepEqual(notes, ['newcomer']);
      advance(DAY);
      const third = await requestToken(server, refresh(second.json), 'newcomer:its-secret');
      assert.equal(third.status, 200);
      assert.deepEqual(notes, ['newcomer', 'newcomer']);
    });
  });

  it('is not noted if it authenticates and nothing comes of a person, at whatever endpoint', async () => {
    const { server, notes } = await noting();
    await server.store.clients.save(
      newcomer({ id: 'open', secretHashes: [], tokenEndpointAuthMethod: 'none' }),
    );
    for (const endpoint of ['revoke', 'introspect', 'token', 'device_authorization']) {
      for (const [form, hasSecret] of [
        [{}, true],
        [{ client_id: 'open' }, false],
      ] as const) {
        const body = new URLSearchParams({
          ...form,
          token: 'none',
          grant_type: 'refresh_token',
          refresh_token: 'none',
        });
        await http(`${server.issuer}/oauth/${endpoint}`, {
          method: 'POST',
          body,
          ...(hasSecret && { headers: { authorization: basic('newcomer', 'its-secret') } }),
        });
      }
    }
    assert.equal((await requestToken(server, ...ASK)).status, 200);
    assert.deepEqual(notes, []);
  });

  it('is not noted if somebody here vouches for it, nor is any other client', async () => {
    const { server, notes } = await noting();
    await server.store.clients.save(newcomer({ decided: {} }));
    await used(server);
    await used(server, 'web:web-secret');
    assert.deepEqual(notes, []);
  });

  it('is told to come again if the store cannot note it, with the same code, and is noted then', async () => {
    const { server, notes, failing } = await noting();
    const flow = await authorizeAs(server, { client: 'newcomer:its-secret' });
    failing.push(new StoreUnavailable('The database is away.'));
    const { status, headers } = await flow.exchange();
    assert.equal(status, 503);
    assert.notEqual(headers.get('retry-after'), null);
    assert.equal((await flow.exchange()).status, 200);
    assert.deepEqual(notes, ['newcomer']);
  });
});

describe('a client that nobody has used for 90 days', () => {
  /** Runs the background work of a server on this store, once. @returns the clients that it forgot */
  async function forgottenAt(now: number, store: Store): Promise<string[]> {
    mock.timers.enable({ apis: ['Date', 'setInterval'], now });
    const secret = 'the secret of a test, at least 32 characters';
    const server = authorizationServer({ issuer: 'http://127.0.0.1:9', store, secret });
    try {
      // The last of all to be forgotten.
      const last = newcomer({ id: 'last', source: 'document', registeredAt: now - 90 * DAY });
      await store.clients.save(last);
      const forgotten: string[] = [];
      const isDone = new Promise<void>((resolve) => {
        server.events.on('client_forgotten', ({ clientId }) => {
          if (clientId === 'last') resolve();
          else forgotten.push(clientId);
        });
      });
      mock.timers.tick(15_000);
      await isDone;
      return forgotten.sort();
    } finally {
      await server.close();
      mock.timers.reset();
    }
  }

  it('is forgotten, and is unknown from then on, so that it registers again', async () => {
    const server = await startServer();
    const { store } = server;
    const now = Date.now();
    for (const client of [newcomer(), published(), newcomer({ id: 'by-hand', source: 'code' })]) {
      await store.clients.save(client);
    }
    assert.deepEqual(await forgottenAt(now + 90 * DAY - 60_000, store), []);
    assert.deepEqual(await forgottenAt(now + 90 * DAY, store), [PUBLIC, 'newcomer'].sort());

    const confidential = await requestToken(server, ...ASK);
    assert.deepEqual([confidential.status, confidential.json.error], [401, 'invalid_client']);
    const refresh = { grant_type: 'refresh_token', refresh_token: 'none', client_id: PUBLIC };
    const unproved = await requestToken(server, refresh);
    assert.deepEqual([unproved.status, unproved.json.error], [401, 'invalid_client']);
    const page = await http(authorizeUrl(server, { client_id: 'newcomer' }));
    assert.deepEqual([page.status, page.location], [400, '']);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal((await requestToken(server, CREDENTIALS, 'by-hand:its-secret')).status, 200);
  });

  it('stays if somebody here vouches for it, by a token or by a change', async () => {
    const { store } = await startServer();
    const now = Date.now();
    await store.clients.save(newcomer({ id: 'with-token', decided: {} }));
    await store.clients.save(newcomer({ id: 'changed', decided: { client_name: 'Known by now' } }));
    await store.clients.save(newcomer());
    assert.deepEqual(await forgottenAt(now + 91 * DAY, store), ['newcomer']);
    assert.ok((await store.clients.find('with-token')) && (await store.clients.find('changed')));
  });

  it('is one that got tokens for a person before that, and has only authenticated since', async () => {
    const server = await startServer();
    const now = Math.floor(Date.now() / 1000) * 1000;
    await server.store.clients.save(newcomer());
    await withClock(
      async () => {
        const flow = await authorizeAs(server, { client: 'newcomer:its-secret' });
        assert.equal((await flow.exchange()).status, 200);
        for (const { id } of await server.store.grants.listByUser('alice', Date.now())) {
          await server.store.grants.end(id);
        }
      },
      now + 80 * DAY,
    );
    await withClock(
      async () => {
        assert.equal((await requestToken(server, ...ASK)).status, 200);
      },
      now + 160 * DAY,
    );
    assert.deepEqual(await forgottenAt(now + 169 * DAY, server.store), []);
    assert.deepEqual(await forgottenAt(now + 171 * DAY, server.store), ['newcomer']);
  });

  it('stays as long as somebody allows it something', async () => {
    const server = await startServer();
    const now = Math.floor(Date.now() / 1000) * 1000;
    await server.store.clients.save(newcomer());
    await withClock(
      async () => {
        await authorizeAs(server, { client: 'newcomer:its-secret', scope: 'read' });
        assert.equal((await requestToken(server, CREDENTIALS, 'newcomer:another')).status, 401);
      },
      now + 91 * DAY,
    );
    const isForgottenAfter = (ms: number) => forgottenAt(now + 91 * DAY + ms, server.store);
    assert.deepEqual(await isForgottenAfter(0), []);
    assert.deepEqual(await isForgottenAfter(DAY), ['newcomer']);
  });
});
