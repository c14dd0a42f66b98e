import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { parseSeed } from '../../src/program/seed.ts';
import { isOpenIdScope } from '../../src/protocol/scope.ts';
import {
  as,
  assertionClaims,
  clientKey,
  KEY,
  METHODS,
  proofOf,
  SECRET,
  SEED_OF_METHODS,
  send,
  signed,
  withAssertion,
} from '../helpers/clients.ts';
import { DEVICE_GRANT } from '../helpers/devices.ts';
import { authorizeAs, authorizeUrl, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

describe('discovery (RFC 8414)', async () => {
  const server = await startServer();
  const document = await http(`${server.origin}/.well-known/oauth-authorization-server`);

  it('is a JSON document that any origin may read and any cache may keep', () => {
    assert.equal(document.status, 200);
    assert.match(document.headers.get('content-type') ?? '', /^application\/json/);
    assert.match(document.headers.get('cache-control') ?? '', /^public, max-age=\d+$/);
    assert.equal(document.headers.get('access-control-allow-origin'), '*');
    assert.equal(document.json.issuer, server.issuer);
  });

  it('has no null in it, which some clients refuse', () => {
    assert.doesNotMatch(document.text, /null/);
  });

  it('leaves out what would be empty (section 3.2)', async () => {
    const { clients, users } = SEED;
    const bare = clients.map(({ scope: _scope, ...client }) => client);
    const without = await startServer({}, { seed: { clients: bare, users } });
    const { json } = await http(`${without.origin}/.well-known/oauth-authorization-server`);
    for (const [name, value] of [...Object.entries(json), ...Object.entries(document.json)]) {
      assert.ok(value !== '' && (value as string).length !== 0, name);
    }
    assert.equal(json.token_endpoint, `${without.issuer}/oauth/token`);
  });

  it('says nothing twice', () => {
    for (const [name, values] of Object.entries(document.json)) {
      if (Array.isArray(values)) assert.deepEqual([...new Set(values)], values, name);
    }
  });

  it('is read and not written: another method is 405', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await http(
        `${server.origin}/.well-known/oauth-authorization-server`,
        { method },
      );
      assert.equal(status, 405, method);
      assert.match(headers.get('allow') ?? '', /GET/);
    }
  });

  it('stands behind the well-known path for an issuer with a path, and in front of it too', async () => {
    const below = await startServer({}, { path: '/auth' });
    for (const name of ['oauth-authorization-server', 'openid-configuration']) {
      for (const url of [`/.well-known/${name}/auth`, `/auth/.well-known/${name}`]) {
        const { json } = await http(`${below.origin}${url}`);
        assert.equal(json.issuer, below.issuer, url);
        assert.equal(json.token_endpoint, `${below.issuer}/oauth/token`);
      }
      const root = await http(`${below.origin}/.well-known/${name}`);
      assert.equal(root.status, 404, 'the document of another issuer');
    }
  });

  it('is the same for OpenID Connect, with what that wants there (Discovery section 3)', async () => {
    const openid = await http(`${server.origin}/.well-known/openid-configuration`);
    assert.deepEqual(openid.json, document.json);
    for (const name of ['content-type', 'cache-control', 'access-control-allow-origin']) {
      assert.equal(openid.headers.get(name), document.headers.get(name), name);
    }
    const { json } = openid;
    assert.ok(json.scopes_supported.includes('openid'));
    assert.ok(json.response_types_supported.includes('code'));
    assert.ok(json.subject_types_supported.includes('public'));
    const algorithms = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
    assert.deepEqual(json.id_token_signing_alg_values_supported, algorithms);
    assert.deepEqual(json.userinfo_signing_alg_values_supported, algorithms);
    assert.deepEqual(json.acr_values_supported, ['1']);
    for (const claim of ['sub', 'iss', 'auth_time', 'acr', 'name', 'email']) {
      assert.ok(json.claims_supported.includes(claim), claim);
    }
    assert.deepEqual(json.claim_types_supported, ['normal']);
    // Without these it would be true (section 3).
    assert.equal(json.request_parameter_supported, false);
    assert.equal(json.request_uri_parameter_supported, false);
  });
});

describe('what the document says works, and what it does not say does not (RFC 8414)', async () => {
  const algorithms = 'ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA Ed25519'.split(
    ' ',
  );
  const keys = await Promise.all(algorithms.map((alg) => clientKey(alg)));
  const odd = {
    ES256K: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    Ed448: generateKeyPairSync('ed448'),
    RS1: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
  const publicJwk = (name: keyof typeof odd) => ({
    ...odd[name].publicKey.export({ format: 'jwk' }),
    kid: name,
  });
  const everything = {
    client_id: 'everything',
    client_secret: 'everything-secret',
    redirect_uris: ['https://everything.example/callback'],
    grant_types: ['authorization_code', 'client_credentials', 'refresh_token', DEVICE_GRANT],
  };
  const signing = {
    client_id: 'signing',
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    jwks: {
      keys: [
        ...keys.map(({ jwk }) => jwk),
        ...(['ES256K', 'Ed448', 'RS1'] as const).map(publicJwk),
      ],
    },
  };
  const server = await startServer(
    { RATE_LIMIT: 'off' },
    { seed: { ...SEED_OF_METHODS, clients: [...SEED_OF_METHODS.clients, everything, signing] } },
  );
  const { issuer } = server;
  const document = (await http(`${issuer}/.well-known/oauth-authorization-server`)).json;
  const EVERYTHING = 'everything:everything-secret';
  const redirectUri = 'https://everything.example/callback';
  const person = new Person(server);
  await person.signIn(await person.visit('/login'));

  /** Sends a person with an authorization request; what comes back, to the client or as a page. */
  const authorize = async (changes: Record<string, string | undefined>): Promise<URL> => {
    const url = authorizeUrl(server, {
      client_id: 'everything',
      redirect_uri: redirectUri,
      ...changes,
    });
    let page = await person.visit(url);
    if (page.text.includes('name="password"')) page = await person.signIn(page);
    if (page.text.includes('name="decision"')) {
      page = await person.submit(page, { decision: 'allow' });
    }
    assert.ok(page.location.startsWith(redirectUri), page.text);
    return new URL(page.location);
  };
  const toldIn = ({ hash, searchParams }: URL) =>
    hash === '' ? searchParams : new URLSearchParams(hash.slice(1));
  const outcome = (back: URL) => toldIn(back).get('error') ?? (toldIn(back).has('code') && 'code');

  it('holds for every URL: it is this server’s, and does what its name says', async () => {
    const answers: Record<string, (url: string) => Promise<boolean>> = {
      authorization_endpoint: async (url) => (await http(url)).status === 400,
      token_endpoint: async () => {
        const form = { grant_type: 'client_credentials' };
        return (await requestToken(server, form, EVERYTHING)).json.token_type === 'Bearer';
      },
      revocation_endpoint: async () =>
        (await send(server, 'revoke', { token: 'x' }, as(EVERYTHING))).status === 200,
      introspection_endpoint: async () =>
        (await send(server, 'introspect', { token: 'x' }, as(EVERYTHING))).json.active === false,
      device_authorization_endpoint: async () =>
        (await send(server, 'device_authorization', {}, as(EVERYTHING))).json.interval === 5,
      jwks_uri: async (url) => (await http(url)).json.keys.length > 0,
      userinfo_endpoint: async (url) => {
        const flow = await authorizeAs(server, {
          client: EVERYTHING,
          scope: 'openid',
          redirectUri,
          person,
        });
        const { access_token } = (await flow.exchange()).json;
        const headers = { authorization: `Bearer ${access_token}` };
        return (await http(url, { headers })).json.sub === 'alice';
      },
      end_session_endpoint: async (url) =>
        (await new Person(server).visit(url)).text.includes('You are signed out'),
    };
    const urls = Object.entries<string>(document).filter(([, value]) => /^https?:/.test(value));
    for (const [name, url] of urls) {
      if (name === 'issuer') continue;
      assert.ok(url.startsWith(`${issuer}/`), name);
      assert.ok(answers[name], `${name} is new: say here what shows that it works`);
      assert.ok(await answers[name](url), name);
    }
    assert.equal(urls.length, Object.keys(answers).length + 1, 'one of them is missing');
  });

  it('holds for the grant types', async () => {
    const refresh = async () => {
      const flow = await authorizeAs(server, { client: EVERYTHING, redirectUri, person });
      const { refresh_token } = (await flow.exchange()).json;
      return requestToken(server, { grant_type: 'refresh_token', refresh_token }, EVERYTHING);
    };
    const issued: Record<string, () => Promise<Answer>> = {
      authorization_code: async () =>
        (await authorizeAs(server, { client: EVERYTHING, redirectUri, person })).exchange(),
      client_credentials: () =>
        requestToken(server, { grant_type: 'client_credentials' }, EVERYTHING),
      refresh_token: refresh,
      [DEVICE_GRANT]: async () => {
        const codes = await send(server, 'device_authorization', {}, as(EVERYTHING));
        const { device_code, user_code } = codes.json;
        const review = await person.submit(await person.visit('/device'), { user_code });
        await person.submit(review, { decision: 'allow' });
        return requestToken(server, { grant_type: DEVICE_GRANT, device_code }, EVERYTHING);
      },
    };
    assert.deepEqual([...document.grant_types_supported].sort(), Object.keys(issued).sort());
    for (const [name, issue] of Object.entries(issued)) {
      assert.equal((await issue()).status, 200, name);
    }
    const others = [
      'password',
      'implicit',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:saml2-bearer',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:openid:params:grant-type:ciba',
      'constructor',
    ];
    for (const grant_type of others) {
      const form = { grant_type, username: 'alice', password: 'wonderland' };
      const { status, json } = await requestToken(server, form, EVERYTHING);
      assert.equal(status, 400, grant_type);
      assert.equal(json.error, 'unsupported_grant_type', grant_type);
    }
  });

  it('holds for the scopes', async () => {
    for (const scope of document.scopes_supported) {
      assert.equal(outcome(await authorize({ scope })), 'code', scope);
      const form = { grant_type: 'client_credentials', scope };
      const { json } = await requestToken(server, form, EVERYTHING);
      if (isOpenIdScope(scope)) assert.equal(json.error, 'invalid_scope', scope);
      else assert.equal(json.scope, scope);
    }
    for (const scope of ['READ', 'everything']) {
      const form = { grant_type: 'client_credentials', scope };
      assert.equal((await requestToken(server, form, EVERYTHING)).json.error, 'invalid_scope');
      assert.equal(outcome(await authorize({ scope })), 'invalid_scope');
    }
  });

  it('holds for the response types and modes, and for the iss beside them (RFC 9207)', async () => {
    for (const response_type of ['code', 'token', 'id_token', 'code token', 'none', 'CODE']) {
      const back = await authorize({ response_type });
      const listed = document.response_types_supported.includes(response_type);
      assert.equal(outcome(back), listed ? 'code' : 'unsupported_response_type', response_type);
      assert.equal(back.hash !== '', response_type.includes('token'), response_type);
      assert.equal(document.authorization_response_iss_parameter_supported, true);
      assert.equal(toldIn(back).get('iss'), issuer);
    }
    for (const response_mode of ['query', 'fragment', 'jwt', 'query.jwt', 'form_post.jwt']) {
      const listed = document.response_modes_supported.includes(response_mode);
      const back = await authorize({ response_mode });
      assert.equal(outcome(back), listed ? 'code' : 'invalid_request', response_mode);
      assert.equal(back.hash !== '', response_mode === 'fragment');
    }
    // The answer of the last is a page (test/authorization/form-post.test.ts).
    assert.deepEqual(document.response_modes_supported, ['query', 'fragment', 'form_post']);
  });

  it('holds for the challenge methods of PKCE (RFC 7636)', async () => {
    for (const code_challenge_method of ['S256', 'plain', 's256', 'S512', undefined]) {
      const listed = document.code_challenge_methods_supported.includes(code_challenge_method);
      const back = await authorize({ code_challenge_method });
      assert.equal(outcome(back), listed ? 'code' : 'invalid_request', code_challenge_method);
    }
  });

  it('holds for the values of prompt', async () => {
    for (const prompt of [
      'none',
      'login',
      'consent',
      'select_account',
      'create',
      'admin_consent',
    ]) {
      const listed = document.prompt_values_supported.includes(prompt);
      const expected = listed ? 'code' : 'invalid_request';
      assert.equal(outcome(await authorize({ prompt })), expected, prompt);
    }
  });

  it('holds for the values of display, and for the parameters that carry a request', async () => {
    for (const display of ['page', 'popup', 'touch', 'wap', 'embedded', 'PAGE']) {
      const listed = document.display_values_supported.includes(display);
      const expected = listed ? 'code' : 'invalid_request';
      assert.equal(outcome(await authorize({ display })), expected, display);
    }
    for (const name of ['claims', 'request', 'request_uri']) {
      const isSupported = document[`${name}_parameter_supported`];
      const expected = isSupported ? 'code' : `${name}_not_supported`;
      assert.equal(outcome(await authorize({ [name]: '{}' })), expected, name);
    }
  });

  const endpoints = {
    token: { grant_type: 'client_credentials' },
    revocation: { token: 'x' },
    introspection: { token: 'x' },
  };
  /** Whether a client with such credentials gets what the endpoint is for. */
  const serves = async (endpoint: string, form: Record<string, string>, headers = {}) => {
    const answer = await http(document[`${endpoint}_endpoint`], {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
    });
    assert.ok(answer.status < 500, answer.text);
    return answer.status === 200;
  };

  for (const [endpoint, form] of Object.entries(endpoints)) {
    const methods: string[] = document[`${endpoint}_endpoint_auth_methods_supported`];
    const algs: string[] = document[`${endpoint}_endpoint_auth_signing_alg_values_supported`];

    it(`holds for the ways to authenticate at the ${endpoint} endpoint`, async () => {
      const spa = { client: 'spa', redirectUri: 'https://spa.example/callback', person };
      for (const method of METHODS) {
        const proof = await proofOf(method, method, issuer);
        // A public client has nothing of its own to ask for, so it asks for a person.
        const { refresh_token } =
          method === 'none' ? (await (await authorizeAs(server, spa)).exchange()).json : {};
        const asked =
          method === 'none'
            ? { ...form, grant_type: 'refresh_token', refresh_token, client_id: 'spa' }
            : { ...form, ...proof.form };
        assert.equal(
          await serves(endpoint, asked, proof.headers),
          methods.includes(method),
          method,
        );
      }
    });

    it(`holds for what an assertion at the ${endpoint} endpoint is signed with`, async () => {
      const works = async (assertion: string) =>
        serves(endpoint, { ...form, ...withAssertion(assertion) });
      for (const key of keys) {
        const assertion = await signed(assertionClaims('signing', issuer), key);
        assert.equal(await works(assertion), algs.includes(key.alg), key.alg);
      }
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const claims = assertionClaims('client_secret_jwt', issuer);
        assert.equal(await works(await signed(claims, SECRET, { alg })), algs.includes(alg), alg);
      }
      const odds: [string, string, KeyObject, string | null][] = [
        ['ES256K', 'ES256K', odd.ES256K.privateKey, 'sha256'],
        ['RS1', 'RS1', odd.RS1.privateKey, 'sha1'],
        ['EdDSA', 'Ed448', odd.Ed448.privateKey, null],
        ['Ed448', 'Ed448', odd.Ed448.privateKey, null],
      ];
      for (const [alg, kid, key, digest] of odds) {
        const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const input = `${encode({ alg, kid })}.${encode(assertionClaims('signing', issuer))}`;
        const signature = sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
        assert.equal(await works(`${input}.${signature.toString('base64url')}`), false, alg);
        assert.ok(alg === 'EdDSA' || !algs.includes(alg), alg);
      }
      const known = [...algorithms, 'HS256', 'HS384', 'HS512'];
      assert.deepEqual([...algs].sort(), known.sort(), 'each of them was tried');
    });
  }

  it('holds for the methods that a record may name: there are no others', () => {
    const seed = (method: string) => {
      const { client_id, grant_types } = everything;
      const needed = {
        ...(method === 'private_key_jwt' && { jwks: { keys: [KEY.jwk] } }),
        ...(!['private_key_jwt', 'none'].includes(method) && { client_secret: SECRET }),
      };
      const grants = grant_types.slice(2);
      const client = { client_id, grant_types: grants, token_endpoint_auth_method: method };
      return JSON.stringify({ clients: [{ ...client, ...needed }] });
    };
    const others = [
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'client_secret',
      'constructor',
    ];
    for (const method of [...METHODS, ...others]) {
      const read = () => parseSeed('the test seed', seed(method), false);
      if (document.token_endpoint_auth_methods_supported.includes(method)) read();
      else assert.throws(read, /token_endpoint_auth_method must be one of/, method);
    }
  });
});

describe('the algorithm this server signs with (RFC 8414, RFC 7517)', () => {
  for (const alg of ['ES256', 'RS256', 'EdDSA']) {
    it(`is the same in the document, the key set and all that is signed: ${alg}`, async () => {
      const server = await startServer({ SIGNING_ALGORITHM: alg, ACCESS_TOKEN_FORMAT: 'jwt' });
      const document = (await http(`${server.origin}/.well-known/oauth-authorization-server`)).json;
      assert.ok(document.introspection_signing_alg_values_supported.includes(alg));
      const { keys } = (await http(document.jwks_uri)).json;
      const named = new Set(keys.map((key: { alg?: string }) => key.alg ?? 'EdDSA'));
      assert.deepEqual(named, new Set([alg, 'RS256']));
      for (const key of keys) {
        assert.equal(key.use, 'sig');
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
          assert.equal(key[secret], undefined, 'the private part');
        }
      }
      const client = 'web:web-secret';
      const { json } = await requestToken(server, { grant_type: 'client_credentials' }, client);
      const accept = { accept: 'application/token-introspection+jwt' };
      const { text } = await send(
        server,
        'introspect',
        { token: 'x' },
        { ...as(client), ...accept },
      );
      for (const jwt of [json.access_token, text]) {
        const header = decodeProtectedHeader(jwt);
        assert.equal(header.alg, alg);
        assert.ok(keys.some((key: { kid: string }) => key.kid === header.kid));
      }
    });
  }
});
