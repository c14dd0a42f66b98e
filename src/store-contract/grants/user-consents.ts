// The consents of a user, and codes that rest on them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS } from '../race.ts';
import { aCode, aConsent, aGrant, HOUR, NOW, unique } from '../records.ts';
import { plain, same, sameSet } from '../same.ts';

const it = promised(['Consents', 'Grants', 'Codes'], ['mergedConsent', 'isConsentEnough']);

export function userConsentsContract(the: Contract): void {
  describe('the consents of a user', () => {
    it('are all there are, whole, and nobody else’s', async () => {
      const userId = unique();
      const clientId = unique();
      const consents = [
        aConsent({ userId, clientId }),
        aConsent({ userId, clientId, resource: 'https://api.example/', scope: ['a', 'b'] }),
        aConsent({ userId, scope: [], createdAt: undefined }),
      ];
      for (const consent of consents) await the.store.consents.add(consent);
      await the.store.consents.add(aConsent({ clientId }));
      sameSet(
        (await the.store.consents.listByUser(userId)).map((consent) => plain(consent) as object),
        consents.map((consent) => plain(consent) as object),
      );
      for (const nobody of [unique(), 'nul\0', 'half\ud800']) {
        same(await the.store.consents.listByUser(nobody), []);
      }
    });

    it('keep the time of the first, whatever is added', async () => {
      const consent = aConsent();
      await the.store.consents.add(consent);
      await the.store.consents.add({ ...consent, scope: ['write'], createdAt: NOW + HOUR });
      const { userId, clientId, resource } = consent;
      const found = await the.store.consents.find(userId, clientId, resource);
      assert.equal(found?.createdAt, NOW);
      assert.deepEqual([...(found?.scope ?? [])].sort(), ['read', 'write']);
    });
  });

  describe('a code that rests on a consent', () => {
    it('is stored if that is remembered, with all that is needed of scope and claims', async () => {
      const consent = aConsent({ scope: ['read', 'write'], claims: ['email', 'name'] });
      const { userId, clientId } = consent;
      const other = aConsent({ userId, clientId, resource: 'https://api.example/' });
      await the.store.consents.add(consent);
      await the.store.consents.add(other);
      const grant = aGrant({ userId, clientId });
      const code = aCode(grant);
      const needed = [{ ...consent, scope: ['write'], claims: ['name'] }, other];
      assert.equal(await the.store.codes.save(code, grant, needed), true);
      same(await the.store.codes.find(code.hash, NOW), { code, grant });
    });

    it('is refused, and its grant too, if one of several is not remembered', async () => {
      const consent = aConsent();
      await the.store.consents.add(consent);
      const { userId, clientId } = consent;
      for (const needed of [
        [consent, { ...consent, resource: 'https://api.example/' }],
        [{ ...consent, scope: ['read', 'write'] }],
        [{ ...consent, claims: ['name'] }],
        [{ ...consent, userId: unique() }],
        [{ ...consent, clientId: unique() }],
      ]) {
        const grant = aGrant({ userId, clientId });
        const code = aCode(grant);
        assert.equal(await the.store.codes.save(code, grant, needed), false);
        assert.equal(await the.store.codes.find(code.hash, NOW), undefined);
        assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
      }
    });

    it('does not come of one that is taken back at that moment', async () => {
      for (let round = 0; round < 5; round += 1) {
        const consent = aConsent();
        const { userId, clientId } = consent;
        await the.store.consents.add(consent);
        const grants = Array.from({ length: CALLERS }, () => aGrant({ userId, clientId }));
        const saves = grants.map(async (grant, caller) => {
          if (caller === CALLERS / 2) await the.store.consents.withdraw(userId, clientId);
          return the.store.codes.save(aCode(grant), grant, [consent]);
        });
        await Promise.all(saves);
        assert.deepEqual(await the.grantIdsOf(userId), []);
      }
    });
  });
}
