import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import type { JWK } from 'jose';
import {
  ASSERTION_TYPE,
  as,
  assertionClaims,
  type ClientKey,
  clientKey,
  KEY,
  METHODS,
  proofOf,
  RECORDS,
  SECRET,
  SEED_OF_METHODS,
  send,
  signed,
  withAssertion,
} from '../helpers/clients.ts';
import { emptyStore } from '../helpers/databases.ts';
import { listen, startServer, withClock } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { SEED } from '../helpers/seeds.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const GRANT = { grant_type: 'client_credentials' };
const NO_LIMIT = { RATE_LIMIT: 'off' };

/** RFC 6749 section 5.2: the client is not who it says, and is told how to say it. */
function assertRefused(answer: Answer, message?: string): void {
  assert.equal(answer.status, 401, `${message}: ${answer.text}`);
  assert.equal(answer.json.error, 'invalid_client', message);
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm=/, message);
  assert.equal(answer.headers.get('cache-control'), 'no-store', message);
}

function assertOk(answer: Answer, message?: string): void {
  assert.equal(answer.status, 200, `${message}: ${answer.text}`);
}

const confidential = (client_id: string, more: object) => ({
  client_id,
  grant_types: ['client_credentials'],
  scope: 'read',
  ...more,
});

describe('the method in a client’s record (RFC 6749 section 2.3)', async () => {
  const server = await startServer(NO_LIMIT, { seed: SEED_OF_METHODS });
  const { issuer } = server;

  /** What each endpoint is asked, and what it says to a client that it knows. */
  const endpoints = {
    token: { grant_type: 'refresh_token', refresh_token: 'x' },
    revoke: { token: 'x' },
    introspect: { token: 'x' },
  };
  const isKnown = (endpoint: string, method: string, { status, json }: Answer) => {
    if (endpoint === 'token') return status === 400 && json.error === 'invalid_grant';
    if (endpoint === 'revoke') return status === 200;
    return method === 'none'
      ? status === 400 && json.error === 'unauthorized_client'
      : status === 200 && json.active === false;
  };

  for (const [endpoint, form] of Object.entries(endpoints)) {
    for (const record of RECORDS) {
      const allowed = record === 'unset' ? ['client_secret_basic', 'client_secret_post'] : [record];
      it(`is the only one at /oauth/${endpoint} for a client with ${record}`, async () => {
        for (const method of METHODS) {
          const proof = await proofOf(record, method, issuer);
          const answer = await send(server, endpoint, { ...form, ...proof.form }, proof.headers);
          if (allowed.includes(method)) assert.ok(isKnown(endpoint, method, answer), answer.text);
          else assertRefused(answer, method);
        }
      });
    }
  }

  it('gets a token for each client that may have one of its own', async () => {
    for (const method of METHODS.slice(0, 4)) {
      const proof = await proofOf(method, method, issuer);
      assertOk(await send(server, 'token', { ...GRANT, ...proof.form }, proof.headers), method);
    }
  });

  it('is one at a time: two of them are invalid_request, both being right', async () => {
    const assertion = async (id: string, key: ClientKey | string) =>
      withAssertion(await signed(assertionClaims(id, issuer), key));
    const both: [Record<string, string>, Record<string, string>][] = [
      [as(`unset:${SECRET}`), { client_id: 'unset', client_secret: SECRET }],
      [as(`unset:${SECRET}`), { client_secret: SECRET }],
      [as(`client_secret_jwt:${SECRET}`), await assertion('client_secret_jwt', SECRET)],
      [as(`private_key_jwt:x`), await assertion('private_key_jwt', KEY)],
      [{}, { ...(await assertion('private_key_jwt', KEY)), client_secret: SECRET }],
      [{}, { ...(await assertion('client_secret_jwt', SECRET)), client_secret: SECRET }],
      [{ authorization: 'Basic' }, await assertion('private_key_jwt', KEY)],
    ];
    for (const [headers, form] of both) {
      const { status, json } = await send(server, 'token', { ...GRANT, ...form }, headers);
      assert.equal(status, 400);
      assert.equal(json.error, 'invalid_request');
    }
  });

  it('is by Basic wherever it stands among several headers, and by nothing beside it', async () => {
    const { host } = new URL(issuer);
    const right = as('web:web-secret').authorization;
    const statusOf = (authorization: string[], more = {}) =>
      new Promise<number>((resolve, reject) => {
        const form = new URLSearchParams({ grant_type: 'client_credentials', ...more });
        const lines = { Host: host, 'Content-Length': `${form}`.length, Connection: 'close' };
        const headers = [
          ...Object.entries({ ...lines, 'Content-Type': 'application/x-www-form-urlencoded' }).map(
            ([name, value]) => [name, String(value)],
          ),
          ...authorization.map((one) => ['Authorization', one]),
        ].flat();
        const req = request(`${issuer}/oauth/token`, { method: 'POST', headers }, (res) => {
          res.resume().on('end', () => resolve(res.statusCode ?? 0));
        });
        req.on('error', reject).end(`${form}`);
      });
    assert.equal(await statusOf(['Negotiate x', right]), 200);
    assert.equal(await statusOf([right, 'Negotiate x']), 200);
    assert.equal(await statusOf(['Negotiate x', right], { client_secret: 'web-secret' }), 400);
    assert.equal(await statusOf([right, as('web:wrong').authorization]), 400);
  });

  it('is not disturbed by a header that is not Basic, from a browser, a proxy or a library', async () => {
    const others = ['', 'Negotiate TlRMTVNTUAAB', 'Bearer stale', 'Digest x="y"', 'basically', 'x'];
    for (const authorization of others) {
      for (const method of METHODS) {
        if (method === 'client_secret_basic') continue;
        const { form } = await proofOf(method, method, issuer);
        const request = { ...endpoints.token, ...form };
        const beside = await send(server, 'token', request, { authorization });
        const alone = await send(server, 'token', {
          ...endpoints.token,
          ...(await proofOf(method, method, issuer)).form,
        });
        assert.deepEqual([beside.status, beside.json.error], [alone.status, alone.json.error]);
        assert.notEqual(beside.status, 401, `${method} beside ${authorization}`);
      }
      const wrong = { client_id: 'client_secret_post', client_secret: 'wrong' };
      assertRefused(await send(server, 'token', { ...GRANT, ...wrong }, { authorization }));
      assertRefused(await send(server, 'token', GRANT, { authorization }), authorization);
    }
  });

  it('may be repeated by the client_id in the body, which has to be the same', async () => {
    const { headers } = await proofOf('unset', 'client_secret_basic', issuer);
    assertOk(await send(server, 'token', { ...GRANT, client_id: 'unset' }, headers));
    const other = await send(server, 'token', { ...GRANT, client_id: 'web' }, headers);
    assert.equal(other.json.error, 'invalid_request');
  });

  it('is still the only one where its secrets or keys are gone from the record', async () => {
    // A record that lost its keys is of a client that cannot authenticate, not of a public one.
    const lost = { id: 'lost', name: 'Lost', redirectUris: [], grants: ['refresh_token'] };
    for (const method of METHODS.slice(0, 4)) {
      await server.store.clients.save({
        ...lost,
        secretHashes: [],
        scope: ['read'],
        requirePkce: true,
        tokenEndpointAuthMethod: method,
      });
      for (const form of [{ client_id: 'lost' }, { client_id: 'lost', client_secret: 'x' }]) {
        assertRefused(await send(server, 'token', { ...endpoints.token, ...form }), method);
      }
      assertRefused(await send(server, 'token', endpoints.token, as('lost:')), method);
      for (const key of [KEY, SECRET]) {
        const assertion = await signed(assertionClaims('lost', issuer), key);
        const form = { ...endpoints.token, ...withAssertion(assertion) };
        assertRefused(await send(server, 'token', form), method);
      }
    }
  });
});

describe('HTTP Basic (RFC 6749 section 2.3.1, RFC 7617)', async () => {
  const odd = "p+q%20r/s=t&u:v~!$'()*";
  const server = await startServer(NO_LIMIT, {
    seed: {
      ...SEED,
      clients: [
        ...SEED.clients,
        confidential('https://client.example/id', { client_secret: odd }),
        confidential('plain', { client_secret: 'plain-secret' }),
      ],
    },
  });
  const ask = (authorization: string) => send(server, 'token', GRANT, { authorization });
  const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const formEncoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);

  it('is taken form-encoded, as the RFC has it', async () => {
    const id = formEncoded('https://client.example/id');
    assertOk(await ask(encoded(`${id}:${formEncoded(odd)}`)));
    assertOk(await ask(encoded(`${id}:${encodeURIComponent(odd)}`)));
  });

  it('is taken as it stands, from the many clients that do not encode', async () => {
    assertOk(await ask(encoded(`https%3A%2F%2Fclient.example%2Fid:${odd}`)));
    assertOk(await ask(encoded('plain:plain-secret')));
  });

  it('is the exact secret in either reading, and no mixture of the two', async () => {
    for (const wrong of [odd.replace('+', ' '), formEncoded(formEncoded(odd)), odd.slice(0, -1)]) {
      assertRefused(await ask(encoded(`https%3A%2F%2Fclient.example%2Fid:${wrong}`)), wrong);
    }
  });

  it('has a scheme that may be written in any case', async () => {
    const credentials = encoded('plain:plain-secret').slice(6);
    for (const scheme of ['basic', 'BASIC', 'BaSiC', 'Basic  ']) {
      assertOk(await ask(`${scheme} ${credentials}`), scheme);
    }
  });

  it('is refused with a challenge where it is malformed', async () => {
    const wrong = [
      'Basic',
      'Basic =',
      'Basic !!!!',
      'Basic cGxhaW4=',
      encoded(':plain-secret'),
      encoded('plain'),
      encoded('plain:plain-secret\u0000'),
      encoded('pl\nain:plain-secret'),
      encoded('plain%00:plain-secret'),
      encoded(`plain:${'x'.repeat(4000)}`),
      `Basic ${Buffer.from([0x70, 0xff, 0x3a, 0x78]).toString('base64')}`,
      `${encoded('plain:plain-secret')}, ${encoded('plain:plain-secret')}`,
      `Bearer ${'x'.repeat(43)}`,
      'Digest username="plain"',
      'plain:plain-secret',
    ];
    for (const header of wrong) assertRefused(await ask(header), header.slice(0, 60));
  });
});

describe('a request that a script in a browser sends', async () => {
  const server = await startServer(NO_LIMIT, { seed: SEED_OF_METHODS });
  const scripted = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
  const forms: Record<string, Record<string, string>> = {
    'an unknown client': { client_id: 'nobody' },
    'a client without its secret': { client_id: 'client_secret_post' },
    'a wrong secret': { client_id: 'client_secret_post', client_secret: 'wrong' },
    'no client': {},
    'an assertion that is none': withAssertion('x'),
  };

  for (const [what, form] of Object.entries(forms)) {
    it(`brings no dialog for a name and a password, though it is refused: ${what}`, async () => {
      for (const endpoint of ['token', 'revoke', 'introspect', 'device_authorization']) {
        const all = { ...GRANT, token: 'x', ...form };
        const answer = await send(server, endpoint, all, scripted);
        assert.deepEqual([answer.status, answer.json.error], [400, 'invalid_client'], endpoint);
        assert.equal(answer.headers.get('www-authenticate'), null, endpoint);
        assertRefused(await send(server, endpoint, all), endpoint);
      }
    });
  }

  it('is answered with the challenge if it has the header (RFC 6749 section 5.2)', async () => {
    for (const authorization of [as('web:wrong').authorization, 'Basic', 'Bearer x', '']) {
      assertRefused(await send(server, 'token', GRANT, { ...scripted, authorization }));
    }
  });
});

describe('two secrets of one client, for a change-over', async () => {
  const [old, next] = [
    'the-old-secret-of-this-client-12345',
    'the-next-secret-of-this-client-1234',
  ];
  const two = { client_secret: [old, next] };
  const store = await emptyStore();
  const server = await startServer(NO_LIMIT, {
    store,
    seed: {
      ...SEED,
      clients: [
        confidential('changing', two),
        confidential('signing', { ...two, token_endpoint_auth_method: 'client_secret_jwt' }),
      ],
    },
  });
  const bySecret = (secret: string) => send(server, 'token', GRANT, as(`changing:${secret}`));
  const byJwt = async (secret: string) =>
    send(server, 'token', {
      ...GRANT,
      ...withAssertion(await signed(assertionClaims('signing', server.issuer), secret)),
    });

  it('are both good, and a third is not', async () => {
    for (const ask of [bySecret, byJwt]) {
      assertOk(await ask(old));
      assertOk(await ask(next));
      assertRefused(await ask('the-third-secret-of-this-client-123'));
    }
  });

  it('are one again once the old one is taken out of the record', async () => {
    for (const id of ['changing', 'signing']) {
      const client = await store.clients.find(id);
      assert.ok(client);
      await store.clients.save({
        ...client,
        secretHashes: client.secretHashes.slice(1),
        encryptedSecrets: client.encryptedSecrets?.slice(1),
      });
    }
    for (const ask of [bySecret, byJwt]) {
      assertRefused(await ask(old));
      assertOk(await ask(next));
    }
  });

  it('are nowhere in the store as they are', async () => {
    for (const id of ['changing', 'signing']) {
      const kept = JSON.stringify(await store.clients.find(id));
      assert.ok(!kept.includes(old) && !kept.includes(next));
    }
  });
});

/** A server with a client's keys, and the number of its requests. */
async function keyServer(answer: RequestListener) {
  const state = { answer, asked: 0, uri: '' };
  const web = createServer((req, res) => {
    state.asked += 1;
    state.answer(req, res);
  });
  await listen(web);
  after(() => {
    web.closeAllConnections();
    web.close();
  });
  state.uri = `http://127.0.0.1:${(web.address() as AddressInfo).port}/jwks`;
  return state;
}

const publishing =
  (...keys: JWK[]): RequestListener =>
  (_req, res) => {
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  };

describe('private_key_jwt with the keys in the record (RFC 7523 section 2.2)', async () => {
  const keys = await Promise.all(['ES256', 'RS256', 'PS256', 'EdDSA'].map((alg) => clientKey(alg)));
  const [spare, same, stranger] = await Promise.all(
    ['spare', 'same', 'stranger'].map((kid) => clientKey('ES256', kid)),
  );
  assert.ok(spare && same && stranger);
  const many = await Promise.all(['1', '2', '3', '4', '5'].map((kid) => clientKey('ES256', kid)));
  const seed = {
    ...SEED,
    clients: [
      confidential('keyed', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: keys.map(({ jwk }) => jwk) },
      }),
      confidential('changing', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [spare, same].map(({ jwk: { kid: _kid, ...jwk } }) => jwk) },
      }),
      confidential('many', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: many.map(({ jwk }) => jwk) },
      }),
      confidential('other', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [stranger.jwk] },
      }),
      confidential('encrypting', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...spare.jwk, use: 'enc' }] },
      }),
    ],
  };
  const server = await startServer(NO_LIMIT, { seed });
  const ask = async (id: string, key: ClientKey, header = {}) =>
    send(server, 'token', {
      ...GRANT,
      ...withAssertion(await signed(assertionClaims(id, server.issuer), key, header)),
    });

  for (const key of keys) {
    it(`takes a signature with ${key.alg}, with and without a kid`, async () => {
      assertOk(await ask('keyed', key));
      assertOk(await ask('keyed', key, { kid: undefined }));
    });
  }

  it('takes every key of a client that changes over and names none', async () => {
    assertOk(await ask('changing', spare, { kid: undefined }));
    assertOk(await ask('changing', same, { kid: undefined }));
    assertRefused(await ask('changing', stranger, { kid: undefined }));
  });

  it('tries four keys and no more if the assertion names none, because anybody can send one', async () => {
    const [, , , fourth, fifth] = many;
    assertOk(await ask('many', fourth!, { kid: undefined }));
    const refused = await ask('many', fifth!, { kid: undefined });
    assertRefused(refused);
    assert.match(refused.json.error_description, /more than 4 keys of the client: name one/);
    assertOk(await ask('many', fifth!));
  });

  it('refuses a key that is not the client’s, whatever kid it goes by', async () => {
    for (const kid of ['stranger', 'ES256', 'x', '', undefined]) {
      assertRefused(await ask('keyed', stranger, { kid }), kid);
    }
    assertRefused(await ask('other', keys[0]!));
    assertRefused(await ask('encrypting', spare), 'a key that is not for signing');
  });

  it('refuses a key that the assertion itself brings along (RFC 8725 section 3.10)', async () => {
    const uri = await keyServer(publishing(stranger.jwk));
    for (const header of [{ jwk: stranger.jwk }, { jku: uri.uri }, { x5u: uri.uri }]) {
      assertRefused(await ask('keyed', stranger, { ...header, kid: 'stranger' }));
    }
    assert.equal(uri.asked, 0);
  });
});

describe('private_key_jwt with the keys at a jwks_uri (RFC 7523 section 2.2)', async () => {
  const [first, second] = await Promise.all(['one', 'two'].map((kid) => clientKey('ES256', kid)));
  assert.ok(first && second);

  /** A server with one client, whose keys are where these answers come from. */
  const started = async (answer: RequestListener, env: Record<string, string> = {}) => {
    const keys = await keyServer(answer);
    const seed = {
      ...SEED,
      clients: [
        confidential('remote', {
          token_endpoint_auth_method: 'private_key_jwt',
          jwks_uri: keys.uri,
        }),
      ],
    };
    const server = await startServer({ ...NO_LIMIT, ...env }, { seed });
    const ask = async (key = first) =>
      send(server, 'token', {
        ...GRANT,
        ...withAssertion(await signed(assertionClaims('remote', server.issuer), key)),
      });
    return { keys, server, ask };
  };

  it('fetches them once, for 20 who ask at the same instant too', async () => {
    const { keys, ask } = await started(publishing(first.jwk));
    assert.equal(keys.asked, 0, 'nobody has asked yet');
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => ask())))
      assertOk(answer);
    assertOk(await ask());
    assert.equal(keys.asked, 1);
  });

  it('finds a key that was added later, and looks for it twice a minute at the most', async () => {
    await withClock(async (advance) => {
      const { keys, ask } = await started(publishing(first.jwk));
      assertOk(await ask());
      keys.answer = publishing(first.jwk, second.jwk);
      for (let attempt = 0; attempt < 5; attempt += 1) assertRefused(await ask(second));
      assert.equal(keys.asked, 1, 'an unknown kid is anybody’s invention');
      advance(30 * SECOND);
      assertOk(await ask(second));
      assertOk(await ask(first));
      assert.equal(keys.asked, 2);
    });
  });

  it('forgets a key that was taken down, ten minutes later at the latest', async () => {
    await withClock(async (advance) => {
      const { keys, ask } = await started(publishing(first.jwk));
      assertOk(await ask());
      keys.answer = publishing(second.jwk);
      advance(10 * MINUTE - 1);
      assertOk(await ask());
      advance(1);
      assertRefused(await ask());
      assert.equal(keys.asked, 2);
    });
  });

  it('are asked for again ten seconds after that has failed, however many come before', async () => {
    await withClock(async (advance) => {
      const { keys, server, ask } = await started((_req, res) => res.writeHead(503).end());
      const heard: unknown[] = [];
      server.events.on('client_keys_failed', ({ error }) => heard.push(error));
      for (const answer of await Promise.all(Array.from({ length: 20 }, () => ask())))
        assertRefused(answer);
      keys.answer = publishing(first.jwk);
      advance(10 * SECOND - 1);
      for (let attempt = 0; attempt < 5; attempt += 1) assertRefused(await ask());
      assert.equal(keys.asked, 1);
      assert.equal(heard.length, 1, 'the log has it once');
      advance(1);
      for (const answer of await Promise.all(Array.from({ length: 20 }, () => ask())))
        assertOk(answer);
      assert.equal(keys.asked, 2);
    });
  });

  it('are asked for at once at another URI, of the same host and for the same client', async () => {
    const { keys, server, ask } = await started((req, res) =>
      req.url === '/jwks' ? res.writeHead(404).end() : publishing(first.jwk)(req, res),
    );
    assertRefused(await ask());
    const client = await server.store.clients.find('remote');
    assert.ok(client);
    await server.store.clients.save({ ...client, jwksUri: `${keys.uri}.json` });
    assertOk(await ask());
    await server.store.clients.save(client);
    assertRefused(await ask());
    assert.equal(keys.asked, 2);
  });

  const broken: Record<string, RequestListener> = {
    'breaks off at once': (req) => req.socket.destroy(),
    'breaks off in the middle': (_req, res) => {
      res.writeHead(200, { 'content-length': '1000' }).write('{"keys":[', () => res.destroy());
    },
    'answers 404': (_req, res) => res.writeHead(404).end(JSON.stringify({ keys: [first.jwk] })),
    'answers 500': (_req, res) => res.writeHead(500).end('no'),
    'answers 204': (_req, res) => res.writeHead(204).end(),
    'answers with nothing': (_req, res) => res.end(),
    'answers with more keys than a client may have': publishing(
      ...Array.from({ length: 33 }, (_, n) => ({ ...first.jwk, kid: n === 0 ? 'one' : `${n}` })),
    ),
    'answers with a page': (_req, res) => res.end('<!doctype html><p>Keys are elsewhere.'),
    'answers with a list': (_req, res) => res.end(JSON.stringify([first.jwk])),
    'answers with null': (_req, res) => res.end('null'),
    'answers with keys that are none': (_req, res) =>
      res.end(JSON.stringify({ keys: [null, 1, 'x', { kty: 'EC', kid: 'one' }] })),
    'answers with a key in pieces': (_req, res) =>
      res.end(JSON.stringify({ keys: [{ ...first.jwk, x: 'AA' }] })),
    'answers with the right key behind 200 kB': (_req, res) =>
      res.end(JSON.stringify({ padding: 'x'.repeat(200_000), keys: [first.jwk] })),
    'never stops answering': (_req, res) => {
      const more = () => res.destroyed || res.write('x'.repeat(60_000), more);
      more();
    },
    'says nothing': () => {},
    'says a letter now and then': (_req, res) => {
      const timer = setInterval(() => res.write(' '), 25);
      res.on('close', () => clearInterval(timer));
    },
  };
  for (const [what, answer] of Object.entries(broken)) {
    it(`is invalid_client, and soon, where the server of the keys ${what}`, async (t) => {
      // Nobody waits for five seconds here: what they are waited for is a test of test/outbound.test.ts.
      const timeout = AbortSignal.timeout;
      const { mock } = t.mock.method(AbortSignal, 'timeout', (ms: number) => timeout(ms / 20));
      const { ask } = await started(answer);
      const start = performance.now();
      assertRefused(await ask());
      assert.ok(performance.now() - start < 500, 'it took too long');
      const given = mock.calls.map((call) => call.arguments[0]);
      assert.deepEqual(new Set(given), new Set([5000]));
    });
  }

  it('is invalid_client where nobody listens at the jwks_uri', async () => {
    const { server } = await started(publishing(first.jwk));
    const client = await server.store.clients.find('remote');
    assert.ok(client);
    for (const jwksUri of [
      'http://127.0.0.1:1/jwks',
      'http://nobody.invalid/',
      'no URL',
      'file:///etc/passwd',
    ]) {
      await server.store.clients.save({ ...client, jwksUri });
      const assertion = await signed(assertionClaims('remote', server.issuer), first);
      assertRefused(
        await send(server, 'token', { ...GRANT, ...withAssertion(assertion) }),
        jwksUri,
      );
    }
  });

  it('follows no redirect', async () => {
    const elsewhere = await keyServer(publishing(first.jwk));
    for (const status of [301, 302, 303, 307, 308]) {
      const { keys, ask } = await started((_req, res) => {
        res.writeHead(status, { location: elsewhere.uri }).end();
      });
      assertRefused(await ask(), String(status));
      assert.equal(keys.asked, 1);
    }
    assert.equal(elsewhere.asked, 0);
  });

  it('asks nobody inside where ALLOW_INTERNAL_URLS is off, and does not tell the caller why', async () => {
    const { keys, server, ask } = await started(publishing(first.jwk), {
      ALLOW_INTERNAL_URLS: 'off',
    });
    const heard: { clientId: string; error: unknown }[] = [];
    server.events.on('client_keys_failed', (details) => heard.push(details));
    const answer = await ask();
    assertRefused(answer);
    assert.equal(keys.asked, 0);
    assert.doesNotMatch(answer.text, /127\.0\.0\.1|https|internal|public/);
    assert.equal(heard.length, 1, 'the operator is told');
    assert.equal(heard[0]?.clientId, 'remote');
    assert.match(String(heard[0]?.error), /is not https/);
  });

  it('tells the caller a server that is down from a signature that is wrong', async () => {
    await withClock(async (advance) => {
      const { keys, ask } = await started((_req, res) => res.writeHead(500).end());
      assert.match((await ask()).json.error_description, /could not be read/);
      keys.answer = publishing(first.jwk);
      advance(10 * SECOND);
      const { error_description } = (await ask(second)).json;
      assert.match(error_description, /not signed with a key of the client/);
    });
  });
});

describe('token_endpoint_auth_signing_alg (OpenID Connect Registration section 2)', async () => {
  const keys = await Promise.all(['ES256', 'RS256', 'EdDSA'].map((alg) => clientKey(alg)));
  const [es, rs, ed] = keys;
  assert.ok(es && rs && ed);
  const keyed = (alg: string) =>
    confidential(`only-${alg}`, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks: { keys: keys.map(({ jwk }) => jwk) },
    });
  const seed = {
    ...SEED,
    clients: [
      keyed('ES256'),
      keyed('PS256'),
      keyed('EdDSA'),
      confidential('only-HS512', {
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg: 'HS512',
        client_secret: SECRET,
      }),
    ],
  };
  const server = await startServer(NO_LIMIT, { seed });
  const ask = async (id: string, key: ClientKey | string, alg?: string) =>
    send(server, 'token', {
      ...GRANT,
      ...withAssertion(
        await signed(assertionClaims(id, server.issuer), key, alg === undefined ? {} : { alg }),
      ),
    });

  it('is the only algorithm that an assertion of the client may be signed with', async () => {
    assertOk(await ask('only-ES256', es));
    for (const key of [rs, ed]) {
      const refused = await ask('only-ES256', key);
      assertRefused(refused, key.alg);
      assert.match(refused.json.error_description, /alg of the assertion .*ES256/);
    }
  });

  it('is not that of another padding under the same key', async () => {
    assertRefused(await ask('only-PS256', rs));
  });

  it('goes by both of its names, if it is EdDSA (RFC 9864 section 2.2)', async () => {
    assertOk(await ask('only-EdDSA', ed));
    assertOk(await ask('only-EdDSA', ed, 'Ed25519'));
    assertRefused(await ask('only-EdDSA', es));
  });

  it('holds for a client that signs with its secret', async () => {
    assertOk(await ask('only-HS512', SECRET, 'HS512'));
    assertRefused(await ask('only-HS512', SECRET, 'HS256'));
  });
});

describe('client_secret_jwt (RFC 7523 section 2.2)', async () => {
  const server = await startServer(NO_LIMIT, { seed: SEED_OF_METHODS });
  const ask = async (key: ClientKey | string, header = {}) =>
    send(server, 'token', {
      ...GRANT,
      ...withAssertion(
        await signed(assertionClaims('client_secret_jwt', server.issuer), key, header),
      ),
    });

  it('takes an HMAC under the secret', async () => {
    for (const alg of ['HS256', 'HS384', 'HS512']) assertOk(await ask(SECRET, { alg }), alg);
  });

  it('takes none under another secret, under none, or under what is kept of the secret', async () => {
    const client = await server.store.clients.find('client_secret_jwt');
    const kept = [...(client?.secretHashes ?? []), ...(client?.encryptedSecrets ?? [])];
    assert.equal(kept.length, 2);
    for (const secret of [`${SECRET}x`, SECRET.slice(1), ...kept]) assertRefused(await ask(secret));
    assertRefused(await ask(KEY), 'a private key');
  });

  it('is refused, not a failure, where the secret was encrypted by a server of another secret', async () => {
    const other = await startServer(NO_LIMIT, { seed: SEED, store: server.store });
    const assertion = await signed(assertionClaims('client_secret_jwt', other.issuer), SECRET);
    assertRefused(await send(other, 'token', { ...GRANT, ...withAssertion(assertion) }));
  });
});

describe('an assertion (RFC 7523 section 3)', async () => {
  const server = await startServer(NO_LIMIT, { seed: SEED_OF_METHODS });
  const { issuer } = server;
  const ID = 'private_key_jwt';
  const sendIt = (assertion: string, more: Record<string, string> = {}, endpoint = 'token') =>
    send(server, endpoint, { ...GRANT, token: 'x', ...withAssertion(assertion), ...more });
  /** A request with an assertion that is sound but for these claims. */
  const ask = async (changes: Record<string, unknown> = {}, header = {}) =>
    sendIt(await signed(assertionClaims(ID, issuer, changes), KEY, header));
  const seconds = () => Math.floor(Date.now() / SECOND);

  it('is for this server’s issuer (RFC 7523bis section 4)', async () => {
    for (const endpoint of ['token', 'revoke', 'introspect']) {
      for (const aud of [issuer, [issuer]]) {
        const assertion = await signed(assertionClaims(ID, aud), KEY);
        assertOk(await sendIt(assertion, {}, endpoint), `${endpoint} ${aud}`);
      }
    }
  });

  const strangers = [
    undefined,
    '',
    [],
    null,
    1,
    true,
    {},
    { 0: issuer },
    [[issuer]],
    'https://other.example',
    ['https://other.example'],
    ['https://other.example', issuer],
    [issuer, 'https://other.example'],
    [issuer, issuer],
    [issuer, null],
    `${issuer}/`,
    `${issuer}/oauth`,
    `${issuer}/oauth/token/`,
    `${issuer}/oauth/authorize`,
    `${issuer}/oauth/revoke`,
    `${issuer}/oauth/introspect`,
    `${issuer}.example`,
    issuer.toUpperCase(),
    `${issuer} ${issuer}/oauth/token`,
    [issuer, `${issuer}/oauth/token`],
    ID,
  ];

  it('is for nobody else, and for nobody besides (CVE-2025-27370)', async () => {
    for (const aud of [...strangers, `${issuer}/oauth/token`, [`${issuer}/oauth/token`]]) {
      const answer = await ask({ aud });
      assertRefused(answer, JSON.stringify(aud));
      assert.ok(
        answer.json.error_description.includes(`aud of the assertion has to be ${issuer} `),
      );
    }
  });

  it('of an old client may be for the token endpoint instead, if its record says so', async () => {
    const record = await server.store.clients.find(ID);
    assert.ok(record);
    await server.store.clients.save({ ...record, id: 'old', allowTokenEndpointAudience: true });
    const askAsOld = async (aud: unknown, endpoint = 'token') =>
      sendIt(await signed(assertionClaims('old', aud), KEY), {}, endpoint);
    const token = `${issuer}/oauth/token`;
    for (const endpoint of ['token', 'revoke', 'introspect']) {
      for (const aud of [token, [token], issuer, [issuer]]) {
        assertOk(await askAsOld(aud, endpoint), `${endpoint} ${aud}`);
      }
    }
    const more = [
      [token, issuer],
      [token, 'https://other.example'],
      [token, token],
    ];
    for (const aud of [...strangers, ...more]) {
      assertRefused(await askAsOld(aud), JSON.stringify(aud));
    }
  });

  it('says what it is, or nothing of it (RFC 8725 section 3.11)', async () => {
    const right = [
      undefined,
      'JWT',
      'jwt',
      'application/jwt',
      'client-authentication+jwt',
      'Client-Authentication+JWT',
      'application/client-authentication+jwt',
    ];
    for (const typ of right) assertOk(await ask({}, { typ }), typ);
    const wrong = [
      'at+jwt',
      'application/at+jwt',
      'dpop+jwt',
      'oauth-authz-req+jwt',
      'token-introspection+jwt',
      'logout+jwt',
      'client-authentication',
      'client-authentication+jwt; charset=utf-8',
      'JWS',
      ' JWT',
      '',
      null,
      1,
      ['JWT'],
    ];
    for (const typ of wrong) assertRefused(await ask({}, { typ }), JSON.stringify(typ));
    // None of them used the jti up.
    const jti = randomUUID();
    assertRefused(await ask({ jti }, { typ: 'at+jwt' }));
    assertOk(await ask({ jti }));
  });

  it('is issued by the client about itself', async () => {
    const wrong: Record<string, unknown>[] = [
      { iss: 'client_secret_jwt' },
      { iss: undefined },
      { iss: null },
      { iss: [ID] },
      { iss: issuer },
      { sub: 'client_secret_jwt' },
      { iss: 'client_secret_jwt', sub: 'client_secret_jwt' },
      { iss: 'web', sub: 'web' },
      { iss: 'nobody', sub: 'nobody' },
      { sub: undefined },
      { sub: '' },
      { sub: null },
      { sub: 1 },
      { sub: true },
      { sub: [ID] },
      { sub: { $ne: null } },
      { sub: [{ sub: ID }] },
      { sub: `${ID}\u0000` },
      { sub: '\u0000' },
      { sub: 'x'.repeat(5000) },
      { sub: '__proto__' },
    ];
    for (const claims of wrong) assertRefused(await ask(claims), JSON.stringify(claims));
  });

  it('reaches the store with nothing but a string for a client_id', async () => {
    const store = await emptyStore();
    const asked: unknown[] = [];
    const { find } = store.clients;
    const watched = await startServer(NO_LIMIT, { store });
    store.clients.find = (id) => {
      asked.push(id);
      return find(id);
    };
    for (const sub of [1, null, true, [ID], { $ne: null }, 'a\u0000b', 'x'.repeat(9000), ID]) {
      const assertion = await signed(assertionClaims(ID, issuer, { sub }), KEY);
      assertRefused(await send(watched, 'token', { ...GRANT, ...withAssertion(assertion) }));
    }
    assert.deepEqual(asked, [ID]);
  });

  it('has an exp, which is over 30 s late on this clock at the most', async () => {
    await withClock(async () => {
      const now = seconds();
      assertOk(await ask({ exp: now + 1 }));
      assertOk(await ask({ exp: now - 29 }));
      const wrong = [
        now - 30,
        now - 31,
        now - 3600,
        0,
        -1,
        undefined,
        null,
        `${now + 60}`,
        [now + 60],
        {},
      ];
      for (const exp of wrong) assertRefused(await ask({ exp }), JSON.stringify(exp));
    });
  });

  it('is good for an hour at the most, so that its jti need not be kept for ever', async () => {
    await withClock(async () => {
      const now = seconds();
      assertOk(await ask({ exp: now + 3600 }));
      assertOk(await ask({ exp: now + 3630 }));
      const wrong = [now + 3631, now + 24 * 3600, 1e12, 1e308, Number.MAX_SAFE_INTEGER];
      for (const exp of wrong) assertRefused(await ask({ exp }), String(exp));
    });
  });

  it('is not from the future, but by 30 s', async () => {
    await withClock(async () => {
      const now = seconds();
      for (const claim of ['iat', 'nbf']) {
        assertOk(await ask({ [claim]: now - 3600 }), claim);
        assertOk(await ask({ [claim]: now + 30 }), claim);
        for (const value of [now + 31, now + 3600, 1e308, `${now}`, null, [now], {}]) {
          assertRefused(await ask({ [claim]: value }), `${claim} ${JSON.stringify(value)}`);
        }
      }
      assertOk(await ask({ iat: undefined }), 'iat may be left out (section 3, point 6)');
    });
  });

  it('has a jti', async () => {
    for (const jti of [undefined, '', null, 1, true, [randomUUID()], {}, 'x'.repeat(257)]) {
      assertRefused(await ask({ jti }), JSON.stringify(jti));
    }
    assertOk(await ask({ jti: 'x'.repeat(256) }));
    assertOk(await ask({ jti: 'Ünïcödé\u0000"]' }));
  });

  it('is used once, at whatever endpoint (section 3, point 7)', async () => {
    const assertion = await signed(assertionClaims(ID, issuer), KEY);
    assertOk(await sendIt(assertion));
    for (const endpoint of ['token', 'revoke', 'introspect']) {
      assertRefused(await sendIt(assertion, {}, endpoint), endpoint);
    }
  });

  it('is used once by its jti, whatever else is in it', async () => {
    const jti = randomUUID();
    assertOk(await ask({ jti }));
    assertRefused(await ask({ jti, exp: seconds() + 120, more: 'claims' }));
  });

  it('has a jti of its client’s own: another may have the same', async () => {
    const jti = randomUUID();
    assertOk(await ask({ jti }));
    const other = assertionClaims('client_secret_jwt', issuer, { jti });
    assertOk(await sendIt(await signed(other, SECRET)));
  });

  it('has one winner of 50 who present it at the same instant', async () => {
    const assertion = await signed(assertionClaims(ID, issuer), KEY);
    const answers = await Promise.all(Array.from({ length: 50 }, () => sendIt(assertion)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const answer of answers.filter(({ status }) => status !== 200)) assertRefused(answer);
  });

  it('is remembered until it is good no more, to the last millisecond', async () => {
    for (const fraction of [0, 0.25, 0.5, 0.999]) {
      await withClock(async (advance) => {
        const assertion = await signed(
          assertionClaims(ID, issuer, { exp: seconds() + 60 + fraction }),
          KEY,
        );
        assertOk(await sendIt(assertion));
        advance(90 * SECOND - 1);
        for (let ms = 0; ms <= 1100; ms += 50) {
          await server.store.purge(Date.now(), 1000);
          assertRefused(await sendIt(assertion), `exp with ${fraction}, ${ms} ms later`);
          advance(50);
        }
      });
    }
  });

  it('is not used up by whoever cannot sign it', async () => {
    const claims = assertionClaims(ID, issuer);
    const forged = await signed(claims, await clientKey('ES256', KEY.kid));
    assertRefused(await sendIt(forged));
    assertOk(await sendIt(await signed(claims, KEY)));
  });

  it('is signed, by an algorithm of the method in the record (RFC 8725 section 3.1)', async () => {
    const claims = assertionClaims(ID, issuer);
    const [head, body, signature = ''] = (await signed(claims, KEY)).split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const pem = createPublicKey({ key: { ...KEY.jwk }, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
    const k1Input = `${encode({ alg: 'ES256K', kid: KEY.kid })}.${body}`;
    const k1Signature = sign('sha256', Buffer.from(k1Input), k1).toString('base64url');
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const wrong: Record<string, string> = {
      'alg none': `${encode({ alg: 'none' })}.${body}.`,
      'alg None': `${encode({ alg: 'None', kid: KEY.kid })}.${body}.`,
      'alg none with a signature': `${encode({ alg: 'none' })}.${body}.${signature}`,
      'no alg': `${encode({ kid: KEY.kid })}.${body}.${signature}`,
      'alg that is a list': `${encode({ alg: ['ES256'] })}.${body}.${signature}`,
      'HS256 under the public key': await signed(claims, pem),
      'HS256 under the public JWK': await signed(claims, JSON.stringify(KEY.jwk)),
      'HS256 under the x of the key': await signed(claims, String(KEY.jwk.x)),
      'a header of another algorithm': `${encode({ alg: 'ES384', kid: KEY.kid })}.${body}.${signature}`,
      ES256K: `${k1Input}.${k1Signature}`,
      'a signature with a bit flipped': `${head}.${body}.${flipped}`,
      'a signature cut short': `${head}.${body}.${signature.slice(0, -4)}`,
      'no signature': `${head}.${body}.`,
      'a signature of zeros (CVE-2022-21449)': `${head}.${body}.${'A'.repeat(86)}`,
      'other claims': `${head}.${encode(assertionClaims(ID, issuer))}.${signature}`,
      'an unknown crit': await forged({ alg: 'ES256', kid: KEY.kid, crit: ['x'], x: 1 }, claims),
      'b64 false': await forged({ alg: 'ES256', crit: ['b64'], b64: false }, claims),
      'two parts': `${head}.${body}`,
      'four parts': `${head}.${body}.${signature}.`,
      'five parts, as if encrypted': `${head}.${body}.${signature}.${body}.${signature}`,
      'a claim set that is a list': await forged({ alg: 'ES256' }, [claims]),
      'a claim set that is no JSON': `${head}.${Buffer.from('{').toString('base64url')}.${signature}`,
      'no JWT': 'x',
      'spaces in it': `${head} .${body}.${signature}`,
    };
    for (const [what, assertion] of Object.entries(wrong)) {
      assertRefused(await sendIt(assertion), what);
    }
    assertOk(await sendIt(`${head}.${body}.${signature}`), 'none of them used it up');
  });

  it('is signed by no algorithm that discovery does not name, though the record has such a key', async () => {
    const key = await clientKey('ML-DSA-44');
    const client = await server.store.clients.find(ID);
    assert.ok(client);
    const jwks = { keys: [{ ...key.jwk }] };
    await server.store.clients.save({ ...client, id: 'ahead-of-its-time', jwks });
    const claims = assertionClaims('ahead-of-its-time', issuer);
    assertRefused(await sendIt(await signed(claims, key)));
  });

  it('comes with its type, once, and with no client_id but its own (RFC 7521 section 4.2)', async () => {
    const fresh = async () => signed(assertionClaims(ID, issuer), KEY);
    assertOk(await sendIt(await fresh(), { client_id: ID }));
    assertRefused(await sendIt(await fresh(), { client_id: 'web' }));
    assertRefused(await sendIt(await fresh(), { client_id: 'client_secret_jwt' }));

    const types = [
      '',
      'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      'x',
      `${ASSERTION_TYPE} `,
    ];
    for (const client_assertion_type of [...types, ASSERTION_TYPE.toUpperCase()]) {
      const { status, json } = await sendIt(await fresh(), { client_assertion_type });
      assert.equal(status, 400, client_assertion_type);
      assert.equal(json.error, 'invalid_request');
    }
    const [one, two] = [await fresh(), await fresh()];
    const grant: [string, string] = ['grant_type', 'client_credentials'];
    const type: [string, string] = ['client_assertion_type', ASSERTION_TYPE];
    const malformed: [string, string][][] = [
      [grant, type],
      [grant, type, ['client_assertion', '']],
      [grant, ['client_assertion', one]],
      [grant, type, ['client_assertion', one], ['client_assertion', one]],
      [grant, type, ['client_assertion', one], ['client_assertion', two]],
      [grant, type, type, ['client_assertion', one]],
      [grant, type, ['client_assertion', one], ['client_id', ID], ['client_id', ID]],
      [grant, type, ['client_assertion', 'x'.repeat(16 * 1024 + 1)]],
    ];
    for (const form of malformed) {
      const { status, json } = await send(server, 'token', form);
      assert.equal(status, 400);
      assert.equal(json.error, 'invalid_request');
    }
    assertOk(await sendIt(one), 'none of them used it up');
  });

  it('of 100 kB is too large, and one of deep nesting no trouble', async () => {
    const large = await sendIt(
      await signed(assertionClaims(ID, issuer, { x: 'x'.repeat(75_000) }), KEY),
    );
    assert.equal(large.status, 413);
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    assertRefused(await sendIt(`${encode('{"alg":"ES256"}')}.${encode(`{"sub":${deep}}`)}.AAAA`));
    assertRefused(await sendIt(`${encode(deep)}.${encode(`{"sub":"${ID}"}`)}.AAAA`));
  });

  it('is not taken from the URL', async () => {
    const query = new URLSearchParams(
      withAssertion(await signed(assertionClaims(ID, issuer), KEY)),
    );
    const answer = await send(server, `token?${query}`, GRANT);
    assert.ok(answer.status === 400 || answer.status === 401);
  });

  it('is no access token of this server, nor its signed answer about one (RFC 8725 section 2.8)', async () => {
    const own = await startServer(
      { ...NO_LIMIT, ACCESS_TOKEN_FORMAT: 'jwt' },
      { seed: SEED_OF_METHODS },
    );
    const proof = await proofOf(ID, 'private_key_jwt', own.issuer);
    const { json } = await send(own, 'token', { ...GRANT, ...proof.form });
    assertRefused(await send(own, 'token', { ...GRANT, ...withAssertion(json.access_token) }));
  });
});

/** Signed with the key of the client, whatever the header and the claims are. */
async function forged(header: object, claims: unknown): Promise<string> {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, KEY.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
