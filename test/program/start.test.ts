// What a start loads, and what it leaves for whoever asks for it.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { requestToken } from '../helpers/flows.ts';
import { http } from '../helpers/http.ts';
import { MAIN } from '../helpers/main-file.ts';
import { directory, running, settings, spawned } from '../helpers/program.ts';
import { PRODUCTION_SEED } from '../helpers/seeds.ts';

const START = fileURLToPath(new URL('../../src/start.js', import.meta.url));

/** Has Node write the URL of each module that it loads. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      writeSync(2, url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** A server, with what it has loaded so far at `stderr`. */
async function watched(env: Record<string, string>) {
  const all = await settings(env);
  return running(spawned([process.execPath, '--import', WATCH, MAIN], all), all);
}

async function production() {
  const file = join(await mkdtemp(join(directory, 'start-')), 'seed.json');
  writeFileSync(file, JSON.stringify(PRODUCTION_SEED));
  return { NODE_ENV: 'production', ISSUER: 'https://auth.example.com', SEED_FILE: file };
}

/** What no command needs that works on a database in a file. */
const NOT_FOR_COMMANDS =
  /\/node_modules\/(express|express-session|csv-parse|ejs|jose|pg|@node-oauth)\//;

const LATER = [
  /\/words\/(?!en\.|languages\.)/,
  /\/src\/demo\//,
  /\/src\/store\/(sql|postgres|open|schema)/,
  /\/node_modules\/@node-rs\/bcrypt/,
  /\/node_modules\/(ejs|pg|dotenv|jose)\//,
];

describe('A start', { timeout: 60_000 }, () => {
  it('loads no other language, demo, database or view, until one is asked for', async () => {
    const server = await watched(await production());
    const token = await requestToken(
      { issuer: server.origin },
      { grant_type: 'client_credentials' },
      'web:web-secret......................',
    );
    assert.equal(token.status, 200);
    const loaded = server.stderr.split('\n');
    for (const name of LATER)
      assert.deepEqual(
        loaded.filter((url) => name.test(url)),
        [],
      );

    const headers = { 'accept-language': 'de' };
    assert.match((await http(`${server.origin}/login`, { headers })).text, /Benutzername/);
    assert.match(server.stderr, /\/words\/de\./);
    assert.doesNotMatch(server.stderr, /\/words\/fr\./);
    await server.stop();
  });

  it('of a command loads neither a web server nor the driver of another database', async () => {
    const file = join(await mkdtemp(join(directory, 'start-')), 'oauth.db');
    const env = await settings({ DATABASE_URL: `sqlite:${file}` });
    const command = spawned([process.execPath, '--import', WATCH, MAIN, 'migrate'], env);
    assert.equal(await command.exit, 0, command.stderr);
    const loaded = command.stderr.split('\n');
    assert.ok(loaded.some((url) => url.includes('/node_modules/commander/')));
    assert.deepEqual(
      loaded.filter((url) => NOT_FOR_COMMANDS.test(url)),
      [],
    );
  });

  it('keeps what was compiled beside the packages, unless NODE_COMPILE_CACHE says where', async () => {
    const elsewhere = await mkdtemp(join(directory, 'compiled-'));
    const code = `
      process.argv[2] = 'migrate';
      await import(${JSON.stringify(START)});
      console.log((await import('node:module')).getCompileCacheDir());
    `;
    const whereOf = async (env: Record<string, string>) => {
      const said = spawned([process.execPath, '--input-type=module', '-e', code], env);
      assert.equal(await said.exit, 1, said.stderr);
      return said.stdout;
    };
    const own = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));
    assert.ok((await whereOf({ NODE_COMPILE_CACHE: '' })).startsWith(own));
    assert.ok((await whereOf({ NODE_COMPILE_CACHE: elsewhere })).startsWith(elsewhere));
    assert.equal(await whereOf({ NODE_DISABLE_COMPILE_CACHE: '1' }), 'undefined\n');
    assert.ok(existsSync(own));
  });
});
