// WORKERS: several processes on one port, and the one that starts, replaces and ends them.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { post, type Server } from '../helpers/callers.ts';
import { freePort } from '../helpers/free-port.ts';
import { listen } from '../helpers/harness.ts';
import {
  childrenOf,
  isAlive,
  type Run,
  run,
  SETTINGS,
  seedFile,
  startSite,
} from '../helpers/running.ts';
import { SEED } from '../helpers/seeds.ts';
import { DATABASES, look } from '../helpers/sql.ts';

const SEED_FILE = seedFile(SEED);
const WORKERS = 3;
const FORM = { grant_type: 'client_credentials' };
const CLIENT = 'web:web-secret';

/** Polls for a condition in another process, which sends no event. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `It never came to this: ${isSo}`);
    await wait(50);
  }
}

const issued = async (server: Server) => (await post(server, 'token', FORM, CLIENT)).status === 200;
const isServed = (server: Server) => issued(server).catch(() => false);

/** A token request of which half is here: it is in flight until the rest is sent. */
async function halfRequest(server: Server) {
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1').setEncoding('utf8');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const body = 'grant_type=client_credentials&client_id=web&client_secret=web-secret';
  socket.write(
    [
      'POST /oauth/token HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      // The server says when it has begun with the request.
      'Expect: 100-continue',
      '',
      body.slice(0, 30),
    ].join('\r\n'),
  );
  await once(socket, 'data');
  const closed = once(socket, 'close');
  return {
    async finish(): Promise<string> {
      socket.write(body.slice(30));
      await closed;
      return received;
    },
  };
}

for (const { kind, fresh, skip } of DATABASES) {
  describe(`several processes on one port with ${kind}`, { skip, timeout: 300_000 }, () => {
    async function start(settings = {}): Promise<Run & Server> {
      const env = { SEED_FILE, DATABASE_URL: await fresh(), WORKERS: String(WORKERS), ...settings };
      const { servers, origins } = await startSite(1, env);
      return Object.assign(servers[0]!, { origin: origins[0]! });
    }

    it('replace one that was killed, while the others go on', async (t) => {
      const server = await start();
      const before = childrenOf(server.pid);
      assert.equal(before.length, WORKERS);

      let stopping = false;
      t.after(() => {
        stopping = true;
      });
      let answered = 0;
      let broken = 0;
      const callers = Array.from({ length: 2 * WORKERS }, async () => {
        while (!stopping) {
          const status = await post(server, 'token', FORM, CLIENT).then(
            (one) => one.status,
            String,
          );
          if (typeof status === 'string') broken += 1;
          else assert.equal(status, 200);
          answered += 1;
        }
      });
      await until(() => answered > 100);
      process.kill(before[1]!, 'SIGKILL');
      await until(() => {
        const now = childrenOf(server.pid);
        return now.length === WORKERS && !now.includes(before[1]!);
      });
      const then = answered;
      await until(() => answered > then + 100);
      stopping = true;
      await Promise.all(callers);
      // What was in flight at the one that was killed.
      assert.ok(broken <= callers.length, `${broken} requests went without an answer`);
      server.child.kill('SIGTERM');
      assert.equal(await server.exit, 0, server.stderr);
    });

    it('serve again after all of them were killed at once', { timeout: 60_000 }, async () => {
      const server = await start();
      const before = childrenOf(server.pid);
      for (const pid of before) process.kill(pid, 'SIGKILL');
      await until(() => {
        const now = childrenOf(server.pid);
        return now.length === WORKERS && now.every((pid) => !before.includes(pid));
      });
      await until(() => isServed(server));
      server.child.kill('SIGTERM');
      assert.equal(await server.exit, 0);
    });

    it('replace one that was killed after the next release has added to the tables', async () => {
      const DATABASE_URL = await fresh();
      const server = await start({ DATABASE_URL, LOG_LEVEL: 'info' });
      await look(DATABASE_URL, 'update oauth_schema set version = version + 1');
      for (const pid of childrenOf(server.pid)) process.kill(pid, 'SIGKILL');
      await until(() => isServed(server));
      await until(() => childrenOf(server.pid).length === WORKERS);
      server.child.kill('SIGHUP');
      await until(() => server.stdout.includes('"the seed file was read again"'));
      server.child.kill('SIGTERM');
      assert.equal(await server.exit, 0);
      assert.equal(server.stderr, '');
    });

    it('say why none can take the place of one that died, and exit with 1 if none is left', async () => {
      const DATABASE_URL = await fresh();
      const server = await start({ DATABASE_URL, LOG_LEVEL: 'info' });
      await look(DATABASE_URL, 'update oauth_schema set version = 0');
      server.child.kill('SIGHUP');
      await until(() => /not taken over, because the tables/.test(server.stdout));
      const [first, ...others] = childrenOf(server.pid);
      process.kill(first!, 'SIGKILL');
      await until(() => server.stdout.includes('"a process cannot take the place of another"'));
      assert.match(server.stdout, /"problems":\["The tables .* of version 0.*npm run migrate/);
      assert.equal(await isServed(server), true, 'the others go on');
      for (const pid of others) process.kill(pid, 'SIGKILL');
      assert.equal(await server.exit, 1);
    });

    const ends = [
      ['SIGTERM', (server: Run) => server.child.kill('SIGTERM')],
      ['Ctrl-C, which all of them hear', (server: Run) => server.signalAll('SIGINT')],
      ['SIGTERM to all of them, as from systemd', (server: Run) => server.signalAll('SIGTERM')],
    ] as const;
    for (const [how, end] of ends) {
      it(`answer what is in flight and exit with 0 on ${how}`, async () => {
        const server = await start({ LOG_LEVEL: 'info' });
        const requests = await Promise.all(
          Array.from({ length: 2 * WORKERS }, () => halfRequest(server)),
        );
        end(server);
        await until(() => server.stdout.match(/"msg":"stopping"/g)?.length === WORKERS);
        await until(async () => !(await isServed(server)));
        for (const answer of await Promise.all(requests.map(({ finish }) => finish()))) {
          assert.match(answer, /HTTP\/1\.1 200 OK[\s\S]*"access_token":"[\w-]{43}"/);
        }
        assert.equal(await server.exit, 0);
        assert.equal(server.stderr, '');
      });
    }

    it('are not left behind where the one that started them is killed', async () => {
      const server = await start();
      const workers = childrenOf(server.pid);
      server.child.kill('SIGKILL');
      assert.equal(await server.exit, 'SIGKILL');
      await until(() => !workers.some(isAlive));
      assert.equal(await isServed(server), false);
    });

    it('say once that the port is in use, and exit with 1', async () => {
      const other = createServer();
      await listen(other);
      const { port } = other.address() as AddressInfo;
      const env = { ...SETTINGS, SEED_FILE, DATABASE_URL: await fresh(), WORKERS: String(WORKERS) };
      const server = run({ ...env, PORT: String(port) });
      assert.equal(await server.exit, 1);
      assert.equal(
        server.stderr,
        `Port ${port} on 127.0.0.1 is in use, perhaps by another copy of this server. Stop that, or set PORT.\n`,
      );
      assert.equal(server.stdout, '');
      other.close();
    });
  });
}

describe('several processes on one port with the store in memory', { timeout: 30_000 }, () => {
  it('are refused in a sentence', async () => {
    const server = run({ ...SETTINGS, PORT: String(await freePort()), WORKERS: '2' });
    assert.equal(await server.exit, 1);
    assert.equal(
      server.stderr,
      "The settings are not right:\n  - WORKERS is 2, but without DATABASE_URL every process would have a memory of its own, and know nothing of the others' codes, tokens and sessions. Set DATABASE_URL, or WORKERS=1.\n",
    );
  });
});
