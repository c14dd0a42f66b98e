// SIGHUP: the terminal is closed from which the server was started.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freshSqlite } from '../helpers/databases.ts';
import { http } from '../helpers/http.ts';
import { run, running, settings } from '../helpers/program.ts';

describe('npm start', { timeout: 60_000 }, () => {
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
