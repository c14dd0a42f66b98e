import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openStore } from '../../src/store/open.ts';
import { emptyPostgres } from '../helpers/databases.ts';
import { authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { type Answer, basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { postgresMissing } from '../helpers/postgres.ts';
import { countRoundTrips } from '../helpers/round-trips.ts';

const WEB = 'web:web-secret';

const TRIPS = {
  token: 2,
  protected: 1,
  introspection: 1,
  refresh: 2,
  authorize: 4,
  redeem: 2,
};

/** What is asked for on the busiest ways, each once: the names of the rows below. */
async function requestsTo(server: TestServer) {
  const person = new Person(server);
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(server, { code_challenge: challenge });
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
          headers: { authorization: basic('web', 'web-secret') },
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
    },
  };
  for (let times = 0; times < 3; times += 1) for (const row of Object.values(rows)) await row();
  return rows;
}

describe('a request waits for PostgreSQL', () => {
  it('so often in a row, and not more often', { skip: postgresMissing() }, async () => {
    const store = await openStore(await emptyPostgres());
    const trips = countRoundTrips();
    try {
      const rows = await requestsTo(await startServer({}, { store }));
      const counted: Record<string, number> = {};
      for (const [name, row] of Object.entries(rows)) counted[name] = await trips.of(row);
      assert.deepEqual(counted, TRIPS);
    } finally {
      trips.stop();
      await store.close();
    }
  });
});
