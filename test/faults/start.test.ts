// The database when the server starts: away, wrong, with other tables, or made with another secret.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { OperatorError } from '../../src/operator-error.ts';
import { readConfig, readDatabaseUrl } from '../../src/program/config.ts';
import { prepare } from '../../src/program/serve.ts';
import { migrateDatabase } from '../../src/store/open.ts';
import { assertionClaims, signed, withAssertion } from '../helpers/clients.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { requestToken } from '../helpers/flows.ts';
import { logIn } from '../helpers/http-person.ts';
import { MAIN } from '../helpers/main-file.ts';
import {
  account,
  type Cluster,
  clusterMissing,
  createCluster,
  postgresMissing,
} from '../helpers/postgres.ts';
import {
  directory,
  type Run,
  refusal,
  run,
  running,
  SECRET,
  settings,
  spawned,
  startProgram,
} from '../helpers/program.ts';
import { SEED } from '../helpers/seeds.ts';

const options = { timeout: 120_000, concurrency: 2 };

const PASSWORD = 'hush-hush-hush';

/** That of this release. */
const VERSION = readdirSync(new URL('../../migrations/', import.meta.url)).length;

/** The same URL with other parts. */
function changed(url: string, parts: Partial<URL>): string {
  return Object.assign(new URL(url), parts).href;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  if (url.startsWith('sqlite:')) {
    const file = new DatabaseSync(url.slice('sqlite:'.length));
    try {
      return file.prepare(sql).all();
    } finally {
      file.close();
    }
  }
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server for a database that is not there yet, and does what brings it. */
async function startsAfter(
  url: string,
  reason: RegExp,
  mend: () => Promise<unknown>,
  more: Record<string, string> = {},
) {
  const env = await settings({ DATABASE_URL: url, ...more });
  const started = run(env);
  await started.said('stderr', new RegExp(`${reason.source}\nTrying again for \\d+ s\\.\n$`));
  await mend();
  const server = await running(started, env);
  const { json } = await requestToken(
    server,
    { grant_type: 'client_credentials' },
    'codecademy:codec@demy',
  );
  assert.match(json.access_token, /^[\w-]{43}$/);
  await server.stop();
  assert.doesNotMatch(server.stderr, /^ +at |hush/m);
  assert.equal(server.stderr.trim().split('\n').length, 2, server.stderr);
}

describe('npm start while PostgreSQL', { ...options, skip: clusterMissing() }, () => {
  let cluster: Cluster;
  let url = '';

  before(async () => {
    const rules = join(directory, 'pg_hba.conf');
    writeFileSync(
      rules,
      'host all keeper 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n',
    );
    cluster = await createCluster({ hba_file: rules });
    await query(cluster.url, `create role keeper superuser login password '${PASSWORD}'`);
    url = changed(cluster.url, { username: 'keeper', password: PASSWORD });
  });
  after(() => cluster.remove());

  it('is not there says why, waits, and starts once it is', async () => {
    const other = await createCluster();
    after(() => other.remove());
    await other.stop();
    const reason =
      /The database does not answer as it should: connect ECONNREFUSED 127\.0\.0\.1:\d+/;
    await startsAfter(changed(other.url, { password: PASSWORD }), reason, () => other.start());
  });

  it('stays away gives up, in a sentence', async () => {
    const script = `
      import { readConfig } from '${new URL('../../src/program/config.ts', import.meta.url)}';
      import { prepare } from '${new URL('../../src/program/serve.ts', import.meta.url)}';
      await prepare(readConfig(process.env), 2000).catch((error) => {
        process.stderr.write(error.name + ': ' + error.message + '\\n');
        process.exit(7);
      });`;
    const nobody = changed(url, { port: '1' });
    const given = spawned(
      [process.execPath, '--input-type=module', '-e', script],
      await settings({ DATABASE_URL: nobody }),
    );
    assert.equal(await given.exit, 7);
    const reason = 'The database does not answer as it should: connect ECONNREFUSED 127.0.0.1:1';
    assert.equal(given.stderr, `${reason}\nTrying again for 2 s.\nStoreUnavailable: ${reason}\n`);
  });

  it('refuses the password says so', async () => {
    const wrong = changed(url, { username: 'keeper', password: 'hush' });
    await startsAfter(
      wrong,
      /The database does not answer as it should: password authentication failed for user "keeper"/,
      () => query(cluster.url, "alter role keeper password 'hush'"),
    );
    await query(cluster.url, `alter role keeper password '${PASSWORD}'`);
  });

  it('has no such database says so', async () => {
    const missing = changed(cluster.url, { pathname: '/later', password: PASSWORD });
    await startsAfter(
      missing,
      /The database does not answer as it should: database "later" does not exist/,
      () => query(cluster.url, 'create database later'),
    );
  });

  it('is still starting up says so', async () => {
    // Recovery asks for one file more, and is told that there is none once there is a word.
    const word = join(directory, 'recovered');
    const other = await createCluster({
      restore_command: `while [ ! -e ${word} ]; do sleep 0.1; done; false`,
    });
    after(() => other.remove());
    const [row] = (await query(other.url, 'show data_directory')) as { data_directory: string }[];
    await other.stop();
    writeFileSync(join(row!.data_directory, 'recovery.signal'), '');
    const started = other.start();
    await startsAfter(
      other.url,
      /The database does not answer as it should: the database system is (?:starting up|not yet accepting connections)/,
      async () => {
        writeFileSync(word, '');
        await started;
      },
    );
  });

  it('has no connection left says so', async () => {
    const other = await createCluster({
      max_connections: '3',
      superuser_reserved_connections: '0',
    });
    after(() => other.remove());
    const clients = [1, 2, 3].map(() => new pg.Client(other.url));
    for (const client of clients) client.on('error', () => {});
    for (const client of clients) await client.connect();
    await startsAfter(
      other.url,
      /The database does not answer as it should: sorry, too many clients already/,
      async () => {
        for (const client of clients) await client.end();
      },
    );
  });

  for (const [what, env] of [
    ['and has no tables yet', undefined],
    ['and has tables', {}],
    ['and is to serve several processes', { WORKERS: '2' }],
  ] as const) {
    it(`can only be read ${what} says so`, async () => {
      const name = `standby_${Math.random().toString(36).slice(2)}`;
      await query(cluster.url, `create database ${name}`);
      const there = changed(url, { pathname: `/${name}` });
      if (env !== undefined) await (await startProgram({ DATABASE_URL: there })).stop();
      // As a standby is that has not been promoted yet.
      const readOnly = `alter database ${name} set default_transaction_read_only =`;
      await query(cluster.url, `${readOnly} on`);
      await startsAfter(
        there,
        /The database does not answer as it should: cannot execute [A-Z ]+ in a read-only transaction/,
        () => query(cluster.url, `${readOnly} off`),
        env,
      );
    });
  }

  it('does not answer at all says so', async () => {
    const { createProxy } = await import('../helpers/proxy.ts');
    const proxy = await createProxy(cluster.url);
    proxy.swallow();
    await startsAfter(
      changed(proxy.through(cluster.url), { password: PASSWORD }),
      /The database does not answer as it should: Connection terminated due to connection timeout/,
      async () => proxy.pass(),
    );
  });
});

for (const [name, fresh, skip] of [
  ['PostgreSQL', freshPostgres, postgresMissing()],
  ['SQLite', async () => freshSqlite(), false],
] as const) {
  const migrate = (url: string, env = {}) =>
    run({ DATABASE_URL: url, LOG_LEVEL: 'silent', ...env }, 'migrate');
  const success = async (started: Run) => {
    assert.equal(await started.exit, 0, started.stderr);
    assert.equal(started.stderr, '');
    return started.stdout;
  };
  const MADE = `The tables of the database are of version ${VERSION} now; they were of version 0.\n`;
  const THERE = `The tables of the database are of version ${VERSION} already.\n`;

  describe(`npm run migrate on ${name}`, { ...options, skip }, () => {
    it('makes the tables, says so, and does nothing the second time', async () => {
      const url = await fresh();
      assert.equal(await success(migrate(url)), MADE);
      assert.equal(await success(migrate(url, { NODE_ENV: 'production' })), THERE);
    });

    it('makes them once, however often it is run at the same time', async () => {
      const url = await fresh();
      const said = await Promise.all([1, 2, 3, 4, 5, 6].map(() => success(migrate(url))));
      assert.deepEqual(said.sort(), [MADE, THERE, THERE, THERE, THERE, THERE].sort());
    });

    it('leaves the tables of a newer release alone, and says which to start', async () => {
      const url = await fresh();
      await success(migrate(url));
      await query(url, 'update oauth_schema set version = 999');
      const newer = `The tables of the database are of version 999, made by a newer release; this one knows versions up to ${VERSION}. Start the newer release.\n`;
      assert.equal(await refusal(migrate(url)), newer);
      for (const NODE_ENV of ['production', 'development']) {
        const env = await settings({ DATABASE_URL: url, NODE_ENV, ISSUER: 'http://localhost' });
        assert.equal(await refusal(run(env)), newer);
      }
    });
  });

  describe(`npm start on ${name}`, { ...options, skip }, () => {
    const production = { NODE_ENV: 'production', ISSUER: 'http://localhost', HOST: '127.0.0.1' };

    it('makes the tables by itself, but not in production', async () => {
      const url = await fresh();
      const env = await settings({ DATABASE_URL: url, ...production });
      const file = url.slice('sqlite:'.length);
      assert.equal(
        await refusal(run(env)),
        name === 'SQLite'
          ? `There is no database at ${file}, where DATABASE_URL has it. A path is relative to the folder in which the server is started. In production a start makes no database. If there is to be one, run: npm run migrate (or npx express-authorization-server migrate)\n`
          : `The tables of the database are of version 0 as this role sees it (search_path), and this release needs version ${VERSION}. Run: npm run migrate (or npx express-authorization-server migrate)\n`,
      );
      if (name === 'SQLite') assert.equal(existsSync(dirname(file)), false);
      await (await startProgram({ DATABASE_URL: url })).stop();
      await (await running(run(env), env)).stop();
    });

    it('refuses the tables of an older release in production', async () => {
      const url = await fresh();
      await success(migrate(url));
      await query(url, 'update oauth_schema set version = 0');
      assert.match(
        await refusal(run(await settings({ DATABASE_URL: url, ...production }))),
        /of version 0( as this role sees it \(search_path\))?, and this release needs version \d+\. Run: npm run migrate \(or npx express-authorization-server migrate\)\n$/,
      );
    });

    it('after a demo knows nothing of it, and says so, and what else nobody vouches for', async () => {
      const url = await fresh();
      await (await startProgram({ DATABASE_URL: url })).stop();
      const seed = join(directory, `${name}-own.json`);
      const start = async (clients: object[], last: RegExp) => {
        writeFileSync(seed, JSON.stringify({ ...SEED, clients, users: [] }));
        const env = { SEED_FILE: seed, LOG_LEVEL: 'warn', ...production };
        const server = await startProgram({ DATABASE_URL: url, ...env });
        await server.said('stdout', last);
        const warned = server.stdout.split('\n').filter((line) => line.startsWith('{'));
        return { server, warned: warned.map((line) => JSON.parse(line)) };
      };
      const [web, , , , , job, other] = SEED.clients;
      assert.ok(web && job && other);
      const secret = { client_secret: 'a-secret-that-is-long-enough-for-this' };
      const clients = [
        { ...job, ...secret },
        { ...other, ...secret },
      ];
      const { server, warned } = await start(clients, /"userId":"alice".*\n/);
      const refused = warned.filter(({ msg }) => msg === 'record_refused');
      assert.deepEqual(
        refused.map(({ clientId, userId }) => clientId ?? userId),
        ['codecademy', 'demo-app', 'demo-tv', 'alice'],
      );
      assert.equal(warned.length, refused.length);
      const form = { grant_type: 'client_credentials' };
      assert.equal(
        (await requestToken({ issuer: server.origin }, form, 'codecademy:codec@demy')).status,
        401,
      );
      assert.equal((await logIn({ ...server, issuer: server.origin })).status, 400);
      await server.stop();

      await query(
        url,
        "insert into oauth_users (id, username, folded_username, name) values ('post-only', 'p', 'p', 'P') returning id",
      );
      const again = await start(clients.slice(0, 1), /no longer in the seed.*\n/);
      await again.server.stop();
      const said = again.warned.filter(({ msg }) => msg !== 'record_refused');
      assert.deepEqual(
        said.map(({ id, clientId, msg }) => [id ?? clientId, msg]),
        [
          [
            'post-only',
            'a client and a user share this id: rename one, for tokens call both by it',
          ],
          ['post-only', 'a client that is no longer in the seed file still works'],
        ],
      );
    });

    it('refuses the demo on a database that is in use under its ids, and changes nothing', async () => {
      const url = await fresh();
      const seed = join(directory, `${name}-codecademy.json`);
      const [web] = SEED.clients;
      writeFileSync(
        seed,
        JSON.stringify({ ...SEED, clients: [{ ...web, client_id: 'codecademy' }], users: [] }),
      );
      await (await startProgram({ DATABASE_URL: url, SEED_FILE: seed })).stop();
      assert.equal(
        await refusal(run(await settings({ DATABASE_URL: url }))),
        "The demo cannot use this database, which has a client codecademy that is not the demo's. Set DEMO=off, or DATABASE_URL to another database.\n",
      );
      assert.deepEqual(await query(url, 'select id from oauth_users'), []);
    });

    it('refuses to go on with another SESSION_SECRET, and changes nothing', async () => {
      const url = await fresh();
      const api = { client_id: 'job', client_secret: SECRET };
      const seed = join(directory, `${name}.json`);
      writeFileSync(
        seed,
        JSON.stringify({
          ...SEED,
          clients: [
            ...SEED.clients,
            {
              ...api,
              grant_types: ['client_credentials'],
              token_endpoint_auth_method: 'client_secret_jwt',
            },
          ],
        }),
      );
      const env = { DATABASE_URL: url, SEED_FILE: seed };
      const first = await startProgram(env);
      await first.stop();
      const tables = ['oauth_clients', 'oauth_keys', 'oauth_users'];
      const content = async () =>
        JSON.stringify(
          await Promise.all(tables.map((table) => query(url, `select * from ${table} order by 1`))),
        );
      const before = await content();

      for (const more of [{}, { WORKERS: '2' }]) {
        const other = await settings({ ...env, ...more, SESSION_SECRET: `${SECRET}, but another` });
        assert.equal(
          await refusal(run(other)),
          'What the store keeps was encrypted under another SESSION_SECRET, which is the option secret of authorizationServer(). Set the one it had; without that, delete the rows of oauth_keys, and all signed tokens end.\n',
        );
        assert.equal(await content(), before);
      }

      const again = await startProgram(env);
      const assertion = await signed(assertionClaims('job', again.issuer), SECRET);
      const form = { grant_type: 'client_credentials', ...withAssertion(assertion) };
      assert.equal((await requestToken(again, form)).status, 200);
      await again.stop();
    });
  });
}

describe('npm run migrate', { ...options, skip: postgresMissing() }, () => {
  it('as a role that may not make tables says what is missing', async () => {
    const url = await freshPostgres();
    const role = `reader_${new URL(url).pathname.slice(-8)}`;
    await query(url, `create role ${role} login`);
    await query(url, `revoke create on schema public from public`);
    const env = { DATABASE_URL: changed(url, { username: role }) };
    assert.equal(
      await refusal(run(env, 'migrate')),
      `The database does not answer as it should: permission denied for schema public. To let this role make tables, run as the owner of the schema: grant usage, create on schema public to "${role}". Or migrate as a role that may.\n`,
    );
    await query(url, `drop role ${role}`);
  });

  it('says which certificate is not there', async () => {
    const url = `postgres://keeper:${PASSWORD}@127.0.0.1:1/oauth?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`;
    assert.equal(
      await refusal(run({ DATABASE_URL: url }, 'migrate')),
      "The database does not answer as it should: ENOENT: no such file or directory, open '/nowhere/ca.pem'\n",
    );
  });

  it('does not wait for a database that is away', async () => {
    const url = `postgres://keeper:${PASSWORD}@127.0.0.1:1/oauth`;
    assert.equal(
      await refusal(run({ DATABASE_URL: url }, 'migrate')),
      'The database does not answer as it should: connect ECONNREFUSED 127.0.0.1:1\n',
    );
  });
});

describe('the command line', options, () => {
  it('says what there is, to who asks for something else', async () => {
    const refused = run({}, 'migrat');
    assert.equal(await refused.exit, 2);
    assert.equal(refused.stdout, '');
    assert.equal(
      refused.stderr,
      "Unknown command 'migrat'\n(Did you mean migrate?)\n(--help says what there is)\n",
    );
  });

  it('needs DATABASE_URL to migrate', async () => {
    assert.equal(
      await refusal(run({}, 'migrate')),
      'DATABASE_URL is missing. Set it to the database whose tables are to be made.\n',
    );
  });
});

/** What the program says of it: as the programs above do, without one for every row of a table. */
async function complaint(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error));
    return `${error.message}\n`;
  }
  assert.fail('it did not complain');
}

describe('a DATABASE_URL that cannot be right', options, () => {
  const FORM = ' Set it to sqlite:./data/oauth.db or postgres://user:password@host:5432/database.';
  const unknown = `DATABASE_URL is neither sqlite: with the path of a file nor postgres:// with host and database.${FORM}`;
  const secretive = `keeper:${PASSWORD}@127.0.0.1:1/oauth`;
  const file = join(directory, 'not-a-database');
  const folder = join(directory, 'folder');
  writeFileSync(file, 'These are a few words, and no database. '.repeat(100));
  mkdirSync(folder);
  mkdirSync(join(directory, 'closed'), { mode: 0o555 });

  const cases: [string, string, string][] = [
    ['of another scheme', `mysql://${secretive}`, unknown],
    ['that is no URL', `postgres:${secretive}`, unknown],
    ['with a port that is none', `postgres://keeper:${PASSWORD}@127.0.0.1:http/oauth`, unknown],
    ...['#', '/', '?', '%'].map((character): [string, string, string] => [
      `with a ${character} in its password`,
      `postgres://keeper:${character}${PASSWORD}@127.0.0.1:1/oauth`,
      `DATABASE_URL has a character in its user name or password that stands for something else there: write # as %23, % as %25, / as %2F, ? as %3F and @ as %40.${FORM}`,
    ]),
    [
      'with several hosts',
      `postgres://keeper:${PASSWORD}@127.0.0.1:1,127.0.0.1:2/oauth`,
      `DATABASE_URL names several hosts: give it one host, and a proxy that follows the primary.${FORM}`,
    ],
    [
      'that asks for the primary among several hosts',
      `postgres://${secretive}?target_session_attrs=read-write`,
      `DATABASE_URL has target_session_attrs, which is for several hosts: give it one host, and a proxy that follows the primary.${FORM}`,
    ],
    [
      'with a misspelt parameter',
      `postgres://${secretive}?ssl_mode=verify-full`,
      'DATABASE_URL has the parameter ssl_mode, which the driver does not know and would ignore: it knows host, ',
    ],
    ['without a path', 'sqlite:', unknown],
    ['in memory', 'sqlite::memory:', unknown],
    [
      'that names a folder',
      `sqlite:${folder}`,
      `The database file ${folder} cannot be used: it is a folder\n`,
    ],
    [
      'that names a file of another kind',
      `sqlite:${file}`,
      `The database file ${file} cannot be used: file is not a database\n`,
    ],
    [
      'with a file for a folder',
      `sqlite:${file}/oauth.db`,
      `The database file ${file}/oauth.db cannot be used: EEXIST: file already exists, mkdir '${file}'\n`,
    ],
  ];
  for (const [what, url, sentence] of cases) {
    it(`${what} is refused in a sentence, without the password`, async () => {
      const env = await settings({ DATABASE_URL: url });
      for (const said of [
        await complaint(async () => prepare(readConfig(env))),
        await complaint(async () => migrateDatabase(readDatabaseUrl(env))),
      ]) {
        assert.ok(said.includes(sentence), said);
        assert.doesNotMatch(said, /hush/);
      }
    });
  }

  it('is told on standard error, whatever was to be done with it', async () => {
    for (const command of [undefined, 'migrate']) {
      const said = await refusal(run(await settings({ DATABASE_URL: 'sqlite:' }), command));
      assert.ok(said.includes(unknown), said);
    }
  });

  it('in a folder where nothing may be written is refused in a sentence', async () => {
    const path = join(directory, 'closed/oauth.db');
    const env = await settings({ DATABASE_URL: `sqlite:${path}` });
    // To root every folder is open.
    const said = await refusal(spawned([process.execPath, MAIN], env, account()));
    assert.equal(
      said,
      `The database file ${path} cannot be used: EACCES: permission denied, open '${path}'\n`,
    );
  });

  it('makes a file and a folder for its user alone', async () => {
    const path = join(directory, 'made/deeper/oauth.db');
    const server = await startProgram({ DATABASE_URL: `sqlite:${path}` });
    for (const [file, mode] of [
      ['', 0o600],
      ['-wal', 0o600],
      ['-shm', 0o600],
    ] as const) {
      assert.equal(statSync(`${path}${file}`).mode & 0o777, mode, file);
    }
    assert.equal(statSync(join(directory, 'made/deeper')).mode & 0o777, 0o700);
    await server.stop();
  });

  it('without a SESSION_SECRET is refused in a sentence', async () => {
    const said = await refusal(run({ DATABASE_URL: freshSqlite() }));
    assert.match(
      said,
      /^The settings are not right:\n {2}- SESSION_SECRET is missing\. What DATABASE_URL keeps can only be used again with the same one\. Set it to at least 32 random characters: node -p .*\n$/,
    );
  });
});
