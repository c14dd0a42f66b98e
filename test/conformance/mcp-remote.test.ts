// mcp-remote, which lets assistants that know only programs on their own machine use a server: from a
// bare 401 to what a tool answers, unmodified, from npm.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../examples/mcp-server/one-app.ts';
import { documentHost } from '../helpers/documents.ts';
import { freePort } from '../helpers/free-port.ts';
import { openServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { httpsMissing } from '../helpers/https-host.ts';

const REMOTE = fileURLToPath(
  new URL('../../node_modules/mcp-remote/dist/proxy.js', import.meta.url),
);

const CLIENT = {
  client_id: 'remote',
  // It chooses the port by itself.
  redirect_uris: ['http://localhost/oauth/callback'],
  grant_types: ['authorization_code', 'refresh_token'] as ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none' as const,
};

const COME = /Please authorize this client by visiting:\s+(http\S+)\n/;

describe('mcp-remote', { skip: httpsMissing() }, async () => {
  const { server, origin } = await openServer();
  server.on('request', createApp(origin, { clients: [CLIENT], allowInternalUrls: true }));
  const documents = await documentHost();
  const document = documents.publish('/remote.json', { redirect_uris: CLIENT.redirect_uris });

  /** Starts it, and lets alice in whenever it asks her to come. */
  async function start(settings: readonly string[]) {
    const [port, directory] = await Promise.all([
      freePort(),
      mkdtemp(join(tmpdir(), 'mcp-remote-')),
    ]);
    const args = [REMOTE, `${origin}/mcp`, `${port}`, '--transport', 'http-only', ...settings];
    // With no PATH it opens no browser.
    const env = { HOME: directory, MCP_REMOTE_CONFIG_DIR: directory, PATH: '' };
    const child = spawn(process.execPath, args, { env });
    const closed = once(child, 'close');
    const stop = async () => {
      child.kill('SIGKILL');
      await closed;
      await rm(directory, { recursive: true });
    };
    const person = new Person({ origin, issuer: origin });
    const visits: string[] = [];
    let written = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      written += chunk;
      const [all, url] = COME.exec(written) ?? [];
      if (all === undefined || url === undefined) return;
      written = written.replace(all, '');
      visits.push(url);
      void person.allow(url).then(({ href }) => http(href));
    });
    const waiting = new Map<number, (answer: { result: unknown }) => void>();
    createInterface(child.stdout).on('line', (line) => {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
    });
    let id = 0;
    const ask = (method: string, params: object): Promise<{ result: unknown }> => {
      id += 1;
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      return new Promise((answered) => waiting.set(id, answered));
    };
    return { ask, visits, stop };
  }

  for (const [how, settings] of Object.entries({
    'as a client that somebody has registered': [
      '--static-oauth-client-info',
      JSON.stringify({ client_id: CLIENT.client_id }),
    ],
    'by the document at its id': ['--client-metadata-url', document],
    'by registration': [],
  })) {
    it(`signs its person in, and calls a tool, ${how}`, { timeout: 60_000 }, async (t) => {
      const { ask, visits, stop } = await start(settings);
      t.after(stop);
      const clientInfo = { name: 'assistant', version: '1.0.0' };
      await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      const { result } = await ask('tools/call', { name: 'list_appointments', arguments: {} });
      assert.match(JSON.stringify(result), /Tea with the Hatter/);
      assert.equal(visits.length, 1);
      assert.equal(new URL(visits[0]!).searchParams.get('resource'), `${origin}/mcp`);
    });
  }
});
