// openid-client, the best known client library for Node; of OpenID Connect it needs nothing here.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it, mock } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { DEVICE_GRANT } from '../helpers/devices.ts';
import { listen, startServer } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const NOTES = 'https://notes.example.com/api';
const FILES = 'https://files.example.com/api';

const SECRET = 'a-secret-that-is-long-enough-to-sign-with';
const REDIRECT_URI = 'https://app.example/callback';

const { publicKey, privateKey } = await generateKeyPair('EdDSA');
const jwk = await exportJWK(publicKey);

/** A server with a client's keys; `fetched` counts the requests. */
const keyHost = createServer((_req, res) => {
  fetched += 1;
  res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
});
let fetched = 0;
await listen(keyHost);
after(() => keyHost.close());
const { port } = keyHost.address() as AddressInfo;

const anApp = {
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
};
const signing = { ...anApp, token_endpoint_auth_method: 'private_key_jwt' };

const seed = {
  scopes: { read: 'Read', write: 'Write' },
  resources: { [NOTES]: { access_token_format: 'jwt' }, [FILES]: {} },
  clients: [
    { ...anApp, client_id: 'web', client_secret: SECRET },
    { ...anApp, client_id: 'moving', client_secret: ['the-old-secret', 'the-new-secret'] },
    {
      ...anApp,
      client_id: 'spa',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    { ...signing, client_id: 'key-holder', jwks: { keys: [jwk] } },
    { ...signing, client_id: 'publisher', jwks_uri: `http://127.0.0.1:${port}/jwks.json` },
    {
      ...anApp,
      client_id: 'hmac',
      client_secret: SECRET,
      token_endpoint_auth_method: 'client_secret_jwt',
    },
    {
      client_id: 'tv',
      client_name: 'TV',
      grant_types: [DEVICE_GRANT, 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'box',
      client_secret: SECRET,
      client_name: 'Box',
      grant_types: [DEVICE_GRANT],
    },
    { client_id: 'notes-api', client_secret: SECRET, grant_types: [], introspects: [NOTES] },
  ],
  users: [{ username: 'alice', password: 'wonderland', name: 'Alice', id: 'user-1' }],
};

const server = await startServer({}, { seed });

/** A client that knows of the server its URL alone. */
function discover(
  clientId: string,
  auth?: client.ClientAuth,
  metadata: Partial<client.ClientMetadata> = {},
  { issuer } = server,
): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), clientId, metadata, auth, {
    algorithm: 'oauth2',
    // The server is on loopback, where there is no TLS.
    execute: [client.allowInsecureRequests],
  });
}

/** By name: a client of every kind, and how it authenticates. */
const clients: Record<string, client.Configuration> = {
  'with its secret by HTTP Basic': await discover('web', client.ClientSecretBasic(SECRET)),
  'with its secret in the body': await discover('web', client.ClientSecretPost(SECRET)),
  'with its old secret': await discover('moving', client.ClientSecretBasic('the-old-secret')),
  'with its new secret': await discover('moving', client.ClientSecretPost('the-new-secret')),
  'by private_key_jwt': await discover('key-holder', client.PrivateKeyJwt(privateKey)),
  'by private_key_jwt, its keys being fetched': await discover(
    'publisher',
    client.PrivateKeyJwt(privateKey),
  ),
  'by client_secret_jwt': await discover('hmac', client.ClientSecretJwt(SECRET)),
  'as a public client': await discover('spa', client.None()),
};

/** Sends alice to the authorization endpoint and redeems the code she comes back with. */
async function signIn(
  config: client.Configuration,
  resources: readonly string[] = [],
  { at = server, resource }: { at?: typeof server; resource?: string } = {},
) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const params = new URLSearchParams({
    redirect_uri: REDIRECT_URI,
    scope: 'read write',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  for (const name of resources) params.append('resource', name);
  const url = client.buildAuthorizationUrl(config, params);
  const back = await new Person(at).allow(url.href);
  return client.authorizationCodeGrant(
    config,
    back,
    { pkceCodeVerifier: verifier, expectedState: state },
    resource === undefined ? {} : { resource },
  );
}

async function statusOfSecret(
  config: client.Configuration,
  token: string,
  at = server,
): Promise<number> {
  try {
    const url = new URL(`${at.issuer}/secret`);
    return (await client.fetchProtectedResource(config, token, url, 'GET')).status;
  } catch (error) {
    assert.ok(error instanceof client.WWWAuthenticateChallengeError, String(error));
    return error.status;
  }
}

/** For `assert.rejects`: an endpoint refused with this error. */
function refusal(error: string) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof client.ResponseBodyError, String(thrown));
    assert.equal(thrown.error, error);
    return true;
  };
}

describe('RFC 8414, discovery, by openid-client', () => {
  it('finds the metadata, and in it PKCE', async () => {
    const metadata = (await discover('web')).serverMetadata();
    assert.equal(metadata.issuer, server.issuer);
    assert.equal(metadata.supportsPKCE(), true);
  });

  it('finds the metadata of an issuer with a path, and all that is in it works', async () => {
    const below = await startServer({}, { seed, path: '/auth' });
    const config = await discover('web', client.ClientSecretBasic(SECRET), {}, below);
    const tokens = await signIn(config, [], { at: below });
    assert.equal(await statusOfSecret(config, tokens.access_token, below), 200);
    await client.tokenRevocation(config, tokens.refresh_token!);
    const { active } = await client.tokenIntrospection(config, tokens.access_token);
    assert.equal(active, false);
  });
});

for (const [how, config] of Object.entries(clients)) {
  describe(`a client that authenticates ${how}, by openid-client`, () => {
    it('signs a person in, with PKCE (RFC 6749 section 4.1, RFC 7636)', async () => {
      const tokens = await signIn(config);
      assert.equal(tokens.token_type, 'bearer');
      assert.equal(tokens.expires_in, 3600);
      assert.equal(await statusOfSecret(config, tokens.access_token), 200);
    });

    it('refreshes and revokes (RFC 6749 section 6, RFC 7009)', async () => {
      const first = await signIn(config);
      const second = await client.refreshTokenGrant(config, first.refresh_token!);
      assert.equal(await statusOfSecret(config, second.access_token), 200);
      await client.tokenRevocation(config, second.access_token);
      assert.equal(await statusOfSecret(config, second.access_token), 401);
      await client.tokenRevocation(config, second.refresh_token!);
      assert.equal(await statusOfSecret(config, first.access_token), 401);
      await assert.rejects(
        client.refreshTokenGrant(config, second.refresh_token!),
        refusal('invalid_grant'),
      );
    });

    if (how === 'as a public client') return;

    it('gets a token for itself (RFC 6749 section 4.4)', async () => {
      const tokens = await client.clientCredentialsGrant(config, { scope: 'read' });
      assert.equal(tokens.scope, 'read');
      assert.equal(await statusOfSecret(config, tokens.access_token), 200);
    });

    it('introspects its own tokens (RFC 7662)', async () => {
      const tokens = await signIn(config);
      for (const token of [tokens.access_token, tokens.refresh_token!]) {
        const answer = await client.tokenIntrospection(config, token);
        assert.equal(answer.active, true);
        assert.equal(answer.sub, 'user-1');
        assert.equal(answer.client_id, config.clientMetadata().client_id);
      }
    });
  });
}

describe('RFC 7523, keys that a client publishes', () => {
  it('were fetched once for all that the client did', () => assert.equal(fetched, 1));
});

describe('RFC 8707, resource indicators, by openid-client', async () => {
  const config = clients['with its secret by HTTP Basic']!;
  const api = await discover('notes-api', client.ClientSecretBasic(SECRET));

  it('a token that a person allowed for a resource is for that one', async () => {
    const tokens = await signIn(config, [NOTES]);
    const answer = await client.tokenIntrospection(api, tokens.access_token);
    assert.deepEqual(
      { active: answer.active, aud: answer.aud, sub: answer.sub },
      { active: true, aud: NOTES, sub: 'user-1' },
    );
    assert.equal(await statusOfSecret(config, tokens.access_token), 401);
  });

  it('of two resources, each token is for the one that it is asked for', async () => {
    const first = await signIn(config, [NOTES, FILES], { resource: FILES });
    assert.equal((await client.tokenIntrospection(api, first.access_token)).active, false);
    const second = await client.refreshTokenGrant(config, first.refresh_token!, {
      resource: NOTES,
    });
    assert.equal((await client.tokenIntrospection(api, second.access_token)).active, true);
  });

  it('a client that acts for itself names several at once', async () => {
    const tokens = await client.clientCredentialsGrant(
      config,
      new URLSearchParams([
        ['resource', NOTES],
        ['resource', FILES],
      ]),
    );
    const { aud } = await client.tokenIntrospection(api, tokens.access_token);
    assert.deepEqual(aud, [NOTES, FILES]);
  });

  it('a resource nobody knows is invalid_target', async () => {
    await assert.rejects(
      client.clientCredentialsGrant(config, { resource: 'https://unknown.example/' }),
      refusal('invalid_target'),
    );
    await assert.rejects(signIn(config, ['https://unknown.example/']), (thrown: unknown) => {
      assert.ok(thrown instanceof client.AuthorizationResponseError, String(thrown));
      assert.equal(thrown.error, 'invalid_target');
      return true;
    });
  });
});

describe('RFC 9701, the signed answer of introspection, by openid-client', () => {
  it('is asked for, read, and its signature verified with the key set', async () => {
    const api = await discover('notes-api', client.ClientSecretBasic(SECRET), {
      introspection_signed_response_alg: 'ES256',
    });
    client.enableNonRepudiationChecks(api);
    const config = clients['with its secret by HTTP Basic']!;
    const { access_token } = await client.clientCredentialsGrant(config, { resource: NOTES });
    const before = await client.tokenIntrospection(api, access_token);
    assert.equal(before.active, true);
    await client.tokenRevocation(config, access_token);
    const afterwards = await client.tokenIntrospection(api, access_token);
    assert.deepEqual(afterwards, { active: false });
    assert.ok(client.getJwksCache(api), 'the key set was fetched');
  });
});

describe('RFC 8628, the device flow, by openid-client', () => {
  /** How many requests are under way. */
  let underWay = 0;
  async function during<T>(request: Promise<T>): Promise<T> {
    underWay += 1;
    try {
      return await request;
    } finally {
      underWay -= 1;
    }
  }

  /** Milliseconds of real time for a second between two requests. */
  const PAUSE = 20;

  /** A poll of a client, for which time passes quickly between its requests. */
  async function inNoTime<T>(config: client.Configuration, work: () => Promise<T>): Promise<T> {
    const ask = config[client.customFetch] ?? (fetch as client.CustomFetch);
    config[client.customFetch] = (...request) => during(ask(...request));
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() });
    try {
      let isDone = false;
      const result = work().finally(() => {
        isDone = true;
      });
      // Nobody waits for it yet.
      result.catch(() => {});
      let ticked = performance.now();
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        const passed = performance.now() - ticked;
        if (passed < PAUSE) continue;
        // The server may still be at work, with a database whose answers are waited for by this clock, too.
        mock.timers.tick(underWay === 0 ? 1000 : Math.round(passed));
        ticked = performance.now();
      }
      return await result;
    } finally {
      mock.timers.reset();
    }
  }

  const decide = async (page: Answer, person: Person, user_code: string, decision: string) => {
    const review = await person.submit(page, { user_code });
    await person.submit(review, { decision });
  };

  for (const [name, id, auth] of [
    ['a public client', 'tv', client.None()],
    ['a client with a secret', 'box', client.ClientSecretBasic(SECRET)],
  ] as const) {
    it(`lets ${name} in that asks all the while: the page is opened, and the code typed`, async () => {
      const config = await discover(id, auth);
      const codes = await client.initiateDeviceAuthorization(config, { scope: 'read' });
      const person = new Person(server);
      const page = await person.signIn(await person.visit(codes.verification_uri));
      let polls = 0;
      config[client.customFetch] = (...request) => {
        polls += 1;
        // It has asked once, and nobody had decided.
        if (polls === 2) void during(decide(page, person, codes.user_code, 'allow'));
        return fetch(...(request as Parameters<typeof fetch>));
      };
      const tokens = await inNoTime(config, () =>
        client.pollDeviceAuthorizationGrant(config, codes),
      );
      assert.ok(polls > 2, `it asked ${polls} times`);
      assert.equal(tokens.scope, 'read');
      assert.equal(await statusOfSecret(config, tokens.access_token), 200);
      assert.equal(tokens.refresh_token !== undefined, id === 'tv');
    });
  }

  it('lets a client in by the URL that has the code in it, for a resource', async () => {
    const config = await discover('tv', client.None());
    const codes = await client.initiateDeviceAuthorization(config, { resource: NOTES });
    const person = new Person(server);
    const page = await person.signIn(await person.visit(codes.verification_uri_complete!));
    const [, shown = ''] = /name="user_code"[^>]* value="([^"]*)"/.exec(page.text) ?? [];
    await decide(page, person, shown, 'allow');
    const tokens = await inNoTime(config, () => client.pollDeviceAuthorizationGrant(config, codes));
    const api = await discover('notes-api', client.ClientSecretBasic(SECRET));
    assert.equal((await client.tokenIntrospection(api, tokens.access_token)).active, true);
  });

  it('tells a client that the person said no', async () => {
    const config = await discover('tv', client.None());
    const codes = await client.initiateDeviceAuthorization(config, {});
    const person = new Person(server);
    const page = await person.signIn(await person.visit(codes.verification_uri));
    await decide(page, person, codes.user_code, 'deny');
    const poll = () => client.pollDeviceAuthorizationGrant(config, codes);
    await assert.rejects(inNoTime(config, poll), refusal('access_denied'));
  });
});
