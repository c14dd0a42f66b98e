// SIGHUP while the database is away.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { emptyPostgres } from '../helpers/databases.ts';
import { requestToken } from '../helpers/flows.ts';
import { directory, startProgram } from '../helpers/program.ts';
import { createProxy } from '../helpers/proxy.ts';

const machine = (id: string) => ({
  client_id: id,
  client_secret: `secret-of-${id}`,
  grant_types: ['client_credentials'],
});

describe('a seed file that is to be read again while the database is away', () => {
  for (const WORKERS of ['1', '2']) {
    it(`is taken over once it is back, with WORKERS=${WORKERS}`, { timeout: 60_000 }, async () => {
      const url = await emptyPostgres();
      const proxy = await createProxy(url);
      const seed = join(directory, `away-${WORKERS}.json`);
      writeFileSync(seed, JSON.stringify({ clients: [machine('old')] }));
      const server = await startProgram({
        DATABASE_URL: proxy.through(url),
        SEED_FILE: seed,
        LOG_LEVEL: 'info',
        WORKERS,
      });
      const issued = async (id: string) => {
        const form = { grant_type: 'client_credentials' };
        return (await requestToken(server, form, `${id}:secret-of-${id}`)).status;
      };
      assert.equal(await issued('old'), 200);

      proxy.leadTo('postgres://keeper@127.0.0.1:1/oauth');
      proxy.cut();
      writeFileSync(seed, JSON.stringify({ clients: [machine('old'), machine('new')] }));
      server.child.kill('SIGHUP');
      await server.said('stdout', /Trying again for/);
      assert.equal(await issued('old'), 503);

      proxy.leadTo(url);
      await server.said('stdout', /"the seed file was read again"/);
      assert.equal(await issued('new'), 200);
      assert.equal(await issued('old'), 200);
      await server.stop();
      await proxy.close();
    });
  }
});
