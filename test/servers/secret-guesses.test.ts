// The limit on guesses at a client's secret: who guesses meets it, and nobody else does.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import {
  as,
  assertionClaims,
  type ClientKey,
  clientKey,
  KEY,
  send,
  signed,
  withAssertion,
} from '../helpers/clients.ts';
import { emptyStore } from '../helpers/databases.ts';
import { listen, startServer, type TestServer, withClock } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { SEED } from '../helpers/seeds.ts';

const GRANT = { grant_type: 'client_credentials' };
const LIMIT = 3;

const SHORT = 'a-secret-of-31-characters-or-le';
const LONG = 'a-secret-of-32-characters-or-mor';
/** 32 characters as sent, and fewer if it is form-decoded. */
const ODD = 'a-secret-of-32%20characters-or-m';

/** A host that serves no keys. */
const keyHost = createServer((_req, res) => res.writeHead(503).end());
await listen(keyHost);
after(() => keyHost.close());

const client = (client_id: string, more: object) => ({
  client_id,
  grant_types: ['client_credentials'],
  scope: 'read',
  ...more,
});
const signing = { token_endpoint_auth_method: 'private_key_jwt' };
const seed = {
  ...SEED,
  clients: [
    client('short', { client_secret: SHORT }),
    client('neighbour', { client_secret: SHORT }),
    client('long', { client_secret: LONG }),
    client('odd', { client_secret: ODD }),
    client('changing', { client_secret: [SHORT, LONG] }),
    client('basic', { client_secret: SHORT, token_endpoint_auth_method: 'client_secret_basic' }),
    client('post', { client_secret: SHORT, token_endpoint_auth_method: 'client_secret_post' }),
    client('hmac', { client_secret: LONG, token_endpoint_auth_method: 'client_secret_jwt' }),
    client('keyed', { ...signing, jwks: { keys: [KEY.jwk] } }),
    client('lost', {
      ...signing,
      jwks_uri: `http://127.0.0.1:${(keyHost.address() as AddressInfo).port}/jwks`,
    }),
  ],
};
const started = () => startServer({ CLIENT_LIMIT: String(LIMIT) }, { seed });

const status = async (answer: Promise<Answer>) => (await answer).status;
/** How a token request is answered, of a client given as `id:secret`. */
const ask = (server: TestServer, who: string, headers: Record<string, string> = {}) =>
  status(send(server, 'token', GRANT, { ...as(who), ...headers }));

/** Repeats a failing request beyond any limit, and returns all answers. */
async function often(attempt: (time: number) => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let time = 0; time < LIMIT * 3; time += 1) all.push(await attempt(time));
  return [...new Set(all)];
}

describe('a client at an address where somebody guesses at its secret', async () => {
  for (const [who, guesses] of Object.entries({
    [`long:${LONG}`]: ['x', SHORT, `${LONG}x`, LONG.toUpperCase()],
    [`odd:${ODD}`]: ['x', ODD.replace('%20', ' '), encodeURIComponent(ODD.toUpperCase())],
    [`changing:${LONG}`]: ['x', `${LONG}x`],
  })) {
    const [id = ''] = who.split(':');
    it(`is answered if its secret has 32 characters: ${id}`, async () => {
      const server = await started();
      for (const guess of guesses) await often(() => ask(server, `${id}:${guess}`));
      assert.equal(await ask(server, who), 200);
      for (const endpoint of ['introspect', 'revoke']) {
        assert.equal(await status(send(server, endpoint, { token: 'x' }, as(who))), 200, endpoint);
      }
      const form = { ...GRANT, client_id: id, client_secret: who.slice(id.length + 1) };
      assert.equal(await status(send(server, 'token', form)), 200);
    });
  }

  it('is told that a wrong secret of 32 characters is wrong, however often', async () => {
    const server = await started();
    for (const id of ['long', 'short']) {
      assert.deepEqual(await often(() => ask(server, `${id}:${LONG.toUpperCase()}`)), [401]);
    }
    assert.equal(await ask(server, `short:${SHORT}`), 200);
  });

  it('waits if its secret is shorter, for as long as it is told, and no other client does', async () => {
    await withClock(async (advance) => {
      const server = await started();
      const limited: object[] = [];
      server.events.on('client_limited', (details) => limited.push(details));
      assert.deepEqual(await often(() => ask(server, 'short:x')), [401, 429]);
      const refused = await send(server, 'token', GRANT, as(`short:${SHORT}`));
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '900');
      for (const endpoint of ['introspect', 'revoke']) {
        const answer = send(server, endpoint, { token: 'x' }, as(`short:${SHORT}`));
        assert.equal(await status(answer), 429, endpoint);
      }
      assert.equal(await ask(server, `neighbour:${SHORT}`), 200);
      assert.deepEqual(limited, [{ clientId: 'short', address: '127.0.0.1' }], 'said once');
      advance(900_000);
      assert.equal(await ask(server, `short:${SHORT}`), 200);
      assert.deepEqual(await often(() => ask(server, 'short:x')), [401, 429]);
    });
  });
});

describe('who guesses at a secret under 32 characters', async () => {
  it('is not told which guess is right of many that arrive at once', async () => {
    const guesses = [...Array.from({ length: 40 }, (_, index) => `${index}`), SHORT];
    const store = await emptyStore();
    const { find } = store.clients;
    const { take } = store.limits;
    const all = Promise.withResolvers<void>();
    let arrived = 0;
    store.clients.find = (id) => {
      arrived += 1;
      if (arrived === guesses.length) setImmediate(all.resolve);
      return find(id);
    };
    // Nothing is counted before the last guess is here.
    store.limits.take = async (...attempt) => {
      await all.promise;
      return take(...attempt);
    };
    const server = await startServer({ CLIENT_LIMIT: String(LIMIT) }, { seed, store });
    const answers = await Promise.all(guesses.map((guess) => ask(server, `short:${guess}`)));
    assert.equal(answers.filter((one) => one === 401).length, LIMIT);
    assert.equal(answers.filter((one) => one === 429).length, guesses.length - LIMIT);
  });

  it('is counted, whatever way the guess is sent and encoded', async () => {
    const encoded = (text: string) =>
      [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    const server = await started();
    assert.deepEqual(
      await often((time) => ask(server, `short:${encoded(`guess-${time}`)}`)),
      [401, 429],
    );
    assert.deepEqual(
      await often((time) =>
        status(
          send(server, 'token', { ...GRANT, client_id: 'neighbour', client_secret: `${time}` }),
        ),
      ),
      [401, 429],
    );
    assert.deepEqual(await often(() => ask(server, 'post:x')), [401, 429], 'by a wrong method');
  });

  it('meets the limit on a secret of 31 characters, not on one of 32', async () => {
    const server = await started();
    assert.deepEqual(await often(() => ask(server, `short:${'x'.repeat(32)}`)), [401]);
    assert.deepEqual(await often(() => ask(server, `short:${'x'.repeat(31)}`)), [401, 429]);
  });
});

describe('what guesses nothing is not counted', async () => {
  const server = await started();
  const wrongKey = await clientKey('ES256', KEY.kid);
  const assertion = async (id: string, key: ClientKey | string, aud = server.issuer) =>
    status(
      send(server, 'token', {
        ...GRANT,
        ...withAssertion(await signed(assertionClaims(id, aud), key)),
      }),
    );

  it('success, of 50 at once too', async () => {
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => ask(server, `short:${SHORT}`)),
      );
      assert.deepEqual([...new Set(answers)], [200]);
    }
  });

  it('the right secret by a method that is not the client’s', async () => {
    const form = { ...GRANT, client_id: 'basic', client_secret: SHORT };
    assert.deepEqual(await often(() => status(send(server, 'token', form))), [401]);
    assert.deepEqual(await often(() => ask(server, `post:${SHORT}`)), [401]);
    assert.equal(await ask(server, `basic:${SHORT}`), 200);
  });

  it('a request without a secret', async () => {
    for (const id of ['short', 'keyed', 'nobody']) {
      const form = { ...GRANT, client_id: id };
      assert.deepEqual(await often(() => status(send(server, 'token', form))), [401]);
      assert.deepEqual(await often(() => ask(server, `${id}:`)), [401]);
    }
    assert.equal(await ask(server, `short:${SHORT}`), 200);
  });

  it('an assertion, whatever is wrong with it', async () => {
    const wrong = [
      () => assertion('keyed', wrongKey),
      () => assertion('keyed', KEY, 'https://other.example'),
      () => assertion('hmac', `${LONG}x`),
      () => assertion('short', KEY),
      () => assertion('nobody', KEY),
      () => assertion('lost', KEY),
      () => status(send(server, 'token', { ...GRANT, ...withAssertion('x') })),
    ];
    for (const attempt of wrong) assert.deepEqual(await often(attempt), [401]);
    assert.equal(await assertion('keyed', KEY), 200);
    assert.equal(await assertion('hmac', LONG), 200);
    assert.equal(await ask(server, `short:${SHORT}`), 200);
  });

  it('a secret of a client that has none, or that nobody registered', async () => {
    for (const id of ['keyed', 'lost', 'nobody']) {
      assert.deepEqual(await often(() => ask(server, `${id}:x`)), [401], id);
    }
  });
});

describe('a page that a person at the client’s address looks at', async () => {
  const server = await started();
  const origins = ['https://evil.example', 'http://127.0.0.1:1', 'null'];

  it('cannot shut the client out by the forms that it sends', async () => {
    const [origin = ''] = origins;
    assert.deepEqual(await often(() => ask(server, 'short:x', { origin })), [401, 429]);
    for (const other of origins) {
      assert.equal(await ask(server, 'short:x', { origin: other }), 429, 'one limit for all pages');
    }
    assert.equal(await ask(server, `short:${SHORT}`), 200);
  });

  it('guesses under a limit too, so that no header is a way around it', async () => {
    assert.equal(await ask(server, `short:${SHORT}`, { origin: 'https://evil.example' }), 429);
  });

  it('is not meant where it is our own', async () => {
    const own = { origin: server.origin };
    assert.deepEqual(await often(() => ask(server, 'neighbour:x', own)), [401, 429]);
    assert.equal(await ask(server, `neighbour:${SHORT}`), 429);
  });
});
