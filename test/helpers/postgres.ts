// PostgreSQL for the tests: found, or installed where that is allowed, and clusters of our own, made
// of the installed programs in a folder that is gone afterwards.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { install, mayInstall } from './debian.ts';
import { freePort } from './free-port.ts';
import { scratch } from './scratch.ts';

const DEBIAN = '/usr/lib/postgresql';
const DEBIAN_CLUSTERS = '/etc/postgresql-common/createcluster.d';

/** The folder of initdb, postgres, pg_dump and so on; the newest if there are several. */
export function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const places = [
    process.env['POSTGRES_BIN'],
    ...versions.sort((a, b) => b - a).map((version) => `${DEBIAN}/${version}/bin`),
    ...(process.env['PATH'] ?? '').split(':'),
    '/opt/homebrew/opt/postgresql/bin',
  ];
  return places.find((place) => place !== undefined && existsSync(join(place, 'initdb')));
}

/** Installs PostgreSQL if there is none and this process may; otherwise says that it may not. */
export function providePostgres(): void {
  if (process.env['TEST_DATABASE_URL'] !== undefined || programs() !== undefined) return;
  if (!mayInstall()) {
    process.stdout.write(
      'No PostgreSQL found, so its tests are skipped. Install it, or set TEST_DATABASE_URL or POSTGRES_BIN.\n',
    );
    return;
  }
  // Otherwise the package makes a cluster of its own, and starts it if there is something to start it.
  mkdirSync(DEBIAN_CLUSTERS, { recursive: true });
  writeFileSync(join(DEBIAN_CLUSTERS, 'none.conf'), 'create_main_cluster = false\n');
  install('the tests of PostgreSQL', 'postgresql');
}

/** Why the tests of PostgreSQL cannot run, for node:test's `skip`; on CI that is a failure instead. */
export function postgresMissing(): string | false {
  if (process.env['TEST_FAST']) return 'needs a database server';
  return process.env['TEST_DATABASE_URL'] === undefined && clusterMissing();
}

/** The same of tests that need a cluster of their own. */
export function clusterMissing(): string | false {
  if (process.env['TEST_FAST']) return 'needs a database server';
  if (programs() !== undefined) return false;
  if (process.env['CI']) throw new Error('The tests need PostgreSQL, and there is none.');
  return 'no PostgreSQL found';
}

/** A user other than root, if this process is root: PostgreSQL refuses to run as root. */
export function account(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Runs a program that fills the folder of a cluster, as the one who owns it. */
function fill(directory: string, program: string, ...options: string[]): void {
  execFileSync(program, options, { ...account(), cwd: directory, stdio: 'ignore' });
}

function init(directory: string, data: string): void {
  const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  fill(directory, join(programs()!, 'initdb'), '-D', data, ...options);
}

/** A folder that belongs to the one who runs clusters. */
function makeFolder(): string {
  const directory = mkdtempSync(join(scratch(), 'postgres-'));
  const owner = account();
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  return directory;
}

/**
 * Makes a cluster that never runs, and that those of this process and of the ones that it starts are copies
 * of: to make one takes a second, and to copy it a tenth of that.
 *
 * @returns what removes it
 */
export function makeModelCluster(): () => void {
  const directory = makeFolder();
  const data = join(directory, 'data');
  init(directory, data);
  process.env[MODEL] = data;
  return () => rmSync(directory, { recursive: true, force: true });
}

/** The name of the setting that says where it is. */
const MODEL = 'TEST_CLUSTER_MODEL';

export interface Cluster {
  /** Of the database `postgres`, as its owner. */
  readonly url: string;
  /** Starts it again after `stop`, at the same port and with what it had. */
  start(): Promise<void>;
  /** Ends it as a crash or an operator in a hurry would: connections break, nothing is tidied up. */
  stop(): Promise<void>;
  /** Ends it and forgets what it had. */
  remove(): Promise<void>;
}

/**
 * A cluster of our own, running.
 *
 * @param settings of postgresql.conf; by default it does not wait for the disk, which is no matter as
 *   long as the machine stays up
 * @param primary the cluster that this one is to be a standby of
 */
export async function createCluster(
  settings: Record<string, string> = {},
  primary?: Cluster,
): Promise<Cluster> {
  const bin = programs();
  if (bin === undefined) throw new Error('There is no PostgreSQL on this machine.');
  const owner = account();
  const directory = makeFolder();
  const data = join(directory, 'data');
  const model = process.env[MODEL];
  if (primary !== undefined) {
    const options = ['-R', '-c', 'fast', '--no-sync'];
    fill(directory, join(bin, 'pg_basebackup'), '-D', data, '-d', primary.url, ...options);
  } else if (model !== undefined) {
    fill(directory, 'cp', '-R', model, data);
  } else {
    init(directory, data);
  }

  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // A process that runs many files begins by opening a store for each suite.
    max_connections: '1000',
    fsync: 'off',
    full_page_writes: 'off',
    // Nothing is here for long enough to need it, and it starts a process for each of many databases.
    autovacuum: 'off',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  let running: ChildProcess | undefined;

  const cluster: Cluster = {
    url,
    async start() {
      // It must not outlive this process, however that ends: then the pipe closes, and with it goes
      // the cluster.
      const script = '"$@" & cat > /dev/null; kill -QUIT $!; wait $!';
      const command = [join(bin, 'postgres'), '-D', data, ...flags];
      const shell = spawn('sh', ['-c', script, 'sh', ...command], {
        ...owner,
        cwd: directory,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      running = shell;
      for (let tries = 0; ; tries += 1) {
        const client = new pg.Client(url);
        try {
          await client.connect();
          await client.end();
          break;
        } catch (error) {
          if (tries > 300) throw error;
          await wait(50);
        }
      }
      shell.unref();
      (shell.stdin as unknown as { unref(): void }).unref();
    },
    async stop() {
      if (running === undefined) return;
      running.ref();
      const ended = once(running, 'exit');
      running.stdin?.end();
      running = undefined;
      await ended;
    },
    async remove() {
      await cluster.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  await cluster.start();
  return cluster;
}
