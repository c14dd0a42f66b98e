// What the port promises about consents to clients that may become others under the same id. See
// index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Consent } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race } from '../race.ts';
import { aCode, aConsent, aGrant, DAY, NOW, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Consents', 'Codes'], ['mergedConsent', 'isConsentEnough']);

export function consentMarksContract(the: Contract): void {
  describe('consents with a mark', () => {
    const aMarked = (changes: Partial<Consent> = {}) => aConsent({ mark: unique(), ...changes });
    const found = ({ userId, clientId, resource }: Consent) =>
      the.store.consents.find(userId, clientId, resource);

    it('are found with it', async () => {
      const consent = aMarked({ claims: ['email'], createdAt: NOW });
      await the.store.consents.add(consent);
      same(await found(consent), consent);
      same(await the.store.consents.listByUser(consent.userId), [consent]);
    });

    it('are added to as long as the mark is the same', async () => {
      const consent = aMarked({ createdAt: NOW });
      await the.store.consents.add(consent);
      await the.store.consents.add({ ...consent, scope: ['write'], createdAt: NOW + DAY });
      same(await found(consent), { ...consent, scope: ['read', 'write'] });
    });

    for (const [what, mark] of [
      ['another', unique()],
      ['none', undefined],
    ] as const) {
      it(`are replaced as a whole if there is ${what} now`, async () => {
        const consent = aMarked({ scope: ['read', 'admin'], claims: ['email'], createdAt: NOW });
        const later = {
          ...{ ...consent, claims: undefined, mark },
          ...{ scope: ['write'], createdAt: NOW + DAY },
        };
        await the.store.consents.add(consent);
        await the.store.consents.add(later);
        same(await found(consent), later);
        // Nor does the first come back with the mark it had.
        const again = { ...consent, scope: ['read'], claims: undefined };
        await the.store.consents.add(again);
        same(await found(consent), again);
      });
    }

    it('are replaced for the resources that are allowed anew, each by itself', async () => {
      const here = aMarked();
      const there = { ...here, resource: 'https://api.example/' };
      await the.store.consents.add(here, there);
      const renewed = { ...there, mark: unique() };
      await the.store.consents.add(renewed);
      same(await found(here), here);
      same(await found(there), renewed);
    });

    it('are replaced, too, if they come with the answer to a request', async () => {
      const consent = aMarked({ scope: ['read', 'admin'] });
      await the.store.consents.add(consent);
      const later = { ...consent, scope: ['write'], mark: unique() };
      const document = { data: '{}', expiresAt: NOW + DAY };
      await the.store.requests.add(unique(), document, NOW, [later]);
      same(await found(consent), later);
    });

    it('have one mark, and its scopes alone, if 50 callers add with two', async () => {
      const consent = aMarked();
      const marks = [unique(), unique()];
      await race((caller) =>
        the.store.consents.add({
          ...consent,
          mark: marks[caller % 2]!,
          scope: [`scope-${caller % 2}-${caller}`],
        }),
      );
      const { mark = '', scope = [] } = (await found(consent)) ?? {};
      assert.ok(scope.length > 0 && scope.length <= CALLERS / 2, `${scope}`);
      for (const one of scope) assert.match(one, new RegExp(`^scope-${marks.indexOf(mark)}-`));
    });

    it('are enough for a code only if it rests on the same mark', async () => {
      const consent = aMarked();
      const { mark, ...unmarked } = aMarked();
      await the.store.consents.add(consent);
      await the.store.consents.add(unmarked);
      for (const [needed, isEnough] of [
        [consent, true],
        [{ ...consent, mark: unique() }, false],
        [{ ...consent, mark: undefined }, false],
        [unmarked, true],
        [{ ...unmarked, mark }, false],
      ] as const) {
        const { userId, clientId } = needed;
        const grant = aGrant({ userId, clientId });
        const code = aCode(grant);
        assert.equal(await the.store.codes.save(code, grant, [needed]), isEnough);
        const isThere = (await the.store.codes.find(code.hash, NOW)) !== undefined;
        assert.equal(isThere, isEnough);
        assert.equal((await the.store.grants.find(grant.id, NOW)) !== undefined, isEnough);
      }
    });

    it('let none of 50 callers save a code once the mark is another', async () => {
      const consent = aMarked();
      await the.store.consents.add(consent);
      const { userId, clientId } = consent;
      const later = { ...consent, mark: unique() };
      const saved = await race(async (caller) => {
        if (caller === CALLERS / 2) await the.store.consents.add(later);
        const grant = aGrant({ userId, clientId });
        return the.store.codes.save(aCode(grant), grant, [caller % 2 === 0 ? consent : later]);
      });
      same(await found(consent), later);
      const after = aGrant({ userId, clientId });
      assert.equal(await the.store.codes.save(aCode(after), after, [consent]), false);
      assert.equal(await the.store.codes.save(aCode(after), after, [later]), true);
      assert.equal(
        (await the.store.grants.listByUser(userId, NOW)).length,
        saved.filter(Boolean).length + 1,
      );
    });
  });
}
