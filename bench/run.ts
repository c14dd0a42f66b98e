// npm run bench: start-up time, idle memory and requests per second of the server as a person
// starts it, in a process of its own; this process is the load. Both share the machine, so
// the figures compare one commit with another on one machine, and nothing else.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const PORT = 4871;
const CONNECTIONS = 16;
const SECONDS = 5;

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function call({ method, path, headers, body }: Call): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: PORT, agent, method, path, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.on('error', reject).end(body);
  });
}

/** Requests per second of one kind, from as many callers as there are connections. */
async function rate(make: () => Call): Promise<number> {
  const run = async (until: number) => {
    let count = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (performance.now() < until) {
          const { status, text } = await call(make());
          if (status !== 200) throw new Error(`${status}: ${text}`);
          count += 1;
        }
      }),
    );
    return count;
  };
  await run(performance.now() + 1000);
  const start = performance.now();
  const count = await run(start + SECONDS * 1000);
  return count / ((performance.now() - start) / 1000);
}

const say = (what: string, value: string) => process.stdout.write(`${what.padEnd(40)}${value}\n`);

const started = performance.now();
const server = spawn(process.execPath, ['src/main.ts'], {
  env: { ...process.env, PORT: String(PORT), DEMO: 'on', RATE_LIMIT: 'off', LOG_LEVEL: 'silent' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const token: Call = {
    method: 'POST',
    path: '/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from('codecademy:codec@demy').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  };
  let first: { text: string } | undefined;
  while (first === undefined) {
    first = await call(token).catch(() => undefined);
  }
  say('first token after', `${Math.round(performance.now() - started)} ms`);
  const rss = () => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(
      readFileSync(`/proc/${server.pid}/status`, 'utf8'),
    )?.[1];
    return `${Math.round(Number(kilobytes) / 1024)} MiB`;
  };
  say('resident memory after the first token', rss());
  const authorization = `Bearer ${JSON.parse(first.text).access_token}`;
  const secret: Call = { method: 'GET', path: '/secret', headers: { authorization } };
  say('POST /oauth/token, client_credentials', `${Math.round(await rate(() => token))} /s`);
  say('GET /secret', `${Math.round(await rate(() => secret))} /s`);
  say('resident memory at the end', rss());
} finally {
  server.kill('SIGTERM');
  agent.destroy();
}
