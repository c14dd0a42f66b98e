// The server as a person runs it: processes of the program, each in a group of its own, so that a
// signal can be sent to all that belong to one.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { COMPILED } from './compiled.ts';
import { freePort } from './free-port.ts';
import { GREETED } from './greeting.ts';
import { MAIN } from './main-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'authorization-server-'));
const groups = new Set<number>();

function endAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
after(endAll);
process.on('exit', endAll);
// Groups of their own do not hear of it when somebody ends the tests.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export type Env = Readonly<Record<string, string>>;

export interface Run {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The exit code, or the name of the signal that ended it; its workers may live a moment longer. */
  readonly exit: Promise<number | string>;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when standard output has the greeting; fails if the process ends first. */
  greeted(): Promise<void>;
  /** Sends a signal to the process and to all that it has started. */
  signalAll(signal: NodeJS.Signals): void;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** `npm start` with these settings and no others. */
export function run(env: Env, ...args: string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...env, ...COMPILED, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid!;
  groups.add(pid);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said.stderr += chunk;
  });
  const exit = once(child, 'exit').then(([code, signal]) => {
    // From now on somebody else's may have the number.
    groups.delete(pid);
    return code ?? signal;
  });
  return {
    child,
    pid,
    exit,
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    async greeted() {
      const ended = exit.then((how) => {
        throw new Error(`The server ended before it was up (${how}): ${said.stderr}`);
      });
      while (!GREETED.test(said.stdout)) await Promise.race([once(child.stdout, 'data'), ended]);
      // From here on it may end.
      ended.catch(() => {});
    },
    signalAll: (signal) => signalGroup(pid, signal),
  };
}

let files = 0;

/** The path of a file that has this seed. */
export function seedFile(seed: object): string {
  files += 1;
  const path = join(folder, `seed-${files}.json`);
  writeFileSync(path, JSON.stringify(seed));
  return path;
}

/** Settings that every server here has; it is quiet, and lets everybody try as often as they like. */
export const SETTINGS: Env = {
  SESSION_SECRET: 'Vb3kQ9-this-is-strong-enough-7fXzLw',
  RATE_LIMIT: 'off',
  LOG_LEVEL: 'silent',
};

/** A running server, or several that share a database. */
export interface Site {
  readonly issuer: string;
  /** Where its servers are reached. */
  readonly origins: readonly string[];
  readonly servers: readonly Run[];
  /** Ends all, and answers how each ended. */
  stop(): Promise<(number | string)[]>;
}

/**
 * Starts servers at the same moment, each on a port of its own, all with the URL of the first for
 * their issuer.
 *
 * @param options.onUp is told of each as soon as it listens
 */
export async function startSite(
  count: number,
  env: Env,
  { onUp = async (_server: { origin: string }) => {} } = {},
): Promise<Site> {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const servers = ports.map((port) =>
    run({ ...SETTINGS, ISSUER: origins[0]!, PORT: String(port), ...env }),
  );
  await Promise.all(
    servers.map(async (server, index) => {
      await server.greeted();
      await onUp({ origin: origins[index]! });
    }),
  );
  return {
    issuer: origins[0]!,
    origins,
    servers,
    stop() {
      for (const { child } of servers) child.kill('SIGTERM');
      return Promise.all(servers.map(({ exit }) => exit));
    },
  };
}

/** The processes that live, with the one that started each; one that nobody has asked after yet is dead. */
function processes(): { pid: number; parent: number }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

export function childrenOf(pid: number): number[] {
  return processes()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid);
}

export function isAlive(pid: number): boolean {
  return processes().some((one) => one.pid === pid);
}
