// createModel() in the pages of two tutorials, written as they are there: one on express-oauth-server,
// one on oauth2-server itself.

import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import ExpressOAuthServer from '@node-oauth/express-oauth-server';
import OAuth2Server, { Request, Response } from '@node-oauth/oauth2-server';
import express, { type Express } from 'express';
import { createModel } from '../src/index.ts';
import { sha256 } from '../src/protocol/secrets.ts';
import { aClient, aUser } from '../src/store-contract/records.ts';
import { pkce } from './helpers/flows.ts';
import { basic, http } from './helpers/http.ts';

const CALLBACK = 'https://web.example/callback';

/** The model, with one client and one person. */
async function model() {
  const made = createModel();
  await made.store.clients.save(
    aClient({
      id: 'web',
      secretHashes: [sha256('web-secret')],
      redirectUris: [CALLBACK],
      grants: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: ['read'],
    }),
  );
  await made.store.users.save(aUser({ id: 'alice', username: 'alice' }));
  // The types of the library and of its wrapper ask for more than either calls.
  return made as unknown as ConstructorParameters<typeof ExpressOAuthServer>[0]['model'];
}

/** Whoever asks is alice: a tutorial's login. */
const authenticateHandler = { handle: () => ({ id: 'alice' }) };

async function onExpress(): Promise<Express> {
  const app = express();
  const oauth = new ExpressOAuthServer({ model: await model() });
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));
  app.post('/oauth/authorize', oauth.authorize({ authenticateHandler }));
  app.post('/oauth/token', oauth.token());
  app.get('/secret', oauth.authenticate({ scope: ['read'] }), (_req, res) => {
    res.json({ secret: 'area', user: res.locals['oauth'].token.user.username });
  });
  return app;
}

async function onTheLibrary(): Promise<Express> {
  const app = express();
  const oauth = new OAuth2Server({ model: (await model()) as OAuth2Server.AuthorizationCodeModel });
  app.use(express.urlencoded({ extended: false }));
  app.post('/oauth/authorize', async (req, res) => {
    const response = new Response(res);
    await oauth.authorize(new Request(req), response, { authenticateHandler });
    res.set(response.headers).status(response.status!).json(response.body);
  });
  app.post('/oauth/token', async (req, res) => {
    const response = new Response(res);
    await oauth.token(new Request(req), response);
    res.set(response.headers).status(response.status!).json(response.body);
  });
  app.get('/secret', async (req, res) => {
    const { user } = await oauth.authenticate(new Request(req), new Response(res), {
      scope: ['read'],
    });
    res.json({ secret: 'area', user: user['username'] });
  });
  return app;
}

for (const [name, create] of [
  ['express-oauth-server', onExpress],
  ['oauth2-server', onTheLibrary],
] as const) {
  describe(`a tutorial's page on ${name}`, () => {
    let server: Server;
    let origin = '';
    before(async () => {
      server = (await create()).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });

    const post = (path: string, form: Record<string, string>) =>
      http(origin + path, {
        method: 'POST',
        headers: { authorization: basic('web', 'web-secret') },
        body: new URLSearchParams(form),
      });
    const secret = (token: string) =>
      http(`${origin}/secret`, { headers: { authorization: `Bearer ${token}` } });

    it('gives a client a token for itself, which opens the protected route', async () => {
      const { json } = await post('/oauth/token', { grant_type: 'client_credentials' });
      assert.equal(json.token_type, 'Bearer');
      assert.deepEqual((await secret(json.access_token)).json, { secret: 'area' });
      assert.notEqual((await secret('made up')).status, 200);
    });

    it('gives a code for a person, tokens for the code, and new ones for the refresh token', async () => {
      const { verifier, challenge } = pkce();
      const { location } = await post('/oauth/authorize', {
        response_type: 'code',
        client_id: 'web',
        redirect_uri: CALLBACK,
        scope: 'read',
        state: 'x',
        code_challenge: challenge,
        code_challenge_method: 'S256',
      });
      const code = new URL(location).searchParams.get('code') ?? '';
      const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
      const first = await post('/oauth/token', { ...form, code_verifier: verifier });
      assert.deepEqual((await secret(first.json.access_token)).json, {
        secret: 'area',
        user: 'alice',
      });
      const { refresh_token } = first.json;
      const second = await post('/oauth/token', { grant_type: 'refresh_token', refresh_token });
      assert.equal((await secret(second.json.access_token)).status, 200);
      const again = await post('/oauth/token', { ...form, code_verifier: verifier });
      assert.notEqual(again.status, 200);
    });
  });
}
