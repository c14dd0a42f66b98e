// npm run examples: the authorization server, an API that takes its tokens and a web app that uses
// both, each in a process of its own, until Ctrl-C.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const { env } = process;
const HERE = fileURLToPath(new URL('.', import.meta.url));
const SEED_FILE = resolve(env['SEED_FILE'] ?? `${HERE}seed.json`);
const ISSUER = env['ISSUER'] ?? 'http://localhost:4001';
const RESOURCE = env['RESOURCE'] ?? 'http://localhost:4002/api';
const APP_URL = env['APP_URL'] ?? 'http://localhost:4000';

const PROGRAMS = [
  { name: 'authorization server', script: '../src/main.ts', url: ISSUER },
  { name: 'resource server', script: 'resource-server/main.ts', url: RESOURCE },
  { name: 'client application', script: 'client-app/main.ts', url: APP_URL },
];

const running = new Set<ChildProcess>();
let isReady = false;
let isStopping = false;

function start({ name, script, url }: (typeof PROGRAMS)[number]): Promise<void> {
  const child = spawn(process.execPath, [script], {
    // Not where npm was started: a .env there is for another server than this.
    cwd: HERE,
    env: {
      ...env,
      ISSUER,
      RESOURCE,
      APP_URL,
      SEED_FILE,
      DEMO: 'off',
      LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn',
      PORT: new URL(url).port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  createInterface(child.stderr).on('line', (line) => {
    process.stderr.write(`[${name}] ${line}\n`);
  });
  return new Promise((ready) => {
    createInterface(child.stdout).on('line', (line) => {
      if (isReady) process.stdout.write(`[${name}] ${line}\n`);
      if (line.includes(' is running at ')) ready();
    });
    child.on('close', () => {
      running.delete(child);
      if (isStopping) return;
      process.stderr.write(
        isReady
          ? `The ${name} has ended, so the others end as well.\n`
          : `The ${name} did not start, so the others do not either.\n`,
      );
      process.exitCode = 1;
      stop();
    });
  });
}

function stop(): void {
  // The second time nobody is waited for: there is nothing in them that has to be kept.
  for (const child of running) child.kill(isStopping ? 'SIGKILL' : 'SIGTERM');
  isStopping = true;
  setTimeout(stop, 2000).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.on('exit', stop);

// Not awaited: where one cannot start, this never comes to an end.
void Promise.all(PROGRAMS.map(start)).then(greet);

async function greet(): Promise<void> {
  const { users } = JSON.parse(await readFile(SEED_FILE, 'utf8'));
  const people = users.map(
    ({ username, password }: Record<string, string>) => `${username} with password ${password}`,
  );
  isReady = true;
  process.stdout.write(`
Open ${APP_URL} and sign in:

${people.map((person: string) => `  ${person}`).join('\n')}

  Client application     ${APP_URL}
  Authorization server   ${ISSUER}
  Resource server        ${RESOURCE}/appointments
  Command line           npx node examples/device-client/main.ts

Ctrl-C ends all three.

`);
}
