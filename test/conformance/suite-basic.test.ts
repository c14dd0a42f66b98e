// The modules of the plans Basic OP and Form Post OP about ID tokens, UserInfo, scopes and claims.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { http } from '../helpers/http.ts';
import { CLAIMS_OF, Module, PLANS, startProvider } from '../helpers/suite.ts';
import { entropyOf } from '../helpers/suite-assertions.ts';

const server = await startProvider();

for (const [plan, mode] of PLANS) {
  const start = () => new Module(server, mode);

  describe(`${plan}: tokens and what they say`, () => {
    it('oidcc-server: the code, the tokens and the ID token of a plain sign-in are right', async () => {
      const module = start();
      const { code, idToken, response } = await module.complete(module.request());
      assert.ok(code.length * 8 >= 128);
      assert.ok(entropyOf(code) > 96);
      const hash = createHash('sha256').update(response.access_token).digest();
      assert.equal(idToken.payload['at_hash'], hash.subarray(0, 16).toString('base64url'));
      const known = 'iss sub aud exp iat auth_time nonce acr amr azp at_hash sid nbf jti'.split(
        ' ',
      );
      assert.deepEqual(
        Object.keys(idToken.payload).filter((name) => !known.includes(name)),
        [],
        'nothing that was not asked for',
      );
    });

    it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: without a nonce there is none in the ID token', async () => {
      const module = start();
      const { idToken } = await module.complete(module.request({ nonce: undefined }));
      assert.ok(!('nonce' in idToken.payload));
    });

    it('oidcc-userinfo-get: UserInfo answers a GET with the token in the header', async () => {
      const module = start();
      const tokens = await module.complete(module.request());
      module.checkUserInfo(await module.userInfo(tokens.response.access_token), tokens);
    });

    it('oidcc-userinfo-post-header: UserInfo answers an empty POST with the token in the header', async () => {
      const module = start();
      const tokens = await module.complete(module.request());
      module.checkUserInfo(await module.userInfo(tokens.response.access_token, 'POST'), tokens);
    });

    it('oidcc-userinfo-post-body: UserInfo answers a POST with the token in the body', async () => {
      const module = start();
      const tokens = await module.complete(module.request());
      const body = new URLSearchParams({ access_token: tokens.response.access_token });
      const answer = await http(`${server.issuer}/oauth/userinfo`, { method: 'POST', body });
      module.checkUserInfo(answer, tokens);
    });

    for (const asked of ['profile', 'email', 'address', 'phone', 'email phone address profile']) {
      const name = asked.includes(' ') ? 'all' : asked;
      it(`oidcc-scope-${name}: UserInfo has every claim of the scope, each in its form`, async () => {
        const module = start();
        const tokens = await module.complete(module.request({ scope: `openid ${asked}` }));
        const userInfo = await module.userInfo(tokens.response.access_token);
        const claims = module.checkUserInfo(userInfo, tokens);
        const expected = asked.split(' ').flatMap((scope) => CLAIMS_OF[scope] ?? []);
        assert.deepEqual(Object.keys(claims).sort(), ['sub', ...expected].sort());
      });
    }

    it('oidcc-scope-email: the ID token has neither the e-mail address nor the name', async () => {
      const module = start();
      const { idToken } = await module.complete(module.request({ scope: 'openid email' }));
      assert.ok(!('email' in idToken.payload));
      assert.ok(!('name' in idToken.payload));
    });

    it('oidcc-alternate-happy-flow: the order of scopes and of parameters does not matter', async () => {
      const module = start();
      const request = Object.entries(module.request({ scope: 'email openid' }));
      const reversed = Object.fromEntries(request.sort().reverse());
      const tokens = await module.complete(reversed);
      const userInfo = await module.userInfo(tokens.response.access_token);
      const claims = module.checkUserInfo(userInfo, tokens);
      assert.deepEqual(Object.keys(claims).sort(), ['email', 'email_verified', 'sub']);
    });

    it('oidcc-claims-essential: a claim that was asked for UserInfo is there, and not in the ID token', async () => {
      const module = start();
      const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
      const tokens = await module.complete(module.request({ claims }));
      const userInfo = await module.userInfo(tokens.response.access_token);
      assert.equal(module.checkUserInfo(userInfo, tokens)['name'], 'Alice Liddell');
      assert.ok(!('name' in tokens.idToken.payload));
    });

    it('oidcc-ensure-request-with-acr-values-succeeds: the ID token has one of the acr values that discovery lists', async () => {
      const module = start();
      const { json } = await http(`${server.issuer}/.well-known/openid-configuration`);
      const acr_values = json.acr_values_supported.join(' ');
      const { idToken } = await module.complete(module.request({ acr_values }));
      assert.ok(json.acr_values_supported.includes(idToken.payload['acr']));
    });
  });
}
