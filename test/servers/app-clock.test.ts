// The tests of an app around the server, in which the app has a clock that somebody else moves.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serveHost } from '../helpers/host.ts';
import { basic, http } from '../helpers/http.ts';

describe('an app whose tests have put functions of their own in place of setImmediate', async () => {
  const host = await serveHost();

  it('is answered, in whatever number it asks for tokens and pages', async (t) => {
    t.mock.timers.enable({ apis: ['setImmediate'] });
    const token = () =>
      http(`${host.origin}/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic('web', 'web-secret') },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    const page = () => http(`${host.origin}/login`);
    const asked = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? token() : page()));
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200);
  });
});
