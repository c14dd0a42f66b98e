// SIGHUP: the terminal is closed from which the server was started.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshSqlite } from '../helpers/databases.ts';
import { http } from '../helpers/http.ts';
import { run, running, settings } from '../helpers/program.ts';

describe('npm start', { timeout: 60_000 }, () => {
  it('goes on after SIGHUP while it waits for its database', async () => {
    const server = run(await settings({ DATABASE_URL: 'postgres://keeper@127.0.0.1:1/oauth' }));
    await server.said('stderr', /Trying again for/);
    server.child.kill('SIGHUP');
    // It tries again each second, and would not if it had ended.
    server.child.kill('SIGTERM');
    await server.exit;
    assert.equal(server.child.signalCode, 'SIGTERM');
  });

  for (const [how, env] of [
    ['with one process', {}],
    ['with several', { WORKERS: '2', DATABASE_URL: freshSqlite() }],
  ] as const) {
    it(`goes on after SIGHUP, and says that it was ignored, ${how}`, async () => {
      const all = await settings({ ...env, LOG_LEVEL: 'info' });
      const server = await running(run(all), all);
      for (let times = 1; times <= 2; times += 1) server.child.kill('SIGHUP');
      await server.said(
        'stdout',
        /"signal":"SIGHUP","msg":"ignored: to stop the server send SIGTERM/,
      );
      assert.equal((await http(`${server.issuer}/health`)).status, 200);
      await server.stop();
    });
  }
});
