// The programs of examples/ as a person starts them: each in a process of its own.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './compiled.ts';
import { freePort } from './free-port.ts';
import { MAIN } from './main-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process, and what it has written so far. */
export interface Program {
  readonly child: ChildProcess;
  /** Settles when the process is gone, with its exit code. */
  readonly exit: Promise<number | null>;
  readonly stdout: string;
  readonly stderr: string;
  stop(): Promise<number | null>;
}

/** Runs a script of the project with only these settings; the caller has to stop it. */
export function run(script: string, env: Record<string, string>): Program {
  const child = spawn(process.execPath, [resolve(ROOT, script)], {
    cwd: tmpdir(),
    env: { ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      written[name] += chunk;
    });
  }
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const stop = () => {
    // At once: how each of them ends by itself is another subject.
    child.kill('SIGKILL');
    return exit;
  };
  return {
    child,
    exit,
    stop,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
  };
}

/** Waits until a program has written something; fails if it ends first. */
export async function until(program: Program, wanted: RegExp): Promise<void> {
  const ended = program.exit.then(() => 'ended');
  while (!wanted.test(program.stdout)) {
    const more = once(program.child.stdout!, 'data').then(() => 'more');
    if ((await Promise.race([more, ended])) === 'ended') break;
  }
  assert.match(program.stdout, wanted, program.stderr);
}

/** The settings that the three programs have in common. */
export interface Places {
  readonly ISSUER: string;
  readonly RESOURCE: string;
  readonly APP_URL: string;
  readonly SEED_FILE: string;
}

const directory = await mkdtemp(join(tmpdir(), 'examples-'));
after(() => rm(directory, { recursive: true }));

/** Free ports, and the examples' seed file for them. */
export async function findPlaces(): Promise<Places> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const here = (text: string) =>
    text.replace(
      /localhost:400([012])/g,
      (_, index: string) => `localhost:${ports[Number(index)]}`,
    );
  const SEED_FILE = join(directory, `seed-${ports[0]}.json`);
  await writeFile(SEED_FILE, here(await readFile(join(ROOT, 'examples/seed.json'), 'utf8')));
  return {
    APP_URL: here('http://localhost:4000'),
    ISSUER: here('http://localhost:4001'),
    RESOURCE: here('http://localhost:4002/api'),
    SEED_FILE,
  };
}

export interface Examples extends Places {
  readonly server: Program;
  readonly api: Program;
  readonly app: Program;
  /** Starts one of them once more, after it was stopped. */
  again(name: 'server' | 'api' | 'app'): Promise<Program>;
  stop(): Promise<unknown>;
}

const SCRIPTS = {
  server: { script: MAIN, place: 'ISSUER' },
  api: { script: 'examples/resource-server/main.ts', place: 'RESOURCE' },
  app: { script: 'examples/client-app/main.ts', place: 'APP_URL' },
} as const;

/** Starts all three, with these settings besides their places; they stop when the test ends. */
export async function startExamples(env: Record<string, string> = {}): Promise<Examples> {
  const examples = await launchExamples(env);
  after(examples.stop);
  return examples;
}

/** The same, to be stopped by who starts them. */
export async function launchExamples(env: Record<string, string> = {}): Promise<Examples> {
  const places = await findPlaces();
  const running: Program[] = [];
  const again = async (name: keyof typeof SCRIPTS) => {
    const { script, place } = SCRIPTS[name];
    const { port: PORT } = new URL(places[place]);
    const program = run(script, { LOG_LEVEL: 'info', ...places, PORT, ...env });
    running.push(program);
    await until(program, / is running at /);
    return program;
  };
  const stop = () => Promise.all(running.map((program) => program.stop()));
  try {
    const [server, api, app] = await Promise.all([again('server'), again('api'), again('app')]);
    return { ...places, server, api, app, again, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
