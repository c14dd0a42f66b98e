// A database of the release before the account page, with people signed in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Database } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open.ts';
import { postgresDatabase } from '../../src/store/postgres.ts';
import { sqliteDatabase } from '../../src/store/sqlite.ts';
import { freshPostgres, freshSqlite } from '../databases.ts';
import { postgresMissing } from '../postgres.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 3_600_000;

const first = readFileSync(new URL('../../migrations/001-initial.sql', import.meta.url), 'utf8');

/** The tables of version 1. */
async function makeVersion1(db: Database): Promise<void> {
  for (const statement of [
    ...first.split(/;\s*$/m).filter((text) => text.trim() !== ''),
    'create table oauth_schema (id bigint primary key, version bigint not null)',
    'insert into oauth_schema (id, version) values (1, 1)',
  ]) {
    await db.query(statement);
  }
}

const databases: [name: string, open: () => Promise<[url: string, Database]>, string | false][] = [
  [
    'SQLite',
    async () => {
      const url = freshSqlite();
      return [url, await sqliteDatabase(url.replace('sqlite:', ''))];
    },
    false,
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await freshPostgres();
      return [url, postgresDatabase(url)];
    },
    postgresMissing(),
  ],
];

for (const [name, open, skip] of databases) {
  describe(`a database in ${name} of the release before`, { skip }, () => {
    it('knows after the update whose its sessions are, and has lost nothing', async () => {
      const [url, db] = await open();
      await makeVersion1(db);
      const userId = 'Zoë "山田" \\ \u0001';
      const session = (oauth: unknown) => JSON.stringify({ cookie: { path: '/' }, oauth });
      const signedIn = session({ csrfSecret: 'x', user: { id: userId, authTime: NOW } });
      const insert = 'insert into oauth_sessions (hash, data, expires_at) values ($1, $2, $3)';
      await db.query(insert, ['signed in', signedIn, NOW + DAY]);
      await db.query(insert, ['nobody', session({ csrfSecret: 'x' }), NOW + DAY]);
      await db.query(insert, ['empty', session(undefined), NOW + DAY]);
      await db.query(
        'insert into oauth_users (id, username, name, password_hash) values ($1, $2, $3, $4)',
        [userId, 'zoe', 'Zoë', 'hash'],
      );
      await db.query(
        'insert into oauth_consents (user_id, client_id, resource, scope) values ($1, $2, $3, $4)',
        [userId, 'client', '', 'read write'],
      );
      await db.query(
        `insert into oauth_grants (id, client_id, user_id, scope, resource, created_at, expires_at)
          values ($1, $2, $3, $4, $5, $6, $7)`,
        ['grant', 'client', userId, 'read', '[]', NOW, NOW + DAY],
      );
      await db.close();

      const store = await openStore(url);
      try {
        const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
        const owned = { data: signedIn, expiresAt: NOW + DAY, userId, createdAt: NOW };
        assert.deepEqual(plain(await store.sessions.listByUser(userId, NOW)), [
          { hash: 'signed in', ...owned },
        ]);
        assert.deepEqual(plain(await store.sessions.find('signed in', NOW)), owned);
        assert.equal((await store.sessions.find('nobody', NOW))?.userId, undefined);
        assert.equal((await store.sessions.find('empty', NOW))?.userId, undefined);
        const scope = ['read', 'write'];
        assert.deepEqual(plain(await store.consents.listByUser(userId)), [
          { userId, clientId: 'client', resource: '', scope },
        ]);
        const [grant] = await store.grants.listByUser(userId, NOW);
        assert.deepEqual([grant?.id, grant?.lastUsedAt], ['grant', undefined]);
        assert.equal(await store.users.changePassword(userId, 'hash', 'new', NOW), true);
        assert.equal(await store.consents.withdraw(userId, 'client'), true);
      } finally {
        await store.close();
      }
    });
  });
}
