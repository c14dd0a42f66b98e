// What is asked most is answered without making the request Express's first: for a protected route that
// is about a sixth of the work (npm run bench -- --rows protected).

import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { as, send } from '../helpers/clients.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

const FINISHED = 'http.server.response.finish';
const WEB = 'web:web-secret';

/** The URLs that were answered during some work, and whether request and response were still node:http's own. */
async function answered(work: () => Promise<unknown>): Promise<(readonly [string, boolean])[]> {
  const seen: (readonly [string, boolean])[] = [];
  const look = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: object };
    const isBare =
      Object.getPrototypeOf(request) === IncomingMessage.prototype &&
      Object.getPrototypeOf(response) === ServerResponse.prototype;
    seen.push([request.url!, isBare]);
  };
  subscribe(FINISHED, look);
  await work().finally(() => unsubscribe(FINISHED, look));
  return seen;
}

describe('a request and its response stay as node:http made them', async () => {
  const server = await startServer();

  it('where tokens are issued and looked up, at a protected route of the program and at /health', async () => {
    const seen = await answered(async () => {
      const { json } = await requestToken(server, { grant_type: 'client_credentials' }, WEB);
      const { access_token: token } = json;
      assert.equal((await send(server, 'introspect', { token }, as(WEB))).json.active, true);
      assert.equal((await getSecret(server, token)).status, 200);
      assert.equal((await http(`${server.issuer}/health`)).status, 200);
    });
    assert.deepEqual(seen, [
      ['/oauth/token', true],
      ['/oauth/introspect', true],
      ['/secret', true],
      ['/health', true],
    ]);
  });
});
