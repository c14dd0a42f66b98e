// npm test: brings what the tests need and runs them all, with everything in memory; then those that
// start a server once more on each store that lasts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { provideBrowser } from './helpers/browser.ts';
import { createCluster, postgresMissing, providePostgres } from './helpers/postgres.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

provideBrowser();
providePostgres();

const everything = globSync('test/**/*.test.ts').sort();
/** What a server is started with, in test/helpers/harness.ts and beside it, on the store TEST_STORE names. */
const STARTS = /^import [^;]*\b(startServer|startClientApp|startDemo|emptyStore)\b/m;
/** Those of test/faults/ bring stores of their own, and a browser sees no difference. */
const ofServers = everything.filter(
  (file) => !/^test\/(faults|journeys)\//.test(file) && STARTS.test(readFileSync(file, 'utf8')),
);

const missing = postgresMissing();
const given = process.env['TEST_DATABASE_URL'];
const cluster = missing || given !== undefined ? undefined : await createCluster();
const database = given ?? cluster?.url;

const options = [
  // By itself Node runs one file at a time on two cores, where much of the time is spent on waiting.
  `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
  // A connection that is left over at the end of a file is no reason to wait for ever.
  '--test-force-exit',
];

const outcomes: string[] = [];
for (const [title, store, files] of [
  ['everything, in memory', 'memory', everything],
  ['the servers, on SQLite', 'sqlite', ofServers],
  ['the servers, on PostgreSQL', 'postgres', ofServers],
] as const) {
  if (store === 'postgres' && missing) {
    outcomes.push(`${title}: skipped, ${missing}`);
    continue;
  }
  say(`\n===== ${title} =====\n`);
  const started = performance.now();
  const tests = spawn(
    process.execPath,
    ['--test', ...options, ...process.argv.slice(2), ...files],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        TEST_STORE: store,
        ...(database !== undefined && { TEST_DATABASE_URL: database }),
      },
    },
  );
  const [code] = await once(tests, 'exit');
  if (code !== 0) process.exitCode = 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  outcomes.push(`${title}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
}
await cluster?.remove();
say(`\n${outcomes.join('\n')}`);
