// Lists that somebody could make long: the newest are kept, however many begin at once. See index.ts.

import assert from 'node:assert/strict';
import { MAX_HELD } from '../../store/outcomes.ts';
import type { Consent } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import {
  aCode,
  aConsent,
  aGrant,
  aSession,
  aUser,
  DAY,
  NOW,
  someTokens,
  unique,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Sessions', 'Consents', 'Codes'], ['MAX_HELD', 'resourcesOverMax']);

export function maxHeldContract(the: Contract): void {
  it('sessions of a person, of whom many begin at once; nobody else’s end', async () => {
    const [user, other] = [aUser(), aUser()];
    await the.store.users.save(user);
    await the.store.sessions.save(unique(), aSession(other.id, { createdAt: NOW }));
    const begun: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      await race((caller) => {
        const hash = unique();
        begun.push(hash);
        return the.store.sessions.save(
          hash,
          aSession(user.id, { createdAt: NOW + round * 1000 + caller }),
        );
      });
      const listed = await the.store.sessions.listByUser(user.id, NOW);
      assert.equal(listed.length, Math.min(MAX_HELD, (round + 1) * CALLERS));
    }
    const left = await the.store.sessions.listByUser(user.id, NOW);
    same(left.map(({ hash }) => hash).toSorted(), begun.slice(-MAX_HELD).toSorted());
    assert.equal((await the.store.sessions.listByUser(other.id, NOW)).length, 1);
  });

  it('consents at one client, and all that are added together', async () => {
    const [userId, clientId] = [unique(), unique()];
    const consentTo = (resource: string, createdAt: number, changes: Partial<Consent> = {}) =>
      aConsent({ userId, clientId, resource, createdAt, ...changes });
    await the.store.consents.add(consentTo('oldest', NOW - DAY));
    await the.store.consents.add(consentTo('elsewhere', NOW - DAY, { clientId: unique() }));
    await race((caller) =>
      the.store.consents.add(
        ...['a', 'b'].map((letter) => consentTo(`${letter}${caller}`, NOW + caller)),
      ),
    );
    assert.equal((await the.store.consents.listByUser(userId)).length, MAX_HELD + 1);
    assert.equal(await the.store.consents.find(userId, clientId, 'oldest'), undefined);
    const [first, last] = ['a0', 'last'].map((name) => consentTo(name, NOW - 2 * DAY));
    await the.store.consents.add(first!, last!);
    for (const { resource } of [first!, last!]) {
      assert.ok(await the.store.consents.find(userId, clientId, resource), resource);
    }
    assert.equal((await the.store.consents.listByUser(userId)).length, MAX_HELD + 1);
  });

  it('grants at one client that no token came of, and leaves those alone that are in use', async () => {
    const [userId, clientId] = [unique(), unique()];
    const consent = { userId, clientId, resource: '', scope: ['read', 'write'], createdAt: NOW };
    await the.store.consents.add(consent);
    const begin = async (createdAt: number, isUsed: boolean) => {
      const grant = aGrant({ userId, clientId, createdAt, expiresAt: NOW + DAY });
      const code = aCode(grant);
      assert.equal(await the.store.codes.save(code, grant, [consent]), true);
      if (isUsed) await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
      return grant.id;
    };
    const used = await Promise.all([1, 2, 3].map((n) => begin(NOW - n * 1000, true)));
    for (let round = 0; round < 3; round += 1) await race(() => begin(NOW, false));
    const listed = await the.store.grants.listByUser(userId, NOW);
    assert.equal(listed.length, MAX_HELD + used.length);
    for (const id of used) assert.ok(await the.store.grants.find(id, NOW), 'it was in use');
    const last = await begin(NOW + 1, false);
    assert.ok(await the.store.grants.find(last, NOW), 'the newest is always there');
    assert.equal((await the.store.grants.listByUser(userId, NOW)).length, MAX_HELD + used.length);
  });

  it('grants at one client that are in use, and begins others beside them', async () => {
    const [userId, clientId] = [unique(), unique()];
    const begin = async (createdAt: number) => {
      const grant = aGrant({ userId, clientId, createdAt, expiresAt: NOW + DAY });
      const code = aCode(grant);
      await the.store.codes.save(code, grant);
      return { grant, code };
    };
    for (let n = 0; n <= MAX_HELD; n += 1) {
      const { grant, code } = await begin(NOW);
      await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
    }
    const [one, other] = [await begin(NOW), await begin(NOW)];
    assert.equal((await the.store.grants.listByUser(userId, NOW)).length, MAX_HELD + 2);
    for (const { grant, code } of [one, other]) {
      const redemption = await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
      assert.equal(redemption.outcome, 'redeemed', 'two sign-ins at once both come to an end');
    }
  });
}
