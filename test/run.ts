// npm test: brings what the tests need and runs them all, with everything in memory; and those of
// test/servers/ once more on each store that lasts. npm run test:fast: those that need neither a
// browser nor a database server, in memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { bundle } from '../build.ts';
import { provideBrowser } from './helpers/chromium.ts';
import { COMPILED } from './helpers/compiled.ts';
import { provideSqlite } from './helpers/debian.ts';
import { type Job, jobsOf, type Round, runsAlone, sizeOf } from './helpers/jobs.ts';
import {
  type Cluster,
  clusterMissing,
  createCluster,
  makeModelCluster,
  postgresMissing,
  providePostgres,
} from './helpers/postgres.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const [fast, given] = [process.argv.includes('--fast'), process.env['TEST_DATABASE_URL']];
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--fast');

const everything = globSync('test/**/*.test.ts').sort();
/** These ask a server over HTTP for what its store has a part in. */
const ofServers = everything.filter((file) => file.startsWith('test/servers/'));
/** These drive a browser, or programs with a database that is shared, killed or away. */
const slow = /^test\/(journeys|processes|faults)\//;
/** For processes in which passwords and RSA keys cost next to nothing. */
const QUICK_CRYPTO = '--import=./test/helpers/quick-crypto.ts';

/**
 * How many processes run tests at the same time. With one more than there are processors, all tests take
 * an eighth longer, and with two more a fifth; so there is one more only while a processor has nothing
 * to do.
 */
const WIDTH = Math.max(2, availableParallelism());

const options = [
  '--test',
  '--test-isolation=none',
  // A connection that is left over at the end of a file is no reason to wait for ever.
  '--test-force-exit',
  // What waits for something that never comes has failed, and the rest goes on.
  `--test-timeout=${240_000}`,
  // What an API warns of is what these tests are about.
  ...['ResourceServerWarning', 'ListenerWarning', 'FailureWarning'].map(
    (type) => `--disable-warning=${type}`,
  ),
];

/** A file for each process, with what failed in it. */
const failed = mkdtempSync(join(tmpdir(), 'failed-tests-'));
const failedRounds = new Set<Round>();
let processes = 0;

/** Builds the program as the package has it. @returns what removes it */
async function buildProgram(): Promise<() => void> {
  const folder = fileURLToPath(new URL('../dist-test', import.meta.url));
  await bundle(folder);
  process.env['TEST_PROGRAM'] = join(folder, 'main.js');
  return () => rmSync(folder, { recursive: true });
}

/** Runs rounds of tests, as many at once as there are processors for; what takes long begins first. */
async function run(rounds: readonly Round[]): Promise<void> {
  const jobs = rounds.flatMap(jobsOf).sort((one, other) => sizeOf(other) - sizeOf(one));
  const [first, queue] = [jobs.filter(runsAlone), jobs.filter((job) => !runsAlone(job))];
  await Promise.all([
    inTurn(first).then(() => inTurn(queue)),
    ...Array.from({ length: WIDTH - 1 }, () => inTurn(queue)),
    whileIdle(queue),
  ]);
}

/** Works through what is left of a queue, which others may take from as well. */
async function inTurn(queue: Job[]): Promise<void> {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) await finish(job);
}

/** The same, from its end, whenever a processor had nothing to do for most of a while. */
async function whileIdle(queue: Job[]): Promise<void> {
  for (let before = idleTime(); queue.length > 0; before = idleTime()) {
    await wait(IDLE_FOR);
    const job = idleTime() - before > IDLE_FOR / 2 ? queue.pop() : undefined;
    if (job !== undefined) await finish(job);
  }
}

/** Milliseconds. */
const IDLE_FOR = 3000;

/** Milliseconds that processors had nothing to do, all together. */
function idleTime(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}

async function finish(job: Job): Promise<void> {
  if ((await node(job)) === 0) return;
  failedRounds.add(job.round);
  process.exitCode = 1;
}

/**
 * Runs `node --test`. What it says is shown at its end: what several processes write at the same time
 * nobody can read.
 *
 * @returns its exit code
 */
async function node({ round, files, quick }: Job): Promise<number | null> {
  const started = performance.now();
  processes += 1;
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    '--test-reporter=./test/helpers/failures.ts',
    `--test-reporter-destination=${join(failed, String(processes))}`,
  ];
  const flags = [...options, ...reporters, ...passedOn, ...(quick ? [QUICK_CRYPTO] : [])];
  const tests = spawn(process.execPath, [...flags, ...files], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...COMPILED, ...process.env, ...round.env },
  });
  const ended = once(tests, 'close');
  const output: Buffer[] = [];
  for await (const chunk of tests.stdout) output.push(chunk);
  const [code] = await ended;
  const what = files.length === 1 ? files[0] : `${files.length} files`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`\n===== ${round.title}: ${what}, ${seconds} s =====\n`);
  process.stdout.write(Buffer.concat(output));
  return code as number | null;
}

/** Makes the table by which a process leaves its databases to the next. @returns its name */
async function poolIn({ url }: Cluster): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('create table idle_databases (name text primary key)');
  await client.end();
  return 'idle_databases';
}

const started = performance.now();
const removeProgram = await buildProgram();
const inMemory = { TEST_STORE: 'memory' };
const rounds: Round[] = [];
const skipped: string[] = [];
if (fast) {
  rounds.push({
    title: 'what needs neither a browser nor a database server',
    files: everything.filter((file) => !slow.test(file)),
    env: { ...inMemory, TEST_FAST: 'yes' },
    shares: { servers: WIDTH, programs: WIDTH },
  });
  await run(rounds);
} else {
  provideBrowser();
  providePostgres();
  provideSqlite();
  const missing = postgresMissing();
  const removeModel = clusterMissing() ? () => {} : makeModelCluster();
  const cluster = missing || given !== undefined ? undefined : await createCluster();
  const database = given ?? cluster?.url;
  const env = {
    ...(database !== undefined && { TEST_DATABASE_URL: database }),
    ...(cluster !== undefined && { TEST_DATABASE_POOL: await poolIn(cluster) }),
  };
  rounds.push({
    title: 'everything, in memory',
    files: everything,
    env: { ...env, ...inMemory },
    shares: { servers: 2 * WIDTH, journeys: 2 * WIDTH, programs: WIDTH },
  });
  const onStore = (store: string, title: string, servers: number) =>
    rounds.push({
      title,
      files: ofServers,
      env: { ...env, TEST_STORE: store },
      shares: { servers },
    });
  onStore('sqlite', 'the servers, on SQLite', WIDTH);
  const title = 'the servers, on PostgreSQL';
  if (missing) skipped.push(`${title}: skipped, ${missing}`);
  // Suites that are defined at the same time each have a database, and few suites need few.
  else onStore('postgres', title, 2 * WIDTH);
  await run(rounds);
  await cluster?.remove();
  removeModel();
}
removeProgram();
const failures = readdirSync(failed).map((name) => readFileSync(join(failed, name), 'utf8'));
rmSync(failed, { recursive: true });
const outcomes = rounds.map(
  (round) => `${round.title}: ${failedRounds.has(round) ? 'FAILED' : 'passed'}`,
);
const seconds = Math.round((performance.now() - started) / 1000);
say(`\n${failures.join('')}${[...outcomes, ...skipped].join('\n')}\nin ${seconds} s`);
