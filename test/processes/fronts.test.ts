// What docs/deployment.md says of programs beside the server: nginx and Caddy in front of it, PgBouncer
// and TLS between it and PostgreSQL. If one of them is not installed, its test is skipped.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freshSqlite } from '../helpers/databases.ts';
import { readBlocks } from '../helpers/document.ts';
import { authorizeUrl, requestToken } from '../helpers/flows.ts';
import { freePort } from '../helpers/free-port.ts';
import { http } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { makeCertificate } from '../helpers/https-host.ts';
import { account, clusterMissing, createCluster } from '../helpers/postgres.ts';
import {
  children,
  directory,
  type Running,
  refusal,
  run,
  running,
  settings,
  startProgram,
} from '../helpers/program.ts';
import { PRODUCTION_SEED } from '../helpers/seeds.ts';

const guide = readFileSync(
  fileURLToPath(new URL('../../docs/deployment.md', import.meta.url)),
  'utf8',
);

/** The one block of the guide that begins so. */
function shown(start: string): string {
  const [block, other] = readBlocks(guide).filter(({ content }) => content.startsWith(start));
  assert.ok(block !== undefined && other === undefined, start);
  return block.content;
}

function missing(...programs: string[]): string | false {
  for (const program of programs) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore', env: ENV });
    } catch {
      return `no ${program} found`;
    }
  }
  return false;
}

/** Debian installs server programs in a folder that is only in root's PATH. */
const ENV = { PATH: `${process.env['PATH']}:/usr/sbin`, HOME: directory };

/** Runs a program until the test file ends, from the moment at which somebody can connect to it. */
async function started(command: string[], port: number, how = {}): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { env: ENV, stdio: 'ignore', ...how });
  after(() => child.kill());
  children.add(child);
  for (let tries = 0; ; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const answer = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected')).once('error', resolve);
    });
    socket.destroy();
    if (answer === 'connected') return;
    assert.ok(tries < 300 && child.exitCode === null, `${program} does not listen`);
    await wait(50);
  }
}

/** nginx with the guide's configuration, with some lines changed. */
function nginx(name: string, change = (site: string) => site) {
  return {
    name,
    async start(port: number, upstreams: string[], { cert, key }: { cert: string; key: string }) {
      const folder = join(directory, name);
      mkdirSync(folder);
      const site = change(shown('upstream oauth'))
        .replace('10.0.0.11:4001', upstreams[0]!)
        .replace('10.0.0.12:4001', upstreams[1]!)
        .replace('listen 443', `listen 127.0.0.1:${port}`)
        .replaceAll('auth.example.com;', 'localhost;')
        .replace('/etc/ssl/auth.example.com.pem', cert)
        .replace('/etc/ssl/auth.example.com.key', key);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
        .join('\n');
      writeFileSync(
        join(folder, 'nginx.conf'),
        `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}}\n`,
      );
      const options = ['-p', folder, '-c', join(folder, 'nginx.conf')];
      await started(['nginx', ...options, '-g', 'daemon off; master_process off;'], port);
    },
  };
}

const FRONTS = [
  nginx('nginx'),
  // The configuration of somebody who has not read the guide.
  nginx('nginx-by-default', (site) =>
    site
      .replaceAll(' max_fails=0', '')
      .replaceAll(/^ *proxy_(buffer_size|connect_timeout).*\n/gm, ''),
  ),
  {
    name: 'caddy',
    async start(port: number, upstreams: string[], { cert, key }: { cert: string; key: string }) {
      const site = shown('auth.example.com {')
        .replace('10.0.0.11:4001', upstreams[0]!)
        .replace('10.0.0.12:4001', upstreams[1]!)
        .replace('auth.example.com {', `https://localhost:${port} {\n  tls ${cert} ${key}`);
      const file = join(directory, 'Caddyfile');
      writeFileSync(file, `{\n  admin off\n  auto_https disable_redirects\n}\n${site}`);
      await started(['caddy', 'run', '--config', file, '--adapter', 'caddyfile'], port);
    },
  },
];

describe('the server behind a proxy, as the guide has it', { timeout: 60_000 }, () => {
  for (const { name, start } of FRONTS) {
    it(`${name}: signs people in over https, by either of two processes, and knows their address`, {
      skip: missing(name.split('-')[0]!, 'openssl'),
    }, async () => {
      const port = await freePort();
      const origin = `https://localhost:${port}`;
      const pair = makeCertificate(directory, name);
      setDefaultCACertificates([...getCACertificates(), readFileSync(pair.cert, 'utf8')]);
      const seed = join(directory, `${name}.json`);
      writeFileSync(
        seed,
        JSON.stringify({ ...PRODUCTION_SEED, clients: PRODUCTION_SEED.clients.slice(4) }),
      );
      const env = {
        NODE_ENV: 'production',
        ISSUER: origin,
        HOST: '127.0.0.1',
        TRUST_PROXY: 'loopback',
        SEED_FILE: seed,
        DATABASE_URL: freshSqlite(),
        LOG_LEVEL: 'info',
      };
      assert.equal(await run(await settings(env), 'migrate').exit, 0);
      const servers: Running[] = [];
      for (const _ of [1, 2]) {
        const all = await settings(env);
        servers.push(await running(run(all), all));
      }
      const upstreams = servers.map(
        (server) => new URL(server.origin.replace('localhost', '127.0.0.1')).host,
      );
      await start(port, upstreams, pair);

      assert.deepEqual((await http(`${origin}/health`)).json, { status: 'ok' });
      const server = { origin, issuer: origin };
      const person = new Person(server);
      person.headers['x-forwarded-for'] = '203.0.113.9';
      const to = { redirect_uri: 'https://legacy.example/callback?tenant=1' };
      const url = authorizeUrl(server, { client_id: 'legacy', ...to });
      const login = await person.visit(url);
      assert.match([...person.cookies.keys()].join(), /^__Host-/);
      await person.signIn(login, 'alice', 'wrong');
      const back = await person.allow(url);
      assert.match(back.searchParams.get('code') ?? '', /^[\w-]{43}$/);
      const form = { grant_type: 'client_credentials' };
      // What nginx takes badly of one answer it would make the server pay for: one for each of two.
      for (let time = 0; time < 4; time += 1) {
        for (const length of [2048, 2600]) {
          const state = randomBytes(length).toString('base64url').slice(0, length);
          const { status } = await http(
            authorizeUrl(server, { client_id: 'legacy', state, ...to }),
          );
          assert.equal(status, length === 2048 ? 303 : 400);
        }
        assert.equal(
          (await requestToken(server, form, `basic-only:${'a+b%20c/d'.padEnd(32, '.')}`)).status,
          200,
        );
      }
      // Caddy throws dice.
      for (let time = 0; time < 24; time += 1) {
        assert.equal(
          (await requestToken(server, form, `basic-only:${'a+b%20c/d'.padEnd(32, '.')}`)).status,
          200,
        );
      }
      for (const each of servers) await each.stop();
      const said = servers.map(({ stdout }) => stdout);
      // Headers of the client itself are ignored.
      assert.match(said.join(), /"address":"127\.0\.0\.1","msg":"login_failed"/);
      assert.doesNotMatch(said.join(), /203\.0\.113\.9/);
      for (const each of said) assert.match(each, /token_issued/, 'both were asked');
    });
  }
});

describe('between the server and PostgreSQL', {
  timeout: 120_000,
  skip: clusterMissing(),
}, () => {
  it('PgBouncer pools sessions, if it is told what to let through, and no smaller pieces', {
    skip: missing('pgbouncer'),
  }, async () => {
    const cluster = await createCluster();
    after(() => cluster.remove());
    const admin = new pg.Client(cluster.url);
    await admin.connect();
    await admin.query("create role oauth_server login superuser password 'of-the-server'");
    await admin.query(shown('alter role oauth_server set'));
    await admin.end();

    const bouncer = async (pooling: string) => {
      const port = await freePort();
      const file = join(directory, `pgbouncer-${port}.ini`);
      const users = join(directory, 'pgbouncer-users.txt');
      writeFileSync(users, '"oauth_server" "of-the-server"\n');
      const own = `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = plain\nauth_file = ${users}`;
      const { host } = new URL(cluster.url);
      const [name, number] = host.split(':');
      writeFileSync(
        file,
        `[databases]\npostgres = host=${name} port=${number}\n[pgbouncer]\n${own}\n${pooling}`,
      );
      await started(['pgbouncer', file], port, account());
      return `postgres://oauth_server:of-the-server@127.0.0.1:${port}/postgres`;
    };
    const plain = await bouncer('pool_mode = session\n');
    assert.match(
      await refusal(run({ DATABASE_URL: plain }, 'migrate')),
      /unsupported startup parameter/,
    );
    for (const mode of ['transaction', 'statement']) {
      const shared = shown('pool_mode = session').replace('session', mode);
      const databaseUrl = await bouncer(shared);
      const env = await settings({ DATABASE_URL: databaseUrl });
      for (const command of ['migrate', undefined]) {
        const said = await refusal(run(env, command));
        assert.match(said, /pool_mode = session/, `${mode}, ${command ?? 'start'}`);
      }
    }
    const url = await bouncer(shown('pool_mode = session'));
    const server = await startProgram({ DATABASE_URL: url });
    const issue = () =>
      requestToken(server, { grant_type: 'client_credentials' }, 'codecademy:codec@demy');
    const all = await Promise.all(Array.from({ length: 50 }, issue));
    for (const { status } of all) assert.equal(status, 200);
    const client = new pg.Client(url);
    await client.connect();
    for (const [name, value] of [
      ['statement_timeout', '5s'],
      ['idle_in_transaction_session_timeout', '10s'],
      ['enable_seqscan', 'off'],
    ] as const) {
      assert.equal((await client.query(`show ${name}`)).rows[0][name], value);
    }
    await client.end();
    await server.stop();
  });

  it('TLS lets in the database that the certificate names, and no other', {
    skip: missing('openssl'),
  }, async () => {
    const [right, wrong] = [
      makeCertificate(directory, 'right'),
      makeCertificate(directory, 'wrong'),
    ];
    const owner = account();
    if (owner !== undefined) chownSync(right.key, owner.uid, owner.gid);
    const cluster = await createCluster({
      ssl: 'on',
      ssl_cert_file: right.cert,
      ssl_key_file: right.key,
    });
    after(() => cluster.remove());
    const url = (host: string, { cert }: { cert: string }) =>
      `${cluster.url.replace('127.0.0.1', host)}?sslmode=verify-full&sslrootcert=${cert}`;
    const migrate = (DATABASE_URL: string) => run({ DATABASE_URL }, 'migrate');
    const said = await refusal(migrate(url('localhost', wrong)));
    assert.match(said, /^The database does not answer as it should: .*certificate/);
    const other = await refusal(migrate(url('127.0.0.1', right)));
    assert.match(other, /^The database does not answer as it should: .*IP.* does not match/);

    const server = await startProgram({ DATABASE_URL: url('localhost', right) });
    const operator = new pg.Client(cluster.url);
    await operator.connect();
    const { rows } = await operator.query(
      "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'authorization server'",
    );
    assert.ok(rows.length > 0 && rows.every(({ ssl }) => ssl), 'all are encrypted');
    await operator.end();
    await server.stop();
  });
});
