// What an operator is told of a client that was refused: its own log may say nothing of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';

describe('a client that is refused at an endpoint that it calls itself', async () => {
  const server = await startServer({ REGISTRATION: 'open' });
  const told: object[] = [];
  const address = '127.0.0.1';
  server.events.on('request_refused', (details) => told.push(details));

  async function ask(path: string, init: RequestInit): Promise<object> {
    told.length = 0;
    const answer = await http(`${server.issuer}${path}`, { method: 'POST', ...init });
    assert.ok(answer.status >= 400, answer.text);
    assert.equal(told.length, 1);
    const { error, error_description } = answer.json;
    return { refused: told[0]!, answered: { error, description: error_description } };
  }

  for (const [path, params] of [
    ['/oauth/token', { grant_type: 'client_credentials' }],
    ['/oauth/introspect', { token: 'x' }],
    ['/oauth/revoke', { token: 'x' }],
    ['/oauth/device_authorization', { scope: 'read' }],
  ] as const) {
    const by = (id: string, secret: string, form: Record<string, string> = params) =>
      ask(path, {
        headers: { authorization: basic(id, secret) },
        body: new URLSearchParams(form),
      });

    it(`is named with the reason if its secret is wrong: ${path}`, async () => {
      const error = 'invalid_client';
      const description = 'The client is unknown, or the secret is not the right one.';
      assert.deepEqual(await by('web', 'wrong'), {
        refused: { endpoint: path, clientId: 'web', address, error, description },
        answered: { error, description },
      });
      assert.deepEqual(await by('nobody', 'wrong'), {
        refused: { endpoint: path, address, error, description },
        answered: { error, description },
      });
    });

    it(`is named with the reason if it has authenticated: ${path}`, async () => {
      const { refused, answered } = (await by('web', 'web-secret', { scope: 'nothing' })) as {
        refused: object;
        answered: object;
      };
      assert.deepEqual(refused, { endpoint: path, clientId: 'web', address, ...answered });
    });
  }

  it('is told of without a name if it is not registered yet', async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ redirect_uris: ['http://app.example/callback'] });
    const { refused, answered } = (await ask('/oauth/register', { headers, body })) as {
      refused: object;
      answered: { error: string };
    };
    assert.equal(answered.error, 'invalid_redirect_uri');
    assert.deepEqual(refused, { endpoint: '/oauth/register', address, ...answered });
  });

  it('is told of without a name if its registration token is not the right one', async () => {
    const headers = { authorization: 'Bearer wrong' };
    const { refused, answered } = (await ask('/oauth/register/web', {
      method: 'GET',
      headers,
    })) as { refused: object; answered: object };
    assert.deepEqual(refused, { endpoint: '/oauth/register', address, ...answered });
  });
});
