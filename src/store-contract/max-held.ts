// What the port promises of lists that somebody could make long: the newest are kept, on any store,
// however many begin at once. `open` answers a store of its own.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { MAX_HELD } from '../store/outcomes.ts';
import type { Store } from '../store/store.ts';
import { promised } from './promised.ts';
import {
  aCode,
  aGrant,
  aUser,
  CALLERS,
  DAY,
  NOW,
  race,
  registering,
  same,
  someTokens,
  unique,
} from './records.ts';

const it = promised(['Sessions', 'Consents', 'Codes'], ['MAX_HELD', 'resourcesOverMax']);

export function maxHeldContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the newest ${MAX_HELD}`, () => {
    let store: Store;
    before(async () => {
      store = registering(await open());
    });
    after(() => store.close());

    it('sessions of a person, of whom many begin at once; nobody else’s end', async () => {
      const [user, other] = [aUser(), aUser()];
      await store.users.save(user);
      const owner = (createdAt: number, userId = user.id) => ({
        ...{ data: '{}', expiresAt: NOW + DAY, userId, createdAt, seenAt: NOW, userAgent: '' },
      });
      await store.sessions.save(unique(), owner(NOW, other.id));
      const begun: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        await race((caller) => {
          const hash = unique();
          begun.push(hash);
          return store.sessions.save(hash, owner(NOW + round * 1000 + caller));
        });
        const listed = await store.sessions.listByUser(user.id, NOW);
        assert.equal(listed.length, Math.min(MAX_HELD, (round + 1) * CALLERS));
      }
      const left = await store.sessions.listByUser(user.id, NOW);
      same(left.map(({ hash }) => hash).toSorted(), begun.slice(-MAX_HELD).toSorted());
      assert.equal((await store.sessions.listByUser(other.id, NOW)).length, 1);
    });

    it('consents at one client, and all that are added together', async () => {
      const [userId, clientId] = [unique(), unique()];
      const aConsent = (resource: string, createdAt: number, changes = {}) => ({
        ...{ userId, clientId, resource, scope: ['read'], createdAt, ...changes },
      });
      await store.consents.add(aConsent('oldest', NOW - DAY));
      await store.consents.add(aConsent('elsewhere', NOW - DAY, { clientId: unique() }));
      await race((caller) =>
        store.consents.add(
          ...['a', 'b'].map((letter) => aConsent(`${letter}${caller}`, NOW + caller)),
        ),
      );
      assert.equal((await store.consents.listByUser(userId)).length, MAX_HELD + 1);
      assert.equal(await store.consents.find(userId, clientId, 'oldest'), undefined);
      const [first, last] = ['a0', 'last'].map((name) => aConsent(name, NOW - 2 * DAY));
      await store.consents.add(first!, last!);
      for (const { resource } of [first!, last!]) {
        assert.ok(await store.consents.find(userId, clientId, resource), resource);
      }
      assert.equal((await store.consents.listByUser(userId)).length, MAX_HELD + 1);
    });

    it('grants at one client that no token came of, and leaves those alone that are in use', async () => {
      const [userId, clientId] = [unique(), unique()];
      const consent = { userId, clientId, resource: '', scope: ['read', 'write'], createdAt: NOW };
      await store.consents.add(consent);
      const begin = async (createdAt: number, isUsed: boolean) => {
        const grant = aGrant({ userId, clientId, createdAt, expiresAt: NOW + DAY });
        const code = aCode(grant);
        assert.equal(await store.codes.save(code, grant, [consent]), true);
        if (isUsed) await store.codes.redeem(code.hash, NOW, someTokens(grant));
        return grant.id;
      };
      const used = await Promise.all([1, 2, 3].map((n) => begin(NOW - n * 1000, true)));
      for (let round = 0; round < 3; round += 1) await race(() => begin(NOW, false));
      const listed = await store.grants.listByUser(userId, NOW);
      assert.equal(listed.length, MAX_HELD + used.length);
      for (const id of used) assert.ok(await store.grants.find(id, NOW), 'it was in use');
      const last = await begin(NOW + 1, false);
      assert.ok(await store.grants.find(last, NOW), 'the newest is always there');
      assert.equal((await store.grants.listByUser(userId, NOW)).length, MAX_HELD + used.length);
    });

    it('grants at one client that are in use, and begins others beside them', async () => {
      const [userId, clientId] = [unique(), unique()];
      const begin = async (createdAt: number) => {
        const grant = aGrant({ userId, clientId, createdAt, expiresAt: NOW + DAY });
        const code = aCode(grant);
        await store.codes.save(code, grant);
        return { grant, code };
      };
      for (let n = 0; n <= MAX_HELD; n += 1) {
        const { grant, code } = await begin(NOW);
        await store.codes.redeem(code.hash, NOW, someTokens(grant));
      }
      const [one, other] = [await begin(NOW), await begin(NOW)];
      assert.equal((await store.grants.listByUser(userId, NOW)).length, MAX_HELD + 2);
      for (const { grant, code } of [one, other]) {
        const redemption = await store.codes.redeem(code.hash, NOW, someTokens(grant));
        assert.equal(redemption.outcome, 'redeemed', 'two sign-ins at once both come to an end');
      }
    });
  });
}
