// oauth4webapi, the strictest client there is: it checks every answer against the RFCs.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as oauth from 'oauth4webapi';
import { startServer, type TestServer, withClock } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

const server = await startServer();

/** Set as in a client's code: this server is on loopback, where there is no TLS. */
const options = { [oauth.allowInsecureRequests]: true };

/** What the server says of itself (RFC 8414); nothing else is known of it here. */
async function discover({ issuer }: TestServer): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { ...options, algorithm: 'oauth2' });
  return oauth.processDiscoveryResponse(url, response);
}

const as = await discover(server);

interface Registered {
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  readonly redirectUri: string;
}

const web: Registered = {
  client: { client_id: 'web' },
  auth: oauth.ClientSecretBasic('web-secret'),
  redirectUri: 'https://web.example/callback',
};
const spa: Registered = {
  client: { client_id: 'spa' },
  auth: oauth.None(),
  redirectUri: 'https://spa.example/callback',
};

interface Visit {
  readonly state: string;
  readonly verifier: string;
  /** Where the browser arrived at the client. */
  readonly back: URL;
}

type Changes = Record<string, string | undefined>;

async function signedIn(username: string, password: string): Promise<Person> {
  const person = new Person(server);
  await person.signIn(await person.visit('/login'), username, password);
  return person;
}

/** Sends a person with an authorization request that the client built, and lets them decide. */
async function send(
  { client, redirectUri }: Registered,
  changes: Changes = {},
  { decision = 'allow', person = new Person(server), at = as } = {},
): Promise<Visit> {
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(at.authorization_endpoint!);
  const params = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'read write',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  let page = await person.visit(url.href);
  if (page.text.includes('name="password"')) page = await person.signIn(page);
  if (page.text.includes('name="decision"')) page = await person.submit(page, { decision });
  assert.equal(page.status, 303, page.text);
  return { state, verifier, back: new URL(page.location) };
}

async function redeem(
  { client, auth, redirectUri }: Registered,
  { state, verifier, back }: Visit,
): Promise<oauth.TokenEndpointResponse> {
  const params = oauth.validateAuthResponse(as, client, back, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    auth,
    params,
    redirectUri,
    verifier,
    options,
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

async function refresh(
  { client, auth }: Registered,
  token: string,
  additionalParameters: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.refreshTokenGrantRequest(as, client, auth, token, {
    ...options,
    additionalParameters,
  });
  return oauth.processRefreshTokenResponse(as, client, response);
}

async function clientCredentials(
  clientId: string,
  auth: oauth.ClientAuth,
  params: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const client = { client_id: clientId };
  const response = await oauth.clientCredentialsGrantRequest(as, client, auth, params, options);
  return oauth.processClientCredentialsResponse(as, client, response);
}

function callSecret(token: string, at: TestServer = server): Promise<Response> {
  const url = new URL(`${at.issuer}/secret`);
  return oauth.protectedResourceRequest(token, 'GET', url, undefined, null, options);
}

/** What the protected resource says of the token. */
async function secretOf(token: string): Promise<Record<string, unknown>> {
  return (await (await callSecret(token)).json()) as Record<string, unknown>;
}

/** For `assert.rejects`: the token endpoint refused with this error, in a form the client reads. */
function refusal(error: string, status = 400) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof oauth.ResponseBodyError, String(thrown));
    assert.equal(thrown.error, error);
    assert.equal(thrown.status, status);
    assert.match(thrown.error_description ?? '', /^[A-Z].*\.$/);
    return true;
  };
}

/** For `assert.throws`: the authorization endpoint sent the browser back with this error. */
function sentBack(error: string) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof oauth.AuthorizationResponseError, String(thrown));
    assert.equal(thrown.error, error);
    assert.match(thrown.error_description ?? '', /^[A-Z].*\.$/);
    return true;
  };
}

/** For `assert.rejects`: refused with a challenge of this scheme. */
function challenged(scheme: string, status: number, parameters: Record<string, unknown> = {}) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof oauth.WWWAuthenticateChallengeError, String(thrown));
    assert.equal(thrown.status, status);
    const challenge = thrown.cause.find((one) => one.scheme === scheme);
    assert.ok(challenge, `no challenge for ${scheme}`);
    for (const [name, value] of Object.entries(parameters)) {
      assert.equal(challenge.parameters[name as 'error'], value, name);
    }
    return true;
  };
}

describe('RFC 8414, the metadata, by oauth4webapi', () => {
  it('tells a client all it has to know', () => {
    assert.equal(as.issuer, server.issuer);
    assert.deepEqual(as.response_types_supported, ['code']);
    assert.deepEqual(as.code_challenge_methods_supported, ['S256']);
    assert.equal(as.authorization_response_iss_parameter_supported, true);
    for (const grant of ['authorization_code', 'client_credentials', 'refresh_token']) {
      assert.ok(as.grant_types_supported?.includes(grant), grant);
    }
    for (const method of ['client_secret_basic', 'client_secret_post', 'none']) {
      assert.ok(as.token_endpoint_auth_methods_supported?.includes(method), method);
    }
  });
});

describe('RFC 6749 section 4.4, client credentials, by oauth4webapi', () => {
  it('a client that authenticates by HTTP Basic gets a token that opens /secret', async () => {
    const token = await clientCredentials('web', oauth.ClientSecretBasic('web-secret'), {
      scope: 'read',
    });
    assert.equal(token.token_type, 'bearer');
    assert.equal(token.expires_in, 3600);
    assert.equal(token.scope, 'read');
    assert.equal(token.refresh_token, undefined);
    const { client_id, sub, scope } = await secretOf(token.access_token);
    assert.deepEqual(
      { client_id, sub, scope },
      { client_id: 'web', sub: undefined, scope: 'read' },
    );
  });

  it('a client that sends its secret in the body gets one too', async () => {
    const token = await clientCredentials('web', oauth.ClientSecretPost('web-secret'));
    assert.equal((await callSecret(token.access_token)).status, 200);
  });

  it('a client that names no scope gets all it is registered for, and is told', async () => {
    const token = await clientCredentials('web', oauth.ClientSecretBasic('web-secret'));
    assert.equal(token.scope, 'read write');
  });

  it('a scope the client is not registered for is refused', async () => {
    await assert.rejects(
      clientCredentials('web', oauth.ClientSecretBasic('web-secret'), { scope: 'read admin' }),
      refusal('invalid_scope'),
    );
  });

  it('a client without the grant type is refused', async () => {
    await assert.rejects(
      clientCredentials('legacy', oauth.ClientSecretBasic('legacy-secret')),
      refusal('unauthorized_client'),
    );
  });

  it('a public client is refused', async () => {
    await assert.rejects(clientCredentials('spa', oauth.None()), refusal('unauthorized_client'));
  });
});

describe('RFC 6749 section 2.3.1, client authentication, by oauth4webapi', () => {
  it('a secret with reserved characters is understood in the form encoding of the section', async () => {
    const token = await clientCredentials('basic-only', oauth.ClientSecretBasic('a+b%20c/d'));
    assert.equal(token.scope, 'read');
  });

  it('a wrong secret is answered with 401 and a Basic challenge', async () => {
    await assert.rejects(
      clientCredentials('web', oauth.ClientSecretBasic('wrong')),
      challenged('basic', 401, { realm: server.issuer }),
    );
  });

  it('a wrong secret in the body is answered with 401 too', async () => {
    await assert.rejects(
      clientCredentials('web', oauth.ClientSecretPost('wrong')),
      challenged('basic', 401),
    );
  });

  it('an unknown client is answered like a wrong secret', async () => {
    await assert.rejects(
      clientCredentials('nobody', oauth.ClientSecretBasic('wrong')),
      challenged('basic', 401),
    );
  });

  it('a client is held to the method it is registered with', async () => {
    await clientCredentials('post-only', oauth.ClientSecretPost('post-secret'));
    await assert.rejects(
      clientCredentials('post-only', oauth.ClientSecretBasic('post-secret')),
      challenged('basic', 401),
    );
    await assert.rejects(
      clientCredentials('basic-only', oauth.ClientSecretPost('a+b%20c/d')),
      challenged('basic', 401),
    );
  });

  it('a confidential client that leaves its secret out gets nothing', async () => {
    await assert.rejects(clientCredentials('web', oauth.None()), challenged('basic', 401));
    const visit = await send(web);
    await assert.rejects(redeem({ ...web, auth: oauth.None() }, visit), challenged('basic', 401));
    // Nor was the code consumed by the attempt.
    await redeem(web, visit);
  });
});

describe('RFC 6749 section 4.1 with RFC 7636, the authorization code, by oauth4webapi', () => {
  it('a confidential client gets tokens that speak for the person', async () => {
    const token = await redeem(web, await send(web));
    assert.equal(token.token_type, 'bearer');
    assert.equal(token.expires_in, 3600);
    assert.equal(token.scope, 'read write');
    assert.ok(token.refresh_token);
    const { client_id, sub } = await secretOf(token.access_token);
    assert.deepEqual({ client_id, sub }, { client_id: 'web', sub: 'alice' });
  });

  it('a public client gets them with its verifier alone', async () => {
    const token = await redeem(spa, await send(spa));
    const { client_id, sub } = await secretOf(token.access_token);
    assert.deepEqual({ client_id, sub }, { client_id: 'spa', sub: 'alice' });
  });

  it('a native app may listen on any port of loopback', async () => {
    const native: Registered = {
      client: { client_id: 'native' },
      auth: oauth.None(),
      redirectUri: 'http://127.0.0.1:51004/callback',
    };
    const visit = await send(native, { scope: 'read' });
    assert.equal(visit.back.port, '51004');
    assert.equal((await redeem(native, visit)).scope, 'read');
  });

  it('a phone app comes back by its own scheme', async () => {
    const phone: Registered = {
      client: { client_id: 'phone' },
      auth: oauth.None(),
      redirectUri: 'com.example.phone:/callback',
    };
    const visit = await send(phone, { scope: 'read' });
    assert.equal(visit.back.protocol, 'com.example.phone:');
    const token = await redeem(phone, visit);
    assert.equal(token.refresh_token, undefined, 'it is not registered for refresh tokens');
  });

  it('a client exempted from PKCE comes back to its redirect URI with its own query', async () => {
    const legacy: Registered = {
      client: { client_id: 'legacy' },
      auth: oauth.ClientSecretPost('legacy-secret'),
      redirectUri: 'https://legacy.example/callback?tenant=1',
    };
    const { back, state } = await send(legacy, {
      scope: 'read',
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    assert.equal(back.searchParams.get('tenant'), '1');
    const params = oauth.validateAuthResponse(as, legacy.client, back, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      legacy.client,
      legacy.auth,
      params,
      legacy.redirectUri,
      oauth.nopkce,
      options,
    );
    const token = await oauth.processAuthorizationCodeResponse(as, legacy.client, response);
    assert.equal(token.scope, 'read');
  });

  it('a request without a scope asks for all the client is registered for', async () => {
    const token = await redeem(web, await send(web, { scope: undefined }));
    assert.equal(token.scope, 'read write');
  });

  it('a code with another verifier is refused, and the right one still works', async () => {
    const visit = await send(spa);
    const verifier = oauth.generateRandomCodeVerifier();
    await assert.rejects(redeem(spa, { ...visit, verifier }), refusal('invalid_grant'));
    await redeem(spa, visit);
  });

  it('a code with another redirect URI is refused, and the right one still works', async () => {
    const visit = await send(web);
    const elsewhere = { ...web, redirectUri: 'http://127.0.0.1:9/callback' };
    await assert.rejects(redeem(elsewhere, visit), refusal('invalid_grant'));
    await redeem(web, visit);
  });

  it('a code of another client is refused, and its own client still redeems it', async () => {
    const visit = await send(web);
    const thief = { ...spa, redirectUri: web.redirectUri };
    await assert.rejects(redeem(thief, visit), refusal('invalid_grant'));
    await redeem(web, visit);
  });

  it('a code works once, and a second use ends the tokens of the first', async () => {
    await withClock(async (advance) => {
      const visit = await send(web);
      const token = await redeem(web, visit);
      assert.equal((await callSecret(token.access_token)).status, 200);
      advance(15_000);
      await assert.rejects(redeem(web, visit), refusal('invalid_grant'));
      await assert.rejects(
        callSecret(token.access_token),
        challenged('bearer', 401, { error: 'invalid_token' }),
      );
      await assert.rejects(refresh(web, token.refresh_token!), refusal('invalid_grant'));
    });
  });
});

describe('RFC 6749 section 4.1.2.1, errors sent back to the client, by oauth4webapi', () => {
  const validate = ({ back, state }: Visit, { client } = web) =>
    oauth.validateAuthResponse(as, client, back, state);

  it('a person who chooses Cancel is access_denied', async () => {
    const visit = await send(web, { prompt: 'consent' }, { decision: 'deny' });
    assert.throws(() => validate(visit), sentBack('access_denied'));
  });

  it('a person who chose Cancel is asked again the next time', async () => {
    const person = await signedIn('bob', 'builder');
    for (const _time of ['first', 'second']) {
      const visit = await send(web, {}, { decision: 'deny', person });
      assert.throws(() => validate(visit), sentBack('access_denied'));
    }
  });

  for (const { what, changes, error } of [
    {
      what: 'a scope it is not registered for',
      changes: { scope: 'read admin' },
      error: 'invalid_scope',
    },
    {
      what: 'no code_challenge',
      changes: { code_challenge: undefined, code_challenge_method: undefined },
      error: 'invalid_request',
    },
    {
      what: 'the plain code_challenge_method',
      changes: { code_challenge_method: 'plain' },
      error: 'invalid_request',
    },
    {
      what: 'a response type that there is not',
      changes: { response_type: 'none' },
      error: 'unsupported_response_type',
    },
    { what: 'no response type', changes: { response_type: undefined }, error: 'invalid_request' },
    {
      what: 'prompt=none for a person who is not signed in',
      changes: { prompt: 'none' },
      error: 'login_required',
    },
  ]) {
    it(`a client that sends ${what} is told ${error}`, async () => {
      const visit = await send(web, changes);
      assert.throws(() => validate(visit), sentBack(error));
    });
  }

  it('prompt=none before the person has allowed anything is consent_required', async () => {
    const person = await signedIn('bob', 'builder');
    const visit = await send(web, { prompt: 'none' }, { person });
    assert.throws(() => validate(visit), sentBack('consent_required'));
  });

  it('prompt=none after the person has allowed it is a code', async () => {
    const person = new Person(server);
    await send(web, {}, { person });
    const visit = await send(web, { prompt: 'none' }, { person });
    assert.ok(validate(visit).get('code'));
  });
});

describe('RFC 9207, the issuer in the answer, by oauth4webapi', () => {
  it('a client that expects another issuer refuses the code', async () => {
    const { back, state } = await send(web);
    const other = { ...as, issuer: 'https://attacker.example' };
    assert.throws(
      () => oauth.validateAuthResponse(other, web.client, back, state),
      /unexpected "iss"/,
    );
  });

  it('a client that expects another state refuses the code', async () => {
    const { back } = await send(web);
    assert.throws(
      () => oauth.validateAuthResponse(as, web.client, back, oauth.generateRandomState()),
      /"state"/,
    );
  });

  it('a request without state is answered without state', async () => {
    const { back } = await send(web, { state: undefined });
    const params = oauth.validateAuthResponse(as, web.client, back, oauth.expectNoState);
    assert.ok(params.get('code'));
  });

  it('an issuer with a path is the iss, path and all', async () => {
    const mounted = await startServer({}, { path: '/auth' });
    const at = await discover(mounted);
    const { back, state, verifier } = await send(web, {}, { person: new Person(mounted), at });
    const params = oauth.validateAuthResponse(at, web.client, back, state);
    const response = await oauth.authorizationCodeGrantRequest(
      at,
      web.client,
      web.auth,
      params,
      web.redirectUri,
      verifier,
      options,
    );
    const token = await oauth.processAuthorizationCodeResponse(at, web.client, response);
    assert.equal((await callSecret(token.access_token, mounted)).status, 200);
  });
});

describe('RFC 6749 section 6 with RFC 9700 section 4.14, refresh tokens, by oauth4webapi', () => {
  for (const [kind, registered] of Object.entries({ confidential: web, public: spa })) {
    it(`a ${kind} client gets a new pair, and the old access token lives on`, async () => {
      const first = await redeem(registered, await send(registered));
      const second = await refresh(registered, first.refresh_token!);
      assert.notEqual(second.access_token, first.access_token);
      assert.notEqual(second.refresh_token, first.refresh_token);
      assert.equal(second.scope, 'read write');
      assert.equal((await secretOf(second.access_token))['sub'], 'alice');
      assert.equal((await callSecret(first.access_token)).status, 200);
    });
  }

  it('a client that lost the answer gets the same successor again', async () => {
    const first = await redeem(web, await send(web));
    const lost = await refresh(web, first.refresh_token!);
    const again = await refresh(web, first.refresh_token!);
    assert.equal(again.refresh_token, lost.refresh_token);
    assert.equal((await callSecret(again.access_token)).status, 200);
  });

  it('a token presented after its successor was used ends the whole family', async () => {
    const first = await redeem(web, await send(web));
    const second = await refresh(web, first.refresh_token!);
    const third = await refresh(web, second.refresh_token!);
    await assert.rejects(refresh(web, first.refresh_token!), refusal('invalid_grant'));
    await assert.rejects(refresh(web, third.refresh_token!), refusal('invalid_grant'));
    await assert.rejects(
      callSecret(third.access_token),
      challenged('bearer', 401, { error: 'invalid_token' }),
    );
  });

  it('a narrower scope is for one access token, and the next may have all again', async () => {
    const first = await redeem(web, await send(web));
    const narrow = await refresh(web, first.refresh_token!, { scope: 'write' });
    assert.equal(narrow.scope, 'write');
    await assert.rejects(
      callSecret(narrow.access_token),
      challenged('bearer', 403, { error: 'insufficient_scope', scope: 'read' }),
    );
    const wide = await refresh(web, narrow.refresh_token!);
    assert.equal(wide.scope, 'read write');
  });

  it('a scope the person did not allow is refused, and the refresh token is not used up', async () => {
    const first = await redeem(web, await send(web, { scope: 'read' }));
    await assert.rejects(
      refresh(web, first.refresh_token!, { scope: 'read write' }),
      refusal('invalid_scope'),
    );
    assert.equal((await refresh(web, first.refresh_token!)).scope, 'read');
  });

  it('a refresh token of another client is refused, and stays good for its own', async () => {
    const first = await redeem(web, await send(web));
    await assert.rejects(refresh(spa, first.refresh_token!), refusal('invalid_grant'));
    await refresh(web, first.refresh_token!);
  });

  it('a refresh token nobody issued is refused', async () => {
    await assert.rejects(refresh(web, 'made-up'), refusal('invalid_grant'));
  });
});

describe('RFC 6750 section 3, a protected resource, by oauth4webapi', () => {
  it('an unknown token is answered with 401 and invalid_token', async () => {
    await assert.rejects(
      callSecret('made-up'),
      challenged('bearer', 401, { error: 'invalid_token', realm: server.issuer, scope: 'read' }),
    );
  });

  it('a token with too little scope is answered with 403 and the scope that is needed', async () => {
    const token = await clientCredentials('web', oauth.ClientSecretBasic('web-secret'), {
      scope: 'write',
    });
    await assert.rejects(
      callSecret(token.access_token),
      challenged('bearer', 403, { error: 'insufficient_scope', scope: 'read' }),
    );
  });
});
