import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { as, send } from '../helpers/clients.ts';
import { authorizeUrl, getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { startServer, withClock } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

const WEB = 'web:web-secret';
const API_SERVER = 'api-server:api-server-secret';
const JWT_TYPE = 'application/token-introspection+jwt';
const SECOND = 1000;

const API = 'https://api.example';
const FILES = 'https://files.example/v1';
const PRINTER = 'urn:example:printer';

const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

const server = (client_id: string, more: object) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  grant_types: ['client_credentials'],
  scope: 'read',
  ...more,
});

const RESOURCE_SEED = {
  ...SEED,
  resources: { [`${API}/`]: {}, [FILES]: {}, [PRINTER]: {} },
  clients: [
    ...SEED.clients,
    server('api-server', { introspects: [`${API}/`] }),
    server('files-server', { introspects: [FILES, PRINTER] }),
    server('nosy', { introspects: [] }),
    {
      ...SEED.clients.find(({ client_id }) => client_id === 'web')!,
      client_id: 'friend',
      client_secret: 'friend-secret',
      scope: 'read profile',
    },
    ...ALGORITHMS.map((alg) =>
      server(`${alg}-server`, {
        introspects: [`${API}/`],
        introspection_signed_response_alg: alg,
      }),
    ),
  ],
};

type Form = [string, string][];

const afterThisSecond = () => (Math.floor(Date.now() / SECOND) + 1) * SECOND;

/** A server, and what the tests do on it. */
async function started(env: Record<string, string> = {}) {
  const running = await startServer(
    { RATE_LIMIT: 'off', REFRESH_RETRY_WINDOW: '0', ...env },
    { seed: RESOURCE_SEED },
  );
  const person = new Person(running);
  const forResources = (resources: string[]): Form => resources.map((name) => ['resource', name]);
  return {
    server: running,
    /** The whole flow of a client and a person, for these resources. */
    signIn: async ({
      client = WEB,
      resources = [] as string[],
      scope = 'read',
      who = person,
    } = {}) => {
      const { verifier, challenge } = pkce();
      const [clientId = '', secret] = client.split(':');
      const redirectUri =
        secret === undefined ? 'https://spa.example/callback' : 'https://web.example/callback';
      const url = authorizeUrl(running, {
        client_id: clientId,
        scope,
        redirect_uri: redirectUri,
        code_challenge: challenge,
      });
      const back = await who.allow(
        [url, ...resources.map((name) => `resource=${encodeURIComponent(name)}`)].join('&'),
      );
      const form = {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        code_verifier: verifier,
        redirect_uri: redirectUri,
        ...(secret === undefined && { client_id: clientId }),
      };
      const { status, json } = await requestToken(running, form, secret && client);
      assert.equal(status, 200);
      return json;
    },
    ownToken: async (...resources: string[]): Promise<string> => {
      const form: Form = [['grant_type', 'client_credentials'], ...forResources(resources)];
      return (await requestToken(running, form, WEB)).json.access_token;
    },
    refresh: async (token: string) =>
      (await requestToken(running, { grant_type: 'refresh_token', refresh_token: token }, WEB))
        .json,
    introspect: (token: string, client = WEB, headers = {}): Promise<Answer> =>
      send(running, 'introspect', { token }, { ...as(client), ...headers }),
  };
}

/** RFC 7662 section 2.2: of a token that is not active, nothing else is said. */
function assertInactive(answer: Answer, message?: string): void {
  assert.equal(answer.status, 200, message);
  assert.equal(answer.text, '{"active":false}', message);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
}

for (const format of ['opaque', 'jwt']) {
  describe(`introspection where access tokens are ${format} (RFC 7662 section 2.2)`, async () => {
    const { server, signIn, ownToken, refresh, introspect } = await started({
      ACCESS_TOKEN_FORMAT: format,
    });
    const { issuer } = server;

    /** The `jti` is the JWT's own; of an opaque token it is anything that is not the token. */
    const assertJti = (jti: string, token: string) => {
      if (format === 'jwt') assert.equal(jti, decodeJwt(token).jti);
      assert.match(jti, /^[\w-]{20,}$/);
      assert.ok(!token.includes(jti) && !jti.includes(token));
    };

    it('tells all about a token that speaks for a person, and nothing besides', async () => {
      await withClock(async (advance) => {
        const start = Date.now() / SECOND;
        const who = new Person(server);
        const first = await signIn({ who, scope: 'read write' });
        advance(100 * SECOND);
        const { access_token, expires_in } = await refresh(first.refresh_token);
        const { json } = await introspect(access_token);
        assertJti(json.jti, access_token);
        assert.deepEqual(
          { ...json, jti: '' },
          {
            active: true,
            iss: issuer,
            aud: issuer,
            sub: 'alice',
            client_id: 'web',
            scope: 'read write',
            token_type: 'Bearer',
            iat: start + 100,
            exp: start + 100 + expires_in,
            auth_time: start,
            acr: '1',
            amr: ['pwd'],
            jti: '',
          },
        );
        assert.equal((await introspect(access_token)).json.jti, json.jti, 'it is the token’s');
        assert.notEqual((await introspect(first.access_token)).json.jti, json.jti);
      });
    });

    it('tells of a client that acts for itself that it is its own subject (RFC 9068 section 2.2)', async () => {
      await withClock(async () => {
        const token = await ownToken();
        const { json } = await introspect(token);
        assertJti(json.jti, token);
        const now = Date.now() / SECOND;
        assert.deepEqual(
          { ...json, jti: '' },
          {
            active: true,
            iss: issuer,
            aud: issuer,
            sub: 'web',
            client_id: 'web',
            scope: 'read write',
            token_type: 'Bearer',
            iat: now,
            exp: now + 3600,
            jti: '',
          },
        );
        // What a client has for itself begins in the second after its registration (`ownTokensSince`).
      }, afterThisSecond());
    });

    it('gives the id of a person, and the username to an API and to a client that may know it', async () => {
      const who = new Person(server);
      await who.signIn(await who.visit('/login'), 'bob', 'builder');
      const FRIEND = 'friend:friend-secret';
      const known = async (options: object, by: string) => {
        const { json } = await introspect((await signIn({ who, ...options })).access_token, by);
        return [json.sub, json.username];
      };
      assert.deepEqual(await known({}, WEB), ['user-2', undefined]);
      assert.deepEqual(await known({ resources: [API] }, API_SERVER), ['user-2', 'bob']);
      assert.deepEqual(await known({ client: FRIEND }, FRIEND), ['user-2', undefined]);
      const scope = 'read profile';
      assert.deepEqual(await known({ client: FRIEND, scope }, FRIEND), ['user-2', 'bob']);
    });

    it('tells a client of its own refresh token', async () => {
      await withClock(async (advance) => {
        const start = Date.now() / SECOND;
        const { refresh_token } = await signIn({ who: new Person(server) });
        advance(10 * SECOND);
        const { json } = await introspect(refresh_token);
        assert.deepEqual(json, {
          active: true,
          iss: issuer,
          sub: 'alice',
          client_id: 'web',
          scope: 'read',
          exp: start + 14 * 24 * 3600,
          auth_time: start,
          acr: '1',
          amr: ['pwd'],
        });
      });
    });

    it('tells a client of its own tokens for whatever resource', async () => {
      const { json } = await introspect(await ownToken(FILES));
      assert.equal(json.active, true);
      assert.equal(json.aud, FILES);
    });

    it('tells a resource server of tokens for it, with the audience letter for letter', async () => {
      for (const name of [API, `${API}/`]) {
        const { access_token } = await signIn({ resources: [name] });
        for (const token of [access_token, await ownToken(name)]) {
          const { json } = await introspect(token, API_SERVER);
          assert.equal(json.active, true, name);
          assert.equal(json.aud, name);
          assert.equal(json.client_id, 'web');
        }
      }
      for (const name of [FILES, PRINTER]) {
        const { json } = await introspect(await ownToken(name), 'files-server:files-server-secret');
        assert.equal(json.aud, name);
      }
    });

    it('tells each of two resource servers of a token for both', async () => {
      const token = await ownToken(FILES, API);
      for (const client of [API_SERVER, 'files-server:files-server-secret']) {
        const { json } = await introspect(token, client);
        assert.equal(json.active, true, client);
        assert.deepEqual(json.aud, [FILES, API]);
      }
    });

    it('tells nobody of a token for another: it is as if there were none', async () => {
      const forFiles = await signIn({ resources: [FILES] });
      const forServer = await signIn();
      const foreign: [string, string][] = [
        [forFiles.access_token, API_SERVER],
        [forFiles.access_token, 'nosy:nosy-secret'],
        [forFiles.access_token, 'legacy:legacy-secret'],
        [forServer.access_token, API_SERVER],
        [await ownToken(FILES), API_SERVER],
        [await ownToken(), 'nosy:nosy-secret'],
        [(await signIn({ client: 'spa' })).access_token, WEB],
      ];
      for (const [token, client] of foreign)
        assertInactive(await introspect(token, client), client);
    });

    it('tells the operator of a token in force that a client is not shown, and not the client', async () => {
      const told: object[] = [];
      const hear = (refused: object) => void told.push(refused);
      const { events } = server;
      events.on('introspection_refused', hear);
      const token = await ownToken(FILES);
      for (const asked of [token, `${token}x`]) assertInactive(await introspect(asked, API_SERVER));
      assert.equal((await introspect(await ownToken(API), API_SERVER)).json.active, true);
      events.off('introspection_refused', hear);
      assert.deepEqual(told, [{ clientId: 'api-server', audience: [FILES] }]);
    });

    it('tells no resource server of a refresh token (section 4)', async () => {
      const { refresh_token } = await signIn({ resources: [API] });
      assertInactive(await introspect(refresh_token, API_SERVER));
      assert.equal((await introspect(refresh_token)).json.active, true);
    });

    it('does not care about the hint (section 2.1)', async () => {
      const { access_token, refresh_token } = await signIn();
      for (const token of [access_token, refresh_token]) {
        for (const token_type_hint of ['access_token', 'refresh_token', 'constructor']) {
          const { json } = await send(server, 'introspect', { token, token_type_hint }, as(WEB));
          assert.equal(json.active, true);
        }
      }
    });

    it('is inactive from the moment a token expires', async () => {
      await withClock(async (advance) => {
        const { access_token, refresh_token } = await signIn({ who: new Person(server) });
        advance(3600 * SECOND - 1);
        assert.equal((await introspect(access_token)).json.active, true);
        advance(1);
        assertInactive(await introspect(access_token));
        advance((14 * 24 - 1) * 3600 * SECOND - 1);
        assert.equal((await introspect(refresh_token)).json.active, true);
        advance(1);
        assertInactive(await introspect(refresh_token));
      });
    });

    it('is inactive from the request on that revokes a token, or its family', async () => {
      const { access_token, refresh_token } = await signIn({ resources: [API] });
      const other = (await refresh(refresh_token)).access_token;
      await send(server, 'revoke', { token: access_token }, as(WEB));
      assertInactive(await introspect(access_token));
      assertInactive(await introspect(access_token, API_SERVER));
      assert.equal((await introspect(other, API_SERVER)).json.active, true);
      await send(server, 'revoke', { token: refresh_token }, as(WEB));
      for (const token of [other, refresh_token]) assertInactive(await introspect(token));
      assertInactive(await introspect(other, API_SERVER));
    });

    it('is inactive for a refresh token that was exchanged, and that harms nobody', async () => {
      const { refresh_token } = await signIn();
      const next = await refresh(refresh_token);
      assertInactive(await introspect(refresh_token));
      assert.equal((await introspect(next.refresh_token)).json.active, true);
    });

    it('is inactive for what is no token, in the very same words', async () => {
      const token = await ownToken();
      const [head = '', body = '', tail = ''] = token.split('.');
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
      const wrong = [
        'x',
        'x'.repeat(43),
        `${token}x`,
        token.slice(0, -1),
        `${none}.${body}.`,
        `${none}.${body}.${tail}`,
        `${head}.${body}`,
        `${head}.${body}.`,
        'ey..',
        'Ünïcödé',
        '{"$ne":null}',
        'x'.repeat(16 * 1024),
        `ey${'x'.repeat(8000)}.${'y'.repeat(8000)}.z`,
      ];
      for (const value of wrong) assertInactive(await introspect(value), value.slice(0, 60));
    });
  });
}

describe('a resource server of what the authorization server itself guards', () => {
  it('is told of the tokens that name no resource, and of no others', async () => {
    const issuer = 'http://as.example';
    const seed = {
      ...SEED,
      clients: [...SEED.clients, server('own-server', { introspects: [issuer] })],
    };
    const { origin } = await startServer({ ISSUER: issuer }, { seed });
    const at = { issuer: origin };
    const token = async (more: object) =>
      (await requestToken(at, { grant_type: 'client_credentials', ...more }, WEB)).json
        .access_token;
    const ask = async (more: object = {}) =>
      send(at, 'introspect', { token: await token(more) }, as('own-server:own-server-secret'));
    assert.equal((await ask()).json.aud, issuer);
    assertInactive(await ask({ resource: 'https://other.example/' }));
  });
});

describe('who may introspect (RFC 7662 section 2.1)', async () => {
  const { server, ownToken, introspect } = await started();
  const url = `${server.issuer}/oauth/introspect`;

  it('is nobody without credentials, or with wrong ones', async () => {
    const token = await ownToken();
    const attempts = [
      send(server, 'introspect', { token }),
      send(server, 'introspect', { token }, as('web:wrong')),
      send(server, 'introspect', { token }, as('nobody:web-secret')),
      send(server, 'introspect', { token, client_id: 'web' }),
      send(server, 'introspect', { token }, { authorization: `Bearer ${token}` }),
    ];
    for (const { status, headers, json } of await Promise.all(attempts)) {
      assert.equal(status, 401);
      assert.equal(json.error, 'invalid_client');
      assert.match(headers.get('www-authenticate') ?? '', /^Basic realm=/);
    }
  });

  it('is not a public client, not even about its own token', async () => {
    const { status, json } = await send(server, 'introspect', { token: 'x', client_id: 'spa' });
    assert.equal(status, 400);
    assert.equal(json.error, 'unauthorized_client');
    assert.equal(json.active, undefined);
  });

  it('is asked by POST only, never in a URL', async () => {
    const token = await ownToken();
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await http(`${url}?token=${token}`, { method, headers: as(WEB) });
      assert.equal(status, 405, method);
      assert.equal(headers.get('allow'), 'POST');
    }
    const inUrl = await http(`${url}?token=${token}`, {
      method: 'POST',
      headers: as(WEB),
      body: new URLSearchParams(),
    });
    assert.equal(inUrl.status, 400);
  });

  it('is told invalid_request for a malformed question', async () => {
    const token = await ownToken();
    const type = 'application/x-www-form-urlencoded';
    const bad: [string, number, string, string][] = [
      ['no token', 400, type, ''],
      ['an empty token', 400, type, 'token='],
      ['the token twice', 400, type, `token=${token}&token=${token}`],
      ['JSON', 400, 'application/json', JSON.stringify({ token })],
      ['a NUL', 400, type, `token=${token}%00`],
      ['no UTF-8', 400, type, 'token=%ff%fe'],
      ['a token over 16 kB', 400, type, `token=${'x'.repeat(16 * 1024 + 1)}`],
      ['a token of 100 kB', 413, type, `token=${'x'.repeat(100_000)}`],
      ['a JWT of 100 kB', 413, type, `token=ey${'x'.repeat(100_000)}.e30.x`],
    ];
    for (const [what, expected, contentType, body] of bad) {
      const { status, json } = await http(url, {
        method: 'POST',
        headers: { ...as(WEB), 'content-type': contentType },
        body,
      });
      assert.equal(status, expected, what);
      assert.equal(json.error, 'invalid_request', what);
    }
  });

  it('gets the same answer 50 times at once', async () => {
    const token = await ownToken();
    const answers = await Promise.all(Array.from({ length: 50 }, () => introspect(token)));
    assert.deepEqual(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(answers[0]?.json.active, true);
  });
});

describe('introspection_signed_response_alg (RFC 9701 section 6)', async () => {
  const { server, ownToken, introspect } = await started();
  const token = await ownToken(API);

  for (const alg of ALGORITHMS) {
    it(`has the answer signed with ${alg}, by a key of the key set`, async () => {
      const caller = `${alg}-server`;
      const answer = await introspect(token, `${caller}:${caller}-secret`, { accept: JWT_TYPE });
      const keys = createRemoteJWKSet(new URL(`${server.issuer}/oauth/jwks`));
      const { payload } = await jwtVerify(answer.text, keys, {
        typ: 'token-introspection+jwt',
        algorithms: [alg],
        issuer: server.issuer,
        audience: caller,
      });
      assert.equal((payload['token_introspection'] as { active: boolean }).active, true);
    });
  }

  it('makes no JWT of an answer that was asked for as JSON', async () => {
    const { json } = await introspect(token, 'RS256-server:RS256-server-secret');
    assert.equal(json.active, true);
  });

  it('is one of those that discovery names', async () => {
    const { json } = await http(`${server.issuer}/.well-known/oauth-authorization-server`);
    assert.deepEqual(
      json.introspection_signing_alg_values_supported.toSorted(),
      ALGORITHMS.toSorted(),
    );
  });
});

for (const alg of ['ES256', 'RS256', 'EdDSA']) {
  describe(`the signed answer, with ${alg} (RFC 9701)`, async () => {
    const { server, ownToken, introspect } = await started({
      SIGNING_ALGORITHM: alg,
      ACCESS_TOKEN_FORMAT: 'jwt',
    });
    const keys = createRemoteJWKSet(new URL(`${server.issuer}/oauth/jwks`));
    const asJwt = { accept: JWT_TYPE };
    const verified = async (jwt: string, audience: string) =>
      (
        await jwtVerify(jwt, keys, {
          typ: 'token-introspection+jwt',
          algorithms: [alg],
          issuer: server.issuer,
          audience,
          requiredClaims: ['iat', 'token_introspection'],
        })
      ).payload;

    it('says in a JWT for the caller what the other says in JSON (section 5)', async () => {
      const token = await ownToken(API);
      for (const client of [WEB, API_SERVER]) {
        const answer = await introspect(token, client, asJwt);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('content-type')?.split(';')[0], JWT_TYPE);
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        const claims = await verified(answer.text, client.split(':')[0] ?? '');
        const { json } = await introspect(token, client);
        assert.deepEqual(claims['token_introspection'], json);
        // Section 5: these at the top could make it pass for an access token.
        assert.deepEqual(Object.keys(claims).sort(), ['aud', 'iat', 'iss', 'token_introspection']);
        assert.ok(Math.abs(Number(claims.iat) - Date.now() / SECOND) < 5);
      }
    });

    it('says nothing of an inactive token but that', async () => {
      const { text } = await introspect('x', API_SERVER, asJwt);
      const claims = await verified(text, 'api-server');
      assert.deepEqual(claims['token_introspection'], { active: false });
    });

    it('is no access token, though the same key has signed it (section 8.1)', async () => {
      const { text } = await introspect(await ownToken(), WEB, asJwt);
      assert.equal((await getSecret(server, text)).status, 401);
      assertInactive(await introspect(text));
      const header = decodeProtectedHeader(await ownToken());
      assert.equal(header.kid, decodeProtectedHeader(text).kid);
      assert.notEqual(header.typ, decodeProtectedHeader(text).typ);
    });

    it('is for those who ask for it; all others get JSON, and a cache is told', async () => {
      const token = await ownToken();
      const accepts: [string, boolean][] = [
        [JWT_TYPE, true],
        [JWT_TYPE.toUpperCase(), true],
        [`${JWT_TYPE}, application/json;q=0.5`, true],
        [`application/json, ${JWT_TYPE};q=0.5`, false],
        [`${JWT_TYPE};q=0`, false],
        ['*/*', false],
        ['application/*', false],
        ['application/json', false],
        ['text/html', false],
        ['application/jwt', false],
        ['garbage', false],
      ];
      for (const [accept, jwt] of accepts) {
        const answer = await introspect(token, WEB, { accept });
        assert.equal(answer.status, 200, accept);
        assert.match(answer.headers.get('vary') ?? '', /accept/i);
        assert.equal(answer.text.startsWith('ey'), jwt, accept);
      }
    });

    it('is not for errors, which are JSON in any case', async () => {
      const { status, headers, json } = await introspect('x', 'web:wrong', asJwt);
      assert.equal(status, 401);
      assert.equal(json.error, 'invalid_client');
      assert.match(headers.get('content-type') ?? '', /^application\/json/);
    });
  });
}
