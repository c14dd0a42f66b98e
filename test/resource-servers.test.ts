// docs/resource-servers.md and examples/resource-servers: the guide shows the examples as they are,
// its commands do what it says, and the examples let in nobody who should stay out.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, mock } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { byIntrospection } from '../examples/resource-servers/introspection.ts';
import { byKeySet } from '../examples/resource-servers/jwks.ts';
import { type Check, createNotesApi } from '../examples/resource-servers/notes-api.ts';
import { Answers, type Block, commandsOf, curlMissing, readBlocks, sh } from './document.ts';
import {
  type Answer,
  authorizeAs,
  basic,
  http,
  listen,
  requestToken,
  startServer,
  type TestServer,
} from './harness.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EXAMPLES = join(ROOT, 'examples/resource-servers');

const guide = await readFile(join(ROOT, 'docs/resource-servers.md'), 'utf8');
const blocks = readBlocks(guide);
const seedText = await readFile(join(EXAMPLES, 'seed.json'), 'utf8');

describe('the guide for resource servers', async () => {
  const regions = new Map<string, string>();
  for (const file of await readdir(EXAMPLES)) {
    const source = await readFile(join(EXAMPLES, file), 'utf8');
    for (const [, indent = '', name, content = ''] of source.matchAll(
      /^( *)\/\/ #region (\S+)\n([\s\S]*?)^ *\/\/ #endregion$/gm,
    )) {
      regions.set(`${file}#${name}`, content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
    }
  }

  it('shows every region of the examples, letter for letter, and no other code', () => {
    const shown = blocks.filter(({ language }) => language === 'ts').map(({ content }) => content);
    assert.ok(regions.size > 5);
    assert.deepEqual(shown.toSorted(), [...regions.values()].toSorted());
  });

  it('shows the seed file of the examples', () => {
    assert.ok(blocks.some(({ language, content }) => language === 'json' && content === seedText));
  });

  it('has no language in it that is not run', () => {
    for (const { language } of blocks) {
      assert.ok(['ts', 'sh', 'json', 'http'].includes(language), language);
    }
  });

  it('explains every claim of a token, and no other', async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' });
    const { exchange } = await authorizeAs(server);
    const claims = Object.keys(decodeJwt((await exchange()).json.access_token));
    const rows = [...guide.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| .*\. \|$/gm)];
    const explained = rows.flatMap(([, names = '']) => names.replaceAll('`', '').split(', '));
    assert.deepEqual(explained.toSorted(), claims.toSorted());
  });
});

describe('every command in the guide for resource servers', { timeout: 60_000 }, () => {
  const answers = new Answers();
  const running: ChildProcess[] = [];
  let directory = '';
  /** The ports of the guide, and those that are free here. */
  let ports = new Map<string, string>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'resource-servers-'));
    ports = new Map(
      await Promise.all(
        ['4001', '4002', '4003', '4004'].map(async (p) => [p, await freePort()] as const),
      ),
    );
    await writeFile(join(directory, 'seed.json'), here(seedText));
  });
  after(async () => {
    const exits = running.map((child) => once(child, 'close'));
    for (const child of running) child.kill();
    await Promise.all(exits);
    await rm(directory, { recursive: true });
  });

  /** A text of the guide, for this machine. */
  function here(text: string): string {
    return text.replace(/localhost:(\d+)/g, (_, port: string) => {
      assert.ok(ports.has(port), `the port ${port} is one of the examples`);
      return `localhost:${ports.get(port)}`;
    });
  }

  /** Starts a program and waits until it says that it is ready. */
  async function start(script: string, env: Record<string, string>): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, script)], {
      cwd: directory,
      env: { LOG_LEVEL: 'silent', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const ended = once(child, 'exit').then(() => assert.fail(`${script} did not start`));
    await Promise.race([once(child.stdout!, 'data'), ended]);
  }

  const kinds: { pattern: RegExp; run: (command: string, block: Block) => Promise<void> }[] = [
    {
      pattern: /^SEED_FILE=examples\/resource-servers\/seed\.json npm start$/,
      run: () =>
        start('src/main.ts', {
          SEED_FILE: join(directory, 'seed.json'),
          PORT: ports.get('4001')!,
        }),
    },
    {
      pattern: /^npx node examples\/resource-servers\/\w+\.ts$/,
      async run(command) {
        const script = command.split(' ').at(-1)!;
        // Which port an example is at by default stands in the example alone.
        const [, port = ''] =
          /\['PORT'\] \?\? (\d+)/.exec(await readFile(join(ROOT, script), 'utf8')) ?? [];
        await start(script, { PORT: ports.get(port)!, ISSUER: here('http://localhost:4001') });
      },
    },
    {
      pattern: /^curl /,
      async run(command, { below }) {
        assert.ok(below);
        const answer = await sh(answers.fillIn(here(command)), directory);
        const shown = { ...below, content: here(below.content) };
        answers.compareCurl(command, answer, { language: 'sh', content: command, below: shown });
      },
    },
  ];

  for (const block of blocks.filter(({ language }) => language === 'sh')) {
    for (const command of commandsOf(block)) {
      const kind = kinds.find(({ pattern }) => pattern.test(command));
      const skip = command.startsWith('curl ') && curlMissing();
      it(command, { skip }, async () => {
        assert.ok(kind, 'this test has to be told how to run it');
        await kind.run(command, block);
      });
    }
  }
});

async function freePort(): Promise<string> {
  const probe = createServer();
  await listen(probe);
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}

const NOTES = 'https://notes.example.com/notes';
const OTHER = 'https://other.example.com/';

const SEED = {
  scopes: { read: 'Read', write: 'Write' },
  resources: { [NOTES]: {}, [OTHER]: {} },
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret',
      grant_types: ['client_credentials'],
      access_token_ttl: 60,
    },
    { client_id: 'api', client_secret: 'api-secret', grant_types: [], introspects: [NOTES] },
  ],
};

/** The notes at some place, with the tokens of a server checked in one of the two ways. */
async function serveNotes(check: Check, issuer: string): Promise<string> {
  const app = createNotesApi({ issuer, resource: NOTES, check });
  // Express writes an error to standard error, but for this environment.
  app.set('env', 'test');
  const server = createServer(app as RequestListener);
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const introspection = (issuer: string) =>
  byIntrospection({ issuer, resource: NOTES, clientId: 'api', clientSecret: 'api-secret' });
const keySet = (issuer: string) => byKeySet({ issuer, resource: NOTES });

for (const { how, format, checkOf, isTold } of [
  { how: 'introspection, opaque', format: 'opaque', checkOf: introspection, isTold: true },
  { how: 'introspection, JWT', format: 'jwt', checkOf: introspection, isTold: true },
  { how: 'the key set', format: 'jwt', checkOf: keySet, isTold: false },
]) {
  describe(`the example that checks tokens by ${how}`, async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
    const origin = await serveNotes(checkOf(server.issuer), server.issuer);

    const issue = async (form: Record<string, string>, at: TestServer = server) => {
      const grant = { grant_type: 'client_credentials', ...form };
      return (await requestToken(at, grant, 'app:app-secret')).json.access_token as string;
    };
    const call = (token: string, init: RequestInit = {}): Promise<Answer> =>
      http(`${origin}/notes`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      });
    const assertRefused = async (token: string) => {
      const { status, headers, json } = await call(token);
      assert.equal(status, 401);
      assert.equal(json.error, 'invalid_token');
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token", scope=/);
    };

    it('lets in who has a token for it with the scope that is needed', async () => {
      const token = await issue({ resource: NOTES });
      assert.equal((await call(token, { method: 'POST', body: 'a note' })).status, 201);
      assert.deepEqual((await call(token)).json, { notes: ['a note'] });
    });

    it('takes the scheme in any case', async () => {
      const authorization = `bearer ${await issue({ resource: NOTES })}`;
      assert.equal((await http(`${origin}/notes`, { headers: { authorization } })).status, 200);
    });

    it('answers 401 without an error code where there is no token', async () => {
      const { status, headers } = await http(`${origin}/notes`);
      assert.equal(status, 401);
      assert.equal(
        headers.get('www-authenticate'),
        'Bearer scope="read", resource_metadata="https://notes.example.com/.well-known/oauth-protected-resource/notes"',
      );
    });

    it('answers 403 where the scope is too little', async () => {
      const token = await issue({ resource: NOTES, scope: 'read' });
      assert.equal((await call(token)).status, 200);
      const { status, headers } = await call(token, { method: 'POST', body: 'a note' });
      assert.equal(status, 403);
      assert.match(headers.get('www-authenticate') ?? '', /insufficient_scope.*"read write"/);
    });

    it('refuses a token for another resource, and one for the server itself', async () => {
      await assertRefused(await issue({ resource: OTHER }));
      await assertRefused(await issue({}));
    });

    it('refuses a token of another server, and one that nobody issued', async () => {
      const other = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
      await assertRefused(await issue({ resource: NOTES }, other));
      await assertRefused('made-up');
      await assertRefused('eyJhbGciOiJub25lIn0.e30.');
    });

    it('refuses an expired token', async () => {
      const token = await issue({ resource: NOTES });
      assert.equal((await call(token)).status, 200);
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 62_000 });
      try {
        await assertRefused(token);
      } finally {
        mock.timers.reset();
      }
    });

    it(`${isTold ? 'refuses' : 'does not notice'} a token that was revoked`, async () => {
      const token = await issue({ resource: NOTES });
      assert.equal((await call(token)).status, 200);
      const { status } = await http(`${server.issuer}/oauth/revoke`, {
        method: 'POST',
        headers: { authorization: basic('app', 'app-secret') },
        body: new URLSearchParams({ token }),
      });
      assert.equal(status, 200);
      assert.equal((await call(token)).status, isTold ? 401 : 200);
    });

    it('says where its tokens come from (RFC 9728)', async () => {
      const { json } = await http(`${origin}/.well-known/oauth-protected-resource/notes`);
      assert.equal(json.resource, NOTES);
      assert.deepEqual(json.authorization_servers, [server.issuer]);
    });

    it('lets nobody in, and calls no token wrong, while the server cannot be reached', async () => {
      const gone = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
      const alone = await serveNotes(checkOf(gone.issuer), gone.issuer);
      const authorization = `Bearer ${await issue({ resource: NOTES }, gone)}`;
      await gone.close();
      const { status } = await http(`${alone}/notes`, { headers: { authorization } });
      assert.equal(status, 500);
    });
  });
}

describe('the examples with the issuer for their resource', async () => {
  const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' });
  const { issuer, store } = server;
  await store.clients.save({
    ...(await store.clients.find('basic-only'))!,
    introspects: [issuer],
  });
  const api = { issuer, resource: issuer, clientId: 'basic-only', clientSecret: 'a+b%20c/d' };

  for (const [how, check] of [
    ['introspection', byIntrospection(api)],
    ['the key set', byKeySet(api)],
  ] as const) {
    it(`take tokens of clients that name no resource, and no others, by ${how}`, async () => {
      const form = { grant_type: 'client_credentials' };
      const { json } = await requestToken(server, form, 'web:web-secret');
      assert.equal((await check(json.access_token))?.sub, 'web');
      const named = await requestToken(server, { ...form, resource: NOTES }, 'web:web-secret');
      assert.equal(await check(named.json.access_token), undefined);
    });
  }
});

describe('the example that checks tokens by the key set', async () => {
  const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' }, { seed: SEED });
  const check = keySet(server.issuer);
  const grant = { grant_type: 'client_credentials', resource: NOTES };
  const token: string = (await requestToken(server, grant, 'app:app-secret')).json.access_token;

  it('refuses a token without a signature', async () => {
    const claims = decodeJwt(token);
    assert.ok(await check(token));
    assert.equal(await check(new UnsecuredJWT(claims).encode()), undefined);
    assert.equal(await check(`${token.split('.').slice(0, 2).join('.')}.`), undefined);
  });

  it('refuses another JWT that the server signed', async () => {
    const { text } = await http(`${server.issuer}/oauth/introspect`, {
      method: 'POST',
      headers: {
        authorization: basic('api', 'api-secret'),
        accept: 'application/token-introspection+jwt',
      },
      body: new URLSearchParams({ token }),
    });
    assert.equal(decodeJwt(text).aud, 'api');
    assert.equal(await check(text), undefined);
  });
});
