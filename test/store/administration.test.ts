// What an operator asks of a database.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { userIdProblem } from '../../src/protocol/names.ts';
import {
  type AdministrableStore,
  keyOfConsent,
  type Page,
} from '../../src/store/administration.ts';
import { openStore } from '../../src/store/open.ts';
import { allOf } from '../../src/store/pages.ts';
import { CALLERS, race, tally, trues } from '../../src/store-contract/race.ts';
import {
  aClient,
  aCode,
  aConsent,
  aGrant,
  aTicket,
  aUser,
  DAY,
  HOUR,
  NOW,
  unique,
} from '../../src/store-contract/records.ts';
import { same } from '../../src/store-contract/same.ts';
import type { Source, StoredKey } from '../../src/types.ts';
import { emptyPostgres, freshSqlite } from '../helpers/databases.ts';
import { postgresMissing } from '../helpers/postgres.ts';

/** Ids that databases, and their collations, put in many orders. */
const IDS = [
  ...Array.from({ length: 0x7e - 0x20 }, (_, n) => `${String.fromCharCode(0x21 + n)}x`),
  ...[
    'a',
    'A',
    'á',
    'Á',
    'a\u0301',
    'ä',
    'Ä',
    'ae',
    'æ',
    'ß',
    'ss',
    'SS',
    'z',
    'Z',
    'ı',
    'İ',
    'i',
    'I',
  ],
  ...['a-b', 'ab', 'a b', 'a_b', 'a.b', 'a%b', "a'b", 'a"b', 'a\\b', '1', '10', '2', '02', '-1'],
  ...[
    '山田',
    'かな',
    'カナ',
    'ﾊﾝｶｸ',
    'Ωmega',
    'мир',
    '😀',
    '\u{10ffff}x',
    '\ufdd0x',
    '\uffeex',
    'x'.repeat(200),
  ],
];

/** The keys of a list, and those on each of its pages. */
async function walked<Kind>(
  list: (page: Page) => Promise<readonly Kind[]>,
  keyOf: (record: Kind) => string,
  limit: number,
): Promise<{ readonly keys: string[]; readonly sizes: number[] }> {
  const [keys, sizes]: [string[], number[]] = [[], []];
  for (;;) {
    const page = await list({ after: keys.at(-1), limit });
    keys.push(...page.map(keyOf));
    sizes.push(page.length);
    if (page.length < limit) return { keys, sizes };
  }
}

/** That the pages have each key once, and that only the last one is short. */
async function assertWalked<Kind>(
  list: (page: Page) => Promise<readonly Kind[]>,
  keyOf: (record: Kind) => string,
  expected: readonly string[],
): Promise<void> {
  for (const limit of [1, 7, expected.length, expected.length + 1]) {
    const { keys, sizes } = await walked(list, keyOf, limit);
    assert.deepEqual(keys.toSorted(), expected.toSorted(), `in pages of ${limit}`);
    assert.ok(sizes.slice(0, -1).every((size) => size === limit));
  }
}

const idOf = ({ id }: { readonly id: string }) => id;

function aKey(changes: Partial<StoredKey> = {}): StoredKey {
  return {
    kid: unique(),
    alg: 'ES256',
    period: 1,
    createdAt: NOW,
    encryptedPrivateKey: unique(),
    expiresAt: NOW + DAY,
    ...changes,
  };
}

for (const { name, fresh, skip } of [
  { name: 'SQLite', fresh: async () => freshSqlite(), skip: false },
  { name: 'PostgreSQL', fresh: emptyPostgres, skip: postgresMissing() },
]) {
  describe(`the administration of a store in ${name}`, { skip }, () => {
    /** One for each process that has the database open. */
    let stores: AdministrableStore[];
    let store: AdministrableStore;
    let administration: AdministrableStore['administration'];
    const at = (caller: number) => stores[caller % stores.length]!;

    before(async () => {
      const url = await fresh();
      stores = [await openStore(url)];
      while (stores.length < 4) stores.push(await openStore(url));
      [store] = stores as [AdministrableStore];
      ({ administration } = store);
    });
    after(async () => {
      for (const one of stores) await one.close();
    });

    const removals = async (kind: 'client' | 'user') => {
      const ids: string[] = [];
      for await (const { id } of allOf((page) => administration.listRemovals(kind, page), idOf)) {
        ids.push(id);
      }
      return ids;
    };

    it('lists every client and user once, whatever characters are in their ids', async () => {
      for (const id of IDS) await store.clients.save(aClient({ id }));
      await assertWalked((page) => administration.listClients(page), idOf, IDS);
      for (const id of IDS) await store.clients.remove(id);
      const ofUsers = IDS.filter((id) => userIdProblem(id) === undefined);
      for (const id of ofUsers) await store.users.save(aUser({ id }));
      await assertWalked((page) => administration.listUsers(page), idOf, ofUsers);
      for (const id of ofUsers) await store.users.remove(id);
    });

    it('lists records as they were stored, and goes on after a record that was removed meanwhile', async () => {
      const users = ['a', 'b', 'c'].map((id) => aUser({ id, email: `${id}@example.com` }));
      for (const user of users) await store.users.save(user);
      same(await administration.listUsers({ limit: 10 }), users);
      await store.users.remove('b');
      same(await administration.listUsers({ after: 'b', limit: 10 }), [users[2]]);
      for (const { id } of users) await store.users.remove(id);
      same(await administration.listUsers({ limit: 10 }), []);
    });

    it('lists the grants, sessions and tickets in force, and no page ends early over those that are not', async () => {
      const client = aClient();
      await store.clients.save(client);
      const expected = {
        grants: [] as string[],
        sessions: [] as string[],
        tickets: [] as string[],
      };
      for (let n = 0; n < 30; n += 1) {
        const isOver = n % 3 === 0;
        const expiresAt = isOver ? NOW : NOW + HOUR;
        const grant = aGrant({ clientId: client.id, expiresAt });
        await store.codes.save(aCode(grant, { expiresAt }), grant);
        const hash = unique();
        const owner = { userId: unique(), createdAt: NOW, seenAt: NOW, userAgent: 'Mozilla/5.0' };
        await store.sessions.save(hash, { data: '{}', expiresAt, ...owner });
        // Nobody is signed in to this one.
        await store.sessions.save(unique(), { data: '{}', expiresAt });
        const ticket = aTicket({ kind: 'registration_token', expiresAt });
        await store.tickets.create(ticket, NOW - DAY);
        await store.tickets.create(aTicket({ kind: 'device_code', expiresAt }), NOW - DAY);
        if (isOver) continue;
        expected.grants.push(grant.id);
        expected.sessions.push(hash);
        expected.tickets.push(administration.keyOfTicket(ticket.kind, ticket.hash));
      }
      await assertWalked((page) => administration.listGrants(page, NOW), idOf, expected.grants);
      await assertWalked(
        (page) => administration.listSessions(page, NOW),
        ({ hash }) => hash,
        expected.sessions,
      );
      await assertWalked(
        (page) => administration.listTickets('registration_token', page, NOW),
        ({ key }) => key,
        expected.tickets,
      );
    });

    it('lists every consent once, and who has allowed which client something that is in force', async () => {
      const clients = IDS.map((id) => aClient({ id }));
      for (const client of clients) await store.clients.save(client);
      const userId = unique();
      const consents = [
        ...IDS.map((clientId) => aConsent({ userId, clientId })),
        ...IDS.map((id) => aConsent({ userId: id, clientId: IDS[0]!, resource: id })),
        aConsent({ userId, clientId: IDS[0]!, resource: 'https://api.example/' }),
      ];
      for (const consent of consents) await store.consents.add(consent);
      await assertWalked(
        (page) => administration.listConsents(page),
        keyOfConsent,
        consents.map(keyOfConsent),
      );
      same(
        (await administration.listConsents({ limit: 1000 })).find(
          (one) => keyOfConsent(one) === keyOfConsent(consents[3]!),
        ),
        consents[3],
      );

      const clientId = IDS[0]!;
      const withGrant = async (expiresAt: number) => {
        const grant = aGrant({ clientId, expiresAt });
        await store.codes.save(aCode(grant, { expiresAt }), grant);
        return grant.userId;
      };
      const withTicket = async (expiresAt: number) => {
        const ticket = aTicket({ clientId, userId: unique(), expiresAt });
        await store.tickets.create(ticket, NOW - DAY);
        return ticket.userId!;
      };
      for (const over of [withGrant, withTicket]) await over(NOW);
      const users = [...IDS, userId, await withGrant(NOW + HOUR), await withTicket(NOW + HOUR)];
      const itself = (id: string) => id;
      const usersOf = (page: Page) => administration.listUsersOf(clientId, page, NOW);
      await assertWalked(usersOf, itself, users);
      const clientsOf = (page: Page) => administration.listClientsOf(userId, page, NOW);
      await assertWalked(clientsOf, itself, IDS);
      for (const { id } of clients) await store.clients.remove(id);
      same(await administration.listConsents({ limit: 10 }), []);
      same(await usersOf({ limit: 10 }), []);
    });

    it('removes a ticket for the one caller who won, by its key and its kind alone', async () => {
      const ticket = aTicket({ kind: 'registration_token' });
      await store.tickets.create(ticket, NOW);
      const key = administration.keyOfTicket(ticket.kind, ticket.hash);
      const [listed] = (await administration.listTickets(ticket.kind, { limit: 100 }, NOW)).filter(
        (one) => one.key === key,
      );
      same(listed, { ...ticket, hash: undefined, key });
      assert.equal(await administration.removeTicket('device_code', key), false);
      assert.equal(await administration.removeTicket(ticket.kind, ticket.hash), false);
      const answers = await race((caller) =>
        at(caller).administration.removeTicket(ticket.kind, key),
      );
      assert.equal(trues(answers), 1);
      assert.equal(await store.tickets.find(ticket.kind, ticket.hash, NOW), undefined);
    });

    it('notes that a record was removed if its file would bring it back, and no other', async () => {
      const noted: readonly Source[] = ['seed', 'demo', 'command'];
      const all = [...noted, 'options', 'code', 'registration', 'document', undefined] as const;
      for (const source of all) {
        const [client, user] = [aClient({ source }), aUser({ source })];
        await store.clients.save(client);
        await store.users.save(user);
        assert.ok(!(await removals('client')).includes(client.id));
        assert.equal(trues(await race((caller) => at(caller).clients.remove(client.id))), 1);
        assert.equal(trues(await race((caller) => at(caller).users.remove(user.id))), 1);
        const isNoted = source !== undefined && noted.includes(source);
        assert.equal((await removals('client')).includes(client.id), isNoted, `${source}`);
        assert.equal((await removals('user')).includes(user.id), isNoted, `${source}`);
        assert.ok(!(await removals('user')).includes(client.id), 'each kind has its own');
      }
    });

    it('adds nothing from a file that was removed, until somebody else saves it', async () => {
      for (const source of ['seed', 'demo'] as const) {
        const [client, user] = [aClient({ source }), aUser({ source })];
        await store.clients.save(client);
        await store.users.save(user);
        await store.clients.remove(client.id);
        await store.users.remove(user.id);
        assert.equal(await store.clients.add(client), false);
        assert.equal(await store.users.add(user), false);
        assert.equal(await store.clients.find(client.id), undefined);
        assert.equal(await store.users.find(user.id), undefined);

        assert.equal(await store.clients.add({ ...client, source: 'command' }), true);
        await store.users.save({ ...user, source: 'code' });
        assert.ok(!(await removals('client')).includes(client.id));
        assert.ok(!(await removals('user')).includes(user.id));

        await store.users.remove(user.id);
        assert.equal(await store.users.add(user), true, 'what a program removed is not noted');
      }
    });

    it('leaves a record either there, or removed and noted, if it is removed and added by many at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [client, user] = [aClient({ source: 'seed' }), aUser({ source: 'seed' })];
        await store.clients.save(client);
        await store.users.save(user);
        const callers = Array.from({ length: 20 }, (_, caller) => at(caller));
        const answers = await Promise.all(
          callers.flatMap((one, caller) =>
            caller % 2 === 0
              ? [one.clients.remove(client.id), one.users.remove(user.id)]
              : [one.clients.add(client), one.users.add(user)],
          ),
        );
        // Nobody adds what was removed, so one caller of each removes it.
        assert.equal(trues(answers), 2);
        assert.equal(await store.clients.find(client.id), undefined);
        assert.equal(await store.users.find(user.id), undefined);
        assert.ok((await removals('client')).includes(client.id));
        assert.ok((await removals('user')).includes(user.id));
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

    it('has one key take the place of another for the one caller who won', async () => {
      const old = await store.keys.ensure(aKey({ period: 10 }));
      const brought = Array.from({ length: CALLERS }, () => aKey({ period: 10 }));
      const answers = await race((caller) =>
        at(caller).administration.replaceKey(old.kid, brought[caller]!),
      );
      assert.equal(trues(answers), 1);
      const winner = brought[answers.indexOf(true)]!;
      same(await store.keys.ensure(aKey({ period: 10 })), winner);
      const listed = await store.keys.list(NOW);
      // The old one is there, and is of no period.
      const retired = listed.find(({ kid }) => kid === old.kid)!;
      same({ ...retired, period: 10 }, old);
      assert.ok(retired.period < 0);
      assert.equal(listed.filter(({ period }) => period === 10).length, 1);
      assert.equal(await administration.replaceKey(old.kid, aKey({ period: 10 })), false);
      const next = aKey({ period: 10 });
      assert.equal(await administration.replaceKey(winner.kid, next), true, 'and once more');
    });

    it('replaces keys of several algorithms and periods, one after the other and all at once', async () => {
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all(
          [20, 21].flatMap((period) =>
            ['ES256', 'RS256', 'EdDSA'].map(async (alg, n) => {
              const { kid } = await store.keys.ensure(aKey({ alg, period }));
              return at(n).administration.replaceKey(kid, aKey({ alg, period }));
            }),
          ),
        );
        assert.equal(trues(answers), 6);
      }
      const listed = await store.keys.list(NOW);
      const places = listed.map(({ alg, period }) => ({ outcome: `${alg} ${period}` }));
      assert.ok(Object.values(tally(places)).every((count) => count === 1));
      const { kid } = await store.keys.ensure(aKey({ period: 20 }));
      for (const wrong of [{ alg: 'RS256' }, { period: 21 }]) {
        assert.equal(
          await administration.replaceKey(kid, aKey({ period: 20, ...wrong })),
          false,
          'of another algorithm or period',
        );
      }
    });

    it('removes a key that is revoked in the same operation as another takes its place', async () => {
      const { kid } = await store.keys.ensure(aKey({ period: 30 }));
      const brought = Array.from({ length: CALLERS }, () => aKey({ period: 30 }));
      const answers = await race((caller) =>
        at(caller).administration.replaceKey(kid, brought[caller]!, { isRevoked: true }),
      );
      assert.equal(trues(answers), 1);
      const listed = await store.keys.list(NOW);
      assert.ok(listed.every((key) => key.kid !== kid));
      same(
        listed.filter(({ period }) => period === 30),
        [brought[answers.indexOf(true)]],
      );
    });

    it('leaves a key as it is if no other can take its place', async () => {
      const { kid } = await store.keys.ensure(aKey({ period: 40 }));
      const unlike = aKey({ period: 40, kid });
      for (const isRevoked of [false, true]) {
        const wrong = { ...unlike, period: 41 };
        assert.equal(await administration.replaceKey(kid, wrong, { isRevoked }), false);
        assert.equal((await store.keys.ensure(aKey({ period: 40 }))).kid, kid);
      }
      await assert.rejects(administration.replaceKey(kid, unlike));
      assert.equal((await store.keys.ensure(aKey({ period: 40 }))).kid, kid);
    });
  });
}
