// npm run bench:restarts: two servers on one SQLite file behind a proxy, each restarted ten times
// under load, one after the other; how many requests were lost. The proxy is nginx as
// docs/deployment.md sets it up, if it is installed, and one that knows nothing: it keeps its
// connections as long as it may, takes turns, and tries nothing again that it has sent.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

const FRONT = 4881;
const SERVERS = [4882, 4883];
const CALLERS = 32;
const RESTARTS = 10;

const folder = mkdtempSync(join(tmpdir(), 'restarts-'));
const say = (line: string) => process.stdout.write(`${line}\n`);
const running = new Map<number, ChildProcess>();

/** Resolves once somebody listens there. */
async function listening(port: number): Promise<void> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const asked = request({ port, host: '127.0.0.1', path: '/health' }, (res) => {
        res.resume();
        resolve(res.statusCode === 200);
      });
      asked.on('error', () => resolve(false)).end();
    });
  while (!(await answers())) await wait(20);
}

async function start(port: number): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    PORT: String(port),
    ISSUER: `http://localhost:${FRONT}`,
    DATABASE_URL: `sqlite:${join(folder, 'oauth.db')}`,
    SESSION_SECRET: 'a secret of the benchmark, long enough',
    SHUTDOWN_DELAY: '2',
    LOG_LEVEL: 'silent',
    TRUST_PROXY: 'loopback',
  };
  running.set(port, spawn(process.execPath, ['src/main.ts'], { env, stdio: 'ignore' }));
  await listening(port);
}

async function stop(port: number): Promise<void> {
  const child = running.get(port)!;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** A proxy that knows nothing. What it did not get to send it offers the other server. */
async function startDumbProxy(): Promise<() => void> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const proxy = createServer(async (req, res) => {
    const body = await buffer(req);
    turn += 1;
    const [first, second] = turn % 2 === 0 ? SERVERS : SERVERS.toReversed();
    const pass = (port: number, isLast: boolean) => {
      const { method, url: path, headers } = req;
      const passed = request(
        { host: '127.0.0.1', port, agent, method, path, headers },
        (answer) => {
          res.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
          answer.pipe(res);
        },
      );
      passed.on('error', ({ syscall }: NodeJS.ErrnoException) => {
        if (syscall === 'connect' && !isLast) return pass(second!, true);
        return res.writeHead(502).end();
      });
      passed.end(body);
    };
    pass(first!, false);
  });
  proxy.listen(FRONT, '127.0.0.1');
  await once(proxy, 'listening');
  return () => {
    proxy.close();
    proxy.closeAllConnections();
    agent.destroy();
  };
}

/** nginx with the site of the guide, but for TLS. */
async function startNginx(): Promise<() => void> {
  const guide = readFileSync(new URL('../docs/deployment.md', import.meta.url), 'utf8');
  const [, site = ''] = /```nginx\n([\s\S]*?)```/.exec(guide) ?? [];
  const here = site
    .replace('10.0.0.11:4001', `127.0.0.1:${SERVERS[0]}`)
    .replace('10.0.0.12:4001', `127.0.0.1:${SERVERS[1]}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${FRONT}`)
    .replaceAll(/^ *ssl_.*\n/gm, '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `pid ${folder}/pid;\nerror_log stderr crit;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${here}}\n`,
  );
  const options = ['-p', folder, '-c', config, '-g', 'daemon off; master_process off;'];
  const nginx = spawn('nginx', options, {
    stdio: 'ignore',
    env: { PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  await listening(FRONT);
  return () => nginx.kill();
}

/** Asks for tokens until it is told to stop; counts what came of it. */
function load(): () => Promise<Map<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const outcomes = new Map<string, number>();
  let isOver = false;
  const body = 'grant_type=client_credentials&client_id=codecademy&client_secret=codec@demy';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const to = { host: '127.0.0.1', port: FRONT, path: '/oauth/token', method: 'POST', headers };
  const ask = () =>
    new Promise<string>((resolve) => {
      const asked = request({ ...to, agent }, (res) => {
        res.on('error', ({ message }) => resolve(message));
        res.resume().on('end', () => resolve(String(res.statusCode)));
      });
      asked.on('error', ({ message }) => resolve(message)).end(body);
    });
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      const outcome = await ask();
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  });
  return async () => {
    isOver = true;
    await Promise.all(callers);
    agent.destroy();
    return outcomes;
  };
}

function hasNginx(): boolean {
  try {
    execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin command -v nginx'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const port of SERVERS) await start(port);
for (const [name, startProxy] of [
  ['a proxy that knows nothing', startDumbProxy],
  ...(hasNginx() ? [['nginx', startNginx] as const] : []),
] as const) {
  const stopProxy = await startProxy();
  const end = load();
  await wait(1000);
  for (let count = 0; count < RESTARTS; count += 1) {
    for (const port of SERVERS) {
      await stop(port);
      await start(port);
      await wait(500);
    }
  }
  const outcomes = await end();
  stopProxy();
  const shown = [...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', ');
  say(`${RESTARTS} restarts of both servers behind ${name}: ${shown}`);
}
for (const port of SERVERS) await stop(port);
rmSync(folder, { recursive: true });
