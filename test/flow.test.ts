import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeAs, getSecret, requestToken, startServer } from './harness.ts';

describe('the authorization code flow', async () => {
  const server = await startServer();
  it('ends with an access token that opens /secret and speaks for the person', async () => {
    const { exchange } = await authorizeAs(server);
    const { status, json } = await exchange();
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json).sort(), [
      'access_token',
      'expires_in',
      'refresh_token',
      'scope',
      'token_type',
    ]);
    const secret = await getSecret(server, json.access_token);
    assert.equal(secret.json.sub, 'alice');
    const again = await requestToken(
      server,
      { grant_type: 'refresh_token', refresh_token: json.refresh_token },
      'web:web-secret',
    );
    assert.equal(again.status, 200);
  });
});
