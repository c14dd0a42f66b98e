// The example of an MCP server: which request needs which scopes, in one app with the authorization
// server and in a process of its own.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createApp } from '../examples/mcp-server/one-app.ts';
import { run, until } from './helpers/examples.ts';
import { requestToken } from './helpers/flows.ts';
import { freePort } from './helpers/free-port.ts';
import { openServer, startServer } from './helpers/harness.ts';
import { type Answer, http } from './helpers/http.ts';

const MACHINE = {
  client_id: 'machine',
  client_secret: 'a-secret-for-this-test',
  grant_types: ['client_credentials'] as ['client_credentials'],
};

interface Site {
  readonly issuer: string;
  readonly resource: string;
}

async function oneApp(): Promise<Site> {
  const { server, origin } = await openServer();
  server.on('request', createApp(origin, { clients: [MACHINE] }));
  return { issuer: origin, resource: `${origin}/mcp` };
}

async function ownProcess(): Promise<Site> {
  const seed = { scopes: { read: 'Read', write: 'Write' }, clients: [MACHINE], users: [] };
  const { issuer } = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' }, { seed });
  const port = await freePort();
  const program = run('examples/mcp-server/main.ts', { ISSUER: issuer, PORT: `${port}` });
  after(program.stop);
  await until(program, /is running at/);
  return { issuer, resource: `http://localhost:${port}/mcp` };
}

const CALL = (name: string, given: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: given },
});
const LIST = CALL('list_appointments');
const TEA = { title: 'Tea', place: 'Garden', starts: '2030-01-01T10:00:00Z' };
const MAKE = CALL('make_appointment', TEA);

for (const [kind, begin] of Object.entries({
  'in one app with the authorization server': oneApp,
  'in a process of its own': ownProcess,
})) {
  describe(`the MCP server of the examples, ${kind}`, async () => {
    const { issuer, resource } = await begin();
    const metadataUrl = resource.replace(/\/mcp$/, '/.well-known/oauth-protected-resource/mcp');

    const tokenFor = async (scope: string, audience = resource): Promise<string> => {
      const form = { grant_type: 'client_credentials', scope, resource: audience };
      const { json } = await requestToken({ issuer }, form, 'machine:a-secret-for-this-test');
      return json.access_token;
    };
    const send = (message: unknown, token?: string, type = 'application/json'): Promise<Answer> =>
      http(resource, {
        method: 'POST',
        headers: {
          accept: 'application/json, text/event-stream',
          'content-type': type,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(message),
      });
    const challengeOf = ({ headers }: Answer) => headers.get('www-authenticate') ?? '';

    it('says where tokens come from, and its scopes', async () => {
      const { json } = await http(metadataUrl);
      assert.equal(json.resource, resource);
      assert.deepEqual(json.authorization_servers, [issuer]);
      assert.deepEqual(json.scopes_supported, ['read', 'write']);
    });

    it('names in a challenge every scope that the request needs, and where its metadata is', async () => {
      for (const [message, scope] of [
        [LIST, 'read'],
        [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'read'],
        [CALL('no such tool'), 'read'],
        [MAKE, 'read write'],
        [[LIST], 'read write'],
      ] as const) {
        const refused = await send(message);
        assert.equal(refused.status, 401);
        assert.ok(challengeOf(refused).includes(`scope="${scope}", resource_metadata=`));
        assert.ok(challengeOf(refused).includes(`resource_metadata="${metadataUrl}"`));
      }
    });

    it('steps up: a tool that needs more is refused with 403 and all of its scopes', async () => {
      for (const [given, message] of [
        ['read', MAKE],
        ['write', MAKE],
        ['read', [LIST, MAKE]],
      ] as const) {
        const refused = await send(message, await tokenFor(given));
        assert.equal(refused.status, 403);
        assert.match(challengeOf(refused), /error="insufficient_scope".*scope="read write"/);
        assert.ok(challengeOf(refused).includes(`resource_metadata="${metadataUrl}"`));
      }
    });

    it('is not led past a guard by the type of the body', async () => {
      const token = await tokenFor('read');
      for (const type of ['application/json, text/plain', 'application/json;', 'text/plain', '']) {
        assert.equal((await send(MAKE, token, type)).status, 403, type);
      }
    });

    it('does what the token allows, for the one it speaks for', async () => {
      const made = await send(MAKE, await tokenFor('read write'));
      assert.equal(made.status, 200);
      const listed = await send(LIST, await tokenFor('read'));
      assert.match(listed.text, /2030-01-01T10:00:00\.000Z Tea, Garden/);
      assert.doesNotMatch(listed.text, /Hatter/);
    });

    it('takes no token for another resource', async () => {
      const refused = await send(LIST, await tokenFor('read', issuer));
      assert.equal(refused.status, 401);
      assert.match(challengeOf(refused), /error="invalid_token"/);
      const isGuardedByServer = kind.startsWith('in one app');
      const reason = isGuardedByServer
        ? 'is for another resource: name this one in the parameter resource.'
        : 'The access token ';
      assert.ok(challengeOf(refused).includes(reason), challengeOf(refused));
    });

    it('answers what is no message with an error of its own', async () => {
      const token = await tokenFor('read write');
      for (const message of [{}, [], 'text', null, [null], { method: 'tools/call', params: 1 }]) {
        const { status, json } = await send(message, token);
        assert.ok(status >= 400 && status < 500, `${JSON.stringify(message)} ${status}`);
        assert.ok(json.error.code < 0);
      }
    });
  });
}
