// docs/resource-servers.md and examples/resource-server: the guide shows the example as it is, its
// commands do what it says, and the example lets in nobody who should stay out.

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
import { type Check, createApi } from '../../examples/resource-server/api.ts';
import { byIntrospection } from '../../examples/resource-server/introspection.ts';
import { byKeySet } from '../../examples/resource-server/jwks.ts';
import { COMPILED } from '../helpers/compiled.ts';
import {
  Answers,
  type Block,
  commandsOf,
  curlMissing,
  readBlocks,
  sh,
} from '../helpers/document.ts';
import { authorizeAs, requestToken } from '../helpers/flows.ts';
import { listen, startServer, type TestServer } from '../helpers/harness.ts';
import { type Answer, basic, http } from '../helpers/http.ts';

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

const API = 'https://api.example.com/api';
const OTHER = 'https://other.example.com/';
const METADATA =
  'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/api"';
const FIRE_DRILL = '{"title":"Fire drill","starts":"2030-01-31T10:00:00.000Z"}';

const SEED = {
  scopes: { read: 'Read', write: 'Write' },
  resources: { [API]: {}, [OTHER]: {} },
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret',
      grant_types: ['client_credentials'],
      access_token_ttl: 60,
    },
    { client_id: 'other-app', client_secret: 'other-secret', grant_types: ['client_credentials'] },
    { client_id: 'api', client_secret: 'api-secret', grant_types: [], introspects: [API] },
  ],
};

/** The API at some place, with the tokens of a server checked in one of the two ways. */
async function serveApi(check: Check, issuer: string): Promise<string> {
  const app = createApi({ issuer, resource: API, check });
  const server = createServer(app as RequestListener);
  await listen(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const introspection = (issuer: string) =>
  byIntrospection({ issuer, resource: API, clientId: 'api', clientSecret: 'api-secret' });
const keySet = (issuer: string) => byKeySet({ issuer, resource: API });

describe('the example', () => {
  it('keeps what a client has from a person of the same name', async () => {
    // As another authorization server may issue them: the token says who it is.
    const issuer = 'https://auth.example.com';
    const check: Check = async (token) => ({ ...JSON.parse(atob(token)), scope: 'read write' });
    const origin = await serveApi(check, issuer);
    const call = (token: object, init: RequestInit = {}) =>
      http(`${origin}/api/appointments`, {
        ...init,
        headers: {
          authorization: `Bearer ${btoa(JSON.stringify(token))}`,
          'content-type': 'application/json',
        },
      });
    const [person, client] = [
      { sub: 'maria', client_id: 'agenda' },
      { sub: 'maria', client_id: 'maria' },
    ];
    for (const [owner, other] of [
      [person, client],
      [client, person],
    ] as const) {
      const before = (await call(other)).json;
      assert.equal((await call(owner, { method: 'POST', body: FIRE_DRILL })).status, 201);
      assert.deepEqual((await call(other)).json, before);
    }
    assert.equal((await call({ sub: 'maria', client_id: 'desktop' })).json.appointments.length, 1);
  });
});

for (const { how, format, checkOf, isTold } of [
  { how: 'introspection, opaque', format: 'opaque', checkOf: introspection, isTold: true },
  { how: 'introspection, JWT', format: 'jwt', checkOf: introspection, isTold: true },
  { how: 'the key set', format: 'jwt', checkOf: keySet, isTold: false },
]) {
  describe(`the example that checks tokens by ${how}`, async () => {
    const server = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
    const origin = await serveApi(checkOf(server.issuer), server.issuer);

    const issue = async (form: Record<string, string>, at: TestServer = server) => {
      const grant = { grant_type: 'client_credentials', ...form };
      return (await requestToken(at, grant, 'app:app-secret')).json.access_token as string;
    };
    const call = (token: string, init: RequestInit = {}): Promise<Answer> =>
      http(`${origin}/api/appointments`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    const assertRefused = async (token: string) => {
      const { status, headers, json } = await call(token);
      assert.equal(status, 401);
      assert.deepEqual(json, { error: 'invalid_token' });
      assert.equal(
        headers.get('www-authenticate'),
        `Bearer error="invalid_token", scope="read", ${METADATA}`,
      );
    };

    it('lets in who has a token for it with the scope that is needed', async () => {
      const token = await issue({ resource: API });
      const { status, json } = await call(token, { method: 'POST', body: FIRE_DRILL });
      assert.equal(status, 201);
      assert.deepEqual(json, { ...JSON.parse(FIRE_DRILL), place: '' });
      assert.ok((await call(token)).text.includes(JSON.stringify(json)));
    });

    it('takes the scheme in any case', async () => {
      const authorization = `bearer ${await issue({ resource: API })}`;
      assert.equal(
        (await http(`${origin}/api/appointments`, { headers: { authorization } })).status,
        200,
      );
    });

    it('answers 401 without an error code where there is no token', async () => {
      const { status, headers } = await http(`${origin}/api/appointments`);
      assert.equal(status, 401);
      assert.equal(headers.get('www-authenticate'), `Bearer scope="read", ${METADATA}`);
    });

    it('answers 403 where the scope is too little', async () => {
      const token = await issue({ resource: API, scope: 'read' });
      assert.equal((await call(token)).status, 200);
      const { status, headers, json } = await call(token, { method: 'POST', body: FIRE_DRILL });
      assert.equal(status, 403);
      assert.deepEqual(json, { error: 'insufficient_scope' });
      assert.equal(
        headers.get('www-authenticate'),
        `Bearer error="insufficient_scope", scope="read write", ${METADATA}`,
      );
    });

    it('refuses a token for another resource, and one for the server itself', async () => {
      await assertRefused(await issue({ resource: OTHER }));
      await assertRefused(await issue({}));
    });

    it('refuses a token of another server, and one that nobody issued', async () => {
      const other = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
      await assertRefused(await issue({ resource: API }, other));
      await assertRefused('made-up');
      await assertRefused('eyJhbGciOiJub25lIn0.e30.');
    });

    it('refuses a token that was changed on the way', async () => {
      const token = await issue({ resource: API });
      const at = Math.floor(token.length / 2);
      await assertRefused(
        `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
      );
    });

    it('shows nobody the appointments of another', async () => {
      const mine = await issue({ resource: API });
      const grant = { grant_type: 'client_credentials', resource: API };
      const { json } = await requestToken(server, grant, 'other-app:other-secret');
      await call(mine, { method: 'POST', body: FIRE_DRILL });
      assert.deepEqual((await call(json.access_token)).json, { appointments: [] });
    });

    it('answers a body that is no appointment with 400', async () => {
      const token = await issue({ resource: API });
      for (const body of ['{', '[]', '{"title":"No time"}', '{"title":1,"starts":"2030-01-31"}']) {
        assert.equal((await call(token, { method: 'POST', body })).status, 400, body);
      }
    });

    it('refuses an expired token', async () => {
      const token = await issue({ resource: API });
      assert.equal((await call(token)).status, 200);
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 62_000 });
      try {
        await assertRefused(token);
      } finally {
        mock.timers.reset();
      }
    });

    it(`${isTold ? 'refuses' : 'does not notice'} a token that was revoked`, async () => {
      const token = await issue({ resource: API });
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
      const { json } = await http(`${origin}/.well-known/oauth-protected-resource/api`);
      assert.equal(json.resource, API);
      assert.deepEqual(json.authorization_servers, [server.issuer]);
    });

    it('lets nobody in, and calls no token wrong, while the server cannot be reached', async () => {
      const gone = await startServer({ ACCESS_TOKEN_FORMAT: format }, { seed: SEED });
      const alone = await serveApi(checkOf(gone.issuer), gone.issuer);
      const authorization = `Bearer ${await issue({ resource: API }, gone)}`;
      await gone.close();
      const { status } = await http(`${alone}/api/appointments`, { headers: { authorization } });
      assert.equal(status, 503);
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
      const named = await requestToken(server, { ...form, resource: API }, 'web:web-secret');
      assert.equal(await check(named.json.access_token), undefined);
    });
  }
});

describe('the example that checks tokens by the key set', async () => {
  const server = await startServer({ ACCESS_TOKEN_FORMAT: 'jwt' }, { seed: SEED });
  const check = keySet(server.issuer);
  const grant = { grant_type: 'client_credentials', resource: API };
  const newToken = async (): Promise<string> =>
    (await requestToken(server, grant, 'app:app-secret')).json.access_token;

  it('refuses a token without a signature', async () => {
    const token = await newToken();
    const claims = decodeJwt(token);
    assert.ok(await check(token));
    assert.equal(await check(new UnsecuredJWT(claims).encode()), undefined);
    assert.equal(await check(`${token.split('.').slice(0, 2).join('.')}.`), undefined);
  });

  it('refuses another JWT that the server signed', async () => {
    const token = await newToken();
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
