// The program as a person starts it, in a process of its own.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { COMPILED } from './compiled.ts';
import { freePort } from './free-port.ts';
import { GREETED } from './greeting.ts';
import { MAIN } from './main-file.ts';

export const SECRET = 'Vb3kQ9-this-is-strong-enough-7fXzLw';

/** A folder with nothing in it, which anybody may enter; it is gone when the test file ends. */
export const directory = mkdtempSync(join(tmpdir(), 'authorization-server-'));
chmodSync(directory, 0o755);
after(() => rmSync(directory, { recursive: true, force: true }));

/** None of them outlives this process, however that ends. */
export const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until it has written this; fails if it ends first. */
  said(stream: 'stdout' | 'stderr', wanted: RegExp): Promise<void>;
}

export interface Running extends Run {
  readonly origin: string;
  readonly issuer: string;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

interface How {
  readonly cwd?: string;
  /** Somebody else than who runs the tests. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program with these settings and no others. */
export function spawned(command: readonly string[], env: Env, how: How = {}): Run {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...how,
  });
  children.add(child);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk) => {
      said[stream] += chunk;
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    exit,
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    async said(stream, wanted) {
      const ended = exit.then(() => 'ended');
      while (!wanted.test(said[stream])) {
        const more = once(child[stream], 'data').then(() => 'more');
        if ((await Promise.race([more, ended])) === 'ended') break;
      }
      assert.match(said[stream], wanted, `${said.stdout}${said.stderr}`);
    },
  };
}

/** `npm start`, or with a command: `npm run migrate`. */
export function run(env: Env, command?: string, how?: How): Run {
  return spawned([process.execPath, MAIN, ...(command === undefined ? [] : [command])], env, how);
}

/** The complaint of a program that could not start, which must be no stack trace. */
export async function refusal(refused: Run): Promise<string> {
  assert.equal(await refused.exit, 1, refused.stderr);
  assert.equal(refused.stdout, '', 'it did not start');
  assert.doesNotMatch(refused.stderr, /^ +at |node:|Error:|\{$/m, 'no stack trace');
  return refused.stderr;
}

/** Settings of a server on a free port. */
export async function settings(env: Env): Promise<Record<string, string>> {
  return {
    PORT: String(await freePort()),
    LOG_LEVEL: 'silent',
    RATE_LIMIT: 'off',
    SESSION_SECRET: SECRET,
    // Nobody sends requests to what a test stops, and in production it would wait for five seconds.
    SHUTDOWN_DELAY: '0',
    ...env,
  };
}

/** A server that has started. */
export async function startProgram(
  env: Env,
  start: (env: Env) => Run = (all) => run(all),
): Promise<Running> {
  const all = await settings(env);
  return running(start(all), all);
}

/** The same of one that is about to start. */
export async function running(started: Run, env: Env): Promise<Running> {
  await started.said('stdout', GREETED);
  const origin = `http://localhost:${env['PORT']}`;
  return Object.assign(started, {
    origin,
    issuer: env['ISSUER'] ?? origin,
    async stop() {
      started.child.kill();
      assert.equal(await started.exit, 0, started.stderr);
    },
  });
}
