// SIGHUP: the seed file is read again. It comes, too, when the terminal is closed from which the server
// was started.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../src/store/open.ts';
import { freshSqlite } from '../helpers/databases.ts';
import { http } from '../helpers/http.ts';
import { directory, type Running, run, running, settings } from '../helpers/program.ts';
import { childrenOf } from '../helpers/running.ts';

const machine = (id: string, fields = {}) => ({
  client_id: id,
  client_secret: `secret-of-${id}`,
  grant_types: ['client_credentials'],
  ...fields,
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const bodyOf = (id: string, scope = 'read') =>
  String(
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: `secret-of-${id}`,
      scope,
    }),
  );

/** The status of a token request on a connection of its own, so that any process may answer it. */
async function status(server: Running, id: string, scope?: string): Promise<number> {
  const headers = { ...FORM, connection: 'close' };
  const sent = request(`${server.origin}/oauth/token`, { method: 'POST', headers, agent: false });
  sent.end(bodyOf(id, scope));
  const [answer] = await once(sent, 'response');
  await text(answer);
  return answer.statusCode;
}

/** Polls: nobody outside is told when a process has taken over what was read. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `It never came to this: ${isSo}`);
    await wait(20);
  }
}

let files = 0;

async function start(first: object, env = {}) {
  files += 1;
  const seedFile = join(directory, `hangup-${files}.json`);
  const write = (content: unknown) =>
    writeFileSync(seedFile, typeof content === 'string' ? content : JSON.stringify(content));
  write(first);
  const all = await settings({ SEED_FILE: seedFile, LOG_LEVEL: 'info', ...env });
  const server = await running(run(all), all);
  /** The lines of the log that begin to be counted now, once there is one like this. */
  const hangUp = async (wanted: RegExp) => {
    const before = server.stdout.length;
    server.child.kill('SIGHUP');
    await until(async () => wanted.test(server.stdout.slice(before)));
    const lines = server.stdout.slice(before).split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  };
  return { server, write, hangUp, env: all };
}

const READ = /"the seed file was read again"/;
const NOT_READ = /"the seed file was not taken over/;

describe('SIGHUP', { timeout: 120_000 }, () => {
  it('does not end a server that waits for its database', async () => {
    const server = run(await settings({ DATABASE_URL: 'postgres://keeper@127.0.0.1:1/oauth' }));
    await server.said('stderr', /Trying again for/);
    server.child.kill('SIGHUP');
    // It tries again each second, and would not if it had ended.
    server.child.kill('SIGTERM');
    await server.exit;
    assert.equal(server.child.signalCode, 'SIGTERM');
  });

  it('changes nothing if there is no seed file, and reads that of the demo', async () => {
    for (const [env, wanted] of [
      [{ DEMO: 'off' }, /there is no seed file to be read again/],
      [{}, READ],
    ] as const) {
      const all = await settings({ ...env, LOG_LEVEL: 'info' });
      const server = await running(run(all), all);
      for (let times = 1; times <= 2; times += 1) server.child.kill('SIGHUP');
      await server.said('stdout', wanted);
      assert.equal((await http(`${server.issuer}/health`)).status, 200);
      assert.equal((await http(`${server.issuer}/playground`)).status, 'DEMO' in env ? 404 : 200);
      await server.stop();
    }
  });

  it('has one process in memory take over scopes, clients and users, without dropping a request', async () => {
    const { server, write, hangUp } = await start({
      scopes: { read: 'Read' },
      clients: [machine('old'), machine('stays')],
    });
    assert.equal(await status(server, 'new'), 401);
    assert.equal(await status(server, 'stays', 'write'), 400);

    // One whose body has not come yet, and callers who never stop.
    const half = request(`${server.origin}/oauth/token`, { method: 'POST', headers: FORM });
    half.write(bodyOf('stays').slice(0, 20));
    let stopping = false;
    const seen = new Set<number>();
    const callers = Array.from({ length: 4 }, async () => {
      while (!stopping) seen.add(await status(server, 'stays'));
    });

    write({
      scopes: { read: 'Read', write: 'Write' },
      clients: [machine('old', { client_secret: 'another' }), machine('stays'), machine('new')],
    });
    await hangUp(READ);
    assert.equal(await status(server, 'new'), 200);
    assert.equal(await status(server, 'stays', 'write'), 200);
    assert.equal(await status(server, 'old'), 401);
    for (let times = 1; times <= 5; times += 1) await hangUp(READ);

    half.end(bodyOf('stays').slice(20));
    const [answer] = await once(half, 'response');
    assert.equal(answer.statusCode, 200, await text(answer));
    stopping = true;
    await Promise.all(callers);
    assert.deepEqual([...seen], [200]);

    for (const [wrong, problem] of [
      ['{ "clients": [', /is not JSON/],
      [{ clients: [machine('new', { redirect_uris: ['x'] })] }, /redirect_uris\[0\] is not/],
      [{ users: [{ username: 'new', password: 'caterpillar' }] }, /A client has the id/],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a reference of a seed file
      [{ clients: [machine('a', { client_secret: '${NO_SUCH}' })] }, /NO_SUCH/],
    ] as const) {
      write(wrong);
      const said = (await hangUp(NOT_READ)).find(({ problems }) => problems);
      assert.match(said.problems.join(), problem);
      assert.equal(await status(server, 'new', 'write'), 200);
      assert.equal(await status(server, 'a'), 401);
    }
    await server.stop();
  });

  it('has every process take over, and leaves alone what a command has changed or removed', async () => {
    const url = freshSqlite();
    const clients = ['one', 'two', 'three'].map((id) => machine(id));
    const users = ['ann', 'ben', 'cleo'].map((username) => ({ username, password: 'caterpillar' }));
    const { server, write, hangUp } = await start(
      { scopes: { read: 'Read' }, clients, users },
      { WORKERS: '2', DATABASE_URL: url },
    );
    const store = await openStore(url);
    const one = (await store.clients.find('one'))!;
    await store.clients.change(one, { ...one, name: 'Of a command', source: 'command' });
    await store.clients.remove('two');
    await store.users.remove('ann');
    const ben = (await store.users.find('ben'))!;
    await store.users.change(ben, { ...ben, name: 'Benjamin' });

    const after = {
      scopes: { read: 'Read', write: 'Write' },
      clients: [machine('one'), machine('two'), machine('four')],
      users: users.slice(0, 2),
    };
    write(after);
    const lines = (await hangUp(READ)).map(({ time: _time, level: _level, ...line }) => line);
    const seedFile = join(directory, `hangup-${files}.json`);
    assert.deepEqual(
      lines,
      [
        [{ clientId: 'three' }, 'a client that is no longer in the seed file still works'],
        [{ userId: 'cleo' }, 'a user who is no longer in the seed file can still sign in'],
        [
          { clientId: 'one', fields: ['client_name', 'scope'] },
          'a client of the seed file was changed by a command, and stays so: "seed diff" says how',
        ],
        [
          { clientId: 'two' },
          'a client of the seed file was removed, and stays away: "seed apply" brings it back',
        ],
        [
          { userId: 'ann' },
          'a user of the seed file was removed, and stays away: "seed apply" brings it back',
        ],
        [
          { userId: 'ben', fields: ['name'] },
          'a user is not as the seed file says, and stays so: "seed diff" says how',
        ],
        [{ seedFile, clients: 3, users: 2 }, 'the seed file was read again'],
      ].map(([fields, msg]) => ({ ...(fields as object), msg })),
    );
    assert.equal((await store.clients.find('one'))?.name, 'Of a command');
    assert.equal(await store.clients.find('two'), undefined);
    assert.equal(await store.users.find('ann'), undefined);
    await store.close();

    // Each process has the new scope; connections are handed out in turn.
    let inARow = 0;
    await until(async () => {
      inARow = (await status(server, 'four', 'write')) === 200 ? inARow + 1 : 0;
      return inARow === 8;
    });

    write('not JSON');
    const said = (await hangUp(NOT_READ)).find(({ problems }) => problems);
    assert.match(said.problems[0], /is not JSON/);

    // A process that takes the place of another has what was taken over, and not what the file says by now.
    const before = childrenOf(server.child.pid!);
    process.kill(before[0]!, 'SIGKILL');
    await until(async () => {
      const now = childrenOf(server.child.pid!);
      return now.length === 2 && !now.includes(before[0]!);
    });
    for (let times = 1; times <= 8; times += 1) {
      assert.equal(await status(server, 'four', 'write'), 200);
    }
    assert.equal(childrenOf(server.child.pid!).length, 2);
    await server.stop();
  });
});
