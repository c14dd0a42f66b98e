// What the greeting says of clients and users, wherever they come from.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../src/program/config.ts';
import { greeting } from '../../src/program/greeting.ts';
import type { Seed } from '../../src/program/seed.ts';
import { seedOf } from '../../src/program/serve.ts';

const EMPTY: Seed = { scopes: {}, resources: {}, clients: [], users: [] };
const DATABASE = {
  DATABASE_URL: 'sqlite:./data/oauth.db',
  SESSION_SECRET: 'Vb3kQ9-this-is-strong-enough-7fXzLw',
};

/** All that comes after the URLs. */
async function greeted(env: Record<string, string>, seed = EMPTY): Promise<string> {
  const said = await greeting(readConfig(env), seed);
  return said.split(/^ {2}Protected .*\n\n?/m)[1]!;
}

describe('The greeting', () => {
  it('says that nobody is known without a seed file and a database', async () => {
    assert.equal(
      await greeted({ DEMO: 'off' }),
      '  Clients: 0, users: 0, from nowhere: set SEED_FILE\n\n',
    );
  });

  it('does not say so of a database, and says where its clients, users and scopes are', async () => {
    assert.equal(
      await greeted({ DEMO: 'off', ...DATABASE }),
      [
        '  Clients and users are those in the database: see client list and user list\n',
        '  Scopes besides those of OpenID Connect come from a seed file: set SEED_FILE\n\n',
      ].join(''),
    );
  });

  it('counts what is in the seed file', async () => {
    assert.equal(
      await greeted({ SEED_FILE: 'seed.json' }),
      '  Clients: 0, users: 0, from seed.json\n\n',
    );
  });

  it('says that a database may have more than the seed file', async () => {
    assert.equal(
      await greeted({ SEED_FILE: 'seed.json', ...DATABASE }),
      '  Clients: 0, users: 0, from seed.json; for all in the database see client list and user list\n\n',
    );
  });

  for (const [where, env] of [
    ['in memory', {}],
    ['in a database', DATABASE],
  ] as const) {
    it(`says of the demo ${where} who is in it, and nothing of a seed file`, async () => {
      const said = await greeted(env, await seedOf(readConfig(env)));
      assert.match(said, /user {9}alice with password wonderland/);
      assert.doesNotMatch(said, /SEED_FILE|Clients: /);
    });
  }
});
