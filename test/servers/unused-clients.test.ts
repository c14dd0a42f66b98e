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
import { startServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

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

  it('is noted as used if it authenticates, once a day', async () => {
    const { server, notes } = await noting();
    await withClock(async (advance) => {
      for (let times = 0; times < 3; times += 1) {
        assert.equal((await requestToken(server, ...ASK)).status, 200);
      }
      assert.deepEqual(notes, ['newcomer']);
      advance(DAY - 1);
      await requestToken(server, ...ASK);
      assert.deepEqual(notes, ['newcomer']);
      advance(1);
      await requestToken(server, ...ASK);
      assert.deepEqual(notes, ['newcomer', 'newcomer']);
    });
  });

  it('is noted, too, if it is public, and at other endpoints', async () => {
    const { server, notes } = await noting();
    const body = new URLSearchParams({ client_id: PUBLIC, token: 'none' });
    const { status } = await http(`${server.issuer}/oauth/revoke`, { method: 'POST', body });
    assert.equal(status, 200);
    assert.deepEqual(notes, [PUBLIC]);
  });

  it('is not noted if somebody else comes in its name, and no other client is noted', async () => {
    const { server, notes } = await noting();
    assert.equal((await requestToken(server, CREDENTIALS, 'newcomer:another')).status, 401);
    assert.equal((await requestToken(server, CREDENTIALS, 'web:web-secret')).status, 200);
    assert.deepEqual(notes, []);
  });

  it('is told to come again if the store cannot note it, and is noted then', async () => {
    const { server, notes, failing } = await noting();
    failing.push(new StoreUnavailable('The database is away.'));
    const { status, headers } = await requestToken(server, ...ASK);
    assert.equal(status, 503);
    assert.notEqual(headers.get('retry-after'), null);
    assert.equal((await requestToken(server, ...ASK)).status, 200);
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

  it('is one that has authenticated before that, and not since', async () => {
    const server = await startServer();
    const now = Math.floor(Date.now() / 1000) * 1000;
    await server.store.clients.save(newcomer());
    await withClock(
      async () => {
        assert.equal((await requestToken(server, ...ASK)).status, 200);
      },
      now + 80 * DAY,
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
