// The grants of a user: what the port promises to whoever lists them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import {
  aCode,
  aGrant,
  anAccessToken,
  aRefreshToken,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  someTokens,
  unique,
} from '../records.ts';
import { same, sameSet } from '../same.ts';

const it = promised(['Consents', 'Grants', 'Codes'], ['mergedConsent', 'isConsentEnough']);

const tokensAt = (grant: Grant, issuedAt: number) => ({
  accessToken: anAccessToken(grant, { issuedAt, expiresAt: issuedAt + HOUR }),
  refreshToken: aRefreshToken(grant, { expiresAt: issuedAt + DAY }),
});

export function userGrantsContract(the: Contract): void {
  describe('the grants of a user', () => {
    it('are all those in force, whole, and nobody else’s', async () => {
      const userId = unique();
      const grants = [
        aGrant({ userId }),
        aGrant({ userId, resource: ['https://api.example/'], authTime: NOW - MINUTE }),
        aGrant({ userId, clientId: 'the client', expiresAt: NOW + DAY }),
      ];
      for (const grant of grants) await the.store.codes.save(aCode(grant), grant);
      await the.savedCode();
      sameSet(await the.store.grants.listByUser(userId, NOW), grants);
      for (const nobody of [unique(), 'nul\0', 'half\ud800']) {
        same(await the.store.grants.listByUser(nobody, NOW), []);
      }
    });

    it('leave out what has expired and what was ended', async () => {
      const userId = unique();
      const [short, long, ended] = [
        await the.savedCode({}, aGrant({ userId })),
        await the.savedCode({}, aGrant({ userId, expiresAt: NOW + DAY })),
        await the.savedCode({}, aGrant({ userId })),
      ];
      await the.store.grants.end(ended.grant.id);
      assert.deepEqual(await the.grantIdsOf(userId), [short.grant.id, long.grant.id].sort());
      assert.deepEqual(
        await the.grantIdsOf(userId, NOW + MINUTE - 1),
        await the.grantIdsOf(userId),
      );
      assert.deepEqual(await the.grantIdsOf(userId, NOW + MINUTE), [long.grant.id]);
    });

    it('are listed no more once they are purged', async () => {
      const { grant } = await the.savedCode({}, aGrant({ expiresAt: NOW - 10 * DAY }));
      await the.store.purge(NOW, 1000);
      assert.deepEqual(await the.grantIdsOf(grant.userId, NOW - 20 * DAY), []);
    });

    it('say when tokens were last issued by them: redeemed, refreshed or otherwise', async () => {
      const { grant, code } = await the.savedCode();
      const lastUsedAt = async () => (await the.store.grants.find(grant.id, NOW))?.lastUsedAt;
      assert.equal(await lastUsedAt(), undefined);

      const first = tokensAt(grant, NOW + 1);
      await the.store.codes.redeem(code.hash, NOW, first);
      assert.equal(await lastUsedAt(), NOW + 1);

      const second = tokensAt(grant, NOW + 2);
      await the.store.refreshTokens.rotate(first.refreshToken, NOW, MINUTE, second);
      assert.equal(await lastUsedAt(), NOW + 2);

      const retried = { ...second, accessToken: tokensAt(grant, NOW + 3).accessToken };
      await the.store.refreshTokens.rotate(first.refreshToken, NOW, MINUTE, retried);
      assert.equal(await lastUsedAt(), NOW + 3);

      await the.store.tokens.issue(tokensAt(grant, NOW + 4), NOW);
      assert.equal(await lastUsedAt(), NOW + 4);
      const [listed] = await the.store.grants.listByUser(grant.userId, NOW);
      assert.equal(listed?.lastUsedAt, NOW + 4);
    });

    it('are last used when they were last used, though a slower clock comes after', async () => {
      const { grant, code } = await the.savedCode();
      await the.store.codes.redeem(code.hash, NOW, tokensAt(grant, NOW + HOUR));
      await the.store.tokens.issue(someTokens(grant), NOW);
      assert.equal((await the.store.grants.find(grant.id, NOW))?.lastUsedAt, NOW + HOUR);
    });

    it('are not used by what was refused', async () => {
      const { grant, code, refreshToken } = await the.savedFamily();
      await the.store.codes.redeem(code.hash, NOW, tokensAt(grant, NOW + 1));
      await the.store.refreshTokens.retire(refreshToken, NOW);
      await the.store.refreshTokens.rotate(refreshToken, NOW, 0, tokensAt(grant, NOW + 2));
      assert.equal((await the.store.grants.find(grant.id, NOW))?.lastUsedAt, NOW);
    });
  });
}
