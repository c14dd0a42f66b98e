// The client of the Model Context Protocol's SDK, which begins with nothing but a URL and the 401
// it gets there, and finds its way by RFC 9728, RFC 8414 and RFC 8707.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import {
  auth,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import express from 'express';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { applySeed, authorizationServer, memoryStore, parseSeed } from '../../src/index.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { Person } from '../helpers/http-person.ts';

const REDIRECT_URI = 'http://127.0.0.1:33418/callback';

const SEED = {
  scopes: { read: 'Read', write: 'Write' },
  clients: [
    {
      client_id: 'assistant',
      client_name: 'An Assistant',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
    {
      client_id: 'hosted',
      client_secret: 'a-secret-for-this-test',
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  users: [{ username: 'alice', password: 'wonderland', name: 'Alice' }],
};

/** What an app gives the SDK: where its things are kept, and how a browser is opened. */
class Provider implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URI;
  readonly clientMetadata = { redirect_uris: [REDIRECT_URI], client_name: 'An Assistant' };
  /** Where the person was sent. */
  sentTo: URL | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = '';
  readonly #client: { client_id: string; client_secret?: string };

  constructor(client: { client_id: string; client_secret?: string }) {
    this.#client = client;
  }
  clientInformation() {
    return this.#client;
  }
  state() {
    return 'some-state';
  }
  tokens() {
    return this.#tokens;
  }
  saveTokens(tokens: OAuthTokens) {
    this.#tokens = tokens;
  }
  redirectToAuthorization(url: URL) {
    this.sentTo = url;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
}

/** Calls a protected route, and after a 401 does what the SDK does, with alice's help. */
async function connect(provider: Provider, serverUrl: string, at: { origin: string }) {
  const refused = await fetch(serverUrl);
  assert.equal(refused.status, 401);
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused);
  assert.ok(resourceMetadataUrl);
  const options = { serverUrl, resourceMetadataUrl, ...(scope !== undefined && { scope }) };
  assert.equal(await auth(provider, options), 'REDIRECT');

  const sentTo = provider.sentTo!;
  const person = new Person({ ...at, issuer: at.origin });
  const back = await person.allow(sentTo.href);
  assert.equal(back.searchParams.get('state'), 'some-state');
  const authorizationCode = back.searchParams.get('code')!;
  assert.equal(await auth(provider, { ...options, authorizationCode }), 'AUTHORIZED');
  return { sentTo, options };
}

async function statusAt(url: string, provider: Provider): Promise<number> {
  const authorization = `Bearer ${provider.tokens()?.access_token}`;
  return (await fetch(url, { headers: { authorization } })).status;
}

for (const client of [
  { client_id: 'assistant' },
  { client_id: 'hosted', client_secret: 'a-secret-for-this-test' },
]) {
  describe(`the MCP client as ${client.client_id}`, async () => {
    const server = await startServer({}, { seed: SEED });

    it('gets from a 401 at /secret to a token for it, and refreshes it', async () => {
      const provider = new Provider(client);
      const url = `${server.issuer}/secret`;
      const { sentTo, options } = await connect(provider, url, server);
      assert.equal(sentTo.searchParams.get('resource'), server.issuer);
      assert.equal(sentTo.searchParams.get('scope'), 'read');
      assert.equal(await statusAt(url, provider), 200);

      const before = provider.tokens()?.access_token;
      assert.equal(await auth(provider, options), 'AUTHORIZED');
      assert.notEqual(provider.tokens()?.access_token, before);
      assert.equal(await statusAt(url, provider), 200);
    });
  });
}

describe('the MCP client that signs, for itself', () => {
  it('gets a token with the assertion that it makes by default', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const signs = {
      client_id: 'signs',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
    };
    const { issuer } = await startServer({}, { seed: { ...SEED, clients: [signs] } });
    const provider = new PrivateKeyJwtProvider({
      clientId: 'signs',
      privateKey: await exportPKCS8(privateKey),
      algorithm: 'ES256',
      expectedIssuer: issuer,
    });
    const serverUrl = `${issuer}/secret`;
    const { resourceMetadataUrl } = extractWWWAuthenticateParams(await fetch(serverUrl));
    assert.ok(resourceMetadataUrl);
    assert.equal(await auth(provider, { serverUrl, resourceMetadataUrl }), 'AUTHORIZED');
    const authorization = `Bearer ${provider.tokens()?.access_token}`;
    assert.equal((await fetch(serverUrl, { headers: { authorization } })).status, 200);
  });
});

for (const path of ['', '/auth']) {
  describe(`the MCP client at an app that has the server ${path ? `under ${path}` : 'at its root'}`, async () => {
    const http = createServer();
    await listen(http);
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const store = memoryStore();
    await applySeed(store, parseSeed('seed', JSON.stringify(SEED), false));
    const { handler, protect, close } = authorizationServer({
      issuer: `${origin}${path}`,
      store,
      scopes: SEED.scopes,
      accessTokenFormat: 'jwt',
    });
    after(() => {
      void close();
      http.closeAllConnections();
      http.close();
    });
    const app = express();
    app.use(path || '/', handler);
    for (const name of ['mcp', 'other']) {
      const resource = `${origin}/${name}`;
      app.get(`/${name}`, protect('read', { resource }), (_req, res) => void res.json({}));
    }
    http.on('request', app);

    it('gets a token for the resource that the route belongs to, and for no other', async () => {
      const provider = new Provider({ client_id: 'assistant' });
      const { sentTo } = await connect(provider, `${origin}/mcp`, { origin });
      assert.equal(sentTo.searchParams.get('resource'), `${origin}/mcp`);
      assert.equal(await statusAt(`${origin}/mcp`, provider), 200);
      assert.equal(await statusAt(`${origin}/other`, provider), 401);
    });
  });
}
