// A client that has been answered before need not be read before its next token is stored. What its record
// says now counts all the same: the store compares it in the operation that stores the token.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256 } from '../../src/protocol/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import type { Client } from '../../src/types.ts';
import { post } from '../helpers/callers.ts';
import { emptyStore } from '../helpers/databases.ts';
import { requestToken } from '../helpers/flows.ts';
import { introspect, SECRET } from '../helpers/forge.ts';
import { startServer } from '../helpers/harness.ts';
import { serveHost } from '../helpers/host.ts';

/** Too long to be guessed: a client with a shorter one is read for each request. */
const SECRETS = { old: 'o'.repeat(32), next: 'n'.repeat(32), short: 's'.repeat(31) };
const [OLD, NEW] = [`web:${SECRETS.old}`, `web:${SECRETS.next}`];
const GRANT = { grant_type: 'client_credentials' };
const CALLERS = 50;

for (const ACCESS_TOKEN_FORMAT of ['opaque', 'jwt']) {
  describe(`a client that has been answered before, with tokens that are ${ACCESS_TOKEN_FORMAT}`, async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT, SESSION_SECRET: SECRET });
    const { clients } = server.store;
    const read: Client = { ...(await clients.find('web'))!, secretHashes: [sha256(SECRETS.old)] };
    const ask = (credentials: string, form = {}) =>
      requestToken(server, { ...GRANT, ...form }, credentials);

    /** Asks once as the client of the seed, and again once its record has been changed. */
    async function afterChange(changes: Partial<Client>, credentials = OLD, form = {}) {
      await clients.save(read);
      assert.equal((await ask(OLD)).status, 200);
      assert.equal((await ask(OLD)).status, 200);
      await clients.save({ ...read, ...changes });
      const { status, json } = await ask(credentials, form);
      return { status, ...json };
    }

    it('is refused with a secret that it no longer has, and taken with its new one', async () => {
      const secretHashes = [sha256(SECRETS.next)];
      const refused = await afterChange({ secretHashes });
      assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
      assert.equal((await ask(NEW)).status, 200);
      assert.equal((await ask(OLD)).status, 401);
      assert.equal((await afterChange({ secretHashes }, NEW)).status, 200);
    });

    it('gets the scope that it may have now', async () => {
      assert.equal((await afterChange({ scope: ['read'] })).scope, 'read');
      const less = await afterChange({ scope: ['read'] }, OLD, { scope: 'write' });
      assert.deepEqual([less.status, less.error], [400, 'invalid_scope']);
      const more = await afterChange({ scope: ['read', 'more'] }, OLD, { scope: 'more' });
      assert.equal(more.scope, 'more');
    });

    it('is refused a grant type that it has lost', async () => {
      const { status, error } = await afterChange({ grants: ['refresh_token'] });
      assert.deepEqual([status, error], [400, 'unauthorized_client']);
    });

    it('has to authenticate as it is registered now', async () => {
      const { error } = await afterChange({ tokenEndpointAuthMethod: 'client_secret_post' });
      assert.equal(error, 'invalid_client');
    });

    it('gets a token that lasts as its record says now', async () => {
      const { expires_in } = await afterChange({ accessTokenLifetime: 7 });
      assert.ok(expires_in <= 7);
    });

    it('is unknown once it has been removed, and known once it is registered again', async () => {
      await afterChange({});
      await clients.remove('web');
      assert.equal((await ask(OLD)).status, 401);
      await clients.save({ ...read, scope: ['read'] });
      assert.equal((await ask(OLD)).json.scope, 'read');
    });

    it('is told of as refused once if its secret is an old one', async () => {
      const told: object[] = [];
      server.events.on('request_refused', (details) => told.push(details));
      await afterChange({ secretHashes: [sha256(SECRETS.next)] });
      assert.equal(told.length, 1);
      assert.deepEqual(Object.keys(told[0]!), [
        'endpoint',
        'clientId',
        'address',
        'error',
        'description',
      ]);
    });

    it('gets nothing from the moment on at which the change has been answered', async () => {
      await afterChange({});
      let isChanged = false;
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, async (_, caller) => {
          if (caller === CALLERS / 2) {
            await clients.save({ ...read, secretHashes: [sha256(SECRETS.next)] });
            isChanged = true;
          }
          const isLate = isChanged;
          return { isLate, answer: await post(server, 'token', GRANT, OLD) };
        }),
      );
      for (const { isLate, answer } of answers) {
        const { status } = answer;
        assert.ok(status === 401 || (status === 200 && !isLate), `${status}, late: ${isLate}`);
        if (status !== 200) continue;
        const { active } = (await introspect(server, answer.json.access_token, NEW)).json;
        assert.equal(active, true, 'a token that was given out is in force');
      }
      assert.equal((await ask(OLD)).status, 401);
    });
  });
}

describe('a client that has been answered before', () => {
  const next = [sha256(SECRETS.next)];
  async function withSecret(store: Pick<Store, 'clients'>): Promise<Client> {
    const client = { ...(await store.clients.find('web'))!, secretHashes: [sha256(SECRETS.old)] };
    await store.clients.save(client);
    return client;
  }

  it('is forgotten if it has changed, so that an old secret costs no more than a wrong one', async () => {
    const store = await emptyStore();
    const { issueIfUnchanged } = store.tokens;
    let asked = 0;
    store.tokens.issueIfUnchanged = (...issued) => {
      asked += 1;
      return issueIfUnchanged(...issued);
    };
    const server = await startServer({}, { store });
    const client = await withSecret(store);
    assert.equal((await requestToken(server, GRANT, OLD)).status, 200);
    await store.clients.save({ ...client, secretHashes: next });
    for (let time = 0; time < 5; time += 1) {
      assert.equal((await requestToken(server, GRANT, OLD)).status, 401);
    }
    assert.equal(asked, 1);
  });

  it('is not what an app is asked about once it has changed, or is gone', async () => {
    const asked: Client[] = [];
    const host = await serveHost({
      claims({ client }: { client: Client }) {
        asked.push(client);
        return { uri: new URL(client.uri!).href };
      },
    });
    const { clients } = host.store;
    const client = await withSecret(host.store);
    const status = async () => (await requestToken(host, GRANT, OLD)).status;
    assert.equal(await status(), 500, 'the app fails');
    await clients.save({ ...client, uri: 'https://client.example/' });
    assert.equal(await status(), 200, 'and what it failed of has been mended');
    await clients.save({ ...client, secretHashes: next });
    assert.equal(await status(), 401);
    await clients.remove(client.id);
    assert.equal(await status(), 401);
    assert.equal(asked.length, 2);
  });

  it('counts for nothing once a look-up of the app’s own no longer answers it', async () => {
    const store = await emptyStore();
    const { find } = store.clients;
    const suspended = new Set<string>();
    store.clients.find = async (id) => (suspended.has(id) ? undefined : find(id));
    const server = await startServer({}, { store });
    await withSecret(store);
    const ask = async () => (await requestToken(server, GRANT, OLD)).status;
    assert.deepEqual([await ask(), await ask()], [200, 200]);
    suspended.add('web');
    assert.equal(await ask(), 401);
    suspended.clear();
    assert.equal(await ask(), 200);
  });
});

describe('guesses at a short secret of a client that has been answered before', () => {
  it('are counted before one of many that arrive at once is answered', async () => {
    const server = await startServer({ CLIENT_LIMIT: '3' });
    const { clients } = server.store;
    const web = (await clients.find('web'))!;
    const secretHashes = [SECRETS.short, SECRETS.old].map((secret) => sha256(secret));
    await clients.save({ ...web, secretHashes });
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await requestToken(server, GRANT, OLD)).status, 200);
    }
    const guesses = Array.from({ length: CALLERS }, (_, guess) => `web:${guess}`);
    const secrets = [...guesses, `web:${SECRETS.short}`];
    const answers = await Promise.all(secrets.map((who) => post(server, 'token', GRANT, who)));
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 401).length, 3);
    assert.equal(statuses.at(-1), 429);
    assert.equal((await requestToken(server, GRANT, OLD)).status, 200);
  });
});
