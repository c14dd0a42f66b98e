// Codes: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { IssuedTokens } from '../../issued.ts';
import { CODE_REPEAT_WINDOW } from '../../store/outcomes.ts';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, tally } from '../race.ts';
import {
  aCode,
  aGrant,
  anAccessToken,
  aRefreshToken,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
  someTokens,
  unique,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Codes'], ['openIn', 'findCodeIn', 'redeemIn']);

export function codesContract(the: Contract): void {
  describe('codes', () => {
    it('finds a code and its grant with everything they had', async () => {
      const { code, grant } = await the.savedCode();
      same(await the.store.codes.find(code.hash, NOW), { code, grant });
    });

    it('finds a code that has no challenge and no nonce', async () => {
      const { code, grant } = await the.savedCode({
        codeChallenge: undefined,
        nonce: undefined,
      });
      same(await the.store.codes.find(code.hash, NOW), { code, grant });
    });

    it('finds nothing under a hash that nobody saved', async () => {
      assert.equal(await the.store.codes.find(unique(), NOW), undefined);
    });

    it('finds a code until the moment it expires', async () => {
      const { code } = await the.savedCode({}, aGrant({ expiresAt: NOW + HOUR }));
      assert.ok(await the.store.codes.find(code.hash, code.expiresAt - 1));
      assert.equal(await the.store.codes.find(code.hash, code.expiresAt), undefined);
    });

    it('finds no code whose grant has expired', async () => {
      const { code, grant } = await the.savedCode({}, aGrant({ expiresAt: NOW + SECOND }));
      assert.ok(await the.store.codes.find(code.hash, grant.expiresAt - 1));
      assert.equal(await the.store.codes.find(code.hash, grant.expiresAt), undefined);
    });

    it('redeems a code until the moment it expires', async () => {
      const expiresAt = NOW + MINUTE;
      const early = await the.savedCode({ expiresAt }, aGrant({ expiresAt: NOW + HOUR }));
      const answer = await the.store.codes.redeem(early.code.hash, expiresAt - 1);
      same(answer, { outcome: 'redeemed' });

      const late = await the.savedCode({ expiresAt }, aGrant({ expiresAt: NOW + HOUR }));
      const tokens = someTokens(late.grant);
      same(await the.store.codes.redeem(late.code.hash, expiresAt, tokens), { outcome: 'unknown' });
      await the.assertAbsent(tokens);
    });

    it('stores with the redemption the tokens it brought', async () => {
      const { code, grant } = await the.savedCode();
      const tokens = someTokens(grant);
      same(await the.store.codes.redeem(code.hash, NOW, tokens), { outcome: 'redeemed' });
      await the.assertStored(tokens);
    });

    it('redeems for an access token that has no refresh token beside it', async () => {
      const { code, grant } = await the.savedCode();
      const accessToken = anAccessToken(grant);
      same(await the.store.codes.redeem(code.hash, NOW, { accessToken }), { outcome: 'redeemed' });
      await the.assertStored({ accessToken });
    });

    it('finds a redeemed code with the time of its redemption', async () => {
      const { code } = await the.savedCode();
      await the.store.codes.redeem(code.hash, NOW + 1);
      same((await the.store.codes.find(code.hash, NOW + 2))?.code, {
        ...code,
        redeemedAt: NOW + 1,
        expiresAt: NOW + 1 + DAY,
      });
    });

    it('says already_redeemed and names the grant to who comes second, and stores nothing', async () => {
      const { code, grant, ...first } = await the.savedFamily();
      const second = someTokens(grant);
      same(await the.store.codes.redeem(code.hash, NOW + CODE_REPEAT_WINDOW, second), {
        outcome: 'already_redeemed',
        grantId: grant.id,
      });
      await the.assertAbsent(second);
      await the.assertStored(first);
      assert.equal((await the.store.codes.find(code.hash, NOW))?.code.redeemedAt, NOW);
    });

    it('says repeated, and stores nothing, to who comes in the window after the redemption', async () => {
      const { code, grant, ...first } = await the.savedFamily();
      const end = NOW + CODE_REPEAT_WINDOW;
      // The clock of the second may be behind that of the first.
      for (const now of [NOW - SECOND, NOW, end - 1]) {
        const again = someTokens(grant);
        same(await the.store.codes.redeem(code.hash, now, again), { outcome: 'repeated' });
        await the.assertAbsent(again);
      }
      await the.assertStored(first);
      const late = await the.store.codes.redeem(code.hash, end, someTokens(grant));
      same(late, { outcome: 'already_redeemed', grantId: grant.id });
    });

    it('says already_redeemed at once of a code that has no challenge', async () => {
      const { code, grant } = await the.savedCode({ codeChallenge: undefined });
      await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
      same(await the.store.codes.redeem(code.hash, NOW, someTokens(grant)), {
        outcome: 'already_redeemed',
        grantId: grant.id,
      });
    });

    it('counts a redemption that brought no tokens', async () => {
      const { code, grant } = await the.savedCode();
      same(await the.store.codes.redeem(code.hash, NOW), { outcome: 'redeemed' });
      const tokens = someTokens(grant);
      same(await the.store.codes.redeem(code.hash, NOW, tokens), { outcome: 'repeated' });
      await the.assertAbsent(tokens);
    });

    it('knows a redeemed code for a day, however short its lifetime was, but no longer than its grant', async () => {
      for (const [lasts, until] of [
        [2 * DAY, DAY],
        [HOUR, HOUR],
      ] as const) {
        const { code, grant } = await the.savedCode();
        const accessToken = anAccessToken(grant, { expiresAt: NOW + lasts });
        await the.store.codes.redeem(code.hash, NOW, { accessToken });
        const again = () => someTokens(grant);
        same(await the.store.codes.redeem(code.hash, NOW + until - 1, again()), {
          outcome: 'already_redeemed',
          grantId: grant.id,
        });
        const late = await the.store.codes.redeem(code.hash, NOW + until, again());
        same(late, { outcome: 'unknown' });
      }
    });

    it('shortens the lifetime of no code by its redemption', async () => {
      const expiresAt = NOW + 2 * DAY;
      const { code, grant } = await the.savedCode({ expiresAt }, aGrant({ expiresAt }));
      await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
      const { outcome } = await the.store.codes.redeem(code.hash, expiresAt - 1);
      assert.equal(outcome, 'already_redeemed');
    });

    it('says unknown of a code that never was, and stores nothing', async () => {
      const { grant } = await the.savedCode();
      const tokens = someTokens(grant);
      same(await the.store.codes.redeem(unique(), NOW, tokens), { outcome: 'unknown' });
      await the.assertAbsent(tokens);
    });

    it('says unknown of a code whose grant is over, redeemed or not', async () => {
      const fresh = await the.savedCode();
      await the.store.grants.end(fresh.grant.id);
      const tokens = someTokens(fresh.grant);
      same(await the.store.codes.redeem(fresh.code.hash, NOW, tokens), { outcome: 'unknown' });
      await the.assertAbsent(tokens);

      const redeemed = await the.savedFamily();
      await the.store.grants.end(redeemed.grant.id);
      same(await the.store.codes.redeem(redeemed.code.hash, NOW), { outcome: 'unknown' });

      const expired = await the.savedCode({}, aGrant({ expiresAt: NOW + SECOND }));
      same(await the.store.codes.redeem(expired.code.hash, NOW + SECOND), { outcome: 'unknown' });
    });

    it('makes the grant last as long as the longest of the tokens', async () => {
      for (const lifetimes of [
        { access: HOUR, refresh: DAY },
        { access: DAY, refresh: HOUR },
      ]) {
        const { code, grant } = await the.savedCode();
        await the.store.codes.redeem(code.hash, NOW, {
          accessToken: anAccessToken(grant, { expiresAt: NOW + lifetimes.access }),
          refreshToken: aRefreshToken(grant, { expiresAt: NOW + lifetimes.refresh }),
        });
        assert.ok(await the.store.grants.find(grant.id, NOW + DAY - 1));
      }
    });

    it('makes no grant shorter than it was', async () => {
      const { code, grant } = await the.savedCode({}, aGrant({ expiresAt: NOW + 2 * DAY }));
      await the.store.codes.redeem(code.hash, NOW, someTokens(grant));
      assert.ok(await the.store.grants.find(grant.id, NOW + 2 * DAY - 1));
    });

    it('lets exactly one of 50 callers redeem a code, and stores the tokens of that one', async () => {
      const { code, grant } = await the.savedCode();
      const brought = Array.from({ length: CALLERS }, () => someTokens(grant));
      const answers = await race((caller) =>
        the.store.codes.redeem(code.hash, NOW, brought[caller] as IssuedTokens),
      );
      assert.deepEqual(tally(answers), { redeemed: 1, repeated: CALLERS - 1 });
      for (const [caller, answer] of answers.entries()) {
        const tokens = brought[caller] as IssuedTokens;
        await (answer.outcome === 'redeemed' ? the.assertStored(tokens) : the.assertAbsent(tokens));
      }
    });

    it('leaves a code as it was when a caller changes the objects it saved or got', async () => {
      const grant = aGrant();
      const code = aCode(grant);
      const original = structuredClone({ code, grant });
      await the.store.codes.save(code, grant);
      scribble(code);
      scribble(grant);
      same(await the.store.codes.find(original.code.hash, NOW), original);
      const found = await the.store.codes.find(original.code.hash, NOW);
      scribble(found?.code);
      scribble(found?.grant);
      same(await the.store.codes.find(original.code.hash, NOW), original);
    });
  });
}
