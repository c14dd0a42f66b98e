import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Database } from '../../src/store/database.ts';
import { databaseUrlProblem } from '../../src/store/database-url.ts';
import { openStore } from '../../src/store/open.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { migrate } from '../../src/store/schema.ts';
import { sqliteDatabase } from '../../src/store/sqlite.ts';
import { SchemaError, type Store } from '../../src/store/store.ts';
import { CALLERS } from '../../src/store-contract/race.ts';
import {
  aClient,
  aClientsOwnToken,
  aCode,
  aGrant,
  aUser,
  DAY,
  HOUR,
  NOW,
  someTokens,
  unique,
  WINDOW,
} from '../../src/store-contract/records.ts';
import { registering } from '../../src/store-contract/registering.ts';
import { same } from '../../src/store-contract/same.ts';
import { freshPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';

describe('the options of openStore()', () => {
  for (const [options, message] of [
    [
      { migrte: false },
      /^The second argument of openStore\(\) has migrte, which is none of migrate, connections/,
    ],
    [{ migrate: 'false' }, /has the migrate "false", which is not a boolean/],
    [
      { connections: 1 },
      /has the connections 1, which is not a whole number of connections from 2/,
    ],
    [null, /is not an object/],
  ] as const) {
    it(`are refused before anything is opened: ${JSON.stringify(options)}`, async () => {
      const url = freshSqlite();
      await assert.rejects(openStore(url, options as never), { name: 'TypeError', message });
      assert.ok(!existsSync(url.slice('sqlite:'.length)));
    });
  }
});

describe('the URL of a database', () => {
  for (const url of [
    'sqlite:oauth.db',
    'sqlite:./data/oauth.db',
    'sqlite:/var/lib/oauth.db',
    'sqlite:///var/lib/oauth.db',
    'postgres://localhost/oauth',
    'postgresql://user:p%40ss@db.example:5433/oauth?sslmode=require',
  ]) {
    it(`may be ${url}`, () => assert.equal(databaseUrlProblem(url), undefined));
  }

  for (const url of [
    '',
    'oauth.db',
    'sqlite:',
    'sqlite::memory:',
    'sqlite://',
    'sqlite:oauth.db?mode=memory',
    'mysql://localhost/oauth',
    'postgres:oauth',
    'postgres://[',
    'http://localhost/oauth',
  ]) {
    it(`may not be ${JSON.stringify(url)}`, async () => {
      assert.match(databaseUrlProblem(url) ?? '', /neither sqlite: .* nor postgres:/);
      await assert.rejects(openStore(url), TypeError);
    });
  }
});

for (const [name, fresh, skip] of [
  ['SQLite', async () => freshSqlite(), false],
  ['PostgreSQL', freshPostgres, postgresMissing()],
] as const) {
  describe(`a database in ${name}`, { skip }, () => {
    /** Statements on the database itself. */
    async function inside<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
      const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined;
      const db = path === undefined ? postgresDatabase(url) : await sqliteDatabase(path);
      try {
        return await work(db);
      } finally {
        await db.close();
      }
    }

    const setVersion = (url: string, version: number) =>
      inside(url, (db) => db.query('update oauth_schema set version = $1', [version]));

    it('has everything that was saved when it is opened again', async () => {
      const url = await fresh();
      const [client, user] = [aClient(), aUser()];
      const clientId = client.id;
      const [grant, own] = [aGrant({ clientId }), aClientsOwnToken({ clientId })];
      const jwt = (hash: string) => ({ hash, clientId, grantId: grant.id, issuedAt: NOW });
      const consent = { userId: user.id, clientId, resource: '', scope: ['read'] };
      const code = aCode(grant);
      const first = someTokens(grant);
      const second = someTokens(grant, first.refreshToken);
      const key = {
        kid: unique(),
        alg: 'ES256',
        period: 1,
        createdAt: NOW,
        encryptedPrivateKey: unique(),
        expiresAt: NOW + DAY,
      };
      const [limited, jti, revoked] = [unique(), unique(), unique()];
      const [sessionId, requestId] = [unique(), unique()];
      const document = { data: '{"a":"ü"}', expiresAt: NOW + HOUR };

      const before = await openStore(url);
      await before.clients.save(client);
      await before.users.save(user);
      await before.consents.add(consent);
      await before.codes.save(code, grant);
      await before.codes.redeem(code.hash, NOW, first);
      await before.refreshTokens.rotate(first.refreshToken, NOW, WINDOW, second);
      await before.tokens.issue({ accessToken: own }, NOW);
      await before.accessTokens.revoke(revoked, NOW + HOUR);
      await before.replays.claim('jti', jti, NOW + HOUR, NOW);
      await before.keys.ensure(key);
      await before.limits.take(limited, 1, HOUR, NOW);
      const constant = await before.constants.ensure('a salt', unique());
      await before.sessions.save(sessionId, document);
      await before.requests.save(requestId, document);
      await before.close();

      const after = await openStore(url, { migrate: false });
      same(await after.clients.find(client.id), client);
      same(await after.users.findByUsername(user.username), user);
      same(await after.consents.find(user.id, client.id, ''), consent);
      same(await after.codes.find(code.hash, NOW), {
        code: { ...code, redeemedAt: NOW, expiresAt: NOW + DAY },
        grant: { ...grant, expiresAt: NOW + DAY, lastUsedAt: NOW },
      });
      for (const { accessToken } of [first, second, { accessToken: own }]) {
        same((await after.accessTokens.find(accessToken.hash, NOW))?.token, accessToken);
      }
      const { tokenHash, salt, hash } = first.refreshToken;
      same((await after.refreshTokens.find(hash, NOW))?.token, {
        ...second.refreshToken,
        previous: { tokenHash, salt, rotatedAt: NOW },
      });
      assert.equal(await after.accessTokens.findOwner(jwt(revoked), NOW), undefined);
      assert.deepEqual(await after.accessTokens.findOwner(jwt(unique()), NOW), {
        userId: grant.userId,
      });
      assert.equal(await after.replays.claim('jti', jti, NOW + HOUR, NOW), false);
      same(
        (await after.keys.list(NOW)).map(({ kid }) => kid),
        [key.kid],
      );
      assert.equal(await after.constants.ensure('a salt', unique()), constant);
      assert.equal((await after.limits.take(limited, 1, HOUR, NOW)).allowed, false);
      same(await after.sessions.find(sessionId, NOW), document);
      same(await after.requests.find(requestId, NOW), document);
      await after.close();
    });

    it('has nothing of a change of which a part fails', async () => {
      const store = registering(await openStore(await fresh()));
      const grant = aGrant();
      const [code, tokens] = [aCode(grant), someTokens(grant)];
      // What no type allows, and no table: a null.
      const nameless = { clientId: null as unknown as string };
      await assert.rejects(store.codes.save({ ...code, ...nameless }, grant), /null/i);
      assert.equal(await store.grants.find(grant.id, NOW), undefined);

      await store.codes.save(code, grant);
      for (const broken of [
        { ...tokens, refreshToken: { ...tokens.refreshToken, ...nameless } },
        { ...tokens, accessToken: { ...tokens.accessToken, ...nameless } },
      ]) {
        await assert.rejects(store.codes.redeem(code.hash, NOW, broken), /null/i);
        same(await store.codes.find(code.hash, NOW), { code, grant });
        await assert.rejects(store.tokens.issue(broken, NOW), /null/i);
        same(await store.grants.find(grant.id, NOW), grant);
        assert.equal(await store.accessTokens.find(tokens.accessToken.hash, NOW), undefined);
        assert.equal(await store.refreshTokens.find(tokens.refreshToken.hash, NOW), undefined);
      }
      assert.equal((await store.codes.redeem(code.hash, NOW, tokens)).outcome, 'redeemed');
      await store.close();
    });

    it('calls no username taken where something else is wrong with a user', async () => {
      const store = await openStore(await fresh());
      const [user, other] = [aUser(), aUser()];
      await store.users.save(user);
      for (const { id, username } of [user, other]) {
        const broken = { id, username, name: null as unknown as string };
        await assert.rejects(store.users.save(broken), /null/i);
      }
      same(await store.users.find(user.id), user);
      assert.equal(await store.users.find(other.id), undefined);
      await store.close();
    });

    it('gets its tables when it is first opened, and no other time', async () => {
      const url = await fresh();
      const versions = () => inside(url, (db) => migrate(db));
      const { from, to } = await versions();
      assert.equal(from, 0);
      assert.ok(to > 0);
      assert.deepEqual(await versions(), { from: to, to });
    });

    it('is not opened without its tables where they are not to be made', async () => {
      const url = await fresh();
      const opening = () => openStore(url, { migrate: false });
      const wanted = {
        name: 'SchemaError',
        message: /of version 0\b.*, .* Run: npm run migrate \(or npx [^)]+\)$/,
      };
      await assert.rejects(opening(), wanted);
      await assert.rejects(opening(), wanted);
      await (await openStore(url)).close();
      await (await opening()).close();
      await setVersion(url, 0);
      await assert.rejects(opening(), wanted);
    });

    // Somebody has emptied all tables, and brought back some of them.
    it('uses nothing up twice without the rows of its locks, and says that they are missing', async () => {
      const url = await fresh();
      const stores = await Promise.all([1, 2, 3].map(() => openStore(url)));
      const store = registering(stores[0]!);
      const race = <T>(call: (store: Store) => Promise<T>) =>
        Promise.all(Array.from({ length: CALLERS }, (_, n) => call(stores[n % stores.length]!)));
      const grant = aGrant();
      const [code, tokens] = [aCode(grant), someTokens(grant)];
      const [ended, endedGrant] = [unique(), aGrant()];
      await store.codes.save(code, grant);
      await store.codes.save(aCode(endedGrant, { hash: ended }), endedGrant);
      await inside(url, (db) => db.query('delete from oauth_locks'));

      const found = await store.codes.find(code.hash, NOW);
      const redeemed = await race((one) => one.codes.redeem(code.hash, NOW, tokens, found));
      assert.equal(redeemed.filter(({ outcome }) => outcome === 'redeemed').length, 1);

      const { refreshToken } = tokens;
      const foundToken = await store.refreshTokens.find(refreshToken.hash, NOW);
      const rotated = await race((one) => {
        const next = someTokens(grant, refreshToken);
        return one.refreshTokens.rotate(refreshToken, NOW, 0, next, foundToken);
      });
      assert.equal(rotated.filter(({ outcome }) => outcome === 'rotated').length, 1);

      const foundEnded = await store.codes.find(ended, NOW);
      await store.grants.end(endedGrant.id);
      const late = await store.codes.redeem(ended, NOW, someTokens(endedGrant), foundEnded);
      assert.equal(late.outcome, 'unknown');
      assert.equal(await store.grants.find(endedGrant.id, NOW), undefined);

      const lacking = { name: 'SchemaError', message: /oauth_locks .* Run: npm run migrate / };
      await store.sessions.save(unique(), { data: '{}', expiresAt: NOW });
      await assert.rejects(store.purge(NOW, 1000), lacking);
      await assert.rejects(store.clients.save(aClient()), lacking);
      await assert.rejects(store.users.save(aUser()), lacking);
      await assert.rejects(store.users.remove(unique()), lacking);
      await assert.rejects(stores[0]!.administration.addUsers([aUser()]), lacking);
      await assert.rejects(openStore(url, { migrate: false }), lacking);

      // One that may change the tables brings them back, and the others go on.
      await (await openStore(url)).close();
      assert.equal(await store.purge(NOW, 1000), 1);
      await store.clients.save(aClient());
      await (await openStore(url, { migrate: false })).close();
      for (const one of stores) await one.close();
    });

    it('is not opened by a release that is older than its tables', async () => {
      const url = await fresh();
      await (await openStore(url)).close();
      await setVersion(url, 999);
      for (const migrate of [true, false]) {
        await assert.rejects(openStore(url, { migrate }), (error: unknown) => {
          assert.ok(error instanceof SchemaError);
          assert.match(error.message, /of version 999, made by a newer release/);
          assert.match(error.message, /Start the newer release\.$/);
          return true;
        });
      }
    });

    it('has nothing of a migration that fails half-way, nor of those before it, and says what is left over', async () => {
      const url = await fresh();
      const first = { version: 1, statements: ['create table first (id text primary key)'] };
      const broken = {
        version: 2,
        statements: ['create table second (id text primary key)', 'insert into nowhere values (1)'],
      };
      await inside(url, async (db) => {
        const tables = (...names: string[]) =>
          Promise.allSettled(names.map((table) => db.query(`select id from ${table}`))).then(
            (answers) => answers.map(({ status }) => status === 'fulfilled'),
          );
        await assert.rejects(migrate(db, [first, broken]), /nowhere/);
        assert.deepEqual(await tables('first', 'second'), [false, false]);

        assert.deepEqual(await migrate(db, [first]), { from: 0, to: 1 });
        await assert.rejects(migrate(db, [first, broken]), /nowhere/);
        assert.deepEqual(await tables('first', 'second'), [true, false]);

        const again = { version: 2, statements: first.statements };
        await assert.rejects(migrate(db, [first, again]), (error: unknown) => {
          assert.ok(error instanceof SchemaError, String(error));
          assert.match(
            error.message,
            /^The tables cannot be brought to version 2: .*already exists/,
          );
          assert.match(error.message, /left of a newer release.* Remove all tables .* restore /);
          return true;
        });

        const mended = { ...broken, statements: broken.statements.slice(0, 1) };
        assert.deepEqual(await migrate(db, [first, mended]), { from: 1, to: 2 });
        assert.deepEqual(await tables('first', 'second'), [true, true]);
      });
    });
  });
}
