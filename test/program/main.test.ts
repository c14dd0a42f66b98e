import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { decodeJwt, SignJWT } from 'jose';
import { COMPILED } from '../helpers/compiled.ts';
import { authorizeUrl, getSecret, requestToken } from '../helpers/flows.ts';
import { freePort } from '../helpers/free-port.ts';
import { GREETED } from '../helpers/greeting.ts';
import { listen } from '../helpers/harness.ts';
import { basic, http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { MAIN } from '../helpers/main-file.ts';
import { PRODUCTION_SEED, SEED } from '../helpers/seeds.ts';

const STRONG = 'Vb3kQ9-this-is-strong-enough-7fXzLw';

/** What the greeting says of the seed. */
const COUNTS = new RegExp(
  `Clients: ${SEED.clients.length}, users: ${SEED.users.length}, from .*seed-\\d+\\.json`,
);

const directory = await mkdtemp(join(tmpdir(), 'authorization-server-'));
after(() => rm(directory, { recursive: true }));

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start` with these settings and no others, in a directory without a `.env` unless given. */
function start(env: Record<string, string>, cwd = directory): Run {
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  after(() => child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said.stderr += chunk;
  });
  return {
    child,
    exit: once(child, 'close').then(([code]) => code),
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
  };
}

/** Waits until standard output matches; fails if the process ends first. */
async function until(run: Run, wanted: RegExp): Promise<void> {
  const ended = run.exit.then(() => 'ended');
  while (!wanted.test(run.stdout)) {
    const more = once(run.child.stdout!, 'data').then(() => 'more');
    if ((await Promise.race([more, ended])) === 'ended') break;
  }
  assert.match(run.stdout, wanted, run.stderr);
}

/** A started server on a free port. */
async function startServer(
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Run & { origin: string; issuer: string }> {
  const port = String(await freePort());
  const run = start({ PORT: port, LOG_LEVEL: 'silent', ...env }, cwd);
  await until(run, GREETED);
  const origin = `http://127.0.0.1:${port}`;
  return Object.assign(run, { origin, issuer: origin });
}

let files = 0;

async function writeSeed(seed: object | string): Promise<string> {
  files += 1;
  const path = join(directory, `seed-${files}.json`);
  await writeFile(path, typeof seed === 'string' ? seed : JSON.stringify(seed));
  return path;
}

/** Settings that a production server starts with. */
async function production(): Promise<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    ISSUER: 'https://auth.example.com',
    SESSION_SECRET: STRONG,
    SEED_FILE: await writeSeed(PRODUCTION_SEED),
    SHUTDOWN_DELAY: '0',
  };
}

async function refusal(env: Record<string, string>): Promise<string> {
  const run = start(env);
  assert.equal(await run.exit, 1);
  assert.equal(run.stdout, '', 'it did not start');
  assert.doesNotMatch(run.stderr, /^ +at |node:internal|Error:/m, 'no stack trace');
  return run.stderr;
}

const options = { timeout: 60_000, concurrency: 4 };

describe('npm start, with no settings but a port', options, () => {
  it('prints the URLs, the clients, the user, and the commands to copy', async () => {
    const { stdout, stderr, origin } = await startServer();
    const issuer = origin.replace('127.0.0.1', 'localhost');
    for (const line of [
      `The authorization server is running at ${issuer}`,
      `  Home         ${issuer}/`,
      `  Authorize    ${issuer}/oauth/authorize`,
      `  Token        ${issuer}/oauth/token`,
      `  Protected    ${issuer}/secret`,
      `  Playground   ${issuer}/playground`,
      '  client       codecademy with secret codec@demy',
      '               returns to http://localhost:3000/callback, on any port',
      '  client       demo-app (public, no secret)',
      '               returns to http://127.0.0.1/callback, on any port',
      '  client       demo-tv (public, no secret)',
      '  user         alice with password wonderland',
      `  curl -X POST ${issuer}/oauth/token -u codecademy:codec@demy -d grant_type=client_credentials`,
      `  curl ${issuer}/secret -H "Authorization: Bearer <token>"`,
    ]) {
      assert.ok(stdout.split('\n').includes(line), line);
    }
    assert.equal(stderr, '');
  });

  it('has a client with a secret that returns to any port, as the greeting says: 3000 may be taken', async () => {
    const { origin } = await startServer();
    const issuer = origin.replace('127.0.0.1', 'localhost');
    const redirect_uri = 'http://localhost:8080/callback';
    const url = authorizeUrl({ issuer }, { client_id: 'codecademy', redirect_uri });
    const back = await new Person({ origin, issuer }).allow(url);
    assert.ok(back.href.startsWith(`${redirect_uri}?code=`), back.href);
  });

  it('prints a link that ends, after login and consent, at a page with a code', async () => {
    const server = await startServer();
    const [link = ''] = /^ +(http\S+\/oauth\/authorize\?\S+)$/m.exec(server.stdout)?.slice(1) ?? [];
    const issuer = server.origin.replace('127.0.0.1', 'localhost');
    const person = new Person({ origin: issuer, issuer });
    const login = await person.visit(link);
    const consent = await person.signIn(login, 'alice', 'wonderland');
    const callback = await person.submit(consent, { decision: 'allow' });
    assert.match(callback.text.replaceAll(/<[^>]*>/g, ''), /-d code=[\w-]{43}/);
  });

  it('answers on one address only, that of loopback', {
    skip: process.platform !== 'linux' && 'only Linux has a second address on loopback',
  }, async () => {
    const { origin } = await startServer();
    const socket = connect(Number(new URL(origin).port), '127.0.0.2');
    after(() => socket.destroy());
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' });
  });
});

describe('npm start', options, () => {
  it('says in a sentence that the port is in use, and exits with 1', async () => {
    const other = createServer();
    await listen(other);
    after(() => other.close());
    const { port } = other.address() as AddressInfo;
    assert.equal(
      await refusal({ PORT: String(port) }),
      `Port ${port} on 127.0.0.1 is in use, perhaps by another copy of this server. Stop that, or set PORT.\n`,
    );
  });

  it('says in a sentence that HOST is not an address of this machine, and exits with 1', async () => {
    assert.equal(
      await refusal({ PORT: String(await freePort()), HOST: '192.0.2.1' }),
      '192.0.2.1 is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.\n',
    );
  });

  it('tells everything that is wrong with the settings in one message, and exits with 1', async () => {
    const message = await refusal({
      PORT: 'http',
      ISSUER: 'auth.example.com',
      ACCESS_TOKEN_TTL: '1h',
      RATE_LIMIT: 'yes',
      TRUST_PROXY: '10.0.0.0/99',
    });
    const [title, ...lines] = message.trim().split('\n');
    assert.equal(title, 'The settings are not right:');
    assert.deepEqual(
      lines.map((line) => /^ {2}- (\w+) is .*\. Set it to /.exec(line)?.[1]),
      ['PORT', 'ISSUER', 'ACCESS_TOKEN_TTL', 'RATE_LIMIT', 'TRUST_PROXY'],
    );
  });

  it('reads .env where it is started; the environment comes first', async () => {
    const home = await mkdtemp(join(directory, 'env-'));
    await writeFile(
      join(home, '.env'),
      '# a comment\nBRAND="From the file"\nACCESS_TOKEN_TTL=77\n',
    );
    const server = await startServer({ ACCESS_TOKEN_TTL: '99' }, home);
    assert.match((await http(`${server.origin}/login`)).text, /From the file/);
    const form = { grant_type: 'client_credentials' };
    const { json } = await requestToken(server, form, 'codecademy:codec@demy');
    assert.equal(json.expires_in, 99);
  });

  it('writes a line of JSON for each thing that happened, without a secret in it', async () => {
    const server = await startServer({ LOG_LEVEL: 'debug' });
    const greeting = server.stdout;
    const form = { grant_type: 'client_credentials' };
    const { json } = await requestToken(server, form, 'codecademy:codec@demy');
    await getSecret(server, json.access_token);
    await http(`${server.issuer}/oauth/revoke`, {
      method: 'POST',
      headers: { authorization: basic('codecademy', 'codec@demy') },
      body: new URLSearchParams({ token: json.access_token }),
    });
    await requestToken(server, form, 'codecademy:wrong-secret');
    await http(`${server.origin}/oauth/authorize?client_id=codecademy&state=private`);
    server.child.kill();
    assert.equal(await server.exit, 0);

    const log = server.stdout.slice(greeting.length);
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const names = new Set(lines.map(({ msg }) => msg));
    for (const name of [
      'token_issued',
      'request_refused',
      'token_revoked',
      'request',
      'stopping',
    ]) {
      assert.ok(names.has(name), name);
    }
    for (const secret of [json.access_token, 'codec@demy', 'wrong-secret', 'private']) {
      assert.ok(!log.includes(secret), secret);
    }
  });
});

describe('npm start with ACCESS_TOKEN_FORMAT=jwt', options, () => {
  for (const [alg, kty] of [
    ['ES256', 'EC'],
    ['RS256', 'RSA'],
    ['EdDSA', 'OKP'],
  ] as const) {
    it(`issues JWTs that are signed with ${alg}, and publishes the key`, async () => {
      const server = await startServer({
        ACCESS_TOKEN_FORMAT: 'jwt',
        SIGNING_ALGORITHM: alg,
        KEY_ROTATION: '86400',
      });
      const form = { grant_type: 'client_credentials' };
      const { json } = await requestToken(server, form, 'codecademy:codec@demy');
      const [head = ''] = json.access_token.split('.');
      const header = JSON.parse(Buffer.from(head, 'base64url').toString());
      assert.deepEqual({ alg: header.alg, typ: header.typ }, { alg, typ: 'at+jwt' });
      const { keys } = (await http(`${server.issuer}/oauth/jwks`)).json;
      const key = keys.find(({ kid }: { kid: string }) => kid === header.kid);
      assert.deepEqual({ kty: key.kty, d: key.d }, { kty, d: undefined });
      assert.equal((await getSecret(server, json.access_token)).status, 200);
    });
  }
});

describe('npm start with SEED_FILE', options, () => {
  it('serves the clients, users and scopes of the file, and no demo', async () => {
    const server = await startServer({ SEED_FILE: await writeSeed(SEED) });
    assert.match(server.stdout, COUNTS);
    assert.doesNotMatch(server.stdout, /codecademy|web-secret|wonderland/);
    const form = { grant_type: 'client_credentials' };
    assert.equal((await requestToken(server, form, 'web:web-secret')).status, 200);
    assert.equal((await requestToken(server, form, 'codecademy:codec@demy')).status, 401);
    assert.equal((await http(`${server.origin}/auth`, { method: 'POST' })).status, 404);
    const person = new Person(server);
    const page = await person.signIn(await person.visit('/login'), 'bob', 'builder');
    assert.match(page.text, /You are signed in/);
  });

  it('publishes a key for what its clients want signed before anything is', async () => {
    const alg = { id_token_signed_response_alg: 'EdDSA' };
    const clients = SEED.clients.map((client) => ({ ...client, ...alg }));
    const server = await startServer({ SEED_FILE: await writeSeed({ ...SEED, clients }) });
    const { keys } = (await http(`${server.issuer}/oauth/jwks`)).json;
    const types = keys.map(({ kty }: { kty: string }) => kty);
    assert.deepEqual(new Set(types), new Set(['EC', 'OKP', 'RSA']));
  });

  it('knows its resources, and clients that sign with their secret', async () => {
    const api = 'https://api.example.com/';
    const server = await startServer({
      SEED_FILE: await writeSeed({
        scopes: { read: 'Read' },
        resources: { [api]: { access_token_format: 'jwt' } },
        clients: [
          {
            client_id: 'job',
            client_secret: STRONG,
            grant_types: ['client_credentials'],
            token_endpoint_auth_method: 'client_secret_jwt',
          },
        ],
      }),
    });
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('job')
      .setSubject('job')
      .setAudience(server.issuer.replace('127.0.0.1', 'localhost'))
      .setJti('first')
      .setExpirationTime('1 min')
      .sign(Buffer.from(STRONG));
    const { json } = await requestToken(server, {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      resource: api,
    });
    assert.equal(decodeJwt(json.access_token).aud, api);
  });

  it('finds a file that is named relative to where it is started', async () => {
    const path = await writeSeed(SEED);
    await startServer({ SEED_FILE: path.slice(directory.length + 1) }, directory);
  });

  it('says which file it cannot read', async () => {
    assert.equal(
      await refusal({ SEED_FILE: 'nowhere.json' }),
      'SEED_FILE: nowhere.json cannot be read: there is no such file (ENOENT)\n',
    );
  });

  it('names every entry and field of the file that is wrong, and exits with 1', async () => {
    const path = await writeSeed({
      scopes: { read: 'Read' },
      clients: [
        { client_id: 'a', client_secret: 's', grant_types: ['client_credentials'] },
        { client_id: 'b', client_secret: 's', redirect_uris: ['/back'], scope: 'read write' },
      ],
      users: [{ username: 'alice' }],
    });
    assert.equal(
      await refusal({ SEED_FILE: path }),
      `${path} cannot be used:
  - clients[1] (b) redirect_uris[0] is not an absolute URI: /back
  - clients[1] (b) scope has write, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)
  - users[0] (alice) needs either password or password_hash
`,
    );
  });

  it('says that the file is not JSON', async () => {
    const path = await writeSeed('{ "clients": [ }');
    assert.match(await refusal({ SEED_FILE: path }), /seed-\d+\.json is not JSON: /);
  });
});

describe('npm start in production', options, () => {
  it('refuses secrets that can be guessed, by the names of their clients alone', async () => {
    const said = await refusal({ ...(await production()), SEED_FILE: await writeSeed(SEED) });
    const short = SEED.clients.filter(({ client_secret }) => client_secret !== undefined);
    assert.equal(said.match(/ client_secret is too short for production: make /g)?.length, 4);
    for (const { client_id, client_secret } of short) {
      assert.match(said, new RegExp(`\\(${client_id}\\) client_secret is too short`));
      assert.ok(!said.includes(client_secret!));
    }
  });

  const PROXIED = / TRUST_PROXY is off/;
  const FORWARDED = [{ 'x-forwarded-for': '203.0.113.9' }, { forwarded: 'for=203.0.113.9' }];

  for (const header of FORWARDED) {
    it(`warns once of a proxy that it is not told to trust: ${Object.keys(header)[0]}`, async () => {
      const server = await startServer({ ...(await production()), LOG_LEVEL: 'warn' });
      await http(`${server.origin}/health`);
      assert.doesNotMatch(server.stdout, PROXIED);
      for (let time = 0; time < 3; time += 1) {
        await http(`${server.origin}/health`, { headers: header as Record<string, string> });
      }
      await until(server, PROXIED);
      server.child.kill('SIGTERM');
      assert.equal(await server.exit, 0);
      const lines = server.stdout.split('\n').filter((line) => PROXIED.test(line));
      assert.equal(lines.length, 1);
      assert.equal(JSON.parse(lines[0]!).level, 40);
      assert.doesNotMatch(server.stdout, /203\.0\.113\.9/);
    });
  }

  it('says nothing of a proxy that it trusts', async () => {
    const server = await startServer({
      ...(await production()),
      LOG_LEVEL: 'warn',
      TRUST_PROXY: '1',
    });
    for (const headers of FORWARDED) {
      await http(`${server.origin}/health`, { headers: headers as Record<string, string> });
    }
    server.child.kill('SIGTERM');
    assert.equal(await server.exit, 0);
    assert.doesNotMatch(server.stdout, /TRUST_PROXY/);
  });

  it('starts with what it needs, shows no secret, and has no demo', async () => {
    const server = await startServer(await production());
    assert.match(server.stdout, /is running at https:\/\/auth\.example\.com\n/);
    assert.match(server.stdout, COUNTS);
    assert.doesNotMatch(server.stdout, /secret |password|curl/i);
    assert.equal((await http(`${server.origin}/auth`, { method: 'POST' })).status, 404);
    assert.equal((await http(`${server.origin}/demo/callback`)).status, 404);
    assert.equal((await http(`${server.origin}/playground`)).status, 404);
    assert.doesNotMatch((await http(`${server.origin}/`)).text, /Demo data/);
    const login = await http(`${server.origin}/login`);
    assert.match(login.headers.get('set-cookie') ?? '', /^__Host-\w+=.*; HttpOnly; Secure/);
    assert.match(login.headers.get('strict-transport-security') ?? '', /^max-age=/);
  });

  const refused: [string, Record<string, string>, RegExp][] = [
    [
      'without SESSION_SECRET',
      { SESSION_SECRET: '' },
      /SESSION_SECRET is missing\. Set it to at least 32 random characters/,
    ],
    [
      'with a short SESSION_SECRET',
      { SESSION_SECRET: 'short' },
      /SESSION_SECRET is weak: it has only 5 characters\. Set it to at least 32/,
    ],
    [
      'with a SESSION_SECRET of few characters',
      { SESSION_SECRET: 'abc'.repeat(20) },
      /SESSION_SECRET is weak: it is a few characters over and over\. Set it to/,
    ],
    ['without ISSUER', { ISSUER: '' }, /ISSUER is missing\. Set it to the https URL/],
    [
      'with an http ISSUER',
      { ISSUER: 'http://auth.example.com' },
      /ISSUER is "http:\/\/auth\.example\.com", which is http\. Set it to an https URL/,
    ],
    ['with the demo', { DEMO: 'on', SEED_FILE: '' }, /DEMO is on.*production.*\. Set DEMO=off\./],
  ];
  for (const [how, env, message] of refused) {
    it(`refuses to start ${how}`, async () => {
      const said = await refusal({ ...(await production()), ...env });
      assert.match(said, message);
      assert.equal(said.trim().split('\n').length, 2, 'and complains of nothing else');
    });
  }

  it('refuses a seed file whose redirect URIs are http', async () => {
    const seed = structuredClone(PRODUCTION_SEED);
    seed.clients[0]!.redirect_uris = ['http://web.example/callback'];
    assert.match(
      await refusal({ ...(await production()), SEED_FILE: await writeSeed(seed) }),
      /clients\[0\] \(web\) redirect_uris\[0\] is http for a host that is not loopback: use https/,
    );
  });

  it('starts with an http issuer on loopback', async () => {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const run = start({ ...(await production()), ISSUER: issuer, PORT: String(port) });
    await until(run, GREETED);
    assert.equal((await http(`${issuer}/login`)).status, 200);
  });
});

describe('a running server that is told to stop', options, () => {
  it('goes on serving for SHUTDOWN_DELAY, is not healthy any more, and then exits with 0', async () => {
    const server = await startServer({ LOG_LEVEL: 'info', SHUTDOWN_DELAY: '1' });
    const health = () => http(`${server.origin}/health`);
    assert.equal((await health()).status, 200);
    server.child.kill('SIGTERM');
    await until(server, /"msg":"stopping"/);
    // As from a terminal and from npm at once: the second signal changes nothing.
    server.child.kill('SIGINT');
    const { status, text } = await health();
    assert.equal(status, 503);
    assert.equal(text, '{"status":"stopping"}');
    const form = { grant_type: 'client_credentials' };
    const answer = await requestToken(server, form, 'codecademy:codec@demy');
    assert.equal(answer.status, 200);
    assert.equal(await server.exit, 0);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`exits with 0 on ${signal}, though a browser keeps a connection open`, async () => {
      const server = await startServer();
      const idle = connect(Number(new URL(server.origin).port), '127.0.0.1');
      idle.write('GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(idle, 'data');
      server.child.kill(signal);
      assert.equal(await server.exit, 0);
      assert.equal(server.stderr, '');
    });
  }

  it('waits for no connection that a browser opened in advance and has not used', async () => {
    const server = await startServer();
    const unused = connect(Number(new URL(server.origin).port), '127.0.0.1');
    await once(unused, 'connect');
    const told = performance.now();
    server.child.kill('SIGTERM');
    assert.equal(await server.exit, 0);
    assert.ok(performance.now() - told < 5000);
  });

  it('answers a token request whose body is half here, and then exits with 0', async () => {
    const server = await startServer({ LOG_LEVEL: 'info' });
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    const body = 'grant_type=client_credentials&client_id=codecademy&client_secret=codec@demy';
    socket.write(
      [
        'POST /oauth/token HTTP/1.1',
        'Host: localhost',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${body.length}`,
        // The server says when it has begun with the request.
        'Expect: 100-continue',
        '',
        '',
      ].join('\r\n'),
    );
    await once(socket, 'data');
    assert.match(received, /^HTTP\/1\.1 100 Continue/);
    socket.write(body.slice(0, 30));

    server.child.kill('SIGTERM');
    await until(server, /"msg":"stopping"/);
    // Nobody else is let in, once the server has stopped listening.
    const isLetIn = () =>
      http(`${server.origin}/`).then(
        () => true,
        () => false,
      );
    while (await isLetIn());
    const told = performance.now();
    socket.write(body.slice(30));
    await once(socket, 'close');
    assert.match(received, /HTTP\/1\.1 200 OK[\s\S]*"access_token":"[\w-]{43}"/);
    assert.equal(await server.exit, 0);
    assert.ok(performance.now() - told < 5000, 'and does not wait for a second request');
  });
});
