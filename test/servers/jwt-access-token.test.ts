import assert from 'node:assert/strict';
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import express from 'express';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  applySeed,
  authorizationServer,
  parseSeed,
  type Store,
} from '../../src/index.ts';
import { type SigningKey, signingKey } from '../../src/protocol/jwt.ts';
import { emptyStore } from '../helpers/databases.ts';
import { authorizeAs, getSecret, requestToken } from '../helpers/flows.ts';
import {
  BARE,
  decoded,
  encoded,
  forge,
  introspect,
  JWT,
  jwksOf,
  OPAQUE,
  PLAIN,
  RESOURCE_SEED,
  revoke,
  SECOND,
  SECRET,
  signingKeys,
} from '../helpers/forge.ts';
import { listen, startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const jwtServer = (env: Record<string, string> = {}, seed: object = SEED) =>
  startServer({ ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET, ...env }, { seed });

/** A token for a client that acts for itself. */
async function ownToken(
  server: { issuer: string },
  more: Record<string, string> | [string, string][] = {},
  client = 'web:web-secret',
): Promise<string> {
  const form: [string, string][] = [['grant_type', 'client_credentials']];
  form.push(...(Array.isArray(more) ? more : Object.entries(more)));
  const { status, json, text } = await requestToken(server, form, client);
  assert.equal(status, 200, text);
  return json.access_token;
}

/** An app with an authorization server in it, and what `add` mounts beside that. */
async function embed(
  options: Partial<AuthorizationServerOptions>,
  add: (app: express.Express, server: AuthorizationServer) => void = () => {},
): Promise<TestServer> {
  const web = createServer();
  await listen(web);
  const origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const store = await emptyStore();
  const seed = parseSeed(
    'the test seed',
    JSON.stringify({
      ...SEED,
      clients: [
        ...SEED.clients,
        {
          client_id: 'scopeless',
          client_secret: 'scopeless-secret',
          grant_types: ['client_credentials'],
          scope: '',
        },
      ],
    }),
    false,
  );
  await applySeed(store, seed);
  const server = authorizationServer({
    issuer: origin,
    store,
    secret: SECRET,
    scopes: seed.scopes,
    ...options,
  });
  const app = express();
  add(app, server);
  app.use(server.handler);
  web.on('request', app);
  const close = async () => {
    await server.close();
    web.closeAllConnections();
    web.close();
  };
  after(close);
  const { events, users, ready } = server;
  return { origin, issuer: origin, store, events, users, ready, close };
}

const isJwt = (token: string) => /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

const refresh = (server: TestServer, token: string, more = {}) =>
  requestToken(
    server,
    { grant_type: 'refresh_token', refresh_token: token, ...more },
    'web:web-secret',
  );

describe('a JWT access token (RFC 9068 section 2)', async () => {
  const server = await jwtServer();

  it('says in its header what it is, and which key signed it (section 2.1)', async () => {
    const { header } = decoded(await ownToken(server));
    const { keys } = await jwksOf(server);
    assert.deepEqual(header, { alg: 'ES256', typ: 'at+jwt', kid: keys[0]?.kid });
  });

  it('speaks for the person who approved it (section 2.2)', async () => {
    await withClock(async (advance) => {
      const flow = await authorizeAs(server, { scope: 'read write' });
      const signedIn = Date.now();
      advance(40 * SECOND);
      const { json } = await flow.exchange();
      const { claims } = decoded(json.access_token);
      const { jti, grant_id, ...rest } = claims;
      assert.deepEqual(rest, {
        iss: server.issuer,
        aud: server.issuer,
        sub: 'alice',
        client_id: 'web',
        scope: 'read write',
        iat: Math.floor(Date.now() / SECOND),
        exp: Math.ceil((Date.now() + 3600 * SECOND) / SECOND),
        auth_time: Math.floor(signedIn / SECOND),
        acr: '1',
        amr: ['pwd'],
      });
      assert.match(jti, /^[\w-]{22}$/);
      assert.match(grant_id, /^[\w-]{22}$/);
    });
  });

  it('has the id of the person, not the name they sign in with', async () => {
    const person = new Person(server);
    const allow = person.allow.bind(person);
    person.allow = (url) => allow(url, 'bob', 'builder');
    const { json } = await (await authorizeAs(server, { person })).exchange();
    assert.equal(decoded(json.access_token).claims.sub, 'user-2');
  });

  it('speaks for the client itself where there is no person, and knows no auth_time', async () => {
    const { claims } = decoded(await ownToken(server, { scope: 'read' }));
    assert.deepEqual(
      [claims.sub, claims.client_id, claims.scope, 'auth_time' in claims, 'grant_id' in claims],
      ['web', 'web', 'read', false, false],
    );
  });

  it('expires when the answer says, to the second', async () => {
    for (const part of [0, 1, 499, 500, 999]) {
      await withClock(
        async () => {
          const { json } = await requestToken(
            server,
            { grant_type: 'client_credentials' },
            'web:web-secret',
          );
          const { exp } = decoded(json.access_token).claims;
          const end = Date.now() / SECOND + json.expires_in;
          assert.ok(exp - end >= 0 && exp - end < 1, `exp ${exp}, the answer says ${end}`);
        },
        Math.floor(Date.now() / SECOND) * SECOND + part,
      );
    }
  });

  it('has an id of its own, 200 times at once and after a refresh', async () => {
    const tokens = await Promise.all(Array.from({ length: 200 }, () => ownToken(server)));
    const flow = await authorizeAs(server);
    const first = (await flow.exchange()).json;
    const second = (await refresh(server, first.refresh_token)).json;
    tokens.push(first.access_token, second.access_token);
    assert.equal(new Set(tokens.map((token) => decoded(token).claims.jti)).size, 202);
  });

  it('keeps the time of the sign-in through refreshes (section 2.2.1)', async () => {
    await withClock(async (advance) => {
      const first = (await (await authorizeAs(server)).exchange()).json;
      advance(3000 * SECOND);
      const second = (await refresh(server, first.refresh_token)).json;
      const [before, later] = [first, second].map(({ access_token }) => decoded(access_token));
      assert.equal(later?.claims.auth_time, before?.claims.auth_time);
      assert.equal(later?.claims.iat - before?.claims.iat, 3000);
    });
  });

  it('is not kept: the store has nothing under its hash, and what it has of it is the grant', async () => {
    const token = await ownToken(server);
    const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
    for (const value of [token, decoded(token).claims.jti]) {
      assert.equal(await server.store.accessTokens.find(hash(value), Date.now()), undefined);
    }
  });

  it('has room for a scope of many words and letters of every kind', async () => {
    const words = Array.from(
      { length: 50 },
      (_, index) => `urn:x:${index}!#$%&'()*+,-./:;<=>?@[]^_`,
    );
    const many = await jwtServer(
      {},
      {
        scopes: Object.fromEntries(words.map((word) => [word, word])),
        clients: [
          {
            client_id: 'many',
            client_secret: 'many-secret',
            grant_types: ['client_credentials'],
          },
        ],
      },
    );
    const token = await ownToken(many, {}, 'many:many-secret');
    assert.equal(decoded(token).claims.scope, words.join(' '));
    assert.equal((await getSecret(many, token)).status, 200);
  });
});

describe('any verifier of JWTs takes them as they are (RFC 9068 section 4, RFC 7517)', () => {
  for (const [alg, kty, crv] of [
    ['ES256', 'EC', 'P-256'],
    ['RS256', 'RSA', undefined],
    ['EdDSA', 'OKP', 'Ed25519'],
  ] as const) {
    describe(`signed with ${alg}`, async () => {
      const server = await jwtServer({ SIGNING_ALGORITHM: alg });

      it('jose verifies one with nothing but the URL of the keys', async () => {
        const metadata = await http(`${server.issuer}/.well-known/oauth-authorization-server`);
        const keys = createRemoteJWKSet(new URL(metadata.json.jwks_uri));
        const token = await ownToken(server);
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          issuer: server.issuer,
          audience: server.issuer,
          typ: 'at+jwt',
          algorithms: [alg],
          requiredClaims: ['sub', 'client_id', 'jti', 'iat', 'exp'],
        });
        assert.equal(payload.sub, 'web');
        assert.equal(protectedHeader.alg, alg);
        assert.equal((await getSecret(server, token)).status, 200);
      });

      it('jose refuses one of another server, of another type, and one that was changed', async () => {
        const other = await jwtServer({ SIGNING_ALGORITHM: alg });
        const keys = createLocalJWKSet(await jwksOf(server));
        const options = { issuer: server.issuer, audience: server.issuer, typ: 'at+jwt' };
        const token = await ownToken(server);
        const [head, , signature] = token.split('.');
        const changed = encoded({ ...decoded(token).claims, sub: 'admin' });
        await assert.rejects(jwtVerify(await ownToken(other), keys, options));
        await assert.rejects(jwtVerify(`${head}.${changed}.${signature}`, keys, options));
        await assert.rejects(
          jwtVerify(token, keys, { ...options, typ: 'token-introspection+jwt' }),
        );
        await assert.rejects(jwtVerify(token, keys, { ...options, audience: JWT }));
      });

      it('the key set has what RFC 7517 asks for, and nothing private', async () => {
        const { headers, json, status } = await http(`${server.issuer}/oauth/jwks`);
        assert.equal(status, 200);
        assert.match(headers.get('content-type') ?? '', /^application\/(jwk-set\+)?json/);
        assert.equal(headers.get('access-control-allow-origin'), '*');
        const named = alg === 'EdDSA' ? undefined : alg;
        assert.ok(
          json.keys.some((key: Record<string, unknown>) =>
            isDeepStrictEqual([key['kty'], key['crv'], key['alg']], [kty, crv, named]),
          ),
        );
        for (const key of json.keys) {
          assert.equal(key.use, 'sig');
          assert.match(key.kid, /^\w[\w-]{21}$/);
          const known = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'];
          assert.deepEqual(
            Object.keys(key).filter((member) => !known.includes(member)),
            [],
          );
        }
      });

      it('the server takes them at introspection and at revocation', async () => {
        const token = await ownToken(server);
        assert.equal((await introspect(server, token, 'web:web-secret')).json.active, true);
        assert.equal((await revoke(server, token, 'web:web-secret')).status, 200);
        assert.equal((await introspect(server, token, 'web:web-secret')).json.active, false);
        assert.equal((await getSecret(server, token)).status, 401);
      });
    });
  }
});

describe('the format of an access token', async () => {
  const opaque = await startServer({}, { seed: RESOURCE_SEED });
  const jwt = await jwtServer({}, RESOURCE_SEED);
  const resource = (name: string) => ({ resource: name });

  it('is opaque where nothing says otherwise', async () => {
    assert.match(await ownToken(opaque), /^[\w-]{43}$/);
  });

  it('is that of the server’s setting', async () => {
    assert.ok(isJwt(await ownToken(jwt)));
    assert.ok(isJwt((await (await authorizeAs(jwt)).exchange()).json.access_token));
  });

  it('is that of the client, before the server’s', async () => {
    assert.ok(isJwt(await ownToken(opaque, {}, 'jwt-client:jwt-client-secret')));
    assert.ok(!isJwt(await ownToken(jwt, {}, 'opaque-client:opaque-client-secret')));
  });

  it('is that of the resource, before the client’s and the server’s', async () => {
    assert.ok(isJwt(await ownToken(opaque, resource(JWT), 'opaque-client:opaque-client-secret')));
    assert.ok(isJwt(await ownToken(opaque, resource(JWT))));
    assert.ok(!isJwt(await ownToken(jwt, resource(OPAQUE), 'jwt-client:jwt-client-secret')));
    assert.ok(!isJwt(await ownToken(jwt, resource(OPAQUE))));
    assert.ok(isJwt(await ownToken(opaque, resource(PLAIN), 'jwt-client:jwt-client-secret')));
    assert.ok(!isJwt(await ownToken(jwt, resource(PLAIN), 'opaque-client:opaque-client-secret')));
  });

  it('is that of the resource however the client spells the root of its URL', async () => {
    assert.ok(isJwt(await ownToken(opaque, resource(BARE))));
    assert.ok(isJwt(await ownToken(opaque, resource(`${BARE}/`))));
    assert.ok(isJwt(await ownToken(opaque, resource(JWT.replace(/\/$/, '')))));
    assert.ok(!isJwt(await ownToken(jwt, resource(OPAQUE.replace(/\/$/, '')))));
  });

  it('does not hang on the order in which resources are named', async () => {
    for (const server of [opaque, jwt]) {
      const formats = [
        [JWT, OPAQUE],
        [OPAQUE, JWT],
      ].map(async (names) =>
        isJwt(
          await ownToken(
            server,
            names.map((name): [string, string] => ['resource', name]),
          ),
        ),
      );
      const [one, other] = await Promise.all(formats);
      assert.equal(one, other);
    }
  });

  it('may differ between the tokens of one grant', async () => {
    const flow = await authorizeAs(opaque, { client: 'jwt-client:jwt-client-secret' });
    assert.ok(isJwt((await flow.exchange()).json.access_token));
  });
});

describe('what opens for an access token (RFC 6750) opens for both kinds', async () => {
  const opaque = await startServer({}, { seed: RESOURCE_SEED });
  const jwt = await jwtServer({}, RESOURCE_SEED);

  it('/secret tells whose token it is', async () => {
    for (const server of [opaque, jwt]) {
      const { json } = await (await authorizeAs(server)).exchange();
      const answer = await getSecret(server, json.access_token);
      assert.equal(answer.status, 200);
      assert.deepEqual(
        [answer.json.client_id, answer.json.sub, answer.json.scope],
        ['web', 'alice', 'read'],
      );
      const own = await getSecret(server, await ownToken(server));
      assert.deepEqual([own.status, own.json.sub], [200, undefined]);
    }
  });

  it('a token without the scope gets 403, whatever its kind', async () => {
    for (const server of [opaque, jwt]) {
      const answer = await getSecret(server, await ownToken(server, { scope: 'write' }));
      assert.deepEqual([answer.status, answer.json.error], [403, 'insufficient_scope']);
    }
  });

  it('protect() puts the same on res.locals for both kinds', async () => {
    const show: express.RequestHandler = (_req, res) => {
      res.json({ token: res.locals['oauth'].token });
    };
    const site = await embed(
      { resources: { [JWT]: { accessTokenFormat: 'jwt' }, [OPAQUE]: {} } },
      (app, { protect }) => {
        app.get('/jwt', protect('read', { resource: JWT }), show);
        app.get('/opaque', protect('read', { resource: OPAQUE }), show);
      },
    );
    for (const [path, resource, kind] of [
      ['/jwt', JWT, true],
      ['/opaque', OPAQUE, false],
    ] as const) {
      const token = await ownToken(site, { resource, scope: 'read' });
      assert.equal(isJwt(token), kind);
      const answer = await http(`${site.issuer}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(answer.status, 200, answer.text);
      const { accessTokenExpiresAt, ...rest } = answer.json.token;
      assert.deepEqual(rest, {
        accessToken: token,
        audience: [resource],
        scope: ['read'],
        client: { id: 'web' },
        user: {},
        claims: {},
      });
      const lifetime = Date.parse(accessTokenExpiresAt) - Date.now();
      assert.ok(lifetime > 3590 * SECOND && lifetime <= 3601 * SECOND, `${lifetime}`);
    }
  });

  it('a token with no scope opens what asks for none', async () => {
    for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
      const site = await embed({ accessTokenFormat }, (app, { protect }) => {
        app.get('/open', protect(), (_req, res) => void res.json(res.locals['oauth'].token.scope));
        app.get('/read', protect('read'), (_req, res) => void res.json({}));
      });
      const token = await ownToken(site, {}, 'scopeless:scopeless-secret');
      const headers = { authorization: `Bearer ${token}` };
      const answer = await http(`${site.issuer}/open`, { headers });
      assert.deepEqual([answer.status, answer.json], [200, []]);
      assert.equal((await http(`${site.issuer}/read`, { headers })).status, 403);
    }
  });
});

describe('auth_time (RFC 9068 section 2.2.1, RFC 9470)', () => {
  const signedInAt = (authTime?: number) =>
    embed({
      accessTokenFormat: 'jwt',
      authenticate: () => ({ id: 'u', name: 'U', ...(authTime !== undefined && { authTime }) }),
      loginUrl: '/sign-in',
    });
  const timesOf = async (site: TestServer) => {
    const { json } = await (await authorizeAs(site)).exchange();
    const one = decoded(json.access_token).claims.auth_time;
    const two = (await introspect(site, json.access_token, 'web:web-secret')).json.auth_time;
    const three = (await introspect(site, json.refresh_token, 'web:web-secret')).json.auth_time;
    return [one, two, three];
  };

  it('is what the app around the server says of the person', async () => {
    const yesterday = Math.floor(Date.now() / SECOND) - 24 * 3600;
    const site = await signedInAt(yesterday * SECOND + 999);
    assert.deepEqual(await timesOf(site), [yesterday, yesterday, yesterday]);
  });

  it('is not invented where that app does not know', async () => {
    assert.deepEqual(await timesOf(await signedInAt()), [undefined, undefined, undefined]);
  });
});

describe('the end of a JWT access token', async () => {
  const server = await jwtServer({ REFRESH_RETRY_WINDOW: '0' });
  const signedIn = async () => {
    const flow = await authorizeAs(server);
    return { ...flow, ...(await flow.exchange()).json };
  };
  /** Whether a token is good: at /secret and at introspection alike. */
  const isGood = async (token: string) => {
    const secret = (await getSecret(server, token)).status;
    const { json } = await introspect(server, token, 'web:web-secret');
    assert.equal(json.active, secret === 200, 'introspection says what /secret says');
    if (!json.active) assert.deepEqual(json, { active: false });
    return secret === 200;
  };

  it('comes with its revocation, at the very next request (RFC 7009)', async () => {
    const { access_token, refresh_token } = await signedIn();
    assert.ok(await isGood(access_token));
    const { status } = await revoke(server, access_token, 'web:web-secret');
    assert.equal(status, 200);
    assert.equal(await isGood(access_token), false);
    // It ends itself, and not the rest of its family.
    const next = await refresh(server, refresh_token);
    assert.ok(await isGood(next.json.access_token));
  });

  it('comes with its revocation for a client that acts for itself, and to no other token', async () => {
    const [one, other] = [await ownToken(server), await ownToken(server)];
    await revoke(server, one, 'web:web-secret', { token_type_hint: 'refresh_token' });
    assert.equal(await isGood(one), false);
    assert.ok(await isGood(other));
  });

  it('lasts: a revoked one does not come back, and is forgotten only once it has expired', async () => {
    await withClock(async (advance) => {
      const token = await ownToken(server);
      await revoke(server, token, 'web:web-secret');
      for (const minutes of [1, 29, 29]) {
        advance(minutes * 60 * SECOND);
        await server.store.purge(Date.now(), 1e6);
        assert.equal(await isGood(token), false);
      }
      advance(59 * SECOND);
      await server.store.purge(Date.now(), 1e6);
      assert.equal(await isGood(token), false);
    });
  });

  it('is nothing another client can bring about', async () => {
    const token = await ownToken(server);
    const { json } = await revoke(server, token, 'basic-only:a+b%20c/d');
    assert.equal(json.error, 'invalid_grant');
    assert.ok(await isGood(token));
  });

  it('is not brought about by one that only looks like it', async () => {
    const token = await ownToken(server);
    const { claims } = decoded(token);
    const stranger = signingKey('stranger', 'ES256', pem('P-256'));
    for (const forged of [
      forge(stranger, { alg: 'ES256', typ: 'at+jwt', kid: decoded(token).header.kid }, claims),
      `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(claims)}.`,
      `${token.slice(0, -4)}AAAA`,
    ]) {
      assert.equal((await revoke(server, forged, 'web:web-secret')).status, 200);
    }
    assert.ok(await isGood(token));
  });

  it('comes with the revocation of the refresh token beside it', async () => {
    const { access_token, refresh_token } = await signedIn();
    await revoke(server, refresh_token, 'web:web-secret');
    assert.equal(await isGood(access_token), false);
  });

  it('comes with the end of the grant, and to every token of it', async () => {
    const first = await signedIn();
    const second = (await refresh(server, first.refresh_token)).json;
    assert.ok((await isGood(first.access_token)) && (await isGood(second.access_token)));
    await server.store.grants.end(decoded(first.access_token).claims.grant_id);
    assert.equal(await isGood(first.access_token), false);
    assert.equal(await isGood(second.access_token), false);
  });

  it('comes with the replay of its code (RFC 6749 section 4.1.2)', async () => {
    await withClock(async (advance) => {
      const { access_token, exchange } = await signedIn();
      advance(15 * SECOND - 1);
      assert.equal((await exchange()).json.error, 'invalid_grant');
      assert.ok(await isGood(access_token));
      advance(1);
      assert.equal((await exchange()).json.error, 'invalid_grant');
      assert.equal(await isGood(access_token), false);
    });
  });

  it('comes with the reuse of a refresh token of its family (RFC 9700 section 4.14.2)', async () => {
    const first = await signedIn();
    const second = (await refresh(server, first.refresh_token)).json;
    assert.equal((await refresh(server, first.refresh_token)).json.error, 'invalid_grant');
    assert.equal(await isGood(first.access_token), false);
    assert.equal(await isGood(second.access_token), false);
  });

  it('comes when it expires, to the second', async () => {
    await withClock(
      async (advance) => {
        const { access_token } = await signedIn();
        const own = await ownToken(server);
        advance(3600 * SECOND - 1);
        assert.ok(await isGood(access_token));
        assert.ok(await isGood(own));
        advance(1);
        assert.equal(await isGood(access_token), false);
        assert.equal(await isGood(own), false);
      },
      Math.ceil(Date.now() / SECOND) * SECOND,
    );
  });

  it('comes with the grant’s absolute lifetime, though it was just issued', async () => {
    const short = await jwtServer({ GRANT_TTL: '600', ACCESS_TOKEN_TTL: '3600' });
    await withClock(
      async (advance) => {
        const { json } = await (await authorizeAs(short)).exchange();
        assert.equal(json.expires_in, 600);
        advance(600 * SECOND - 1);
        assert.equal((await getSecret(short, json.access_token)).status, 200);
        advance(1);
        assert.equal((await getSecret(short, json.access_token)).status, 401);
      },
      Math.ceil(Date.now() / SECOND) * SECOND,
    );
  });
});

function pem(namedCurve: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('a bad access token', async () => {
  const server = await jwtServer({}, RESOURCE_SEED);
  const stranger = signingKey('stranger', 'ES256', pem('P-256'));
  let key: SigningKey;
  let token: string;
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  let head: string;
  let body: string;
  let signature: string;

  before(async () => {
    token = await ownToken(server, { scope: 'read' });
    [key] = (await signingKeys(server.store)) as [SigningKey];
    ({ header, claims } = decoded(token));
    [head = '', body = '', signature = ''] = token.split('.');
  });

  const hs256 = (secret: string | Buffer, head: unknown = { ...header, alg: 'HS256' }) => {
    const input = `${encoded(head)}.${body}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const withHeader = (more: object) => forge(key, { ...header, ...more }, claims);
  const withClaims = (more: object) => forge(key, header, { ...claims, ...more });
  const without = (from: object, name: string) =>
    Object.fromEntries(Object.entries(from).filter(([member]) => member !== name));
  const flipped = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  const seconds = () => Math.floor(Date.now() / SECOND);
  const publicPem = () => key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

  /** What is wrong with it, and the token. */
  const bad: Record<string, () => string | Promise<string>> = {
    'alg none, no signature (RFC 8725 section 2.1, CVE-2015-9235)': () =>
      `${encoded({ ...header, alg: 'none' })}.${body}.`,
    'alg none, the genuine signature': () =>
      `${encoded({ ...header, alg: 'none' })}.${body}.${signature}`,
    'alg nOnE (CVE-2020-28042 and others)': () =>
      `${encoded({ ...header, alg: 'nOnE' })}.${body}.AA`,
    'alg none under a genuine signature': () => withHeader({ alg: 'none' }),
    'no signature': () => `${head}.${body}.`,
    'two parts': () => `${head}.${body}`,
    'four parts': () => `${token}.${signature}`,
    'five parts, like an encrypted one (RFC 7516)': () => `${token}.${signature}.${signature}`,
    'HS256 with the public key as JWK (RFC 8725 section 2.1, CVE-2016-5431)': () =>
      hs256(JSON.stringify(key.jwk)),
    'HS256 with the public key as PEM (CVE-2016-10555)': () => hs256(publicPem()),
    'HS256 with the public key as PEM, without its last line feed': () => hs256(publicPem().trim()),
    'HS256 with the public key as DER': () =>
      hs256(key.publicKey.export({ type: 'spki', format: 'der' })),
    'HS256 with x of the public key': () => hs256(Buffer.from(String(key.jwk['x']), 'base64url')),
    'HS256 with an empty secret': () => hs256(''),
    'HS256 with the kid as the secret': () => hs256(key.kid),
    'HS256 that claims to be ES256': () => hs256(JSON.stringify(key.jwk), header),
    'RS256 where the key is ES256': () => withHeader({ alg: 'RS256' }),
    'ES384 where the key is ES256': () => withHeader({ alg: 'ES384' }),
    'alg that is a list': () => withHeader({ alg: ['ES256'] }),
    'no alg': () => forge(key, without(header, 'alg'), claims),
    'an unknown kid': () => forge(stranger, { ...header, kid: 'unknown' }, claims),
    'a known kid under the signature of a stranger': () => forge(stranger, header, claims),
    'no kid': () => forge(key, without(header, 'kid'), claims),
    'kid that is a list': () => withHeader({ kid: [key.kid] }),
    'kid that is an object': () => withHeader({ kid: { toString: key.kid } }),
    'kid that is a number': () => withHeader({ kid: 0 }),
    'kid that is null': () => withHeader({ kid: null }),
    'kid that is a path (CVE-2018-0114 and the like)': () =>
      withHeader({ kid: '../../../../dev/null' }),
    'kid that is SQL': () => withHeader({ kid: "' UNION SELECT 'key' --" }),
    'kid that is __proto__': () => withHeader({ kid: '__proto__' }),
    'kid that is huge': () => withHeader({ kid: 'k'.repeat(8000) }),
    'kid that is empty': () => withHeader({ kid: '' }),
    'its own key in jwk (CVE-2018-0114)': () =>
      forge(stranger, { ...header, kid: 'stranger', jwk: stranger.jwk }, claims),
    'its own key in jwk beside a known kid': () =>
      forge(stranger, { ...header, jwk: stranger.jwk }, claims),
    'the URL of its own keys in jku (RFC 8725 section 3.10)': () =>
      forge(stranger, { ...header, kid: 'stranger', jku: 'http://127.0.0.1:9/jwks' }, claims),
    'the URL of its own certificate in x5u': () =>
      forge(stranger, { ...header, x5u: 'http://127.0.0.1:9/cert' }, claims),
    'crit (RFC 7515 section 4.1.11)': () => withHeader({ crit: ['exp'] }),
    'crit for an unencoded payload (RFC 7797)': () => withHeader({ b64: false, crit: ['b64'] }),
    'typ JWT, that of an id token (RFC 9068 section 4)': () => withHeader({ typ: 'JWT' }),
    'typ of a logout token': () => withHeader({ typ: 'logout+jwt' }),
    'typ of a client’s assertion': () => withHeader({ typ: 'client-authentication+jwt' }),
    'no typ': () => forge(key, without(header, 'typ'), claims),
    'typ null': () => withHeader({ typ: null }),
    'exp as a string (RFC 7519 section 4.1.4)': () => withClaims({ exp: String(seconds() + 600) }),
    'exp missing': () => forge(key, header, without(claims, 'exp')),
    'exp null': () => withClaims({ exp: null }),
    'exp true': () => withClaims({ exp: true }),
    'exp in a list': () => withClaims({ exp: [seconds() + 600] }),
    'exp in the past': () => withClaims({ exp: seconds() - 1 }),
    'exp this second': () => withClaims({ exp: seconds() }),
    'exp 0': () => withClaims({ exp: 0 }),
    'exp -1': () => withClaims({ exp: -1 }),
    'iat missing (RFC 9068 section 2.2)': () => forge(key, header, without(claims, 'iat')),
    'iat as a string': () => withClaims({ iat: '1' }),
    'jti missing': () => forge(key, header, without(claims, 'jti')),
    'jti a number': () => withClaims({ jti: 1 }),
    'sub missing': () => forge(key, header, without(claims, 'sub')),
    'client_id missing': () => forge(key, header, without(claims, 'client_id')),
    'scope a list': () => withClaims({ scope: ['read'] }),
    'aud of another resource (RFC 8707)': () => withClaims({ aud: JWT }),
    'aud of another resource, really issued': () => ownToken(server, { resource: JWT }),
    'aud missing': () => forge(key, header, without(claims, 'aud')),
    'aud empty': () => withClaims({ aud: [] }),
    'aud with a number in it': () => withClaims({ aud: [server.issuer, 1] }),
    'aud in a list in a list': () => withClaims({ aud: [[server.issuer]] }),
    'aud that begins like the issuer': () => withClaims({ aud: `${server.issuer}.evil.example` }),
    'aud below the issuer': () => withClaims({ aud: `${server.issuer}/secret` }),
    'iss of another issuer (RFC 9068 section 4)': () => withClaims({ iss: 'https://evil.example' }),
    'iss missing': () => forge(key, header, without(claims, 'iss')),
    'iss with a slash': () => withClaims({ iss: `${server.issuer}/` }),
    'iss in a list': () => withClaims({ iss: [server.issuer] }),
    'another issuer’s token, sound in itself': async () => ownToken(await jwtServer()),
    'a grant that never was': () => withClaims({ grant_id: 'x'.repeat(22) }),
    'a grant_id that is a list': () => withClaims({ grant_id: [] }),
    'a grant_id that is empty': () => withClaims({ grant_id: '' }),
    'a grant_id that is null': () => withClaims({ grant_id: null }),
    'a signature one character short': () => token.slice(0, -1),
    'a signature cut in half': () => token.slice(0, -43),
    'a bit flipped in the header': () => `${flipped(head, 12)}.${body}.${signature}`,
    'a bit flipped in the claims': () => `${head}.${flipped(body, 20)}.${signature}`,
    'a bit flipped in the signature': () => `${head}.${body}.${flipped(signature, 0)}`,
    'other spare bits at the end of the signature': () => {
      // 64 bytes are 86 characters, of whose last only two bits count.
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet[alphabet.indexOf(signature.at(-1)!) ^ 1];
      const other = signature.slice(0, -1) + last;
      assert.deepEqual(Buffer.from(other, 'base64url'), Buffer.from(signature, 'base64url'));
      return `${head}.${body}.${other}`;
    },
    'padding behind the signature': () => `${token}==`,
    'the letters of plain base64': () => {
      for (;;) {
        const other = forge(key, header, claims);
        const [, , last = ''] = other.split('.');
        if (/[-_]/.test(last)) {
          return `${head}.${body}.${last.replaceAll('-', '+').replaceAll('_', '/')}`;
        }
      }
    },
    'a signature of zeros (CVE-2022-21449, “psychic signatures”)': () =>
      `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature of zeros in DER': () =>
      `${head}.${body}.${Buffer.from('3006020100020100', 'hex').toString('base64url')}`,
    'the genuine signature in DER (RFC 7518 section 3.4)': () =>
      `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), key.privateKey).toString('base64url')}`,
    'a signature that is empty base64': () => `${head}.${body}.A`,
    'the header twice': () => `${head}.${head}.${signature}`,
    'parts in another order': () => `${body}.${head}.${signature}`,
    'a nested JWT (RFC 7519 section 7.2)': () => forge(key, { ...header, cty: 'JWT' }, token),
    'claims that are a list': () => forge(key, header, [claims]),
    'claims that are a string': () => forge(key, header, JSON.stringify('claims')),
    'claims that are null': () => forge(key, header, 'null'),
    'claims that are not JSON': () => forge(key, header, '{"iss":'),
    'claims that are not UTF-8': () => {
      const input = `${head}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`;
      const how = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
      return `${input}.${sign('sha256', Buffer.from(input), how).toString('base64url')}`;
    },
    'claims of lists in lists': () => forge(key, header, '['.repeat(3000) + ']'.repeat(3000)),
    'a header of lists in lists': () => forge(key, '['.repeat(3000) + ']'.repeat(3000), claims),
    'a header that is a list': () => forge(key, [header], claims),
    'a header with alg twice, the last one none': () =>
      forge(key, `${JSON.stringify(header).slice(0, -1)},"alg":"none"}`, claims),
    'a header with kid twice, the last one unknown': () =>
      forge(key, `${JSON.stringify(header).slice(0, -1)},"kid":"unknown"}`, claims),
    'claims with exp twice, the last one past': () =>
      forge(key, header, `${JSON.stringify(claims).slice(0, -1)},"exp":1}`),
    'claims with __proto__ for members': () =>
      forge(key, header, `{"__proto__":${JSON.stringify(claims)}}`),
    '15,000 characters': () => withClaims({ more: 'x'.repeat(10_500), exp: 1 }),
    'nothing but dots': () => '...',
    'ey and dots': () => 'ey..',
    'an introspection answer (RFC 9701 section 8.1)': async () => {
      const answer = await http(`${server.issuer}/oauth/introspect`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa('web:web-secret')}`,
          accept: 'application/token-introspection+jwt',
        },
        body: new URLSearchParams({ token }),
      });
      assert.match(answer.headers.get('content-type') ?? '', /token-introspection\+jwt/);
      assert.equal(decoded(answer.text).header.typ, 'token-introspection+jwt');
      return answer.text;
    },
    'the claims of an access token, signed as an introspection answer': () =>
      withHeader({ typ: 'token-introspection+jwt' }),
  };

  it('would be good, were it not for what is wrong with it: a forged one that is right opens', async () => {
    assert.equal((await getSecret(server, token)).status, 200);
    for (const good of [
      forge(key, header, claims),
      withClaims({ exp: seconds() + 5 }),
      withClaims({ aud: [JWT, server.issuer] }),
      withHeader({ typ: 'application/at+jwt' }),
    ]) {
      assert.equal((await getSecret(server, good)).status, 200);
    }
  });

  for (const [what, make] of Object.entries(bad)) {
    it(`is refused: ${what}`, async () => {
      const value = await make();
      const { status, headers, json, text } = await getSecret(server, value);
      assert.equal(status, 401, text);
      assert.equal(json.error, 'invalid_token');
      const challenge = headers.get('www-authenticate') ?? '';
      assert.match(challenge, /^Bearer realm=.*error="invalid_token".*resource_metadata="http/);
      assert.equal(headers.get('cache-control'), 'no-store');
      // Genuine but for another resource: its own client may still look at it.
      if (/^aud of another resource|^aud (empty|that|below)/.test(what)) return;
      const seen = await introspect(server, value, 'web:web-secret');
      assert.deepEqual([seen.status, seen.json], [200, { active: false }], 'at introspection');
      const revoked = await revoke(server, value, 'web:web-secret');
      assert.deepEqual([revoked.status, revoked.json], [200, {}], 'at revocation');
    });
  }

  it('ends nothing: the good one still opens after all of that', async () => {
    assert.equal((await getSecret(server, token)).status, 200);
  });

  for (const [what, make] of Object.entries({
    'white space in the middle': () => `${head} .${body}.${signature}`,
    'two tokens': () => `${token} ${token}`,
    'two tokens with a comma': () => `${token}, ${token}`,
    'quotes around it': () => `"${token}"`,
    'padding in the middle': () => `${head}=.${body}.${signature}`,
    'characters no token has': () => `${token}{}`,
    'letters beyond ASCII': () => `${token}é`,
  })) {
    it(`is refused as malformed, with a challenge (RFC 6750 section 3.1): ${what}`, async () => {
      const { status, headers, json } = await getSecret(server, make());
      assert.deepEqual([status, json.error], [400, 'invalid_request']);
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_request"/);
      const seen = await introspect(server, make(), 'web:web-secret');
      assert.deepEqual([seen.status, seen.json], [200, { active: false }]);
    });
  }

  it('is refused by node itself at 100 kB in a header, and by the limit on the parameter elsewhere', async () => {
    const huge = `${head}.${'A'.repeat(100_000)}.${signature}`;
    // Node answers before it has read all, and breaks off: fetch still hears the answer.
    const headers = { authorization: `Bearer ${huge}` };
    assert.equal((await fetch(`${server.issuer}/secret`, { headers })).status, 431);
    for (const ask of [introspect, revoke]) {
      const { status, json } = await ask(server, huge, 'web:web-secret');
      assert.ok(status === 400 || status === 413, `${status}`);
      assert.equal(json.error, 'invalid_request');
    }
    const long = `${head}.${'A'.repeat(20_000)}.${signature}`;
    assert.equal((await introspect(server, long, 'web:web-secret')).status, 400);
    assert.equal((await getSecret(server, token)).status, 200);
  });
});

describe('a store that fails', async () => {
  const store = await emptyStore();
  let broken = false;
  const failing: Store = {
    ...store,
    accessTokens: {
      ...store.accessTokens,
      async findOwner(...args) {
        if (broken) throw new Error('ECONNREFUSED 10.0.0.1:5432');
        return store.accessTokens.findOwner(...args);
      },
    },
  };
  const server = await startServer(
    { ACCESS_TOKEN_FORMAT: 'jwt', SESSION_SECRET: SECRET },
    { store: failing },
  );

  it('opens nothing to a JWT that may have been revoked, and says nothing of itself', async () => {
    const token = await ownToken(server);
    broken = true;
    const { status, json, text } = await getSecret(server, token);
    broken = false;
    assert.deepEqual([status, json.error], [500, 'server_error']);
    assert.doesNotMatch(text, /ECONNREFUSED|5432/);
    assert.equal((await getSecret(server, token)).status, 200);
  });
});
