// npm test: brings what the tests need and runs them all, with everything in memory; then those of
// test/servers/ once more on each store that lasts. npm run test:fast: those that need neither a
// browser nor a database server, in memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
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
/**
 * These run in this process what they test, and leave nothing behind in it. So many of them share a
 * process: to load the server takes longer than most of them do.
 */
const sharing =
  /^test\/((authorization|clients|commands|http|oauth|pages|resource-server|servers|sign-in)\/|protocol\/(?!passwords)|hosts)/;

/**
 * For the processes that are shared, half of whose work would otherwise be argon2. What is about the
 * costs of a hash is not among their files.
 */
const QUICK_ARGON2 = '--import=./test/helpers/quick-argon2.ts';

/** How many processes run tests at the same time. More of them gain nothing where few only wait. */
const WIDTH = Math.max(2, availableParallelism());

/** These wait for programs that start, stop, or get no answer, for much of their time. */
const waiting = /^test\/(processes|faults)\//;

const options = [
  // A connection that is left over at the end of a file is no reason to wait for ever. Node then loses
  // some lines about tests that ran in a process of their own (24.21): the verdict is right, the number
  // of tests may be too small.
  '--test-force-exit',
  // What waits for something that never comes has failed, and the rest goes on.
  `--test-timeout=${240_000}`,
  // What an API warns of is what these tests are about.
  '--disable-warning=ResourceServerWarning',
];

const outcomes: string[] = [];
/** A file for each process that runs tests, with what failed in it. */
const failed = mkdtempSync(join(tmpdir(), 'failed-tests-'));
let processes = 0;

/** Runs test files on a store, and records the results. */
async function run(title: string, files: readonly string[], env: Record<string, string>) {
  say(`\n===== ${title} =====\n`);
  const started = performance.now();
  const together = files.filter((file) => sharing.test(file));
  const apart = files.filter((file) => !sharing.test(file));
  const codes = await Promise.all(
    inShares(together).map((share) =>
      node([QUICK_ARGON2, '--test-isolation=none', ...share], env, 'at its end'),
    ),
  );
  // One more than there are processors, for one of them waits most of the time.
  const [idle, busy] = [
    apart.filter((file) => waiting.test(file)),
    apart.filter((file) => !waiting.test(file)),
  ];
  const others = [
    idle.length > 0 && node(['--test-concurrency=1', ...idle], env, 'at its end'),
    busy.length > 0 && node([`--test-concurrency=${WIDTH}`, ...busy], env),
  ];
  codes.push(...(await Promise.all(others.filter((one) => one !== false))));
  const passed = codes.every((code) => code === 0);
  if (!passed) process.exitCode = 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  outcomes.push(`${title}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
}

/** A share of the files for each process, of about the same length together. */
function inShares(files: readonly string[]): string[][] {
  const shares = Array.from({ length: WIDTH }, () => ({ size: 0, files: [] as string[] }));
  const sized = files.map((file) => ({ file, size: statSync(file).size }));
  for (const { file, size } of sized.sort((one, other) => other.size - one.size)) {
    const [least] = shares.sort((one, other) => one.size - other.size);
    least!.files.push(file);
    least!.size += size;
  }
  return shares.map((share) => share.files).filter((share) => share.length > 0);
}

/**
 * Runs `node --test`.
 *
 * @param shown when its output is: what two processes write at the same time nobody can read
 * @returns its exit code
 */
async function node(args: readonly string[], env: Record<string, string>, shown?: 'at its end') {
  processes += 1;
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    '--test-reporter=./test/helpers/failures.ts',
    `--test-reporter-destination=${join(failed, String(processes))}`,
  ];
  const flags = ['--test', ...options, ...reporters, ...passedOn, ...args];
  const tests = spawn(process.execPath, flags, {
    stdio: ['inherit', shown === undefined ? 'inherit' : 'pipe', 'inherit'],
    env: { ...COMPILED, ...process.env, ...env },
  });
  const ended = once(tests, 'close');
  const output: Buffer[] = [];
  for await (const chunk of tests.stdout ?? []) output.push(chunk);
  const [code] = await ended;
  process.stdout.write(Buffer.concat(output));
  return code as number | null;
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
const failures = readdirSync(failed).map((name) => readFileSync(join(failed, name), 'utf8'));
rmSync(failed, { recursive: true });
say(`\n${failures.join('')}${outcomes.join('\n')}`);
