// What every answer of this server has, whatever it is about.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATHS } from '../../src/http/paths.ts';
import { requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';

describe('every answer', async () => {
  const server = await startServer({ REGISTRATION: 'open' });
  const form = { grant_type: 'client_credentials' };
  const { json } = await requestToken(server, form, 'web:web-secret');
  const authorization = `Bearer ${json.access_token}`;
  const paths = [
    ...Object.values(PATHS),
    ...['/', '/secret', '/health', '/nothing', '/oauth/style.css', '/oauth/form-post.js'],
    ...['oauth-authorization-server', 'openid-configuration', 'oauth-protected-resource'].map(
      (name) => `/.well-known/${name}`,
    ),
    '/.well-known/change-password',
  ];

  for (const path of paths) {
    it(`says what it is, and whether it may be kept: ${path}`, async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
        for (const accept of ['text/html', 'application/json']) {
          for (const more of [{}, { authorization }]) {
            const headers = { accept, ...more };
            const answer = await http(`${server.origin}${path}`, { method, headers });
            const said = `${method} as ${accept}: ${answer.status}`;
            assert.ok(answer.headers.get('content-type'), said);
            assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', said);
            assert.match(answer.headers.get('cache-control') ?? '', /no-store|max-age=\d/, said);
          }
        }
      }
    });
  }
});
