// A database that is there and refuses: it can only be read, its disk is full, or a statement is
// wrong. The first two are for a while, and 503; the last is a failure of ours.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { as, send } from '../helpers/clients.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { getSecret, pkce, requestToken } from '../helpers/flows.ts';
import { type Answer, http } from '../helpers/http.ts';
import { logIn, Person } from '../helpers/http-person.ts';
import { MAIN } from '../helpers/main-file.ts';
import { clusterMissing, createCluster, postgresMissing } from '../helpers/postgres.ts';
import { directory, type Running, run, settings, startProgram } from '../helpers/program.ts';
import { createProxy } from '../helpers/proxy.ts';
import { PRODUCTION_SEED } from '../helpers/seeds.ts';

const DEMO = 'codecademy:codec@demy';

const issue = (server: { issuer: string }) =>
  requestToken(server, { grant_type: 'client_credentials' }, DEMO);
const refresh = (server: { issuer: string }, refresh_token: string) =>
  requestToken(server, { grant_type: 'refresh_token', refresh_token }, DEMO);

/** Signs the demo's person in, and lets its client have a refresh token. */
async function signIn(server: Running): Promise<string> {
  const { verifier, challenge } = pkce();
  const redirect_uri = `${server.issuer}/demo/callback`;
  const params = new URLSearchParams({
    response_type: 'code',
    client_id: 'codecademy',
    redirect_uri,
    scope: 'read',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const person = new Person(server);
  let page = await person.signIn(await person.visit(`/oauth/authorize?${params}`));
  if (page.text.includes('name="decision"')) {
    page = await person.submit(page, { decision: 'allow' });
  }
  const [, code = ''] = /-d code=([\w-]+)/.exec(page.text.replaceAll(/<[^>]*>/g, '')) ?? [];
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier };
  return (await requestToken(server, form, DEMO)).json.refresh_token;
}

function isUnavailable(answer: Answer, what?: string): void {
  assert.equal(answer.status, 503, `${what}: ${answer.text}`);
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  assert.doesNotMatch(answer.text, /read-only|disk|full|SELECT|postgres|sqlite/i);
}

/** What only reads, and so goes on. */
async function reads(server: Running, token: string): Promise<void> {
  assert.equal((await getSecret(server, token)).status, 200);
  const { json } = await send(server, 'introspect', { token }, as(DEMO));
  assert.equal(json.active, true);
  assert.equal((await http(`${server.issuer}/health`)).status, 200);
}

describe('a PostgreSQL that can only be read', {
  skip: clusterMissing(),
  timeout: 120_000,
}, async () => {
  const cluster = await createCluster();
  const clusters = [cluster];
  after(async () => {
    for (const each of clusters) await each.remove();
  });

  it('answers what only reads; what writes is 503 until it can be written to again', async () => {
    const server = await startProgram({ DATABASE_URL: cluster.url });
    const refreshToken = await signIn(server);
    const { access_token } = (await issue(server)).json;
    const operator = new pg.Client(cluster.url);
    await operator.connect();
    await operator.query('alter database postgres set default_transaction_read_only = on');
    await operator.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'authorization server'",
    );
    // Those that were open may be found broken first.
    while ((await getSecret(server, access_token)).status !== 200);
    await reads(server, access_token);
    const writes = [
      () => issue(server),
      () => refresh(server, refreshToken),
      () => logIn(server),
      () => send(server, 'revoke', { token: access_token }, as(DEMO)),
    ];
    for (const write of writes) isUnavailable(await write(), String(write));

    await operator.query('set transaction_read_only = off');
    await operator.query('set default_transaction_read_only = off');
    await operator.query('alter database postgres reset default_transaction_read_only');
    await operator.end();
    // Connections from the time before stay as they are, and are given up one by one.
    let attempts = 1;
    while ((await issue(server)).status !== 200) attempts += 1;
    assert.ok(attempts <= 10, `${attempts} attempts`);
    assert.equal((await refresh(server, refreshToken)).status, 200);
    await server.stop();
  });

  it('is what a standby is: the same connections write once it has been promoted', async () => {
    const standby = await createCluster({}, cluster);
    clusters.push(standby);
    const proxy = await createProxy(cluster.url);
    const url = proxy.through(cluster.url);
    const server = await startProgram({ DATABASE_URL: url });
    const refreshToken = await signIn(server);
    const { access_token } = (await issue(server)).json;
    const copy = new pg.Client(standby.url);
    await copy.connect();
    const primary = new pg.Client(cluster.url);
    primary.on('error', () => {});
    await primary.connect();
    const { rows } = await primary.query('select pg_current_wal_lsn() as lsn');
    const isBehind = async () =>
      (await copy.query('select pg_last_wal_replay_lsn() < $1 as behind', [rows[0].lsn])).rows[0]
        .behind;
    while (await isBehind());

    await cluster.stop();
    proxy.leadTo(standby.url);
    await reads(server, access_token);
    isUnavailable(await issue(server));
    isUnavailable(await refresh(server, refreshToken));
    const seed = join(directory, 'seed.json');
    writeFileSync(
      seed,
      JSON.stringify(PRODUCTION_SEED).replace('http://127.0.0.1:9', 'https://web.example'),
    );
    const production = { NODE_ENV: 'production', ISSUER: 'http://localhost', SEED_FILE: seed };
    // It waits, as for a database that is away.
    const waiting = run(await settings({ DATABASE_URL: url, ...production }));
    await waiting.said(
      'stderr',
      /^The database does not answer as it should: cannot execute [A-Z ]+ in a read-only transaction\nTrying again for \d+ s\.\n/,
    );
    waiting.child.kill();
    await waiting.exit;

    await copy.query('select pg_promote()');
    await copy.end();
    assert.equal((await issue(server)).status, 200);
    assert.equal((await refresh(server, refreshToken)).status, 200);
    await server.stop();
  });
});

/** Ways to have no space left for a file in a folder. */
const FULL = [
  {
    what: 'the disk',
    missing: process.getuid?.() !== 0 && 'only root may mount a disk that is small enough',
    async use(test: (place: string, fill: (server: Running) => () => void) => Promise<void>) {
      const place = join(directory, 'small');
      mkdirSync(place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', place]);
      const filler = join(place, 'filler');
      const fill = () => {
        for (let size = 65_536; size >= 1; size /= 2) {
          try {
            for (;;) appendFileSync(filler, Buffer.alloc(size));
          } catch {
            // Full, but for less than that.
          }
        }
        return () => rmSync(filler);
      };
      try {
        await test(place, fill);
      } finally {
        execFileSync('umount', ['--lazy', place]);
      }
    },
  },
  {
    what: 'what the process may write',
    missing: process.platform !== 'linux' && 'only Linux can limit a process that is running',
    async use(test: (place: string, fill: (server: Running) => () => void) => Promise<void>) {
      const place = join(directory, 'limited');
      mkdirSync(place);
      const limit = ({ child }: Running, most: number | 'unlimited') =>
        execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${most}:unlimited`]);
      await test(place, (server) => {
        limit(server, statSync(join(place, 'oauth.db-wal')).size);
        return () => limit(server, 'unlimited');
      });
    },
  },
];

describe('a SQLite file that cannot grow', { timeout: 120_000 }, () => {
  for (const { what, missing, use } of FULL) {
    it(`because ${what} is full: writes are 503, reads go on, and nothing is half done`, {
      skip: missing,
    }, async () => {
      await use(async (place, fill) => {
        const path = join(place, 'oauth.db');
        const server = await startProgram({ DATABASE_URL: `sqlite:${path}` });
        let refreshToken = await signIn(server);
        const { access_token } = (await issue(server)).json;

        for (let round = 0; round < 3; round += 1) {
          const empty = fill(server);
          // A file that is there already may have some room in it.
          for (;;) {
            const answer = await refresh(server, refreshToken);
            if (answer.status !== 200) {
              isUnavailable(answer);
              break;
            }
            refreshToken = answer.json.refresh_token;
          }
          while ((await issue(server)).status === 200);
          isUnavailable(await issue(server));
          isUnavailable(await logIn(server));
          await reads(server, access_token);

          empty();
          assert.equal((await logIn(server)).status, 200);
          assert.equal((await issue(server)).status, 200);
          // The refresh that could not be done was not done in part: the token is as good as ever.
          const answer = await refresh(server, refreshToken);
          assert.equal(answer.status, 200, answer.text);
          refreshToken = answer.json.refresh_token;
        }
        await server.stop();
        const file = new DatabaseSync(path);
        assert.deepEqual(file.prepare('pragma integrity_check').all(), [
          Object.assign(Object.create(null), { integrity_check: 'ok' }),
        ]);
        file.close();
      });
    });
  }
});

describe('a statement that is wrong', { timeout: 120_000 }, () => {
  const lines = (server: Running) =>
    server.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  /** Whether the answer has an id under which the log says why. */
  async function isFailure(server: Running, answer: Answer, reason: RegExp): Promise<void> {
    assert.equal(answer.status, 500, answer.text);
    assert.equal(answer.headers.get('retry-after'), null);
    assert.doesNotMatch(answer.text, /oauth_|column|constraint|relation|table|insert|^ +at /im);
    const [, id] =
      /(?:in the log is |Request ID<\/dt><dd><code[^>]*>)([\w-]{12})[.<]/.exec(answer.text) ?? [];
    await server.said('stdout', new RegExp(`"requestId":"${id}"`));
    const line = lines(server).find(({ requestId }) => requestId === id);
    assert.deepEqual({ level: line.level, msg: line.msg }, { level: 50, msg: 'failure' });
    assert.match(line.err.message, reason);
    assert.ok(line.err.stack.includes(dirname(MAIN)), 'with the lines that led to it');
  }

  describe('on PostgreSQL', { skip: postgresMissing() }, () => {
    it('is a failure of ours, with an id; what the row had in it is not in the log', async () => {
      const url = await freshPostgres();
      const server = await startProgram({ DATABASE_URL: url, LOG_LEVEL: 'error' });
      const operator = new pg.Client(url);
      await operator.connect();
      const login = () => logIn(server);

      // Class 42, 23 and 22.
      await operator.query('alter table oauth_access_tokens rename column audience to other');
      await isFailure(server, await issue(server), /column "audience" .* does not exist/);
      await operator.query('alter table oauth_sessions add constraint wrong check (hash is null)');
      await isFailure(server, await login(), /violates check constraint "wrong"/);
      await operator.query(
        'alter table oauth_sessions drop constraint wrong, alter column data type varchar(5)',
      );
      await isFailure(server, await login(), /value too long for type character varying\(5\)/);
      assert.doesNotMatch(server.stdout, /csrfSecret|Failing row/);

      await operator.query(
        'alter table oauth_access_tokens rename column other to audience; alter table oauth_sessions alter column data type text',
      );
      assert.equal((await issue(server)).status, 200);
      assert.equal((await login()).status, 200);
      await operator.end();
      await server.stop();
    });

    it('for a table that has changed under it is right again with other connections', async () => {
      const url = await freshPostgres();
      const server = await startProgram({ DATABASE_URL: url, DATABASE_CONNECTIONS: '2' });
      assert.equal((await issue(server)).status, 200);
      const operator = new pg.Client(url);
      await operator.connect();
      await operator.query('alter table oauth_clients alter column record type varchar');
      await operator.end();
      // Each connection that has prepared the statement is given up once.
      const refused: Answer[] = [];
      let answer = await issue(server);
      while (answer.status !== 200 && refused.length < 10) {
        refused.push(answer);
        answer = await issue(server);
      }
      assert.equal(answer.status, 200, answer.text);
      assert.ok(refused.length > 0);
      for (const one of refused) isUnavailable(one);
      await server.stop();
    });

    it('of a role that may not is 503: somebody can allow it', async () => {
      const url = await freshPostgres();
      const name = `role_${new URL(url).pathname.slice(-8)}`;
      const operator = new pg.Client(url);
      await operator.connect();
      await operator.query(`create role ${name} login superuser`);
      const own = Object.assign(new URL(url), { username: name }).href;
      const server = await startProgram({ DATABASE_URL: own, LOG_LEVEL: 'error' });
      await operator.query(`alter role ${name} nosuperuser`);
      await operator.query(`alter table oauth_access_tokens owner to postgres`);
      isUnavailable(await issue(server));
      await server.said('stdout', /permission denied for table oauth_access_tokens/);
      await operator.query(`grant select, insert on oauth_access_tokens to ${name}`);
      assert.equal((await issue(server)).status, 200);
      await server.stop();
      await operator.query(`drop owned by ${name}; drop role ${name}`);
      await operator.end();
    });
  });

  it('on SQLite is a failure of ours, with an id', async () => {
    const url = freshSqlite();
    const server = await startProgram({ DATABASE_URL: url, LOG_LEVEL: 'error' });
    // The server may still be storing a key.
    const file = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 });
    file.exec('alter table oauth_access_tokens rename column audience to other');
    await isFailure(server, await issue(server), /has no column named audience/);
    file.exec('alter table oauth_access_tokens rename column other to audience');
    file.close();
    assert.equal((await issue(server)).status, 200);
    await server.stop();
  });
});
