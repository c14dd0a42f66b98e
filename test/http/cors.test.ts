// Clients that run in a browser, on a page of another origin: what they call answers the preflight, and
// lets the script read what comes.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import express from 'express';
import { authorizationServer, cors, memoryStore } from '../../src/index.ts';
import { requireToken } from '../../src/resource-server/index.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';

const ORIGIN = 'https://spa.example';

/** What browser-based clients send, and what nobody has heard of. */
const ASKED = 'authorization,content-type,dpop,mcp-protocol-version,x-of-tomorrow';

/** What is for people, and what is for APIs: no script of a client may read it. */
const NOT_FOR_SCRIPTS = [
  'authorization_endpoint',
  'end_session_endpoint',
  'introspection_endpoint',
] as const;

function preflight(url: string, method: string): Promise<Answer> {
  return http(url, {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': method,
      'access-control-request-headers': ASKED,
    },
  });
}

for (const path of ['', '/as']) {
  describe(`a script of another origin, and a server with the path ${path || '/'}`, async () => {
    const server = await startServer({ REGISTRATION: 'open' }, { path });
    const at = async (wellKnown: string) =>
      (await http(`${server.origin}/.well-known/${wellKnown}`)).json;
    const metadata = await at(`oauth-authorization-server${path}`);

    const documents = [
      `oauth-authorization-server${path}`,
      `openid-configuration${path}`,
      `oauth-protected-resource${path}`,
    ].map((wellKnown) => `${server.origin}/.well-known/${wellKnown}`);
    const isUrl = ([name]: [string, unknown]) => /_endpoint$|^jwks_uri$/.test(name);
    const urls = Object.entries<string>(metadata).filter(isUrl);
    assert.ok(urls.length > 6);
    const forScripts = urls
      .filter(([name]) => !NOT_FOR_SCRIPTS.some((other) => other === name))
      .map(([, url]) => url);

    for (const url of [...documents, `${server.issuer}/secret`, ...forScripts]) {
      it(`may call ${url.slice(server.origin.length)} with whatever headers, and read every answer`, async () => {
        for (const method of ['GET', 'POST']) {
          const { status, headers } = await preflight(url, method);
          assert.equal(status, 204);
          assert.equal(headers.get('access-control-allow-origin'), '*');
          assert.equal(headers.get('access-control-allow-headers'), ASKED);
          assert.equal(headers.get('access-control-allow-credentials'), null);

          const answer = await http(url, {
            method,
            headers: { origin: ORIGIN, authorization: 'Bearer x', 'mcp-protocol-version': '1' },
            ...(method === 'POST' && { body: new URLSearchParams({ nothing: 'of use' }) }),
          });
          assert.ok(answer.status < 500);
          assert.equal(answer.headers.get('access-control-allow-origin'), '*', answer.text);
          assert.match(answer.headers.get('access-control-expose-headers') ?? '', /WWW-Auth/);
        }
      });
    }

    it('may manage its own registration', async () => {
      const url = `${metadata.registration_endpoint}/a-client`;
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, headers } = await preflight(url, method);
        assert.equal(status, 204);
        assert.match(headers.get('access-control-allow-methods') ?? '', new RegExp(method));
        const answer = await http(url, { method, headers: { origin: ORIGIN } });
        assert.equal(answer.status, 401);
        assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      }
    });

    for (const name of NOT_FOR_SCRIPTS) {
      it(`may read nothing of the ${name}`, async () => {
        const answers = [
          await preflight(metadata[name], 'POST'),
          await http(metadata[name], { headers: { origin: ORIGIN } }),
        ];
        for (const { headers } of answers) {
          assert.equal(headers.get('access-control-allow-origin'), null);
        }
      });
    }
  });
}

describe('a refusal of a route of an app that has CORS', async () => {
  const { server, origin } = await openServer();
  const oauth = authorizationServer({ issuer: origin, store: memoryStore() });
  after(() => oauth.close());
  const app = express().use(oauth.handler);
  const exposed = { bare: undefined, theirs: 'X-Total', both: 'x-total, www-authenticate' };
  const guards = {
    protect: oauth.protect('read'),
    requireToken: requireToken({ issuer: origin, resource: origin, scope: 'read' }),
  };
  for (const [guard, check] of Object.entries(guards)) {
    for (const [name, value] of Object.entries(exposed)) {
      app.get(`/${guard}/${name}`, (_req, res, next) => {
        res.set('Access-Control-Allow-Origin', ORIGIN);
        if (value !== undefined) res.set('Access-Control-Expose-Headers', value);
        next();
      });
    }
    app.use(`/${guard}/ours`, cors('GET'));
    app.use(`/${guard}`, check, (_req, res) => void res.json({}));
  }
  server.on('request', app);

  for (const guard of Object.keys(guards)) {
    it(`of ${guard}() shows the challenge to a script, and what the app shows besides`, async () => {
      for (const [name, expected] of [
        ['bare', 'WWW-Authenticate, Retry-After'],
        ['theirs', 'X-Total, WWW-Authenticate, Retry-After'],
        ['both', 'x-total, www-authenticate, Retry-After'],
        ['ours', 'WWW-Authenticate, Retry-After'],
      ]) {
        const { status, headers } = await http(`${origin}/${guard}/${name}`);
        assert.equal(status, 401);
        assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm=/);
        assert.equal(headers.get('access-control-expose-headers'), expected);
      }
    });
  }
});
