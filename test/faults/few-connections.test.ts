// PostgreSQL that has fewer connections for us than the pools want.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { freshPostgres } from '../helpers/databases.ts';
import { getSecret, requestToken } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { postgresMissing } from '../helpers/postgres.ts';

describe('a role with few connections', {
  skip: postgresMissing(),
  timeout: 30_000,
}, async () => {
  const url = await freshPostgres();
  const owner = new pg.Client(url);
  await owner.connect();
  const role = `few_${process.pid}`;
  await owner.query(`create role ${role} login password 'few'`);
  const limit = (connections: number) =>
    owner.query(`alter role ${role} connection limit ${connections}`);
  await owner.query(`grant all on schema public to ${role}`);
  after(async () => {
    await owner.query(`drop owned by ${role} cascade`);
    await owner.query(`drop role ${role}`);
    await owner.end();
  });
  const ofRole = new URL(url);
  ofRole.username = role;
  ofRole.password = 'few';

  for (const connections of [3, 5]) {
    it(`of ${connections} is answered by those, in one line for all`, async () => {
      await limit(connections);
      const store = await openStore(ofRole.href);
      const server = await startServer({}, { store });
      const token = () =>
        requestToken(server, { grant_type: 'client_credentials' }, 'web:web-secret');
      const { access_token } = (await token()).json;
      for (let round = 0; round < 3; round += 1) {
        const attempts = Array.from({ length: 40 }, (_, n) =>
          store.limits.take(`${connections} ${round} ${n}`, 1, 60_000, 0),
        );
        const answers = await Promise.all(
          Array.from({ length: 80 }, (_, n) =>
            n % 2 === 0 ? token() : getSecret(server, access_token),
          ),
        );
        for (const { status } of answers) assert.equal(status, 200);
        for (const { allowed } of await Promise.all(attempts)) assert.ok(allowed);
      }
      await store.close();
    });
  }
});
