// npm test: brings what the tests need and runs them all, with everything in memory; then those of
// test/servers/ once more on each store that lasts. npm run test:fast: those that need neither a
// browser nor a database server, in memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { provideBrowser } from './helpers/browser.ts';
import { COMPILED } from './helpers/compiled.ts';
import { provideSqlite } from './helpers/debian.ts';
import { createCluster, postgresMissing, providePostgres } from './helpers/postgres.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const [fast, given] = [process.argv.includes('--fast'), process.env['TEST_DATABASE_URL']];
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--fast');

const everything = globSync('test/**/*.test.ts').sort();
/** These ask a server over HTTP, whatever store it has. */
const ofServers = everything.filter((file) => file.startsWith('test/servers/'));
/** These drive a browser, or programs with a database that is shared, killed or away. */
const slow = /^test\/(journeys|processes|faults)\//;

const options = [
  // Much of the time is spent on waiting: for a process to start, for a database, for a page.
  `--test-concurrency=${Math.max(2, availableParallelism())}`,
  // A connection that is left over at the end of a file is no reason to wait for ever.
  '--test-force-exit',
  // What waits for something that never comes has failed, and the rest goes on.
  `--test-timeout=${240_000}`,
];

const outcomes: string[] = [];

/** Runs test files on a store, and records the results. */
async function run(title: string, files: readonly string[], env: Record<string, string>) {
  say(`\n===== ${title} =====\n`);
  const started = performance.now();
  const tests = spawn(process.execPath, ['--test', ...options, ...passedOn, ...files], {
    stdio: 'inherit',
    env: { ...COMPILED, ...process.env, ...env },
  });
  const [code] = await once(tests, 'exit');
  if (code !== 0) process.exitCode = 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  outcomes.push(`${title}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
}

if (fast) {
  await run(
    'what needs neither a browser nor a database server',
    everything.filter((file) => !slow.test(file)),
    { TEST_STORE: 'memory', TEST_FAST: 'yes' },
  );
} else {
  provideBrowser();
  providePostgres();
  provideSqlite();
  const missing = postgresMissing();
  const cluster = missing || given !== undefined ? undefined : await createCluster();
  const database = given ?? cluster?.url;
  const env = database === undefined ? {} : { TEST_DATABASE_URL: database };
  await run('everything, in memory', everything, { ...env, TEST_STORE: 'memory' });
  await run('the servers, on SQLite', ofServers, { ...env, TEST_STORE: 'sqlite' });
  const title = 'the servers, on PostgreSQL';
  if (missing) outcomes.push(`${title}: skipped, ${missing}`);
  else await run(title, ofServers, { ...env, TEST_STORE: 'postgres' });
  await cluster?.remove();
}
say(`\n${outcomes.join('\n')}`);
