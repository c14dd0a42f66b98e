// requireToken() in apps of Express 5 and 4, with the tokens of a real server.

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { UnsecuredJWT } from 'jose';
import { requireToken } from '../../src/resource-server/index.ts';
import { API, EXPRESS, sendTwice, serveApi, warningsOf } from '../helpers/api.ts';
import { authorizeAs, authorizeUrl, pkce, requestToken } from '../helpers/flows.ts';
import { decoded, forge, periodStart, revoke, SECRET, signingKeys } from '../helpers/forge.ts';
import { listen, startServer, type TestServer, withClock } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED as USUAL } from '../helpers/seeds.ts';

const OTHER = 'https://other.example.com/';
const METADATA =
  'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/api"';

const SEED = {
  ...USUAL,
  resources: { [API]: {}, [OTHER]: {} },
  clients: [
    ...USUAL.clients,
    { client_id: 'api', client_secret: 'a+b%20c/d', grant_types: [], introspects: [API] },
  ],
};

const AS_CLIENT = { clientId: 'api', clientSecret: 'a+b%20c/d' };

async function issue(
  server: TestServer,
  form: Record<string, string> = { resource: API },
): Promise<string> {
  const grant = { grant_type: 'client_credentials', ...form };
  const { json } = await requestToken(server, grant, 'web:web-secret');
  return json.access_token;
}

/** The token of a person, who has just signed in. */
async function issueToPerson(server: TestServer): Promise<string> {
  const { verifier, challenge } = pkce();
  const url = `${authorizeUrl(server, { code_challenge: challenge })}&resource=${encodeURIComponent(API)}`;
  const back = await new Person(server).allow(url);
  const form = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: 'http://127.0.0.1:9/callback',
    code_verifier: verifier,
  };
  return (await requestToken(server, form, 'web:web-secret')).json.access_token;
}

const challengeOf = ({ headers }: Answer) => headers.get('www-authenticate') ?? '';

function assertRefused(answer: Answer, status: number, error: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error, error);
  assert.ok(challengeOf(answer).includes(`error="${error}"`), challengeOf(answer));
  assert.equal(answer.headers.get('cache-control'), 'no-store');
}

/** What is sent by `fetch` while something runs, as paths. */
async function sent(run: () => Promise<unknown>): Promise<string[]> {
  const paths: string[] = [];
  const note = (message: unknown) => {
    paths.push((message as { request: { path: string } }).request.path);
  };
  subscribe('undici:request:create', note);
  try {
    await run();
  } finally {
    unsubscribe('undici:request:create', note);
  }
  return paths;
}

const many = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, make));

const WAYS = [
  { how: 'by the key set', format: 'jwt', options: {} },
  { how: 'by introspection, opaque', format: 'opaque', options: AS_CLIENT },
  { how: 'by introspection, JWT', format: 'jwt', options: AS_CLIENT },
];

for (const [version, make] of Object.entries(EXPRESS)) {
  for (const { how, format, options } of WAYS) {
    describe(`requireToken() in ${version}, ${how}`, async () => {
      const server = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
      const { issuer } = server;
      const api = await serveApi({ issuer, ...options }, make);

      it('lets in who has a token for the API, and says whose it is', async () => {
        const accessToken = await issue(server);
        const { status, json } = await api.get('/write', accessToken);
        assert.equal(status, 200);
        const { accessTokenExpiresAt, claims, ...facts } = json;
        assert.deepEqual(facts, {
          accessToken,
          scope: ['read', 'write'],
          audience: [API],
          client: { id: 'web' },
          user: {},
        });
        assert.ok(Math.abs(Date.parse(accessTokenExpiresAt) - Date.now() - 3600_000) < 10_000);
        assert.equal(claims.sub, 'web');
      });

      it('is said by tokenOf() to be missing where no guard stands before the route', async () => {
        const { status, text } = await api.get('/unguarded', await issue(server));
        assert.equal(status, 500);
        assert.match(text, /There is no access token: put protect\(\) or requireToken\(\) before/);
      });

      it('knows a person from a client', async () => {
        const { json } = await api.get('/read', await issueToPerson(server));
        assert.equal(json.client.id, 'web');
        assert.equal(json.user.id, json.claims.sub);
        assert.notEqual(json.user.id, 'web');
      });

      it('asks for a token without an error code where there is none', async () => {
        const challenge = `Bearer realm="${API}", scope="read", ${METADATA}`;
        const none = await api.get('/read');
        assert.equal(none.status, 401);
        assert.equal(challengeOf(none), challenge);
        const headers = { authorization: 'Basic d2ViOnNlY3JldA==' };
        const other = await http(`${api.origin}/read`, { headers });
        assert.equal(other.status, 401);
        assert.equal(challengeOf(other), challenge);
      });

      it('refuses a token of another resource, of the server itself, or of nobody', async () => {
        const elsewhere = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
        for (const token of [
          await issue(server, { resource: OTHER }),
          await issue(server, {}),
          await issue(elsewhere),
          'made-up',
          'eyJhbGciOiJub25lIn0.e30.',
          `ey${'x'.repeat(12_000)}.e30.x`,
        ]) {
          assertRefused(await api.get('/read', token), 401, 'invalid_token');
        }
      });

      it('answers 403 with the scopes where the token has too few', async () => {
        const token = await issue(server, { resource: API, scope: 'read' });
        assert.equal((await api.get('/read', token)).status, 200);
        const answer = await api.get('/write', token);
        assertRefused(answer, 403, 'insufficient_scope');
        assert.ok(challengeOf(answer).endsWith(`, scope="read write", ${METADATA}`));
      });

      it('refuses a token in the URL, and a second header', async () => {
        const token = await issue(server);
        const inUrl = await http(`${api.origin}/read?access_token=${token}`);
        assertRefused(inUrl, 400, 'invalid_request');
        const twice = await sendTwice(`${api.origin}/read`, token);
        assert.equal(
          JSON.parse(twice).error_description,
          'The request has more than one header Authorization.',
        );
      });

      it('wants a person who has signed in lately, where the route does (RFC 9470)', async () => {
        const byClient = await api.get('/fresh', await issue(server));
        assertRefused(byClient, 401, 'insufficient_user_authentication');
        await withClock(async (advance) => {
          const token = await issueToPerson(server);
          assert.equal((await api.get('/fresh', token)).status, 200);
          advance(66_000);
          const late = await api.get('/fresh', token);
          assertRefused(late, 401, 'insufficient_user_authentication');
          assert.ok(challengeOf(late).endsWith(`, max_age="60", scope="read", ${METADATA}`));
          assert.equal((await api.get('/read', token)).status, 200);
          assert.equal((await api.get('/fresh', await issueToPerson(server))).status, 200);
        });
      });

      it('has a document that says where tokens come from (RFC 9728)', async () => {
        const path = '/.well-known/oauth-protected-resource/api';
        const { status, headers, json } = await http(`${api.origin}${path}`);
        assert.equal(status, 200);
        assert.equal(headers.get('access-control-allow-origin'), '*');
        assert.deepEqual(json, {
          resource: API,
          authorization_servers: [issuer],
          bearer_methods_supported: ['header'],
          scopes_supported: ['read', 'write'],
        });
        const posted = await http(`${api.origin}${path}`, { method: 'POST' });
        assert.equal(posted.status, 405);
        assert.equal((await http(`${api.origin}${path}/more`)).status, 404);
      });
    });
  }
}

describe('requireToken(), by the key set', async () => {
  const env = { ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET };
  const server = await startServer(env, { seed: SEED });
  const api = await serveApi({ issuer: server.issuer });
  const [key] = await issue(server).then(() => signingKeys(server.store));

  it('fetches the metadata and the keys once, however many requests wait for them', async () => {
    const fresh = await startServer(env, { seed: SEED });
    const { get } = await serveApi({ issuer: fresh.issuer });
    const token = await issue(fresh);
    const paths = await sent(async () => {
      for (const { status } of await many(() => get('/read', token))) assert.equal(status, 200);
    });
    assert.deepEqual(paths, ['/.well-known/oauth-authorization-server', '/oauth/jwks']);
  });

  it('refuses what the key has signed and is no access token for this API', async () => {
    const token = await issue(server);
    const { header, claims } = decoded(token);
    const kid = { kid: header.kid };
    assert.equal((await api.get('/read', forge(key!, header, claims))).status, 200);
    for (const wrong of [
      forge(key!, { ...header, typ: 'JWT' }, claims),
      forge(key!, { ...header, typ: 'token-introspection+jwt' }, claims),
      forge(key!, { ...header, alg: 'HS256' }, claims),
      forge(key!, { ...header, crit: ['b64'] }, claims),
      forge(key!, { alg: 'ES256', typ: 'at+jwt' }, claims),
      forge(key!, header, { ...claims, iss: `${claims.iss}/` }),
      forge(key!, header, { ...claims, aud: undefined }),
      forge(key!, header, { ...claims, aud: `${API}/more` }),
      forge(key!, header, { ...claims, exp: undefined }),
      forge(key!, header, { ...claims, sub: undefined }),
      forge(key!, header, { ...claims, client_id: undefined }),
      forge(key!, header, { ...claims, nbf: claims.iat + 60 }),
      forge(key!, header, { ...claims, cnf: { jkt: 'the-hash-of-a-key' } }),
      new UnsecuredJWT(claims).encode(),
      `${token.slice(0, -6)}AAAAAA`,
      token.replace(
        /\..*\./,
        `.${Buffer.from(JSON.stringify({ ...claims, ...kid })).toString('base64url')}.`,
      ),
    ]) {
      assertRefused(await api.get('/any', wrong), 401, 'invalid_token');
    }
  });

  it('warns the developer of what keeps a genuine token from counting, and of no forged one', async () => {
    const token = await issue(server);
    const { header, claims } = decoded(token);
    const isFor = `is refused at ${API}: `;
    const cases: [string, string][] = [
      [
        forge(key!, header, { ...claims, iss: `${claims.iss}/` }),
        `its iss is "${claims.iss}/", and the option issuer is "${claims.iss}"`,
      ],
      [
        forge(key!, header, { ...claims, aud: [`${API}/more`, 'x'.repeat(100)] }),
        `its aud is "${API}/more", "${'x'.repeat(60)}...", and the option resource is "${API}"`,
      ],
      [
        forge(key!, header, { ...claims, client_id: undefined }),
        'it has no client_id, which RFC 9068 section 2.2 requires',
      ],
      [
        forge(key!, header, { ...claims, cnf: { jkt: 'the-hash-of-a-key' } }),
        'it is bound to a key of its client (cnf), so it is no bearer token',
      ],
      [
        forge(key!, { ...header, typ: 'JWT' }, claims),
        'its typ is "JWT", and that of an access token is "at+jwt" (RFC 9068 section 2.1)',
      ],
      [
        'opaque'.repeat(7),
        'it is not a signed JWT. Have the server issue JWTs for this API, or use the options clientId and clientSecret',
      ],
    ];
    await withClock(async (advance) => {
      for (const [wrong, why] of cases) {
        advance(61_000);
        const heard = await warningsOf(async () => {
          for (let n = 0; n < 3; n += 1) assert.equal((await api.get('/any', wrong)).status, 401);
        });
        assert.deepEqual(heard, [`An access token ${isFor}${why}.`]);
      }
      const quiet = await warningsOf(async () => {
        for (const wrong of [
          forge(key!, header, { ...claims, exp: 1 }),
          forge(key!, { ...header, kid: 'unknown' }, { ...claims, aud: 'https://x.example' }),
          `${forge(key!, header, { ...claims, aud: 'https://y.example' }).slice(0, -6)}AAAAAA`,
          `${forge(key!, { ...header, typ: 'y' }, claims).slice(0, -6)}AAAAAA`,
        ]) {
          assert.equal((await api.get('/any', wrong)).status, 401);
        }
      });
      assert.deepEqual(quiet, []);
      advance(60_000);
      const flood = await warningsOf(async () => {
        for (let n = 0; n < 10; n += 1) {
          const aud = `https://api-${n}.example.com`;
          assert.equal(
            (await api.get('/any', forge(key!, header, { ...claims, aud }))).status,
            401,
          );
        }
      });
      assert.equal(flood.length, 1, 'a client that gets tokens for many APIs fills no log');
    });
  });

  it('accepts a token for five seconds after its end, and not longer', async () => {
    await withClock(async (advance) => {
      const token = await issue(server);
      advance(3604_000);
      assert.equal((await api.get('/read', token)).status, 200);
      advance(1000);
      assertRefused(await api.get('/read', token), 401, 'invalid_token');
    });
  });

  it('follows the rotation of the keys', async () => {
    const rotation = 3600;
    await withClock(async (advance) => {
      const rotating = await startServer({ ...env, KEY_ROTATION: `${rotation}` }, { seed: SEED });
      const { get } = await serveApi({ issuer: rotating.issuer });
      const kids = new Set<string>();
      for (let period = 0; period < 4; period += 1) {
        const token = await issue(rotating);
        kids.add(decoded(token).header.kid);
        assert.equal((await get('/read', token)).status, 200);
        advance(rotation * 1000);
      }
      assert.equal(kids.size, 4);
    }, periodStart(rotation) + 1);
  });

  for (const [ttl, days] of [
    [3600, 2],
    [10 * 24 * 3600, 11],
  ] as const) {
    it(`reads all keys that are published when they change each hour and tokens last ${ttl} s`, async () => {
      const often = { KEY_ROTATION: '3600', ACCESS_TOKEN_TTL: `${ttl}` };
      await withClock(async (advance) => {
        const rotating = await startServer({ ...env, ...often }, { seed: SEED });
        for (let hour = 0; hour < days * 24; hour += 1) {
          await issue(rotating);
          advance(3600_000);
        }
        const { json } = await http(`${rotating.issuer}/oauth/jwks`);
        assert.ok(json.keys.length <= 30, `${json.keys.length} keys`);
        const { get } = await serveApi({ issuer: rotating.issuer });
        assert.equal((await get('/read', await issue(rotating))).status, 200);
      }, periodStart(3600) + 1);
    });
  }

  it('looks for unknown keys three times at once, however many there are', async () => {
    await withClock(async (advance) => {
      assert.equal((await api.get('/read', await issue(server))).status, 200);
      advance(120_000);
      const { claims } = decoded(await issue(server));
      const paths = await sent(async () => {
        const header = { alg: 'ES256', typ: 'at+jwt' };
        await many(async () => {
          const kid = `${Math.random()}`;
          const { status } = await api.get('/read', forge(key!, { ...header, kid }, claims));
          assert.equal(status, 401);
        });
      });
      assert.ok(paths.length > 0 && paths.length <= 3, `${paths.length} looks`);
      assert.deepEqual([...new Set(paths)], ['/oauth/jwks']);
    });
  });

  it('does not notice that a token was revoked', async () => {
    const token = await issue(server);
    assert.equal((await revoke(server, token, 'web:web-secret')).status, 200);
    assert.equal((await api.get('/read', token)).status, 200);
  });
});

describe('requireToken(), by introspection', async () => {
  const server = await startServer({ ACCESS_TOKEN_TTL: '60' }, { seed: SEED });
  const { issuer } = server;
  const api = await serveApi({ issuer, ...AS_CLIENT });
  const strict = await serveApi({ issuer, ...AS_CLIENT, introspectionTtl: 0 });
  const patient = await serveApi({ issuer, ...AS_CLIENT, introspectionTtl: 300 });

  it('asks about a token once in five seconds, however many requests there are', async () => {
    await withClock(async (advance) => {
      const token = await issue(server);
      await api.get('/read', await issue(server));
      const first = await sent(() => many(() => api.get('/read', token)));
      assert.deepEqual(first, ['/oauth/introspect']);
      advance(4999);
      assert.deepEqual(await sent(() => api.get('/write', token)), []);
      advance(1);
      assert.deepEqual(await sent(() => api.get('/read', token)), ['/oauth/introspect']);
    });
  });

  it('refuses a token that was revoked: at once, or as soon as an answer is no longer kept', async () => {
    await withClock(async (advance) => {
      const token = await issue(server);
      for (const { get } of [api, strict]) assert.equal((await get('/read', token)).status, 200);
      await revoke(server, token, 'web:web-secret');
      assertRefused(await strict.get('/read', token), 401, 'invalid_token');
      assert.equal((await api.get('/read', token)).status, 200);
      advance(5000);
      assertRefused(await api.get('/read', token), 401, 'invalid_token');
    });
  });

  it('asks each time if nothing is to be kept', async () => {
    const token = await issue(server);
    const ask = () => strict.get('/read', token);
    assert.equal((await sent(async () => [await ask(), await ask()])).length, 2);
  });

  it('keeps no answer for longer than the token lives', async () => {
    await withClock(async (advance) => {
      const token = await issue(server);
      assert.equal((await patient.get('/read', token)).status, 200);
      advance(59_000);
      assert.equal((await patient.get('/read', token)).status, 200);
      advance(1000);
      assertRefused(await patient.get('/read', token), 401, 'invalid_token');
    });
  });

  it('lets nobody in if its own secret is wrong, and says so to the operator', async () => {
    const warning = new Promise<Error>((resolve) => process.once('warning', resolve));
    const { get } = await serveApi({ issuer, clientId: 'api', clientSecret: 'wrong' });
    const { status, headers } = await get('/read', await issue(server));
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '5');
    const { name, message } = await warning;
    assert.equal(name, 'ResourceServerWarning');
    assert.equal(
      message,
      `${issuer}/oauth/introspect answered with 401: are clientId and clientSecret right?`,
    );
  });

  it('lets nobody in, and calls no token wrong, while the server cannot be reached', async () => {
    const gone = await startServer({}, { seed: SEED });
    const { get } = await serveApi({ issuer: gone.issuer, ...AS_CLIENT, introspectionTtl: 0 });
    const token = await issue(gone);
    assert.equal((await get('/read', token)).status, 200);
    await gone.close();
    const { status, headers, json } = await get('/read', token);
    assert.equal(status, 503);
    assert.equal(json.error, 'temporarily_unavailable');
    assert.equal(headers.get('www-authenticate'), null);
  });
});

describe('requireToken() of an API that goes by the name of the issuer', async () => {
  const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' });
  const { issuer } = server;
  const { get } = await serveApi({ issuer, resource: issuer });

  it('takes tokens of clients that name no resource, and no others', async () => {
    assert.equal((await get('/read', await issue(server, {}))).status, 200);
    assert.equal((await get('/read', await issue(server))).status, 401);
    const { exchange } = await authorizeAs(server);
    assert.equal((await get('/fresh', (await exchange()).json.access_token)).status, 200);
    assert.equal(challengeOf(await get('/read')), `Bearer realm="${issuer}", scope="read"`);
  });
});

describe('requireToken() over HTTP/2', () => {
  it('refuses without a warning of Node: there is no status message', async (t) => {
    const guard = requireToken({ issuer: 'https://auth.example.com', resource: API });
    const server = createServer((req, res) => guard(req as never, res as never, () => res.end()));
    await listen(server);
    t.after(() => server.close());
    const warnings: string[] = [];
    const hear = ({ message }: Error) => void warnings.push(message);
    process.on('warning', hear);
    t.after(() => process.off('warning', hear));
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    t.after(() => client.close());
    const asked = client.request({ ':path': '/' });
    const [headers] = await once(asked, 'response');
    assert.equal(headers[':status'], 401);
    assert.match(String(headers['www-authenticate']), /^Bearer realm=/);
    assert.equal(JSON.parse(await text(asked)).error, 'invalid_token');
    assert.deepEqual(warnings, []);
  });
});
