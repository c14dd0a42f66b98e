// Numbers at their greatest, and beyond: no date, answer or database overflows.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_TTL } from '../../src/protocol/bounds.ts';
import { authorizeAs, authorizeUrl, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

const LONGEST = {
  ACCESS_TOKEN_TTL: `${MAX_TTL}`,
  REFRESH_TOKEN_TTL: `${MAX_TTL}`,
  GRANT_TTL: `${MAX_TTL}`,
  SESSION_TTL: `${MAX_TTL}`,
  KEY_ROTATION: `${MAX_TTL}`,
};

describe('a server whose settings are all as great as they may be', () => {
  for (const format of ['opaque', 'jwt']) {
    it(`issues tokens that say how long they last, and refreshes them: ${format}`, async () => {
      const server = await startServer({ ...LONGEST, ACCESS_TOKEN_FORMAT: format });
      const { json } = await (await authorizeAs(server)).exchange();
      assert.ok(Math.abs(json.expires_in - MAX_TTL) <= 5, `${json.expires_in}`);
      const form = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
      const { status, json: refreshed } = await requestToken(server, form, 'web:web-secret');
      assert.equal(status, 200);
      assert.ok(Math.abs(refreshed.expires_in - MAX_TTL) <= 60, `${refreshed.expires_in}`);
    });
  }
});

describe('max_age', () => {
  it('may have ten digits', async () => {
    const server = await startServer();
    const { location } = await http(authorizeUrl(server, { max_age: '9999999999' }));
    assert.match(location, /^\/login/);
  });

  for (const wrong of ['10000000000', '9007199254740993', '1e9', '-1', '1.5']) {
    it(`is refused by name: ${wrong}`, async () => {
      const server = await startServer();
      const { location } = await http(authorizeUrl(server, { max_age: wrong }));
      const { searchParams } = new URL(location);
      assert.equal(searchParams.get('error'), 'invalid_request');
      assert.equal(
        searchParams.get('error_description'),
        'The max_age is not a whole number of seconds from 0 to 9999999999.',
      );
    });
  }
});
