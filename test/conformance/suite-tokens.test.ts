// The modules of the plans Basic OP and Form Post OP about the token endpoint.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withClock } from '../helpers/harness.ts';
import { Module, PLANS, startProvider } from '../helpers/suite.ts';
import { assertInvalidGrant, entropyOf } from '../helpers/suite-assertions.ts';

const server = await startProvider();

for (const [plan, mode] of PLANS) {
  const start = () => new Module(server, mode);

  describe(`${plan}: the token endpoint`, () => {
    it('oidcc-server-client-secret-post: a client may send its secret in the body', async () => {
      const module = start();
      await module.complete(module.request({ client_id: 'suite-post' }));
    });

    it('oidcc-codereuse: a code works once', async () => {
      const module = start();
      const { code } = await module.complete(module.request());
      assertInvalidGrant(await module.redeem(code));
    });

    it('oidcc-codereuse-30seconds: a code that comes again after 30 seconds ends the tokens that it brought', async () => {
      await withClock(async (advance) => {
        const module = start();
        const { code, response } = await module.complete(module.request());
        advance(30_000);
        assertInvalidGrant(await module.redeem(code));
        const { status } = await module.userInfo(response.access_token);
        assert.equal(status, 401);
      });
    });

    it('oidcc-refresh-token: a refresh brings an ID token of the same sign-in, and only the client itself can refresh', async () => {
      await withClock(async (advance) => {
        const module = start();
        const refreshed = async (client_id: string, scope?: string) => {
          const request = module.request({
            client_id,
            scope: 'openid offline_access',
            prompt: 'consent',
          });
          const first = await module.complete(request);
          assert.ok(first.seen.includes('consent'));
          const form = {
            grant_type: 'refresh_token',
            refresh_token: first.response.refresh_token,
            ...(scope && { scope }),
          };
          assert.match(form.refresh_token, /^[\x20-\x7e]+$/);
          advance(1000);
          const answer = await module.askForTokens(form, client_id);
          assert.equal(answer.status, 200, answer.text);
          assert.match(answer.headers.get('content-type') ?? '', /^application\/json(?:;|$)/);
          assert.ok(
            answer.headers
              .get('cache-control')
              ?.split(/\s*,\s*/)
              .includes('no-store'),
          );
          const { json } = answer;
          assert.match(json.token_type, /^bearer$/i);
          assert.ok(entropyOf(json.access_token) > 96 && entropyOf(json.refresh_token) > 96);
          assert.ok(json.refresh_token.length * 8 >= 128);
          assert.ok(Number.isInteger(json.expires_in));
          const { payload } = await module.checkIdToken(json.id_token, client_id);
          const before = first.idToken.payload;
          for (const same of ['iss', 'sub', 'aud', 'azp', 'auth_time', 'sid'])
            assert.deepEqual(payload[same], before[same], same);
          assert.notEqual(payload.iat, before.iat);
          assert.ok(!('nonce' in payload));
          const userInfo = await module.userInfo(json.access_token);
          assert.equal(userInfo.status, 200, userInfo.text);
          return json.refresh_token as string;
        };
        await refreshed('suite-first', 'openid offline_access');
        const refresh_token = await refreshed('suite-second');
        const form = { grant_type: 'refresh_token', refresh_token, scope: 'openid offline_access' };
        assertInvalidGrant(await module.askForTokens(form, 'suite-first'));
      });
    });
  });
}
