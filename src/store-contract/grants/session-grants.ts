// The grants of a session: what the port promises as long as it goes on. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { race } from '../race.ts';
import { aGrant, DAY, HOUR, MINUTE, NOW, someTokens, unique } from '../records.ts';
import { plain, same, sameSet } from '../same.ts';
import { signInsOn } from './sign-ins.ts';

const it = promised(['Grants'], ['leaveIn', 'prolongIn']);

export function sessionGrantsContract(the: Contract): void {
  const { find, leave, signIns } = signInsOn(the);

  describe('the grants of a session', () => {
    it('are all its sign-ins in force, whole, and those of no other', async () => {
      const signedIn = await signIns(3, { sessionEndsAt: NOW + DAY, redeemed: false });
      const { session } = signedIn[0]!;
      const longer = aGrant({ session, expiresAt: NOW + DAY, openid: undefined });
      await the.savedCode({}, longer);
      await the.savedCode({}, aGrant({ session: undefined }));
      await signIns(1);
      const listed = await the.store.grants.listBySession(session, NOW);
      sameSet(
        listed.map((grant) => plain(grant) as Grant),
        [...signedIn.map(({ grant }) => grant), longer].map((grant) => plain(grant) as Grant),
      );
      const later = await the.store.grants.listBySession(session, NOW + MINUTE);
      same(later, [longer]);
      same(await the.store.grants.listBySession(session, NOW + DAY), []);
      same(await the.store.grants.listBySession(unique(), NOW), []);
    });

    it('last as long as the session, if that has an end, once tokens are issued', async () => {
      const sessionEndsAt = NOW + 3 * DAY;
      const [opened] = await signIns(1, { sessionEndsAt, redeemed: false });
      const { grant, code, tokens } = opened!;
      assert.equal((await find(grant.id))?.expiresAt, grant.expiresAt);
      await the.store.codes.redeem(code.hash, NOW, tokens);
      assert.equal((await find(grant.id))?.expiresAt, sessionEndsAt);
      assert.equal((await the.store.grants.listBySession(grant.session!, NOW + 2 * DAY)).length, 1);

      const bought = aGrant({ sessionEndsAt });
      await the.store.tokens.issue(someTokens(bought), NOW, { grant: bought });
      assert.equal((await find(bought.id))?.expiresAt, sessionEndsAt);
    });

    it('last as long as their tokens, if the session ends before', async () => {
      const [first] = await signIns(1, { sessionEndsAt: NOW + HOUR });
      assert.equal((await find(first!.grant.id))?.expiresAt, NOW + DAY);
      await the.store.grants.prolongSession(first!.session, NOW + 2 * HOUR);
      const { sessionEndsAt, expiresAt } = (await find(first!.grant.id))!;
      assert.deepEqual([sessionEndsAt, expiresAt], [NOW + 2 * HOUR, NOW + DAY]);
    });
  });

  describe('a session that goes on for longer', () => {
    const later = NOW + 5 * DAY;

    it('prolongs those of its grants that end with it, and no others', async () => {
      const [told, untold] = [await signIns(2, { sessionEndsAt: NOW + 2 * DAY }), await signIns(1)];
      const { session } = told[0]!;
      const longest = aGrant({ session, sessionEndsAt: later + 1 });
      await the.savedCode({}, longest);
      for (const one of [session, untold[0]!.session]) {
        await the.store.grants.prolongSession(one, later);
        await the.store.grants.prolongSession(one, NOW);
      }
      await the.store.grants.prolongSession(unique(), later);
      for (const { grant } of told) {
        const { sessionEndsAt, expiresAt } = (await find(grant.id))!;
        assert.deepEqual([sessionEndsAt, expiresAt], [later, later]);
      }
      same(await find(longest.id), longest);
      const { sessionEndsAt, expiresAt } = (await find(untold[0]!.grant.id))!;
      assert.deepEqual([sessionEndsAt, expiresAt], [undefined, NOW + DAY]);
      assert.equal((await the.store.grants.listBySession(session, later - 1)).length, 2);
    });

    it('gives a code no more time, but its tokens the whole session', async () => {
      for (const isFoundBefore of [false, true]) {
        const [opened] = await signIns(1, { sessionEndsAt: NOW + 2 * DAY, redeemed: false });
        const { grant, code, tokens, session } = opened!;
        const found = await the.store.codes.find(code.hash, NOW);
        await the.store.grants.prolongSession(session, later);
        const { sessionEndsAt, expiresAt } = (await find(grant.id))!;
        assert.deepEqual([sessionEndsAt, expiresAt], [later, grant.expiresAt]);
        const before = isFoundBefore ? found : undefined;
        const { outcome } = await the.store.codes.redeem(code.hash, NOW, tokens, before);
        assert.equal(outcome, 'redeemed');
        assert.equal((await find(grant.id))?.expiresAt, later);
      }
    });

    it('brings nothing back that leaves it at that moment', async () => {
      const signedIn = await signIns(10, { sessionEndsAt: NOW + 2 * DAY });
      const { session } = signedIn[0]!;
      await race(async (caller) => {
        if (caller % 5 !== 0) await the.store.grants.prolongSession(session, later + caller);
        const { grant } = signedIn[Math.floor(caller / 5)]!;
        if (caller % 5 === 0) await leave([{ grantId: grant.id, stays: caller % 2 === 0 }]);
      });
      same(await the.store.grants.listBySession(session, NOW), []);
      for (const [n, { grant }] of signedIn.entries()) {
        const found = await find(grant.id);
        assert.equal(found !== undefined, n % 2 === 0);
        assert.equal(found?.sessionEndsAt, undefined);
      }
    });
  });
}
