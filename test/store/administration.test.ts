// What an operator asks of a database, on both kinds.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { AdministrableStore, Page } from '../../src/store/administration.ts';
import { openStore } from '../../src/store/open.ts';
import {
  aClient,
  aCode,
  aGrant,
  aTicket,
  aUser,
  HOUR,
  NOW,
  race,
  trues,
  unique,
} from '../../src/store-contract/records.ts';
import type { Source, StoredKey } from '../../src/types.ts';
import { emptyPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';

const KINDS = [
  ['SQLite', async () => freshSqlite(), false],
  ['PostgreSQL', emptyPostgres, postgresMissing()],
] as const;

/** Ids in which a database may see an order of its own. */
const IDS = [
  'Zoë',
  'zoe',
  'Zoe',
  'a b',
  'a-b',
  'a_b',
  'ab',
  '山',
  '😀',
  "o'brien",
  '%',
  '__',
  '10',
  '9',
];

/** Goes through a list in pages of two. */
async function inPages<Kind>(
  list: (page: Page) => Promise<readonly Kind[]>,
  keyOf: (record: Kind) => string,
): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list({ limit: 2, ...(after !== undefined && { after }) });
    keys.push(...page.map(keyOf));
    if (page.length < 2) return keys;
    after = keyOf(page.at(-1)!);
  }
}

for (const [kind, fresh, skip] of KINDS) {
  describe(`the administration of ${kind}`, { skip }, async () => {
    if (skip !== false) return;
    const store: AdministrableStore = await openStore(await fresh());
    after(() => store.close());
    const { administration } = store;
    const ids = ({ id }: { id: string }) => id;

    it('goes through all clients and users once, whatever their ids, and those beside them that expire', async () => {
      for (const id of IDS) {
        await store.clients.save(aClient({ id: `client ${id}` }));
        await store.users.save(aUser({ id: `user ${id}` }));
      }
      const clients = await inPages(administration.listClients, ids);
      assert.deepEqual(new Set(clients), new Set(IDS.map((id) => `client ${id}`)));
      assert.equal(clients.length, IDS.length);
      const users = await inPages(administration.listUsers, ids);
      assert.deepEqual(users.toSorted(), IDS.map((id) => `user ${id}`).toSorted());

      const clientId = 'client ab';
      for (const id of IDS) {
        const grant = aGrant({ id, clientId, userId: 'user ab', expiresAt: NOW + HOUR });
        await store.codes.save(aCode(grant), grant);
        const session = { userId: 'user ab', createdAt: NOW, seenAt: NOW, userAgent: '' };
        const of = { data: '{}', expiresAt: NOW + HOUR };
        await store.sessions.save(unique(), { ...of, ...session });
        await store.tickets.create(aTicket({ kind: 'listed', expiresAt: NOW + HOUR }), NOW);
      }
      const at = (now: number) => [
        inPages((page) => administration.listGrants(page, now), ids),
        inPages(
          (page) => administration.listSessions(page, now),
          ({ hash }) => hash,
        ),
        inPages(
          (page) => administration.listTickets('listed', page, now),
          ({ key }) => key,
        ),
      ];
      const [grants, sessions, tickets] = await Promise.all(at(NOW));
      assert.deepEqual(grants!.toSorted(), IDS.toSorted());
      assert.equal(new Set(tickets).size, IDS.length);
      assert.ok(sessions!.length > 0);
      assert.deepEqual(await Promise.all(at(NOW + HOUR)), [[], [], []]);
    });

    it('removes a ticket for one of 50 who do it at once', async () => {
      await store.tickets.create(aTicket({ kind: 'removed', expiresAt: NOW + HOUR }), NOW);
      const [{ key } = { key: '' }] = await administration.listTickets(
        'removed',
        { limit: 2 },
        NOW,
      );
      assert.equal(await administration.removeTicket('another kind', key), false);
      assert.equal(trues(await race(() => administration.removeTicket('removed', key))), 1);
    });

    it('notes what was removed and would come back with its file, and no other', async () => {
      const sources: (Source | undefined)[] = [
        ...['demo', 'seed', 'command', 'options', 'code', 'registration', 'document'],
        undefined,
      ] as Source[];
      for (const source of sources) {
        await store.clients.save(aClient({ id: `removed ${source}`, source }));
        await store.clients.remove(`removed ${source}`);
        if (source === 'registration' || source === 'document') continue;
        await store.users.save(aUser({ id: `removed user ${source}`, source }));
        await store.users.remove(`removed user ${source}`);
      }
      const noted = await inPages((page) => administration.listRemovals('client', page), ids);
      assert.deepEqual(noted.toSorted(), ['removed command', 'removed demo', 'removed seed']);
      const users = await inPages((page) => administration.listRemovals('user', page), ids);
      assert.equal(users.length, 3);
    });

    it('has a file bring back nothing that was removed, until somebody else saves it', async () => {
      const client = aClient({ source: 'seed' });
      await store.clients.save(client);
      await store.clients.remove(client.id);
      assert.equal(await store.clients.add(client), false);
      assert.equal(await store.clients.find(client.id), undefined);
      assert.equal(await store.clients.add({ ...client, source: 'code' }), true);
      await store.clients.remove(client.id);
      assert.equal(await store.clients.add(client), true, 'what a program removed is not noted');
    });

    it('leaves a record away that is removed while files add it', async () => {
      for (let round = 0; round < 5; round += 1) {
        const user = aUser({ source: 'seed' });
        await store.users.save(user);
        const [removed] = await Promise.all([
          store.users.remove(user.id),
          ...Array.from({ length: 20 }, () => store.users.add(user)),
        ]);
        assert.equal(removed, true);
        assert.equal(await store.users.find(user.id), undefined);
      }
    });

    it('adds users together, and says of each what became of it', async () => {
      const client = aClient();
      await store.clients.save(client);
      const [there, named] = [aUser(), aUser()];
      for (const one of [there, named]) await store.users.save(one);
      const fresh = aUser();
      const users = [
        fresh,
        { ...there, name: 'Another' },
        aUser({ username: named.username }),
        aUser({ id: client.id }),
        aUser({ username: fresh.username }),
        fresh,
      ];
      const outcomes = [
        'added',
        'differs',
        'username_taken',
        'id_taken',
        'username_taken',
        'there',
      ];
      assert.deepEqual(await administration.addUsers(users, { isTrial: true }), outcomes);
      assert.equal(await store.users.find(fresh.id), undefined);
      assert.deepEqual(await administration.addUsers(users), outcomes);
      assert.equal((await store.users.find(fresh.id))?.name, fresh.name);
      assert.equal((await store.users.findByTypedName(fresh.username))?.id, fresh.id);
      assert.equal((await store.users.find(there.id))?.name, there.name, 'it stays what it was');
    });

    it('adds each user once, of 20 who add the same at once', async () => {
      const users = Array.from({ length: 10 }, () => aUser());
      const all = await Promise.all(
        Array.from({ length: 20 }, () => administration.addUsers(users.toReversed())),
      );
      assert.equal(all.flat().filter((one) => one === 'added').length, users.length);
    });

    it('has another key sign in the place of one, for one of 50 who replace it', async () => {
      const aKey = (): StoredKey => ({
        kid: unique(),
        alg: 'ES256',
        period: 7,
        createdAt: NOW,
        encryptedPrivateKey: 'encrypted',
        expiresAt: NOW + HOUR,
      });
      const old = await store.keys.ensure(aKey());
      const news = Array.from({ length: 50 }, aKey);
      const won = await Promise.all(news.map((key) => administration.replaceKey(old.kid, key)));
      assert.equal(trues(won), 1);
      const signing = news[won.indexOf(true)]!;
      assert.equal((await store.keys.ensure(aKey())).kid, signing.kid);
      const kids = (await store.keys.list(NOW)).map(({ kid }) => kid);
      assert.ok(kids.includes(old.kid) && kids.includes(signing.kid));
      assert.equal(await administration.replaceKey(signing.kid, { ...aKey(), period: 8 }), false);
      assert.equal(await administration.replaceKey(signing.kid, aKey()), true, 'and once more');
      assert.equal(trues(await race(() => administration.removeKey(old.kid))), 1);
    });
  });
}
