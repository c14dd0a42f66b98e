// docs/mcp.md: its code is that of the example, and its commands answer what it shows.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Answers, commandsOf, curlMissing, readBlocks, sh } from './helpers/document.ts';
import { type Program, run, until } from './helpers/examples.ts';
import { authorizeUrl, pkce, requestToken } from './helpers/flows.ts';
import { freePort } from './helpers/free-port.ts';
import { http } from './helpers/http.ts';
import { Person } from './helpers/http-person.ts';
import { MAIN } from './helpers/main-file.ts';
import { bearer, registerClient } from './helpers/registering.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const guide = await readFile(join(ROOT, 'docs/mcp.md'), 'utf8');
const CALLBACK = 'http://127.0.0.1:9/callback';

describe('docs/mcp.md', async () => {
  const folder = join(ROOT, 'examples/mcp-server');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const ports = new Map<string, number>();
  for (const port of ['4001', '4005', '4006']) ports.set(port, await freePort());
  const here = (text: string) =>
    text.replace(/localhost:(\d+)/g, (_, port: string) => `localhost:${ports.get(port)}`);
  const issuer = here('http://localhost:4001');
  const resource = here('http://localhost:4005/mcp');
  const blocks = readBlocks(here(guide));

  it('shows the example, letter for letter', () => {
    const shown = blocks.filter(({ language }) => language === 'ts');
    assert.equal(shown.length, 3);
    const code = [...sources, ...sources.map((source) => source.replaceAll(/^ {2}/gm, ''))];
    for (const { content } of shown) {
      assert.ok(
        code.some((source) => source.includes(content)),
        content,
      );
    }
  });

  it('has no language in it that is not looked at', () => {
    for (const { language } of blocks) {
      assert.ok(['ts', 'sh', 'json', 'http'].includes(language), language);
    }
  });

  const running: Program[] = [];
  after(() => Promise.all(running.map((program) => program.stop())));
  const begin = async (script: string, env: Record<string, string>) => {
    const program = run(script, env);
    running.push(program);
    await until(program, /is running at/);
  };
  /** The programs that the guide starts. */
  const programs = new Map<string, () => Promise<void>>([
    [
      'npx node examples/mcp-server/one-app.ts',
      () => begin('examples/mcp-server/one-app.ts', { PORT: `${ports.get('4006')}` }),
    ],
    [
      'ACCESS_TOKEN_FORMAT=jwt REGISTRATION=open npm start',
      () =>
        begin(MAIN, {
          PORT: `${ports.get('4001')}`,
          ACCESS_TOKEN_FORMAT: 'jwt',
          REGISTRATION: 'open',
        }),
    ],
    [
      'npx node examples/mcp-server/main.ts',
      () => begin('examples/mcp-server/main.ts', { PORT: `${ports.get('4005')}`, ISSUER: issuer }),
    ],
  ]);
  const answers = new Answers();
  for (const block of blocks.filter(({ language }) => language === 'sh')) {
    for (const command of commandsOf(block)) {
      const isCurl = command.startsWith('curl ');
      it(command, { skip: isCurl && curlMissing() }, async () => {
        if (isCurl) return answers.compareCurl(command, await sh(command, tmpdir()), block);
        const start = programs.get(command);
        assert.ok(start, 'this test has to be told how to run it');
        return start();
      });
    }
  }

  it('starts two processes in which a client registers, and calls a tool for its person', async () => {
    const site = { origin: issuer, issuer };
    const { json } = await registerClient(site, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
    });
    const { client_id } = json as { client_id: string };
    const { verifier, challenge } = pkce();
    const asked = { client_id, redirect_uri: CALLBACK, resource, code_challenge: challenge };
    const back = await new Person(site).allow(authorizeUrl(site, asked));
    const tokens = await requestToken(site, {
      grant_type: 'authorization_code',
      client_id,
      code: back.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      resource,
    });
    const called = await http(resource, {
      method: 'POST',
      headers: {
        ...bearer(tokens.json.access_token),
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'list_appointments', arguments: {} },
      }),
    });
    assert.equal(called.status, 200, called.text);
  });

  it('has every command that the README of the example has', async () => {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const shown = readBlocks(readme).filter(({ language }) => language === 'sh');
    assert.deepEqual(shown.flatMap(commandsOf).toSorted(), [...programs.keys()].toSorted());
  });
});
