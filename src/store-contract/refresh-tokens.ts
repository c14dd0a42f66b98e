// Refresh tokens: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { AccessToken, RefreshToken } from '../issued.ts';
import type { Grant } from '../types.ts';
import { type Contract, scribble } from './actions.ts';
import { promised } from './promised.ts';
import {
  aGrant,
  anAccessToken,
  aRefreshToken,
  aSuccessor,
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  race,
  SECOND,
  same,
  someTokens,
  tally,
  trues,
  type UnusedRefreshToken,
  unique,
  WINDOW,
} from './records.ts';

const it = promised(['RefreshTokens'], ['findRefreshTokenIn', 'rotateIn', 'retireIn']);

export function refreshTokensContract(the: Contract): void {
  describe('refresh tokens', () => {
    const rotate = (
      token: UnusedRefreshToken,
      tokens: { accessToken: AccessToken; refreshToken: UnusedRefreshToken },
      now = NOW,
      window = WINDOW,
    ) => the.store.refreshTokens.rotate(token, now, window, tokens);

    /** A family whose first refresh token was exchanged for the successor at NOW. */
    async function rotatedFamily() {
      const { grant, refreshToken: token } = await the.savedFamily();
      const { accessToken, refreshToken: successor } = someTokens(grant, token);
      const answer = await rotate(token, { accessToken, refreshToken: successor });
      assert.equal(answer.outcome, 'rotated');
      return { grant, token, successor };
    }

    /** What a client brings that asks again: the successor is derived, the access token new. */
    const retryWith = (grant: Grant, successor: UnusedRefreshToken) => ({
      accessToken: anAccessToken(grant),
      refreshToken: successor,
    });

    /** That it is this one, whatever came before it. */
    function assertIs(actual: RefreshToken | undefined, expected: UnusedRefreshToken): void {
      same(actual, { ...expected, previous: actual?.previous });
    }

    async function assertInForce(token: UnusedRefreshToken): Promise<void> {
      assertIs((await the.store.refreshTokens.find(token.hash, NOW))?.token, token);
    }

    async function assertReused(
      token: UnusedRefreshToken,
      tokens: { accessToken: AccessToken; refreshToken: UnusedRefreshToken },
      now = NOW,
      window = WINDOW,
    ): Promise<void> {
      const answer = await rotate(token, tokens, now, window);
      same(answer, { outcome: 'reused', grantId: token.grantId });
      await the.assertAbsent({ accessToken: tokens.accessToken });
    }

    it('finds a token with its grant, until the moment it expires', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const found = await the.store.refreshTokens.find(
        refreshToken.hash,
        refreshToken.expiresAt - 1,
      );
      same(found?.token, refreshToken);
      assert.equal(found?.grant.id, grant.id);
      assert.equal(
        await the.store.refreshTokens.find(refreshToken.hash, refreshToken.expiresAt),
        undefined,
      );
    });

    it('finds nothing under a hash that nobody stored', async () => {
      assert.equal(await the.store.refreshTokens.find(unique(), NOW), undefined);
    });

    it('exchanges a token for its successor and stores what was brought', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const tokens = someTokens(grant, refreshToken);
      const answer = await rotate(refreshToken, tokens, NOW + 1);
      assert.equal(answer.outcome, 'rotated');
      await the.assertStored(tokens);
    });

    it('renews a token that is its own successor, for each of 50 callers, and nothing else of it', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const expiresAt = refreshToken.expiresAt + MINUTE;
      const renewed = { ...refreshToken, expiresAt };
      const brought = Array.from({ length: CALLERS }, () => retryWith(grant, renewed));
      const answers = await Promise.all(
        brought.map((tokens) => rotate(refreshToken, tokens, NOW, 0)),
      );
      for (const { outcome } of answers) assert.equal(outcome, 'rotated');
      for (const tokens of brought) await the.assertStored(tokens);
      const found = await the.store.refreshTokens.find(refreshToken.hash, expiresAt - 1);
      same(found?.token, renewed);
      assert.equal(await the.store.refreshTokens.find(refreshToken.hash, expiresAt), undefined);
    });

    it('keeps what came before a token that is renewed: a retry is still one', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const { tokenHash, salt } = token;
      const expiresAt = successor.expiresAt + MINUTE;
      const renewed = { ...successor, expiresAt };
      assert.equal((await rotate(successor, retryWith(grant, renewed))).outcome, 'rotated');
      const previous = { tokenHash, salt, rotatedAt: NOW };
      const found = await the.store.refreshTokens.find(token.hash, expiresAt - 1);
      same(found?.token, { ...renewed, previous });
      assert.equal((await rotate(token, retryWith(grant, successor))).outcome, 'retried');
    });

    it('renews no token that was exchanged before, in the window neither', async () => {
      const { grant, token } = await rotatedFamily();
      await assertReused(token, retryWith(grant, token));
    });

    it('finds by any token of a family the one in force, with that before it and when that was used', async () => {
      const { token, successor } = await rotatedFamily();
      same((await the.store.refreshTokens.find(token.hash, NOW))?.token, {
        ...successor,
        previous: { tokenHash: token.tokenHash, salt: token.salt, rotatedAt: NOW },
      });
    });

    it('says reused of every token that a family has had, however many came after', async () => {
      const { grant, token, successor } = await rotatedFamily();
      const used = [token, successor];
      while (used.length < 5) {
        const last = used.at(-1)!;
        const tokens = someTokens(grant, last);
        assert.equal((await rotate(last, tokens, NOW + used.length)).outcome, 'rotated');
        used.push(tokens.refreshToken);
      }
      const last = used.pop()!;
      for (const one of used) await assertReused(one, someTokens(grant, last), NOW + used.length);
      assert.equal((await rotate(last, someTokens(grant, last))).outcome, 'rotated');
    });

    it('makes the grant last as long as the longer of the two, and answers it so', async () => {
      for (const lifetimes of [
        { access: HOUR, refresh: 3 * DAY },
        { access: 3 * DAY, refresh: 2 * DAY },
      ]) {
        const { grant, refreshToken } = await the.savedFamily();
        const answer = await rotate(refreshToken, {
          accessToken: anAccessToken(grant, { expiresAt: NOW + lifetimes.access }),
          refreshToken: aSuccessor(refreshToken, grant, { expiresAt: NOW + lifetimes.refresh }),
        });
        assert.ok(answer.outcome === 'rotated');
        const found = await the.store.grants.find(grant.id, NOW + 3 * DAY - 1);
        assert.ok(found);
        same(answer.grant, found);
      }
    });

    it('makes no grant shorter than it was', async () => {
      const { grant, refreshToken } = await the.savedFamily({ expiresAt: NOW + 3 * DAY });
      await rotate(refreshToken, someTokens(grant, refreshToken));
      assert.ok(await the.store.grants.find(grant.id, NOW + 3 * DAY - 1));
    });

    it('rotates a token until the moment it expires', async () => {
      const early = await the.savedFamily();
      const { expiresAt } = early.refreshToken;
      const answer = await rotate(
        early.refreshToken,
        someTokens(early.grant, early.refreshToken),
        expiresAt - 1,
      );
      assert.equal(answer.outcome, 'rotated');

      const late = await the.savedFamily();
      const tokens = someTokens(late.grant, late.refreshToken);
      same(await rotate(late.refreshToken, tokens, expiresAt), { outcome: 'unknown' });
      await the.assertAbsent(tokens);
    });

    it('says unknown of a token that never was, and stores nothing', async () => {
      const { grant } = await the.savedFamily();
      const tokens = someTokens(grant);
      same(await rotate(aRefreshToken(grant), tokens), { outcome: 'unknown' });
      await the.assertAbsent(tokens);
    });

    it('says unknown of a token whose grant is over, rotated or not, and stores nothing', async () => {
      const fresh = await the.savedFamily();
      await the.store.grants.end(fresh.grant.id);
      const tokens = someTokens(fresh.grant, fresh.refreshToken);
      same(await rotate(fresh.refreshToken, tokens), { outcome: 'unknown' });
      await the.assertAbsent(tokens);

      const rotated = await rotatedFamily();
      await the.store.grants.end(rotated.grant.id);
      const retry = retryWith(rotated.grant, rotated.successor);
      same(await rotate(rotated.token, retry), { outcome: 'unknown' });
      await the.assertAbsent(retry);
    });

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

    it('stores the successor of exactly one of 50 callers who bring 50', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const brought = Array.from({ length: CALLERS }, () => someTokens(grant, refreshToken));
      const answers = await race((caller) =>
        rotate(refreshToken, brought[caller] as ReturnType<typeof someTokens>),
      );
      assert.deepEqual(tally(answers), { rotated: 1, reused: CALLERS - 1 });
      for (const [caller, answer] of answers.entries()) {
        const tokens = brought[caller] as ReturnType<typeof someTokens>;
        if (answer.outcome === 'rotated') await the.assertStored(tokens);
        else await the.assertAbsent(tokens);
      }
    });

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

    it('leaves a token as it was when a caller changes the objects it stored or got', async () => {
      const { grant, refreshToken } = await the.savedFamily();
      const tokens = someTokens(grant, refreshToken);
      const original = structuredClone(tokens);
      const answer = await rotate(refreshToken, tokens);
      scribble(tokens.accessToken);
      scribble(tokens.refreshToken);
      await the.assertStored(original);

      assert.ok(answer.outcome === 'rotated');
      scribble(answer.grant);
      const retry = await rotate(refreshToken, retryWith(grant, original.refreshToken));
      assert.ok(retry.outcome === 'retried');
      scribble(retry.grant);
      scribble(retry.successor);
      scribble((await the.store.refreshTokens.find(original.refreshToken.hash, NOW))?.token);
      await the.assertStored(original);
      assert.equal((await the.store.grants.find(grant.id, NOW))?.clientId, grant.clientId);
    });
  });
}
