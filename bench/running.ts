// The servers of the comparison: which there are, what they can do, and how each is started.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hashPassword } from '../src/protocol/passwords.ts';
import { sendForm } from './checks.ts';
import { PASSWORD, PATHS, personName, type Row } from './target.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The core of the servers, and that of the load and of a database. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

export interface Server {
  readonly name: string;
  /** The program, from the root of the repository. */
  readonly program: string;
  readonly rows: readonly Row[];
  readonly env?: (port: number, folder: string) => Record<string, string>;
}

const EVERY = ['token', 'protected', 'introspection', 'code', 'refresh', 'token-jwt'] as const;

/** Our server as its guide to production says, behind a proxy that ends TLS. */
const production = (_port: number, folder: string) => ({
  HOST: '127.0.0.1',
  ISSUER: 'https://auth.example.com',
  SESSION_SECRET: 'vh2Jq0cVn8yZx5Lr7Tb3Kd9Wm1Pf6Sg4',
  SEED_FILE: join(folder, 'seed.json'),
  SHUTDOWN_DELAY: '0',
});

export const SERVERS: readonly Server[] = [
  { name: 'node-http', program: 'bench/dist/servers/node-http.js', rows: EVERY },
  { name: 'express-tuned', program: 'bench/dist/servers/express-tuned.js', rows: EVERY },
  { name: 'express', program: 'bench/dist/servers/express.js', rows: EVERY },
  {
    name: 'tutorial',
    program: 'bench/dist/servers/tutorial.js',
    rows: ['token', 'protected', 'code', 'refresh'],
  },
  { name: 'oidc-provider', program: 'bench/dist/servers/oidc-provider.js', rows: EVERY },
  {
    name: 'jmondi',
    program: 'bench/dist/servers/jmondi.js',
    rows: ['token', 'introspection', 'code', 'refresh'],
  },
  { name: 'ours', program: 'dist/start.js', rows: EVERY, env: production },
];

/** Ours without a line in the log for each token; only if it is named. */
export const QUIET: Server = {
  name: 'ours-quiet',
  program: 'dist/start.js',
  rows: EVERY,
  env: (port, folder) => ({ ...production(port, folder), LOG_LEVEL: 'error' }),
};

/** The reference of every ratio. */
export const REFERENCE = 'express';

/** Whether servers and load can have a core each. */
export const canPin = existsSync('/usr/bin/taskset') && availableParallelism() > 1;

/** A program of Node, pinned to a core if this machine can do that. */
function pinned(core: number, args: readonly string[]): [string, string[]] {
  const own = [process.execPath, ...args];
  return canPin ? ['/usr/bin/taskset', ['-c', String(core), ...own]] : [own[0]!, own.slice(1)];
}

/** Moves a process with all its threads to a core. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('/usr/bin/taskset', ['-acp', String(core), String(pid)]);
}

export interface Running {
  readonly server: Server;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server, and does not wait for it. */
export function launch(
  server: Server,
  port: number,
  folder: string,
  more: Record<string, string> = {},
): Running {
  const [command, args] = pinned(SERVER_CORE, [join(ROOT, server.program)]);
  const child = spawn(command, args, {
    // Its own folder: a file .env in the repository must not count.
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      PORT: String(port),
      ...server.env?.(port, folder),
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    server,
    port,
    pid: child.pid!,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      // Idle sockets may keep a server that waits for them; nothing is lost by ending it.
      const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Resolves once the server has answered a token request. */
export async function answering({ port, pid, server }: Running): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    const answer = await sendForm(port, PATHS.token, { grant_type: 'client_credentials' }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return;
    if (answer !== undefined) throw new Error(`${server.name}: ${JSON.stringify(answer)}`);
    if (!existsSync(`/proc/${pid}`)) throw new Error(`${server.name} did not start.`);
    await wait(5);
  }
  throw new Error(`${server.name} does not answer.`);
}

/** The process that is the load. */
export function launchLoad(): ChildProcess {
  const [command, args] = pinned(LOAD_CORE, [join(ROOT, 'bench/load.ts')]);
  return spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The seed of our server, with so many people, and one for the checks. */
export async function writeSeed(folder: string, people: number): Promise<void> {
  const seed = JSON.parse(readFileSync(join(ROOT, 'bench/seed.json'), 'utf8'));
  // One hash for all: to make hundreds would only delay the start.
  const passwordHash = await hashPassword(PASSWORD);
  seed.users = Array.from({ length: people + 1 }, (_, index) => ({
    username: personName(index),
    password_hash: passwordHash,
    name: `Person ${index}`,
    email: `${personName(index)}@example.com`,
  }));
  writeFileSync(join(folder, 'seed.json'), JSON.stringify(seed));
}

/**
 * Builds our server as for production, and installs the others if they are not there yet. They are
 * compiled as well: nobody is to strip types while it starts.
 */
export function prepare(): void {
  const run = (...args: string[]) =>
    execFileSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!existsSync(join(ROOT, 'bench/node_modules'))) run('ci', '--prefix', 'bench');
  run('run', 'build');
  run('exec', '--', 'tsc', '-p', 'bench/tsconfig.json');
}
