// Refresh tokens: what the port promises of finding them, and of exchanging them once. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, tally } from '../race.ts';
import {
  anAccessToken,
  aRefreshToken,
  aSuccessor,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  someTokens,
  unique,
} from '../records.ts';
import { same } from '../same.ts';
import { rotatingOn } from './rotating.ts';

const it = promised(['RefreshTokens'], ['findRefreshTokenIn', 'rotateIn', 'retireIn']);

export function refreshTokensContract(the: Contract): void {
  const { rotate, rotatedFamily, retryWith, assertReused } = rotatingOn(the);

  describe('refresh tokens', () => {
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
