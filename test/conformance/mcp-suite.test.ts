// The conformance suite of the Model Context Protocol, as it comes from npm: its scenarios for
// authorization servers.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../helpers/free-port.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';

const SUITE = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url),
);

/** The revision whose scenarios are run. */
const REVISION = '2026-07-28';

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Follows the redirect to the suite, which says where to begin a moment before it listens. */
async function comeBack(href: string, tries = 100): Promise<unknown> {
  try {
    return await http(href);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ECONNREFUSED' || tries === 0) throw error;
    await wait(50);
    return comeBack(href, tries - 1);
  }
}

/** Runs every scenario, with alice in front of the browser, and reads what came out. */
async function runSuite(server: TestServer, settings: readonly string[]): Promise<Check[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mcp-suite-'));
  after(() => rm(directory, { recursive: true }));
  const where = ['--url', server.issuer, '--output-dir', directory];
  const args = [SUITE, 'authorization', ...where, '--spec-version', REVISION, ...settings];
  const suite = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let written = '';
  let visit: Promise<unknown> | undefined;
  suite.stdout.setEncoding('utf8').on('data', (chunk) => {
    written += chunk;
    const [url] = /^http\S+response_type=code\S+$/m.exec(written) ?? [];
    if (url === undefined) return;
    visit ??= new Person(server).allow(url).then(({ href }) => comeBack(href));
  });
  await once(suite, 'close');
  await visit;
  const files = await readdir(directory, { recursive: true });
  const results = files.filter((file) => file.endsWith('checks.json'));
  const texts = await Promise.all(results.map((file) => readFile(join(directory, file), 'utf8')));
  return texts.flatMap((text) => JSON.parse(text));
}

for (const path of ['', '/as']) {
  describe(`the MCP conformance suite, at an issuer with the path ${path || '/'}`, async () => {
    const port = await freePort();
    const client = {
      client_id: 'suite',
      redirect_uris: [`http://127.0.0.1:${port}/callback`],
      token_endpoint_auth_method: 'none',
    };
    const users = [{ username: 'alice', password: 'wonderland', name: 'Alice' }];
    const seed = { scopes: { read: 'Read' }, clients: [client], users };
    const server = await startServer({ CLIENT_METADATA_DOCUMENTS: 'on' }, { seed, path });

    it('passes every check, without a warning', { timeout: 60_000 }, async () => {
      const settings = ['--client-id', 'suite', '--port', `${port}`];
      const checks = await runSuite(server, [...settings, '--resource', server.issuer]);
      const passed = checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id);
      const others = checks.filter(({ status }) => status !== 'SUCCESS');
      assert.deepEqual(others, []);
      assert.deepEqual(passed.toSorted(), [
        'authorization-code-grant',
        'authorization-server-metadata',
        'authorization-server-metadata-cimd',
      ]);
    });
  });
}
