// How a person signed in, from the authorization server to an API that wants it to have been in a certain
// way (RFC 9470), and back to the login page of the app around the server.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppPerson } from '../../../src/index.ts';
import { API, serveApi } from '../../helpers/api.ts';
import { introspect } from '../../helpers/forge.ts';
import { startServer } from '../../helpers/harness.ts';
import { type Host, serveHost } from '../../helpers/host.ts';
import { OPENID_SEED, refreshAs, relyingParty, signInTo } from '../../helpers/openid.ts';

const OF_API = { client_id: 'api', client_secret: 'api-secret', introspects: [API] };

/** An app with people of its own, whose clients get tokens for the API. */
function hostOf(user: () => AppPerson, options: object = {}): Promise<Host> {
  return serveHost({
    clients: [relyingParty('rp'), { ...OF_API, grant_types: [] }],
    scopes: { read: 'Read your notes' },
    resources: { [API]: {} },
    authenticate: user,
    loginUrl: '/in?from=app',
    ...options,
  });
}

const FOR_API = { scope: 'read', resource: API };

for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
  describe(`an API and the sign-in of who sends it a token that is ${accessTokenFormat}`, async () => {
    let user: AppPerson = { id: 42, name: 'Ann' };
    const host = await hostOf(() => user, { accessTokenFormat });
    const asClient = { clientId: OF_API.client_id, clientSecret: OF_API.client_secret };
    const api = await serveApi({
      issuer: host.issuer,
      ...(accessTokenFormat === 'opaque' && asClient),
    });

    it('lets in who signed in as it wants it, with openid and without, and once the token is refreshed', async () => {
      user = { id: 42, name: 'Ann', acr: 'gold', amr: ['pwd', 'otp'] };
      for (const scope of ['read', 'openid read']) {
        const tokens = await signInTo(host, { params: { ...FOR_API, scope } });
        const refreshed = (await refreshAs(host, 'rp', tokens.refresh_token)).json;
        for (const { access_token } of [tokens, refreshed]) {
          const { status, json } = await api.get('/strong', access_token);
          assert.equal(status, 200, scope);
          assert.deepEqual([json.claims.acr, json.claims.amr], ['gold', ['pwd', 'otp']]);
        }
      }
    });

    it('refuses who signed in in another way, or in a way that nobody knows', async () => {
      for (const acr of ['bronze', undefined]) {
        user = { id: 42, name: 'Ann', acr };
        const { access_token } = await signInTo(host, { params: FOR_API });
        const { status, json, headers } = await api.get('/strong', access_token);
        assert.equal(status, 401);
        assert.equal(json.error, 'insufficient_user_authentication');
        assert.match(headers.get('www-authenticate') ?? '', /acr_values="silver gold"/);
      }
    });
  });

  describe(`the sign-in of somebody of the server's own, in a token that is ${accessTokenFormat}`, async () => {
    const server = await startServer(
      { ACCESS_TOKEN_FORMAT: accessTokenFormat },
      { seed: OPENID_SEED },
    );
    const saidOf = async (token: string) => {
      const { json } = await introspect(server, token, 'rp:rp-secret');
      const { acr, amr, auth_time } = json;
      assert.equal(typeof auth_time, 'number');
      return [acr, amr];
    };

    it('is by a password, as introspection says of access and refresh tokens', async () => {
      for (const scope of ['read', 'openid read']) {
        const tokens = await signInTo(server, { params: { scope } });
        assert.deepEqual(await saidOf(tokens.access_token), ['1', ['pwd']], scope);
        assert.deepEqual(await saidOf(tokens.refresh_token), ['1', ['pwd']], scope);
      }
    });
  });
}
