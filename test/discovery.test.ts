import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { http, requestToken, startServer } from './harness.ts';

describe('discovery (RFC 8414)', async () => {
  const server = await startServer();
  const document = await http(`${server.origin}/.well-known/oauth-authorization-server`);

  it('is a JSON document that any origin may read and any cache may keep', () => {
    assert.equal(document.status, 200);
    assert.match(document.headers.get('content-type') ?? '', /^application\/json/);
    assert.match(document.headers.get('cache-control') ?? '', /^public, max-age=\d+$/);
    assert.equal(document.headers.get('access-control-allow-origin'), '*');
    assert.equal(document.json.issuer, server.issuer);
  });

  it('has no null in it, which some clients refuse', () => {
    assert.doesNotMatch(document.text, /null/);
  });

  it('names endpoints that answer', async () => {
    const endpoints = Object.entries<string>(document.json).filter(([name]) =>
      /_endpoint$|_uri$/.test(name),
    );
    assert.ok(endpoints.length >= 2);
    for (const [name, url] of endpoints) {
      assert.ok(url.startsWith(`${server.issuer}/`));
      assert.notEqual((await http(url)).status, 404, name);
    }
  });

  it('names the grant types that work, and no others', async () => {
    const { grant_types_supported } = document.json;
    for (const grant_type of [...grant_types_supported, 'password', 'implicit']) {
      const { json } = await requestToken(
        server,
        { grant_type, code: 'x', refresh_token: 'x' },
        'web:web-secret',
      );
      assert.equal(
        json.error === 'unsupported_grant_type',
        !grant_types_supported.includes(grant_type),
        grant_type,
      );
    }
  });

  it('stands behind the well-known path for an issuer with a path, and in front of it too', async () => {
    const below = await startServer({}, { path: '/auth' });
    for (const url of [
      '/.well-known/oauth-authorization-server/auth',
      '/auth/.well-known/oauth-authorization-server',
    ]) {
      const { json } = await http(`${below.origin}${url}`);
      assert.equal(json.issuer, below.issuer, url);
      assert.equal(json.token_endpoint, `${below.issuer}/oauth/token`);
    }
    const root = await http(`${below.origin}/.well-known/oauth-authorization-server`);
    assert.equal(root.status, 404, 'the document of another issuer');
  });
});
