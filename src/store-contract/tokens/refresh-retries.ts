// Refresh tokens that come again after they were exchanged: a retry, or a theft. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, tally } from '../race.ts';
import { anAccessToken, aSuccessor, DAY, NOW, SECOND, someTokens, WINDOW } from '../records.ts';
import { same } from '../same.ts';
import { rotatingOn } from './rotating.ts';

const it = promised(['RefreshTokens'], ['findRefreshTokenIn', 'rotateIn', 'retireIn']);

export function refreshRetriesContract(the: Contract): void {
  const { rotate, rotatedFamily, retryWith, assertIs, assertInForce, assertReused } =
    rotatingOn(the);

  describe('refresh tokens that come again', () => {
    it('answers a retry of a token that has expired since it was rotated', async () => {
      const { grant, refreshToken } = await the.savedFamily({ expiresAt: NOW + SECOND });
      const successor = aSuccessor(refreshToken, grant);
      await rotate(refreshToken, retryWith(grant, successor));
      const retry = retryWith(grant, successor);
      assert.equal((await rotate(refreshToken, retry, NOW + SECOND)).outcome, 'retried');
    });

    it('answers a retry with the stored successor and stores the new access token', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const later = { ...successor, expiresAt: successor.expiresAt + DAY, scope: ['read'] };
      const retry = retryWith(grant, later);
      const answer = await rotate(token, retry, NOW + 10 * SECOND);
      assert.ok(answer.outcome === 'retried');
      assertIs(answer.successor, successor);
      assert.equal(answer.grant.id, grant.id);
      await the.assertStored({ accessToken: retry.accessToken, refreshToken: successor });
    });

    it('makes the grant last as long as the access token of a retry', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const accessToken = anAccessToken(grant, { expiresAt: NOW + 3 * DAY });
      const answer = await rotate(token, { accessToken, refreshToken: successor });
      assert.ok(answer.outcome === 'retried');
      same(answer.grant, await the.store.grants.find(grant.id, NOW + 3 * DAY - 1));
      assert.ok(await the.store.accessTokens.find(accessToken.hash, NOW + 3 * DAY - 1));
    });

    it('takes a token for a retry until the very end of the window', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const last = await rotate(token, retryWith(grant, successor), NOW + WINDOW - 1);
      assert.equal(last.outcome, 'retried');
      await assertReused(token, retryWith(grant, successor), NOW + WINDOW);
    });

    it('opens no second window with a retry', async () => {
      const { grant, token, successor } = await rotatedFamily();
      await rotate(token, retryWith(grant, successor), NOW + WINDOW - 1);
      await assertReused(token, retryWith(grant, successor), NOW + WINDOW + 1);
    });

    it('takes a retry from a caller whose clock is behind', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const answer = await rotate(token, retryWith(grant, successor), NOW - SECOND);
      assert.equal(answer.outcome, 'retried');
    });

    it('knows no retry if the window is 0, not even for a clock that is behind', async () => {
      const { grant, token, successor } = await rotatedFamily();
      await assertReused(token, retryWith(grant, successor), NOW, 0);
      await assertReused(token, retryWith(grant, successor), NOW - SECOND, 0);
    });

    it('says reused once the successor was itself rotated, and stores nothing', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const second = await rotate(successor, someTokens(grant, successor), NOW + 1);
      assert.equal(second.outcome, 'rotated');
      await assertReused(token, retryWith(grant, successor), NOW + 2);
    });

    it('says reused once the successor was retired', async () => {
      const { grant, token, successor } = await rotatedFamily();
      assert.equal(await the.store.refreshTokens.retire(successor, NOW), true);
      await assertReused(token, retryWith(grant, successor), NOW + 1);
    });

    it('says unknown once the successor has expired', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const successor = aSuccessor(refreshToken, grant, { expiresAt: NOW + SECOND });
      await rotate(refreshToken, retryWith(grant, successor));
      const retry = retryWith(grant, successor);
      same(await rotate(refreshToken, retry, NOW + SECOND), { outcome: 'unknown' });
      await the.assertAbsent({ accessToken: retry.accessToken });
    });

    it('says reused to who brings another successor, and stores nothing of it', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const other = someTokens(grant, token);
      await assertReused(token, other);
      await the.assertAbsent(other);
      await assertInForce(successor);
    });

    it('says reused to who brings for a successor another token of the same grant', async () => {
      const { grant, token } = await rotatedFamily();
      const beside = someTokens(grant);
      await the.store.tokens.issue(beside, NOW);
      await assertReused(token, retryWith(grant, beside.refreshToken));
    });

    it('tells exactly one of 50 callers rotated and 49 retried, all with one successor', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const successor = aSuccessor(refreshToken, grant);
      const brought = Array.from({ length: CALLERS }, () => retryWith(grant, successor));
      const answers = await race((caller) =>
        rotate(refreshToken, brought[caller] as ReturnType<typeof retryWith>),
      );
      assert.deepEqual(tally(answers), { rotated: 1, retried: CALLERS - 1 });
      for (const answer of answers) {
        if (answer.outcome === 'retried') assertIs(answer.successor, successor);
      }
      for (const tokens of brought) await the.assertStored(tokens);
    });

    it('answers the successor that the first of 50 callers brought, whatever the others bring', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const derived = aSuccessor(refreshToken, grant);
      const brought = Array.from({ length: CALLERS }, (_, caller) =>
        retryWith(grant, { ...derived, expiresAt: derived.expiresAt + caller * SECOND }),
      );
      const answers = await race((caller) => rotate(refreshToken, brought[caller]!));
      const first = brought[answers.findIndex(({ outcome }) => outcome === 'rotated')];
      assert.deepEqual(tally(answers), { rotated: 1, retried: CALLERS - 1 });
      for (const answer of answers) {
        if (answer.outcome === 'retried') assertIs(answer.successor, first!.refreshToken);
      }
      await assertInForce(first!.refreshToken);
    });

    it('tells exactly one of 50 callers rotated and 49 reused if the window is 0', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const successor = aSuccessor(refreshToken, grant);
      const brought = Array.from({ length: CALLERS }, () => retryWith(grant, successor));
      const answers = await race((caller) =>
        rotate(refreshToken, brought[caller] as ReturnType<typeof retryWith>, NOW, 0),
      );
      assert.deepEqual(tally(answers), { rotated: 1, reused: CALLERS - 1 });
      for (const [caller, answer] of answers.entries()) {
        const tokens = brought[caller] as ReturnType<typeof retryWith>;
        if (answer.outcome === 'rotated') await the.assertStored(tokens);
        else await the.assertAbsent({ accessToken: tokens.accessToken });
      }
    });
  });
}
