// oauth4webapi at the endpoints around the token endpoint, and as a resource server: it checks
// every answer, and every JWT, against the RFCs.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express from 'express';
import * as oauth from 'oauth4webapi';
import { authorizationServer } from '../../src/index.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

/** A resource whose tokens are JWTs, and one whose tokens are not. */
const NOTES = 'https://notes.example.com/api';
const FILES = 'https://files.example.com/';

const SECRET = 'a-secret-that-is-long-enough-to-sign-with';

const keyPair = await oauth.generateKeyPair('ES256', { extractable: true });
const publicJwk = await crypto.subtle.exportKey('jwk', keyPair.publicKey);

const server = await startServer(
  {},
  {
    seed: {
      scopes: { read: 'Read', write: 'Write' },
      resources: { [NOTES]: { access_token_format: 'jwt' }, [FILES]: {} },
      clients: [
        {
          client_id: 'web',
          client_secret: SECRET,
          redirect_uris: ['https://web.example/callback'],
          grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        },
        {
          client_id: 'spa',
          redirect_uris: ['https://spa.example/callback'],
          grant_types: ['authorization_code', 'refresh_token'],
          token_endpoint_auth_method: 'none',
        },
        {
          client_id: 'key-holder',
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [{ ...publicJwk, kid: 'first' }] },
        },
        {
          client_id: 'hmac',
          client_secret: SECRET,
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'client_secret_jwt',
        },
        {
          client_id: 'notes-api',
          client_secret: SECRET,
          grant_types: [],
          introspects: [NOTES],
        },
        {
          client_id: 'files-api',
          grant_types: [],
          introspects: [FILES],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [publicJwk] },
        },
      ],
      users: [{ username: 'alice', password: 'wonderland', name: 'Alice', id: 'user-1' }],
    },
  },
);

/** Set as in a client's code: this server is on loopback, where there is no TLS. */
const options = { [oauth.allowInsecureRequests]: true };

const issuer = new URL(server.issuer);
const as = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }),
);

type Registered = readonly [oauth.Client, oauth.ClientAuth];

const web: Registered = [{ client_id: 'web' }, oauth.ClientSecretBasic(SECRET)];
const spa: Registered = [{ client_id: 'spa' }, oauth.None()];
const keyHolder: Registered = [
  { client_id: 'key-holder' },
  oauth.PrivateKeyJwt({ key: keyPair.privateKey, kid: 'first' }),
];
const hmac: Registered = [{ client_id: 'hmac' }, oauth.ClientSecretJwt(SECRET)];
const notesApi: Registered = [{ client_id: 'notes-api' }, oauth.ClientSecretPost(SECRET)];
const filesApi: Registered = [{ client_id: 'files-api' }, oauth.PrivateKeyJwt(keyPair.privateKey)];

async function clientCredentials(
  [client, auth]: Registered,
  params: Record<string, string> | [string, string][] = {},
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, params, options);
  return oauth.processClientCredentialsResponse(as, client, response);
}

/** The code flow, with alice in front of the browser. */
async function signIn(
  [client, auth]: Registered,
  resources: readonly string[] = [],
  atTokenEndpoint: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const redirectUri = `https://${client.client_id}.example/callback`;
  const url = new URL(as.authorization_endpoint!);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  for (const resource of resources) url.searchParams.append('resource', resource);
  const back = await new Person(server).allow(url.href);
  const params = oauth.validateAuthResponse(as, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    params,
    redirectUri,
    verifier,
    { ...options, additionalParameters: atTokenEndpoint },
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function refresh(
  [client, auth]: Registered,
  token: string,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, options);
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function revoke(
  [client, auth]: Registered,
  token: string,
  additionalParameters: Record<string, string> = {},
): Promise<void> {
  const response = await oauth.revocationRequest(as, client, auth, token, {
    ...options,
    additionalParameters,
  });
  await oauth.processRevocationResponse(response);
}

async function introspect(
  [client, auth]: Registered,
  token: string,
): Promise<oauth.IntrospectionResponse> {
  const response = await oauth.introspectionRequest(as, client, auth, token, options);
  return oauth.processIntrospectionResponse(as, client, response);
}

/** What a resource server learns from a request with this token, asking nobody. */
function validate(token: string, audience: string): Promise<oauth.JWTAccessTokenClaims> {
  const request = new Request(audience, { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(as, request, audience, options);
}

/** The status of /secret, which takes tokens for the server itself. */
async function statusOfSecret(token: string): Promise<number> {
  try {
    const url = new URL(`${server.issuer}/secret`);
    return (await oauth.protectedResourceRequest(token, 'GET', url, undefined, null, options))
      .status;
  } catch (error) {
    assert.ok(error instanceof oauth.WWWAuthenticateChallengeError, String(error));
    return error.status;
  }
}

/** For `assert.rejects`: an endpoint refused with this error, in a form the client reads. */
function refusal(error: string, status = 400) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof oauth.ResponseBodyError, String(thrown));
    assert.equal(thrown.error, error);
    assert.equal(thrown.status, status);
    return true;
  };
}

/** For `assert.rejects`: the client was not authenticated. */
function unauthenticated(thrown: unknown): boolean {
  assert.ok(thrown instanceof oauth.WWWAuthenticateChallengeError, String(thrown));
  assert.equal(thrown.status, 401);
  return true;
}

describe('RFC 8414, the metadata of these endpoints, by oauth4webapi', () => {
  it('names them, what authenticates there and what they sign with', () => {
    assert.equal(as.revocation_endpoint, `${server.issuer}/oauth/revoke`);
    assert.equal(as.introspection_endpoint, `${server.issuer}/oauth/introspect`);
    assert.equal(as.jwks_uri, `${server.issuer}/oauth/jwks`);
    assert.ok(as.introspection_signing_alg_values_supported?.includes('ES256'));
    for (const endpoint of ['token', 'revocation', 'introspection'] as const) {
      const methods = as[`${endpoint}_endpoint_auth_methods_supported`] ?? [];
      assert.ok(methods.includes('private_key_jwt'), endpoint);
      assert.ok(methods.includes('client_secret_jwt'), endpoint);
      assert.equal(methods.includes('none'), endpoint !== 'introspection', endpoint);
      const algorithms = as[`${endpoint}_endpoint_auth_signing_alg_values_supported`] ?? [];
      assert.ok(algorithms.includes('ES256') && algorithms.includes('HS256'), endpoint);
    }
  });
});

describe('RFC 7009, revocation, by oauth4webapi', () => {
  it('ends an access token, and nothing else', async () => {
    const { access_token, refresh_token } = await signIn(web);
    assert.equal(await statusOfSecret(access_token), 200);
    await revoke(web, access_token);
    assert.equal(await statusOfSecret(access_token), 401);
    const next = await refresh(web, refresh_token!);
    assert.equal(await statusOfSecret(next.access_token), 200);
  });

  it('ends with a refresh token all that came of the same sign-in', async () => {
    const first = await signIn(web);
    const second = await refresh(web, first.refresh_token!);
    await revoke(web, second.refresh_token!, { token_type_hint: 'refresh_token' });
    assert.equal(await statusOfSecret(first.access_token), 401);
    assert.equal(await statusOfSecret(second.access_token), 401);
    await assert.rejects(refresh(web, second.refresh_token!), refusal('invalid_grant'));
  });

  it('is not misled by a wrong hint', async () => {
    const { access_token } = await clientCredentials(web);
    await revoke(web, access_token, { token_type_hint: 'refresh_token' });
    assert.equal(await statusOfSecret(access_token), 401);
  });

  it('works for a public client', async () => {
    const { access_token } = await signIn(spa);
    await revoke(spa, access_token);
    assert.equal(await statusOfSecret(access_token), 401);
  });

  it('answers 200 for a token that nobody issued, and for one twice', async () => {
    await revoke(web, 'made-up');
    const { access_token } = await clientCredentials(web);
    await revoke(web, access_token);
    await revoke(web, access_token);
  });

  it('leaves the token of another client alone', async () => {
    const { access_token } = await clientCredentials(web);
    await assert.rejects(revoke(hmac, access_token), refusal('invalid_grant'));
    assert.equal(await statusOfSecret(access_token), 200);
  });

  it('is refused to a client that does not authenticate', async () => {
    const { access_token } = await clientCredentials(web);
    const stranger: Registered = [{ client_id: 'web' }, oauth.ClientSecretBasic('wrong')];
    await assert.rejects(revoke(stranger, access_token), unauthenticated);
    assert.equal(await statusOfSecret(access_token), 200);
  });
});

describe('RFC 7662, introspection, by oauth4webapi', () => {
  it('tells a client all about a token of its own', async () => {
    const { access_token } = await signIn(web);
    const { iat = 0, exp = 0, auth_time, jti, ...rest } = await introspect(web, access_token);
    assert.deepEqual(rest, {
      active: true,
      iss: server.issuer,
      aud: server.issuer,
      sub: 'user-1',
      client_id: 'web',
      scope: 'read write',
      token_type: 'Bearer',
      acr: '1',
      amr: ['pwd'],
    });
    // In whole seconds, and never shorter than it is in truth.
    assert.ok([3600, 3601].includes(exp - iat), String(exp - iat));
    assert.ok(Number(auth_time) <= iat);
    assert.ok(jti);
  });

  it('tells a client about its refresh token, and nobody else', async () => {
    const { refresh_token } = await signIn(web, [NOTES]);
    const { active, sub, client_id } = await introspect(web, refresh_token!);
    assert.deepEqual({ active, sub, client_id }, { active: true, sub: 'user-1', client_id: 'web' });
    assert.deepEqual(await introspect(notesApi, refresh_token!), { active: false });
  });

  for (const [resource, owner, other] of [
    [NOTES, notesApi, filesApi],
    [FILES, filesApi, notesApi],
  ] as const) {
    it(`tells the server of ${resource} about tokens for it, and no other server`, async () => {
      const { access_token } = await clientCredentials(web, { resource });
      const { active, aud, client_id } = await introspect(owner, access_token);
      assert.deepEqual(
        { active, aud, client_id },
        { active: true, aud: resource, client_id: 'web' },
      );
      assert.deepEqual(await introspect(other, access_token), { active: false });
    });
  }

  it('tells both servers about a token for both', async () => {
    const { access_token } = await clientCredentials(web, [
      ['resource', NOTES],
      ['resource', FILES],
    ]);
    for (const api of [notesApi, filesApi]) {
      const { active, aud } = await introspect(api, access_token);
      assert.deepEqual({ active, aud }, { active: true, aud: [NOTES, FILES] });
    }
  });

  it('says inactive, and nothing else, of what is revoked or was never issued', async () => {
    for (const resource of [NOTES, FILES]) {
      const { access_token } = await clientCredentials(web, { resource });
      await revoke(web, access_token);
      assert.deepEqual(await introspect(web, access_token), { active: false });
    }
    assert.deepEqual(await introspect(web, 'made-up'), { active: false });
  });

  it('is refused to a public client and to one that does not authenticate', async () => {
    await assert.rejects(introspect(spa, 'made-up'), refusal('unauthorized_client'));
    const stranger: Registered = [{ client_id: 'notes-api' }, oauth.ClientSecretPost('wrong')];
    await assert.rejects(introspect(stranger, 'made-up'), unauthenticated);
  });
});

describe('RFC 9701, the signed answer of introspection, by oauth4webapi', () => {
  async function introspectSigned([client, auth]: Registered, token: string) {
    const response = await oauth.introspectionRequest(as, client, auth, token, {
      ...options,
      requestJwtResponse: true,
    });
    const type = response.headers.get('content-type');
    const answer = await oauth.processIntrospectionResponse(as, client, response);
    await oauth.validateApplicationLevelSignature(as, response, options);
    return { type, answer };
  }

  it('is a JWT for the client that asked, signed with a key in the key set', async () => {
    const { access_token } = await clientCredentials(web, { resource: NOTES });
    const { type, answer } = await introspectSigned(notesApi, access_token);
    assert.match(type ?? '', /^application\/token-introspection\+jwt/);
    assert.equal(answer.active, true);
    assert.equal(answer.aud, NOTES);
    assert.equal(answer.sub, 'web');
  });

  it('is signed for an inactive token too', async () => {
    assert.deepEqual((await introspectSigned(notesApi, 'made-up')).answer, { active: false });
  });

  it('is refused by another client than the one that asked', async () => {
    const [client, auth] = notesApi;
    const response = await oauth.introspectionRequest(as, client, auth, 'made-up', {
      ...options,
      requestJwtResponse: true,
    });
    await assert.rejects(
      oauth.processIntrospectionResponse(as, { client_id: 'files-api' }, response),
      /"aud"/,
    );
  });
});

describe('RFC 9068, JWT access tokens at a resource server, by oauth4webapi', () => {
  it('a token of a client that acts for itself has that client as its subject', async () => {
    const { access_token } = await clientCredentials(web, { resource: NOTES, scope: 'read' });
    const claims = await validate(access_token, NOTES);
    assert.equal(claims.iss, server.issuer);
    assert.equal(claims.client_id, 'web');
    assert.equal(claims.sub, 'web');
    assert.equal(claims.scope, 'read');
    assert.equal(claims['auth_time'], undefined);
  });

  it('a token of a person says who it is, and when they signed in', async () => {
    const { access_token } = await signIn(web, [NOTES]);
    const claims = await validate(access_token, NOTES);
    assert.equal(claims.sub, 'user-1');
    assert.ok(Number(claims['auth_time']) <= claims.iat);
  });

  it('a token is refused at a resource it is not for', async () => {
    const { access_token } = await clientCredentials(web, { resource: NOTES });
    await assert.rejects(validate(access_token, FILES), /"aud"/);
  });

  it('a token that was changed on its way is refused', async () => {
    const { access_token } = await clientCredentials(web, { resource: NOTES, scope: 'read' });
    const [head, body = '', signature] = access_token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const more = Buffer.from(JSON.stringify({ ...claims, scope: 'read write' }));
    const forged = `${head}.${more.toString('base64url')}.${signature}`;
    await assert.rejects(validate(forged, NOTES), /signature/);
  });

  it('the signed answer of introspection is no access token', async () => {
    const [client, auth] = notesApi;
    const response = await oauth.introspectionRequest(as, client, auth, 'made-up', {
      ...options,
      requestJwtResponse: true,
    });
    await assert.rejects(validate(await response.text(), NOTES), /"typ"/);
  });
});

describe('RFC 7523, clients that sign, by oauth4webapi', () => {
  for (const [how, client] of [
    ['its private key', keyHolder],
    ['its secret', hmac],
  ] as const) {
    it(`a client that signs with ${how} gets, introspects and revokes a token`, async () => {
      const { access_token } = await clientCredentials(client);
      assert.equal(await statusOfSecret(access_token), 200);
      assert.equal((await introspect(client, access_token)).active, true);
      await revoke(client, access_token);
      assert.equal((await introspect(client, access_token)).active, false);
    });
  }

  it('a client that signs with another key gets nothing', async () => {
    const other = await oauth.generateKeyPair('ES256');
    await assert.rejects(
      clientCredentials([keyHolder[0], oauth.PrivateKeyJwt(other.privateKey)]),
      unauthenticated,
    );
  });

  it('a client is held to its method', async () => {
    await assert.rejects(
      clientCredentials([hmac[0], oauth.ClientSecretBasic(SECRET)]),
      unauthenticated,
    );
    await assert.rejects(
      clientCredentials([web[0], oauth.ClientSecretJwt(SECRET)]),
      unauthenticated,
    );
    await assert.rejects(
      clientCredentials([hmac[0], oauth.PrivateKeyJwt(keyPair.privateKey)]),
      unauthenticated,
    );
  });

  it('an assertion for another server is refused', async () => {
    const auth = oauth.PrivateKeyJwt(keyPair.privateKey, {
      [oauth.modifyAssertion]: (_header, payload) => {
        payload['aud'] = 'https://other.example';
      },
    });
    await assert.rejects(clientCredentials([keyHolder[0], auth]), unauthenticated);
  });

  it('an assertion works once', async () => {
    const auth = oauth.PrivateKeyJwt(keyPair.privateKey, {
      [oauth.modifyAssertion]: (_header, payload) => {
        payload['jti'] = 'the same each time';
      },
    });
    await clientCredentials([keyHolder[0], auth]);
    await assert.rejects(clientCredentials([keyHolder[0], auth]), unauthenticated);
  });
});

describe('RFC 8707, resource indicators, by oauth4webapi', () => {
  it('a client that names none gets a token for the server itself', async () => {
    const { access_token } = await clientCredentials(web);
    assert.equal((await introspect(web, access_token)).aud, server.issuer);
    assert.equal(await statusOfSecret(access_token), 200);
  });

  it('a token for a resource is refused everywhere else', async () => {
    for (const resource of [NOTES, FILES]) {
      const { access_token } = await clientCredentials(web, { resource });
      assert.equal(await statusOfSecret(access_token), 401);
    }
  });

  it('a person allows two resources, and each token is for the one it is asked for', async () => {
    const first = await signIn(web, [NOTES, FILES], { resource: NOTES });
    assert.equal((await validate(first.access_token, NOTES)).aud, NOTES);
    const response = await oauth.refreshTokenGrantRequest(as, ...web, first.refresh_token!, {
      ...options,
      additionalParameters: { resource: FILES },
    });
    const second = await oauth.processRefreshTokenResponse(as, web[0], response);
    assert.equal((await introspect(filesApi, second.access_token)).aud, FILES);
  });

  it('a resource that was not asked for at first is refused later', async () => {
    await assert.rejects(signIn(web, [NOTES], { resource: FILES }), refusal('invalid_target'));
  });

  for (const resource of ['https://unknown.example/', 'notes', `${NOTES}#fragment`]) {
    it(`the resource ${resource} is refused`, async () => {
      await assert.rejects(clientCredentials(web, { resource }), refusal('invalid_target'));
      await assert.rejects(signIn(web, [resource]), (thrown: unknown) => {
        assert.ok(thrown instanceof oauth.AuthorizationResponseError, String(thrown));
        assert.equal(thrown.error, 'invalid_target');
        return true;
      });
    });
  }
});

describe('RFC 9728, protected resource metadata, by oauth4webapi', () => {
  async function discoverResource(resource: URL): Promise<oauth.ResourceServer> {
    const response = await oauth.resourceDiscoveryRequest(resource, options);
    return oauth.processResourceDiscoveryResponse(resource, response);
  }

  it('the server itself is a resource', async () => {
    const metadata = await discoverResource(issuer);
    assert.deepEqual(metadata.authorization_servers, [server.issuer]);
    assert.deepEqual(metadata.scopes_supported, ['read']);
    assert.deepEqual(metadata.bearer_methods_supported, ['header']);
  });

  it('a resource of its own is found from its challenge', async () => {
    const http = createServer();
    await listen(http);
    after(() => http.close());
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const app = express();
    const { handler, protect, close } = authorizationServer({ issuer: `${origin}/auth` });
    after(close);
    app.use('/auth', handler);
    app.get('/api/notes', protect('read', 'write', { resource: `${origin}/api` }));
    http.on('request', app);

    const challenge = await oauth
      .protectedResourceRequest(
        'made-up',
        'GET',
        new URL(`${origin}/api/notes`),
        undefined,
        null,
        options,
      )
      .then(
        () => assert.fail('it was let in'),
        (error: oauth.WWWAuthenticateChallengeError) => error.cause[0]?.parameters,
      );
    const metadata = await discoverResource(new URL(`${origin}/api`));
    const { url } = await oauth.resourceDiscoveryRequest(new URL(`${origin}/api`), options);
    assert.equal(challenge?.['resource_metadata'], url);
    assert.equal(metadata.resource, `${origin}/api`);
    assert.deepEqual(metadata.authorization_servers, [`${origin}/auth`]);
    assert.deepEqual(metadata.scopes_supported, ['read', 'write']);
  });
});
