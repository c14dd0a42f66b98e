// Taking back what a client was allowed: what the port promises to the account page. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { aJwtOf, type Contract, isInForce } from '../actions.ts';
import { promised } from '../promised.ts';
import { amid, inTurn, race, trues } from '../race.ts';
import { aCode, aConsent, aGrant, MINUTE, NOW, someTokens, unique } from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Consents', 'Grants', 'Codes'], ['mergedConsent', 'isConsentEnough']);

type Tokens = ReturnType<typeof someTokens>;

export function withdrawalContract(the: Contract): void {
  describe('taking everything back from a client', () => {
    const isAlive = async ({ accessToken, refreshToken }: Tokens) =>
      (await the.store.accessTokens.find(accessToken.hash, NOW)) !== undefined ||
      (await the.store.refreshTokens.find(refreshToken.hash, NOW)) !== undefined;

    const idOf = () => ({ userId: unique(), clientId: unique() });

    it('forgets the consents for all resources, and nobody else’s', async () => {
      const ids = idOf();
      await the.store.consents.add(aConsent(ids));
      await the.store.consents.add(aConsent({ ...ids, resource: 'https://api.example/' }));
      const others = [
        aConsent({ userId: ids.userId }),
        aConsent({ clientId: ids.clientId }),
        aConsent({ userId: ids.clientId, clientId: ids.userId }),
      ];
      for (const other of others) await the.store.consents.add(other);

      assert.equal(await the.store.consents.withdraw(ids.userId, ids.clientId), true);
      assert.equal(await the.store.consents.find(ids.userId, ids.clientId, ''), undefined);
      same(await the.store.consents.listByUser(ids.userId), [others[0]]);
      for (const { userId, clientId } of others) {
        assert.ok(await the.store.consents.find(userId, clientId, ''));
      }
    });

    it('ends every grant with its codes and tokens, opaque and JWT, and nobody else’s', async () => {
      const ids = idOf();
      const mine = [await the.savedFamily({}, aGrant(ids)), await the.savedFamily({}, aGrant(ids))];
      const waiting = await the.savedCode({}, aGrant(ids));
      const others = [
        await the.savedFamily({}, aGrant({ userId: ids.userId })),
        await the.savedFamily({}, aGrant({ clientId: ids.clientId })),
      ];
      assert.equal(await the.store.consents.withdraw(ids.userId, ids.clientId), true);

      for (const { grant, ...tokens } of mine) {
        assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
        assert.equal(await isAlive(tokens), false);
        assert.equal(await isInForce(the.store, aJwtOf(grant), NOW), false);
      }
      const late = someTokens(waiting.grant);
      same(await the.store.codes.redeem(waiting.code.hash, NOW, late), { outcome: 'unknown' });
      assert.equal(await isAlive(late), false);
      assert.deepEqual(await the.grantIdsOf(ids.userId), [others[0]?.grant.id]);
      for (const { grant, ...tokens } of others) {
        assert.ok(await the.store.grants.find(grant.id, NOW));
        assert.equal(await isAlive(tokens), true);
        assert.equal(await isInForce(the.store, aJwtOf(grant), NOW), true);
      }
    });

    it('answers false if there is nothing to take back', async () => {
      assert.equal(await the.store.consents.withdraw(unique(), unique()), false);
      assert.equal(await the.store.consents.withdraw('nul\0', 'nul\0'), false);
      const consent = aConsent();
      await the.store.consents.add(consent);
      assert.equal(await the.store.consents.withdraw(consent.userId, unique()), false);
      assert.equal(await the.store.consents.withdraw(unique(), consent.clientId), false);
    });

    it('answers true to exactly one of 50 callers at once', async () => {
      const { userId, clientId } = (await the.savedFamily()).grant;
      await the.store.consents.add(aConsent({ userId, clientId }));
      const answers = await race(() => the.store.consents.withdraw(userId, clientId));
      assert.equal(trues(answers), 1);
    });

    it('finds all of several that are added at that moment, or none', async () => {
      for (let round = 0; round < 10; round += 1) {
        const [userId, clientId] = [unique(), unique()];
        const several = ['b', 'a', 'c'].map((resource) => aConsent({ userId, clientId, resource }));
        await race(async (caller) => {
          if (caller % 5 === 0) await the.store.consents.withdraw(userId, clientId);
          else await the.store.consents.add(...several);
          const found = await the.store.consents.listByUser(userId);
          assert.ok([0, several.length].includes(found.length), `${found.length} are there`);
        });
      }
    });

    it('is no obstacle to one that is added at that moment', async () => {
      const consent = aConsent();
      const { userId, clientId, resource } = consent;
      await the.store.consents.add(consent);
      await race(async (caller) => {
        if (caller % 2 === 0) await the.store.consents.withdraw(userId, clientId);
        else await the.store.consents.add(consent);
      });
      await the.store.consents.add(consent);
      same(await the.store.consents.find(userId, clientId, resource), consent);
    });

    it('is no obstacle to a new consent and a new grant', async () => {
      const { userId, clientId } = (await the.savedFamily()).grant;
      await the.store.consents.withdraw(userId, clientId);
      const consent = aConsent({ userId, clientId });
      await the.store.consents.add(consent);
      const grant = aGrant({ userId, clientId });
      const code = aCode(grant);
      assert.equal(await the.store.codes.save(code, grant, [consent]), true);
      const tokens = someTokens(grant);
      await the.store.codes.redeem(code.hash, NOW, tokens);
      assert.equal(await isAlive(tokens), true);
    });

    it('is outlived by no token that 50 callers issue, rotate and redeem meanwhile', async () => {
      const ids = idOf();
      await the.store.consents.add(aConsent(ids));
      const brought: Tokens[] = [];
      const calls = await race(async (caller) => {
        const ready = await the.savedFamily({}, aGrant(ids));
        const waiting = await the.savedCode({}, aGrant(ids));
        const tokens = [0, 1, 2].map((n) => someTokens(n === 0 ? waiting.grant : ready.grant));
        brought.push(ready, ...tokens);
        const [redeemed, rotated, issued] = tokens as [Tokens, Tokens, Tokens];
        const all = [
          () => the.store.codes.redeem(waiting.code.hash, NOW, redeemed),
          () => the.store.refreshTokens.rotate(ready.refreshToken, NOW, MINUTE, rotated),
          () => the.store.tokens.issue(issued, NOW),
        ];
        return inTurn(all, caller);
      });
      const withdraw = () => the.store.consents.withdraw(ids.userId, ids.clientId);
      assert.equal(await amid(calls, withdraw), true);

      for (const tokens of brought) assert.equal(await isAlive(tokens), false);
      assert.deepEqual(await the.grantIdsOf(ids.userId), []);
    });
  });
}
