// Assertions of clients that registered themselves: each is remembered, so that it can be used once.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertionClaims, KEY, send, signed, withAssertion } from '../../helpers/clients.ts';
import { withClock } from '../../helpers/harness.ts';
import { serveHost } from '../../helpers/host.ts';
import { APP, bearer, registerClient } from '../../helpers/registering.ts';

const SECOND = 1000;

const SIGNS = {
  ...APP,
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [KEY.jwk] },
};

describe('an assertion of a client that registered itself', () => {
  async function registered(isVouchedFor = false) {
    const host = await serveHost({ registration: 'open' });
    const headers = isVouchedFor ? bearer(await host.server.registrationTokens.create()) : {};
    const { json } = await registerClient(host, SIGNS, headers);
    const id: string = json.client_id;
    return {
      /** Makes an assertion that is sent once or more. */
      async make(changes: Record<string, unknown>) {
        const claims = assertionClaims(id, host.issuer, changes);
        const assertion = await signed(claims, KEY);
        return {
          send: () => send(host, 'revoke', { token: 'x', ...withAssertion(assertion) }),
          /** Whether the store still knows that it was used. */
          async isKnown() {
            const now = Date.now();
            const key = JSON.stringify([id, claims['jti']]);
            return !(await host.store.replays.claim('client_assertion', key, now + 1, now));
          },
        };
      },
    };
  }
  const inSeconds = (seconds: number) => Math.floor(Date.now() / SECOND) + seconds;

  it('is taken though it says that it is good for an hour, and is remembered for six minutes', async () => {
    const client = await registered();
    await withClock(async (advance) => {
      const assertion = await client.make({ exp: inSeconds(3600) });
      assert.equal((await assertion.send()).status, 200);
      advance(329 * SECOND);
      const again = await assertion.send();
      assert.equal(again.status, 401);
      assert.match(again.text, /was used before/);
      advance(2 * SECOND);
      const later = await assertion.send();
      assert.equal(later.status, 401);
      assert.match(later.text, /was made more than 300 s ago/);
      assert.equal(await assertion.isKnown(), false);
    });
  });

  it('is good for five minutes if it does not say when it was made', async () => {
    const client = await registered();
    await withClock(async () => {
      const short = await client.make({ iat: undefined, exp: inSeconds(300) });
      assert.equal((await short.send()).status, 200);
      const long = await (await client.make({ iat: undefined, exp: inSeconds(3600) })).send();
      assert.equal(long.status, 401);
      assert.match(long.text, /good for more than 300 s: say in its iat when it was made/);
      // A number that is no time says nothing.
      const vague = await (await client.make({ iat: 'now', exp: inSeconds(3600) })).send();
      assert.equal(vague.status, 401);
    });
  });

  it('is good for an hour if somebody here vouches for the client', async () => {
    const client = await registered(true);
    await withClock(async (advance) => {
      const assertion = await client.make({ iat: undefined, exp: inSeconds(3600) });
      advance(3000 * SECOND);
      assert.equal((await assertion.send()).status, 200);
      assert.equal(await assertion.isKnown(), true);
    });
  });
});
