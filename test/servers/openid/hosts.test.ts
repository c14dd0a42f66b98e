// What an app around the server adds to ID tokens and UserInfo.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AppPerson, TokenContext } from '../../../src/index.ts';
import { serveHost } from '../../helpers/host.ts';
import { Person } from '../../helpers/http-person.ts';
import {
  askAs,
  relyingParty,
  signInTo,
  signInUrl,
  userInfo,
  verified,
} from '../../helpers/openid.ts';

describe('the claims of an app around the server', async () => {
  let failing = false;
  const asked: TokenContext[] = [];
  const host = await serveHost({
    clients: [relyingParty('rp', { scope: 'openid profile', id_token_claims: true })],
    claims: (context: TokenContext) => {
      asked.push(context);
      if (failing) throw new Error('the app is out of order');
      return { tenant: 'blue', groups: ['a', 'b'] };
    },
  });

  it('are in the ID token and at UserInfo, as in the access token, and asked for once', async () => {
    asked.length = 0;
    const tokens = await signInTo(host, { params: { scope: 'openid profile' } });
    assert.equal(asked.length, 1);
    const { tenant, groups, name } = await verified(host, tokens.id_token);
    const expected = { tenant: 'blue', groups: ['a', 'b'], name: 'Alice Liddell' };
    assert.deepEqual({ tenant, groups, name }, expected);
    const info = (await userInfo(host, tokens.access_token)).json;
    assert.deepEqual([info.tenant, info.groups, info.sub], ['blue', ['a', 'b'], 'alice']);
    assert.equal(asked.length, 1);
  });

  it('cost no code if the app cannot say them', async () => {
    const back = await new Person(host).allow(signInUrl(host));
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code')!,
      redirect_uri: 'https://rp.example/callback',
    };
    failing = true;
    assert.equal((await askAs(host, 'rp', form)).json.error, 'server_error');
    failing = false;
    assert.ok((await askAs(host, 'rp', form)).json.id_token);
  });
});

describe('people of an app around the server', async () => {
  let user: AppPerson = { id: 42, name: 'Ann' };
  const host = await serveHost({
    clients: [relyingParty('rp', { scope: 'openid profile' })],
    authenticate: () => user,
    loginUrl: '/sign-in',
  });

  it('are in an ID token with no more than the app knows', async () => {
    const tokens = await signInTo(host);
    const { iss, aud, azp, iat, exp, at_hash, nonce, ...rest } = await verified(
      host,
      tokens.id_token,
    );
    assert.deepEqual(rest, { sub: '42' });
    assert.deepEqual((await userInfo(host, tokens.access_token)).json, { sub: '42' });
  });

  it('have an acr, an amr, a session and a time, if the app says so', async () => {
    const authTime = Date.now() - 5000;
    user = { id: 42, name: 'Ann', authTime, sid: 'of the app', acr: 'gold', amr: ['otp'] };
    const first = await verified(host, (await signInTo(host)).id_token);
    const { acr, amr, auth_time, sid } = first;
    assert.deepEqual(
      { acr, amr, auth_time },
      { acr: 'gold', amr: ['otp'], auth_time: Math.floor(authTime / 1000) },
    );
    assert.match(sid as string, /^[\w-]{43}$/, 'not that of the app itself');
    assert.equal((await verified(host, (await signInTo(host)).id_token))['sid'], sid);
  });
});
