// docs/resource-servers.md and examples/resource-server: the guide shows the example as it is, and its
// commands do what it says.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeJwt } from 'jose';
import { createApi } from '../../examples/resource-server/api.ts';
import { createGet } from '../../examples/resource-server/fetch.ts';
import { checkToken, type OAuthError, requireToken } from '../../src/resource-server/index.ts';
import { API, newKey, serveApi, serveElsewhere } from '../helpers/api.ts';
import { COMPILED } from '../helpers/compiled.ts';
import {
  Answers,
  type Block,
  commandsOf,
  curlMissing,
  readBlocks,
  sh,
} from '../helpers/document.ts';
import { authorizeAs } from '../helpers/flows.ts';
import { listen, openServer, startServer } from '../helpers/harness.ts';
import { type Answer, http } from '../helpers/http.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXAMPLES = join(ROOT, 'examples/resource-server');

const guide = await readFile(join(ROOT, 'docs/resource-servers.md'), 'utf8');
const blocks = readBlocks(guide);
const seedText = await readFile(join(ROOT, 'examples/seed.json'), 'utf8');

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
    assert.ok(regions.size > 4);
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

  /** The names in the first column of a table. */
  const explainedBelow = (title: string): string[] => {
    const [, table = ''] = guide.slice(guide.indexOf(title)).split('\n\n');
    const rows = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| .*\. \|$/gm)];
    return rows.flatMap(([, names = '']) => names.replaceAll('`', '').split(', ')).toSorted();
  };

  it('explains every option of requireToken(), and no other', () => {
    const options = explainedBelow('The options of `requireToken()`:');
    assert.throws(
      () => requireToken({ more: 1 } as never),
      ({ message }: Error) => {
        const [, names = ''] = /Its options are (.*)\.$/.exec(message) ?? [];
        assert.deepEqual(options, names.split(', ').toSorted());
        return true;
      },
    );
  });

  it('explains every claim of a token, and no other', async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' });
    const { exchange } = await authorizeAs(server);
    const claims = Object.keys(decodeJwt((await exchange()).json.access_token));
    assert.deepEqual(explainedBelow('What is in the token:'), claims.toSorted());
  });
});

describe('every command in the guide for resource servers', { timeout: 60_000 }, () => {
  const answers = new Answers();
  const running = new Set<ChildProcess>();
  let api: ChildProcess | undefined;
  let directory = '';
  /** The ports of the guide, and those that are free here. */
  let ports = new Map<string, string>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'resource-servers-'));
    ports = new Map(
      await Promise.all(
        ['4000', '4001', '4002', '4003'].map(async (p) => [p, await freePort()] as const),
      ),
    );
    await writeFile(join(directory, 'seed.json'), here(seedText));
  });
  after(async () => {
    await Promise.all([...running].map(stop));
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
  async function start(script: string, env: Record<string, string>): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(ROOT, script)], {
      cwd: directory,
      env: { ...COMPILED, LOG_LEVEL: 'silent', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    const ended = once(child, 'exit').then(() => assert.fail(`${script} did not start`));
    await Promise.race([once(child.stdout!, 'data'), ended]);
    ended.catch(() => {});
    return child;
  }

  async function stop(child: ChildProcess): Promise<void> {
    running.delete(child);
    const closed = once(child, 'close');
    child.kill();
    await closed;
  }

  const kinds: { pattern: RegExp; run: (command: string, block: Block) => Promise<unknown> }[] = [
    {
      pattern: /^SEED_FILE=examples\/seed\.json npm start$/,
      run: () =>
        start('src/main.ts', {
          SEED_FILE: join(directory, 'seed.json'),
          PORT: ports.get('4001')!,
        }),
    },
    {
      pattern: /^npx node examples\/resource-server\/protect\.ts$/,
      run: () => start('examples/resource-server/protect.ts', { PORT: ports.get('4003')! }),
    },
    {
      pattern: /^(?:VERIFY=introspection )?npx node examples\/resource-server\/main\.ts$/,
      async run(command) {
        const [, VERIFY] = /^VERIFY=(\w+)/.exec(command) ?? [];
        // The second time it takes the place of the first.
        if (api !== undefined) await stop(api);
        api = await start('examples/resource-server/main.ts', {
          PORT: ports.get('4002')!,
          ISSUER: here('http://localhost:4001'),
          ...(VERIFY && { VERIFY }),
        });
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

const FIRE_DRILL = '{"title":"Fire drill","starts":"2030-01-31T10:00:00.000Z"}';

describe('the example', async () => {
  const key = newKey('one');
  const elsewhere = await serveElsewhere(key);
  const { server, origin } = await openServer();
  server.on('request', createApi({ issuer: elsewhere.issuer, resource: API }) as RequestListener);

  const call = (claims: Record<string, string>, body?: string): Promise<Answer> =>
    http(`${origin}/api/appointments`, {
      ...(body !== undefined && { method: 'POST', body }),
      headers: {
        authorization: `Bearer ${elsewhere.token(key, { scope: 'read write', ...claims })}`,
        'content-type': 'application/json',
      },
    });

  it('makes an appointment for whom the token speaks, and shows it to nobody else', async () => {
    const alice = { sub: 'alice', client_id: 'agenda' };
    const made = await call(alice, FIRE_DRILL);
    assert.equal(made.status, 201);
    assert.deepEqual(made.json, { ...JSON.parse(FIRE_DRILL), place: '' });
    assert.ok((await call({ ...alice, client_id: 'desktop' })).text.includes('Fire drill'));
    assert.ok(!(await call({ ...alice, sub: 'bob' })).text.includes('Fire drill'));
  });

  it('keeps what a client has from a person of the same name', async () => {
    const [person, client] = [
      { sub: 'maria', client_id: 'agenda' },
      { sub: 'maria', client_id: 'maria' },
    ];
    for (const [owner, other] of [
      [person, client],
      [client, person],
    ] as const) {
      const before = (await call(other)).json;
      assert.equal((await call(owner, FIRE_DRILL)).status, 201);
      assert.deepEqual((await call(other)).json, before);
    }
  });

  it('makes none with the scope read alone', async () => {
    const { status, json } = await call({ scope: 'read' }, FIRE_DRILL);
    assert.equal(status, 403);
    assert.equal(json.error, 'insufficient_scope');
  });

  it('answers a body that is no appointment with 400', async () => {
    for (const body of ['{', '[]', '{"title":"No time"}', '{"title":1,"starts":"2030-01-31"}']) {
      assert.equal((await call({}, body)).status, 400, body);
    }
  });
});

describe('the example without req and res, by checkToken()', async () => {
  const key = newKey('one');
  const elsewhere = await serveElsewhere(key);
  const GET = createGet({ issuer: elsewhere.issuer, resource: API });
  const { server, origin } = await openServer();
  server.on('request', async (req, res) => {
    const { authorization } = req.headers;
    const headers: HeadersInit = authorization === undefined ? {} : { authorization };
    const answer = await GET(new Request(`${origin}${req.url}`, { headers }));
    res.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  const api = await serveApi({ issuer: elsewhere.issuer, resource: API });

  it('lets in who has a token', async () => {
    const headers = { authorization: `Bearer ${elsewhere.token(key)}` };
    const { status, json } = await http(`${origin}/`, { headers });
    assert.equal(status, 200);
    assert.ok(Array.isArray(json.appointments));
  });

  it('refuses as requireToken() does', async () => {
    for (const authorization of [
      undefined,
      'Basic d2ViOnNlY3JldA==',
      'Bearer made-up',
      'Bearer one, Bearer two',
      `Bearer ${elsewhere.token(key, { scope: 'write' })}`,
      `Bearer ${elsewhere.token(key, { aud: 'https://other.example.com' })}`,
    ]) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const own = await http(`${origin}/`, { headers });
      const usual = await http(`${api.origin}/read`, { headers });
      assert.equal(own.status, usual.status, authorization);
      assert.deepEqual(own.json, usual.json);
      for (const name of ['www-authenticate', 'cache-control']) {
        assert.equal(own.headers.get(name), usual.headers.get(name), name);
      }
    }
  });

  it('answers 503 with Retry-After while the server is away', async () => {
    const away = await serveElsewhere(key);
    away.isAway = true;
    const check = checkToken({ issuer: away.issuer, resource: API });
    const { status, headers } = await check(`Bearer ${away.token(key)}`).then(
      () => assert.fail('it is away'),
      (error: unknown) => error as OAuthError,
    );
    assert.deepEqual([status, headers], [503, { 'Retry-After': '5' }]);
  });
});
