// Grants, and how they end: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { inTurn, race, trues } from '../race.ts';
import {
  aGrant,
  anAccessToken,
  aRefreshToken,
  DAY,
  NOW,
  someTokens,
  unique,
  WINDOW,
} from '../records.ts';
import { same } from '../same.ts';

const it = promised(['Grants']);

export function grantsContract(the: Contract): void {
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
        await Promise.all(inTurn(calls, caller).map((call) => call()));

        for (const tokens of [issued, rotated, redeemed]) await the.assertAbsent(tokens);
        assert.equal(await the.store.grants.find(grant.id, NOW), undefined);
        assert.equal(await the.store.grants.find(opened.grant.id, NOW), undefined);
      });
    });
  });
}
