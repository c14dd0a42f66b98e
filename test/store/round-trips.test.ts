import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryStore } from '../../src/store/memory.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyPostgres } from '../helpers/databases.ts';
import { authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { userInfo } from '../helpers/openid.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { countRoundTrips } from '../helpers/round-trips.ts';
import { SEED } from '../helpers/seeds.ts';

/** Too long to be guessed: a client with a shorter one is read for each request. */
const WEB_SECRET = 'a-secret-of-web-with-39-characters-in-it';
const WEB = `web:${WEB_SECRET}`;
const seed = {
  ...SEED,
  clients: SEED.clients.map((client) =>
    client.client_id === 'web' ? { ...client, client_secret: WEB_SECRET } : client,
  ),
};

/**
 * How often in a row a request waits for PostgreSQL. These numbers may only become smaller: a database
 * in the next city is 10 ms away, and each trip is that long.
 */
const TRIPS = {
  // The token, and with it the client is compared with what an earlier request has read.
  token: 1,
  // The token, with its grant and its client.
  protected: 1,
  // The client, and beside it the token with its grant and its user.
  introspection: 1,
  // The client, and beside it the refresh token. Then the exchange: rows are locked, compared with what
  // was read, written and committed in one go.
  refresh: 2,
  // The session, and beside it the client. The user, and beside it what they have allowed. The consents
  // are locked, and the grants counted. The code is stored and committed.
  authorize: 4,
  // As a refresh.
  redeem: 2,
};

/** What a request asks of the store. No client, user, code or token is asked for twice. */
const CALLS = {
  token: ['tokens.issueIfUnchanged'],
  protected: ['accessTokens.find'],
  introspection: ['clients.find', 'accessTokens.findWithPerson'],
  refresh: ['clients.find', 'refreshTokens.find', 'refreshTokens.rotate'],
  authorize: ['clients.find', 'sessions.find', 'consents.find', 'users.find', 'codes.save'],
  redeem: ['clients.find', 'codes.find', 'codes.redeem'],
  // Only if the scope has openid.
  userInfo: ['accessTokens.findWithPerson', 'clients.find'],
};

/** A store that notes what it is asked. */
function noting(store: Store, asked: string[]): Store {
  const verbs = (noun: string, all: object) =>
    new Proxy(all, {
      get: (target, verb) => {
        const call = Reflect.get(target, verb);
        return (...args: unknown[]) => {
          asked.push(`${noun}.${String(verb)}`);
          return call.apply(target, args);
        };
      },
    });
  const nouns = Object.entries(store).map(([noun, all]) => [
    noun,
    typeof all === 'function' ? all : verbs(noun, all),
  ]);
  return Object.fromEntries(nouns);
}

/** What is asked for on the busiest ways, each once: the names of the rows below. */
async function requestsTo(server: TestServer, scope = 'read') {
  const person = new Person(server);
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(server, { code_challenge: challenge, scope });
  const exchange = (code: string) =>
    requestToken(server, { grant_type: 'authorization_code', code, code_verifier: verifier }, WEB);
  // The person signs in and allows the app; after that nobody is asked. Once more, so that nothing
  // is prepared, connected or imported for the first time while it is counted.
  let code = (await person.allow(url)).searchParams.get('code') ?? '';
  let tokens = (await exchange(code)).json as Record<string, string>;
  const succeeded = (answer: Answer) => {
    assert.equal(answer.status, 200, answer.text);
    return answer;
  };
  const rows = {
    token: async () =>
      succeeded(await requestToken(server, { grant_type: 'client_credentials' }, WEB)),
    protected: async () => succeeded(await getSecret(server, tokens['access_token']!)),
    introspection: async () =>
      succeeded(
        await http(`${server.issuer}/oauth/introspect`, {
          method: 'POST',
          headers: { authorization: basic('web', WEB_SECRET) },
          body: new URLSearchParams({ token: tokens['access_token']! }),
        }),
      ),
    refresh: async () => {
      const form = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token']! };
      tokens = succeeded(await requestToken(server, form, WEB)).json as typeof tokens;
    },
    authorize: async () => {
      const { location } = await person.open(url);
      code = new URL(location).searchParams.get('code') ?? '';
      assert.notEqual(code, '', location);
    },
    redeem: async () => {
      tokens = succeeded(await exchange(code)).json as typeof tokens;
      return tokens;
    },
  };
  for (let times = 0; times < 3; times += 1) for (const row of Object.values(rows)) await row();
  return rows;
}

/** What of the store each row asks for. */
async function countCalls(rows: Record<string, () => Promise<unknown>>, asked: string[]) {
  const counted: Record<string, string[]> = {};
  for (const [name, row] of Object.entries(rows)) {
    asked.length = 0;
    await row();
    counted[name] = [...asked];
  }
  return counted;
}

describe('a request', () => {
  it('asks the store for these things, each once', async () => {
    const asked: string[] = [];
    const server = await startServer({}, { store: noting(memoryStore(), asked), seed });
    const { userInfo: _, ...calls } = CALLS;
    assert.deepEqual(await countCalls(await requestsTo(server), asked), calls);
  });

  it('asks the store for nothing more where there is an ID token', async () => {
    const asked: string[] = [];
    const scope = 'openid profile';
    const clients = seed.clients.map((client) => ({
      ...client,
      scope: `${client.scope} ${scope}`,
    }));
    const store = noting(memoryStore(), asked);
    const server = await startServer({}, { store, seed: { ...seed, clients } });
    let tokens: Record<string, string> = {};
    const rows = await requestsTo(server, `read ${scope}`);
    const counted = await countCalls(
      {
        ...rows,
        async redeem() {
          tokens = await rows.redeem();
          assert.notEqual(tokens['id_token'], undefined);
        },
        async userInfo() {
          assert.equal((await userInfo(server, tokens['access_token']!)).status, 200);
        },
      },
      asked,
    );
    assert.deepEqual(counted, CALLS);
  });

  it('waits for PostgreSQL so often in a row', { skip: postgresMissing() }, async () => {
    const store = await openStore(await emptyPostgres());
    const trips = countRoundTrips();
    try {
      const rows = await requestsTo(await startServer({}, { store, seed }));
      const counted: Record<string, number> = {};
      for (const [name, row] of Object.entries(rows)) counted[name] = await trips.of(row);
      assert.deepEqual(counted, TRIPS);
    } finally {
      trips.stop();
      await store.close();
    }
  });
});
