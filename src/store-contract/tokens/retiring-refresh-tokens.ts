// Refresh tokens that are retired: used up without a successor. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { race, trues } from '../race.ts';
import { aGrant, aRefreshToken, NOW, someTokens } from '../records.ts';
import { same } from '../same.ts';
import { rotatingOn } from './rotating.ts';

const it = promised(['RefreshTokens'], ['findRefreshTokenIn', 'rotateIn', 'retireIn']);

export function retiringRefreshTokensContract(the: Contract): void {
  const { rotate, rotatedFamily, assertInForce, assertReused } = rotatingOn(the);

  describe('retiring refresh tokens', () => {
    it('retires a token for exactly one of 50 callers', async () => {
      const { refreshToken } = await the.savedFamily();
      const answers = await race(() => the.store.refreshTokens.retire(refreshToken, NOW));
      assert.equal(trues(answers), 1);
      assert.equal(await the.store.refreshTokens.retire(refreshToken, NOW + 1), false);
    });

    it('finds no token in force once it was retired', async () => {
      const { refreshToken } = await the.savedFamily();
      await the.store.refreshTokens.retire(refreshToken, NOW + 1);
      same((await the.store.refreshTokens.find(refreshToken.hash, NOW + 1))?.token, {
        ...refreshToken,
        tokenHash: undefined,
      });
    });

    it('says reused of a retired token, in the window too, and stores nothing', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      await the.store.refreshTokens.retire(refreshToken, NOW);
      const tokens = someTokens(grant);
      await assertReused(refreshToken, tokens);
      await the.assertAbsent(tokens);
    });

    it('retires no token that is unknown, rotated, expired, or of a grant that is over', async () => {
      assert.equal(await the.store.refreshTokens.retire(aRefreshToken(aGrant()), NOW), false);

      const rotated = await rotatedFamily();
      assert.equal(await the.store.refreshTokens.retire(rotated.token, NOW), false);
      await assertInForce(rotated.successor);

      const expired = await the.savedFamily();
      const { expiresAt } = expired.refreshToken;
      assert.equal(await the.store.refreshTokens.retire(expired.refreshToken, expiresAt), false);
      assert.equal(await the.store.refreshTokens.retire(expired.refreshToken, expiresAt - 1), true);

      const ended = await the.savedFamily();
      await the.store.grants.end(ended.grant.id);
      assert.equal(await the.store.refreshTokens.retire(ended.refreshToken, NOW), false);
    });

    it('lets either the rotation or the retirement of a token win, never both', async () => {
      await race(async () => {
        const { grant, refreshToken } = await the.savedFamily();
        const tokens = someTokens(grant, refreshToken);
        const [rotation, retired] = await Promise.all([
          rotate(refreshToken, tokens),
          the.store.refreshTokens.retire(refreshToken, NOW),
        ]);
        assert.equal(rotation.outcome, retired ? 'reused' : 'rotated');
        if (retired) await the.assertAbsent(tokens);
        else await the.assertStored(tokens);
      });
    });
  });
}
