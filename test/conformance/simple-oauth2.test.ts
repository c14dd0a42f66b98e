// simple-oauth2, the usual client of Node programs that are no web app.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AuthorizationCode, ClientCredentials, type Config } from 'simple-oauth2';
import { getSecret, pkce } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

const server = await startServer();

const REDIRECT_URI = 'https://web.example/callback';

type Options = NonNullable<Config['options']>;

function config(client: string, options: Options = {}): Config {
  const [id = '', secret = ''] = client.split(':');
  return { client: { id, secret }, auth: { tokenHost: server.issuer }, options };
}

/** For `assert.rejects`: an answer the client could read, and what stood in it. */
function refusal(status: number, error: string) {
  return (thrown: { output?: { statusCode: number }; data?: { payload: { error: string } } }) => {
    assert.equal(thrown.output?.statusCode, status, String(thrown));
    assert.equal(thrown.data?.payload.error, error);
    return true;
  };
}

/** The two ways of RFC 6749 section 2.3.1 that a client can send its secret. */
const WAYS = [
  { way: 'the header', options: { authorizationMethod: 'header' } },
  { way: 'the body', options: { authorizationMethod: 'body' } },
] as const satisfies { way: string; options: Options }[];

async function authorize(
  client: AuthorizationCode,
  params: Record<string, string | string[]> = {},
  decision = 'allow',
) {
  const { verifier, challenge } = pkce();
  const url = client.authorizeURL({
    redirect_uri: REDIRECT_URI,
    scope: ['read', 'write'],
    state: 'a b&c=d',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...params,
  });
  const person = new Person(server);
  let page = await person.signIn(await person.visit(url));
  if (page.text.includes('name="decision"')) page = await person.submit(page, { decision });
  const answer = Object.fromEntries(new URL(page.location).searchParams);
  assert.equal(answer['state'], 'a b&c=d');
  const redemption = {
    code: answer['code'] ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  };
  return { answer, redemption };
}

describe('RFC 6749 section 4.4, client credentials, by simple-oauth2', () => {
  for (const { way, options } of WAYS) {
    it(`a client that authenticates by ${way} gets a token that opens /secret`, async () => {
      const client = new ClientCredentials(config('web:web-secret', options));
      const got = await client.getToken({ scope: ['read', 'write'] });
      const { token } = got;
      assert.equal(token.token_type, 'Bearer');
      assert.equal(token.scope, 'read write');
      assert.equal(got.expired(), false);
      assert.equal((await getSecret(server, token.access_token)).status, 200);
    });

    it(`a wrong secret in ${way} is answered with 401 invalid_client`, async () => {
      const client = new ClientCredentials(config('web:wrong', options));
      await assert.rejects(client.getToken({}), refusal(401, 'invalid_client'));
    });
  }

  for (const credentialsEncodingMode of ['strict', 'loose'] as const) {
    it(`a secret with reserved characters is understood in ${credentialsEncodingMode} encoding`, async () => {
      const client = new ClientCredentials(
        config('basic-only:a+b%20c/d', { credentialsEncodingMode }),
      );
      assert.equal((await client.getToken({})).token.scope, 'read');
    });
  }

  it('a scope the client is not registered for is refused', async () => {
    const client = new ClientCredentials(config('web:web-secret'));
    await assert.rejects(client.getToken({ scope: 'admin' }), refusal(400, 'invalid_scope'));
  });

  it('a body in JSON is refused with an error that the client can read', async () => {
    const client = new ClientCredentials(config('web:web-secret', { bodyFormat: 'json' }));
    await assert.rejects(client.getToken({}), refusal(400, 'invalid_request'));
  });
});

describe('RFC 6749 section 4.1, the authorization code, by simple-oauth2', () => {
  for (const { way, options } of WAYS) {
    it(`a client that authenticates by ${way} gets tokens, and refreshes them twice`, async () => {
      const client = new AuthorizationCode(config('web:web-secret', options));
      const { redemption } = await authorize(client);
      const first = await client.getToken(redemption);
      assert.equal((await getSecret(server, first.token.access_token)).json.sub, 'alice');
      const second = await first.refresh();
      assert.notEqual(second.token.refresh_token, first.token.refresh_token);
      const third = await second.refresh();
      assert.equal(third.token.scope, 'read write');
      assert.equal((await getSecret(server, third.token.access_token)).json.sub, 'alice');
    });
  }

  it('a narrower scope on refresh is for that access token alone', async () => {
    const client = new AuthorizationCode(config('web:web-secret'));
    const { redemption } = await authorize(client);
    const first = await client.getToken(redemption);
    const narrow = await first.refresh({ scope: ['write'] });
    assert.equal(narrow.token.scope, 'write');
    assert.equal((await getSecret(server, narrow.token.access_token)).status, 403);
    assert.equal((await narrow.refresh()).token.scope, 'read write');
  });

  it('a code works once', async () => {
    const client = new AuthorizationCode(config('web:web-secret'));
    const { redemption } = await authorize(client);
    await client.getToken(redemption);
    await assert.rejects(client.getToken(redemption), refusal(400, 'invalid_grant'));
  });

  it('a code without its verifier is refused', async () => {
    const client = new AuthorizationCode(config('web:web-secret'));
    const { redemption } = await authorize(client);
    const { code_verifier: _, ...without } = redemption;
    await assert.rejects(client.getToken(without), refusal(400, 'invalid_grant'));
    await client.getToken(redemption);
  });

  it('a person who chooses Cancel is access_denied, with state and iss', async () => {
    const client = new AuthorizationCode(config('web:web-secret'));
    const { answer } = await authorize(client, { prompt: 'consent' }, 'deny');
    assert.equal(answer['error'], 'access_denied');
    assert.equal(answer['iss'], server.issuer);
    assert.equal(answer['code'], undefined);
  });

  it('a public client redeems its code with an empty secret in the body', async () => {
    const client = new AuthorizationCode(config('spa:', { authorizationMethod: 'body' }));
    const redirect_uri = 'https://spa.example/callback';
    const { redemption } = await authorize(client, { redirect_uri });
    const { token } = await client.getToken({ ...redemption, redirect_uri });
    assert.equal((await getSecret(server, token.access_token)).json.client_id, 'spa');
  });
});
