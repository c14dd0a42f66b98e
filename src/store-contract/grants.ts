// Grants, codes, and tokens as they are issued: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { CODE_REPEAT_WINDOW } from '../store/outcomes.ts';
import type { Grant, IssuedTokens } from '../types.ts';
import { type Subject, scribble } from './actions.ts';
import { promised } from './promised.ts';
import {
  aClientsOwnToken,
  aCode,
  aGrant,
  anAccessToken,
  aRefreshToken,
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
  unique,
  WINDOW,
} from './records.ts';

const it = promised(['Grants', 'Codes', 'Tokens'], ['openIn', 'findCodeIn', 'redeemIn', 'issueIn']);

export function grantsContract(the: Subject): void {
  describe('grants', () => {
    it('finds a grant with everything it had, until the moment it expires', async () => {
      const { grant } = await the.savedCode();
      same(await the.store.grants.find(grant.id, NOW), grant);
      same(await the.store.grants.find(grant.id, grant.expiresAt - 1), grant);
      assert.equal(await the.store.grants.find(grant.id, grant.expiresAt), undefined);
    });

    it('finds nothing under an id that nobody saved', async () => {
      assert.equal(await the.store.grants.find(unique(), NOW), undefined);
    });

    it('keeps to the millisecond a time that an app has brought with a fraction', async () => {
      const { grant } = await the.savedCode({}, aGrant({ authTime: NOW - 0.75 }));
      const found = await the.store.grants.find(grant.id, NOW);
      assert.equal(Math.floor(found?.authTime ?? 0), NOW - 1);
    });

    it('answers true to exactly one of 50 callers who end a grant at once', async () => {
      const { grant } = await the.savedFamily();
      assert.equal(trues(await race(() => the.store.grants.end(grant.id))), 1);
      assert.equal(await the.store.grants.end(grant.id), false);
    });

    it('answers false to the end of a grant that never was', async () => {
      assert.equal(await the.store.grants.end(unique()), false);
    });

    it('ends with a grant every code and token that carries its id', async () => {
      const { code, grant, ...tokens } = await the.savedFamily();
      const more = someTokens(grant);
      assert.equal(await the.store.tokens.issue(more, NOW), true);
      await the.store.grants.end(grant.id);

      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
      assert.equal(await the.store.codes.find(code.hash, NOW), undefined);
      await the.assertAbsent(tokens);
      await the.assertAbsent(more);
    });

    it('ends no other grant, not even one of the same client and user', async () => {
      const { grant } = await the.savedFamily();
      const other = aGrant({ clientId: grant.clientId, userId: grant.userId });
      const { code } = await the.savedCode({}, other);
      const tokens = someTokens(other);
      await the.store.codes.redeem(code.hash, NOW, tokens);
      await the.store.grants.end(grant.id);
      assert.ok(await the.store.grants.find(other.id, NOW));
      await the.assertStored(tokens);
    });

    it('leaves no token alive that is issued at the moment its grant ends', async () => {
      await race(async (caller) => {
        const { grant, refreshToken } = await the.savedFamily();
        const opened = await the.savedCode();
        const longer = (family: Grant) => ({
          accessToken: anAccessToken(family),
          refreshToken: aRefreshToken(family, { expiresAt: NOW + 2 * DAY }),
        });
        const [issued, rotated, redeemed] = [longer(grant), longer(grant), longer(opened.grant)];
        const calls = [
          () => the.store.tokens.issue(issued, NOW),
          () => the.store.refreshTokens.rotate(refreshToken, NOW, WINDOW, rotated),
          () => the.store.codes.redeem(opened.code.hash, NOW, redeemed),
          () => Promise.all([grant, opened.grant].map(({ id }) => the.store.grants.end(id))),
        ];
        const turn = caller % calls.length;
        await Promise.all([...calls.slice(turn), ...calls.slice(0, turn)].map((call) => call()));

        for (const tokens of [issued, rotated, redeemed]) await the.assertAbsent(tokens);
        assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
        assert.equal(await the.store.grants.find(opened.grant.id, NOW), undefined);
      });
    });
  });

  describe('codes', () => {
    it('finds a code and its grant with everything they had', async () => {
      const { code, grant } = await the.savedCode();
      same(await the.store.codes.find(code.hash, NOW), { code, grant });
    });

    it('finds a code that has no challenge', async () => {
      const { code, grant } = await the.savedCode({
        codeChallenge: undefined,
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

    it('says unknown of a redeemed code from the moment it expires', async () => {
      const { code } = await the.savedFamily();
      const answer = await the.store.codes.redeem(code.hash, code.expiresAt);
      same(answer, { outcome: 'unknown' });
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

  describe('tokens', () => {
    it('issues tokens under a grant and makes it last as long as they do', async () => {
      const { grant } = await the.savedCode();
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, NOW), true);
      await the.assertStored(tokens);
      assert.ok(await the.store.grants.find(grant.id, NOW + DAY - 1));
    });

    it('issues an access token of a client that acts for itself, with no grant', async () => {
      const accessToken = aClientsOwnToken();
      assert.equal(await the.store.tokens.issue({ accessToken }, NOW), true);
      await the.assertStored({ accessToken });
    });

    it('answers false and stores nothing where the grant has been ended', async () => {
      const { grant } = await the.savedFamily();
      await the.store.grants.end(grant.id);
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, NOW), false);
      await the.assertAbsent(tokens);
      assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
    });

    it('answers false and stores nothing where the grant has expired', async () => {
      const { grant } = await the.savedCode();
      const tokens = someTokens(grant);
      assert.equal(await the.store.tokens.issue(tokens, grant.expiresAt), false);
      await the.assertAbsent(tokens);
      assert.equal(await the.store.grants.find(grant.id, grant.expiresAt), undefined);
      assert.equal(await the.store.tokens.issue(tokens, grant.expiresAt - 1), true);
    });

    it('answers false and stores nothing where the grant never was', async () => {
      const tokens = someTokens(aGrant());
      assert.equal(await the.store.tokens.issue(tokens, NOW), false);
      await the.assertAbsent(tokens);
    });

    it('issues at the same moment to clients for themselves, under grants, and under none', async () => {
      const { grant } = await the.savedCode();
      const brought = Array.from({ length: CALLERS }, (_, caller) =>
        caller % 3 === 0
          ? { accessToken: aClientsOwnToken() }
          : someTokens(caller % 3 === 1 ? grant : aGrant()),
      );
      const answers = await race((caller) => the.store.tokens.issue(brought[caller]!, NOW));
      for (const [caller, tokens] of brought.entries()) {
        assert.equal(answers[caller], caller % 3 !== 2);
        await (caller % 3 === 2 ? the.assertAbsent(tokens) : the.assertStored(tokens));
      }
    });

    it('loses no token of 50 callers who issue at once, and the grant lasts for the longest', async () => {
      const { grant } = await the.savedCode();
      const brought = Array.from({ length: CALLERS }, (_, caller) => ({
        accessToken: anAccessToken(grant),
        refreshToken: aRefreshToken(grant, { expiresAt: NOW + 2 * DAY - caller * MINUTE }),
      }));
      const answers = await race((caller) =>
        the.store.tokens.issue(brought[caller] as IssuedTokens, NOW),
      );
      assert.equal(trues(answers), CALLERS);
      for (const tokens of brought) await the.assertStored(tokens);
      assert.ok(await the.store.grants.find(grant.id, NOW + 2 * DAY - 1));
    });
  });
}
