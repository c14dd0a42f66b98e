// What the port promises about grants that belong to a session. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { LeavingGrant } from '../store/store-grants.ts';
import type { Grant } from '../types.ts';
import type { Contract } from './actions.ts';
import { promised } from './promised.ts';
import {
  aCode,
  aGrant,
  aLogout,
  CALLERS,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  plain,
  race,
  same,
  sameSet,
  someTokens,
  unique,
  WINDOW,
} from './records.ts';

const it = promised(['Grants'], ['leaveIn', 'prolongIn']);

export function sessionGrantsContract(the: Contract): void {
  const find = (id: string, now = NOW) => the.store.grants.find(id, now);
  const leave = (leaving: readonly LeavingGrant[], now = NOW) =>
    the.store.grants.leaveSession(leaving, now);

  /** Sign-ins of one session at clients of their own, with tokens if they are redeemed. */
  async function signIns(
    count: number,
    { redeemed = true, ...changes }: Partial<Grant> & { redeemed?: boolean } = {},
  ) {
    const session = unique();
    return Promise.all(
      Array.from({ length: count }, async () => {
        const grant = aGrant({ session, ...changes });
        const [code, tokens] = [aCode(grant), someTokens(grant)];
        assert.equal(await the.store.codes.save(code, grant), true);
        if (redeemed) await the.store.codes.redeem(code.hash, NOW, tokens);
        return { grant, code, tokens, session };
      }),
    );
  }

  /** What a grant is once it has left its session. */
  function withoutSession({ session, sessionEndsAt, openid, ...rest }: Grant): Grant {
    const { sid, ...told } = openid ?? {};
    return { ...rest, ...(openid !== undefined && { openid: told }) };
  }

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

  describe('leaving a session', () => {
    it('ends a grant with all its tokens, or it goes on without the session', async () => {
      const [ending, staying, other] = await signIns(3, { sessionEndsAt: NOW + 2 * DAY });
      const before = (await find(staying!.grant.id))!;
      const left = await leave([
        { grantId: ending!.grant.id, stays: false },
        { grantId: staying!.grant.id, stays: true },
      ]);
      assert.deepEqual(left.toSorted(), [ending!.grant.id, staying!.grant.id].toSorted());
      assert.equal(await find(ending!.grant.id), undefined);
      await the.assertAbsent(ending!.tokens);
      same(await find(staying!.grant.id), withoutSession(before));
      await the.assertStored(staying!.tokens);
      const [listed, ...rest] = await the.store.grants.listBySession(ending!.session, NOW);
      assert.deepEqual([listed?.id, rest], [other!.grant.id, []]);
      await the.assertStored(other!.tokens);

      const refreshed = someTokens(before, staying!.tokens.refreshToken);
      const { refreshToken } = staying!.tokens;
      const rotation = await the.store.refreshTokens.rotate(refreshToken, NOW, WINDOW, refreshed);
      assert.equal(rotation.outcome, 'rotated');
      assert.equal((rotation as { grant: Grant }).grant.openid?.sid, undefined);
    });

    it('leaves alone what else is known of a person, even if that is nothing', async () => {
      const [first] = await signIns(1, { openid: undefined });
      await leave([{ grantId: first!.grant.id, stays: true }]);
      const found = await find(first!.grant.id);
      assert.deepEqual([found?.session, found?.openid], [undefined, undefined]);
    });

    it('adds what clients are to be told, and under an id what was brought last', async () => {
      const [one, another, staying, untold] = await signIns(4);
      const logout = aLogout(one!.grant);
      const kept = aLogout(staying!.grant, { sid: undefined });
      await leave([
        { grantId: one!.grant.id, stays: false, logout },
        { grantId: another!.grant.id, stays: false, logout: { ...logout, attempts: 7 } },
        { grantId: staying!.grant.id, stays: true, logout: kept },
        { grantId: untold!.grant.id, stays: false },
      ]);
      sameSet(await the.store.logouts.find([logout.id, kept.id], NOW), [
        { ...logout, attempts: 7 },
        plain(kept) as object,
      ]);

      const [late] = await signIns(1);
      const anew = { ...logout, dueAt: NOW + 2 * DAY, expiresAt: NOW + 3 * DAY };
      await leave([{ grantId: late!.grant.id, stays: false, logout: anew }]);
      same(await the.store.logouts.find([logout.id], NOW), [anew]);
    });

    it('does nothing to a grant that is in no session, has expired or ended, or never was', async () => {
      const [gone, ended, expired] = await signIns(3);
      const none = await the.savedCode({}, aGrant({ session: undefined }));
      await leave([{ grantId: gone!.grant.id, stays: true }]);
      await the.store.grants.end(ended!.grant.id);
      const ids = [gone!.grant.id, ended!.grant.id, none.grant.id, unique()];
      const logouts = ids.map(() => aLogout(gone!.grant));
      const leaving = ids.map((grantId, n) => ({ grantId, stays: false, logout: logouts[n] }));
      same(await leave(leaving), []);
      const logout = aLogout(expired!.grant);
      same(await leave([{ grantId: expired!.grant.id, stays: true, logout }], NOW + DAY), []);
      same(await leave([]), []);
      const all = [...logouts, logout].map(({ id }) => id);
      same(await the.store.logouts.find(all, NOW), []);
      assert.ok(await find(gone!.grant.id));
      assert.ok(await find(none.grant.id));
      assert.equal((await find(expired!.grant.id))?.session, expired!.session);
    });

    it('is done by one of 50 callers for each grant', async () => {
      const signedIn = await signIns(10);
      const logouts = signedIn.map(({ grant }) => aLogout(grant));
      const answers = await race((caller) => {
        const leaving = signedIn.map(({ grant }, n) => {
          const logout = { ...logouts[n]!, attempts: caller };
          return { grantId: grant.id, stays: caller % 2 === 0, logout };
        });
        // In whatever order they are named.
        return leave(caller % 3 === 0 ? leaving : leaving.toReversed());
      });
      const winners = new Map(answers.flatMap((ids, caller) => ids.map((id) => [id, caller])));
      assert.equal(answers.flat().length, signedIn.length);
      const told = await the.store.logouts.find(
        logouts.map(({ id }) => id),
        NOW,
      );
      assert.equal(told.length, signedIn.length);
      for (const [n, { grant }] of signedIn.entries()) {
        const winner = winners.get(grant.id)!;
        assert.equal((await find(grant.id)) !== undefined, winner % 2 === 0);
        const logout = told.find(({ id }) => id === logouts[n]!.id);
        assert.equal(logout?.attempts, winner, 'who takes it out says what is told');
      }
    });

    it('also ends what is redeemed, issued or refreshed at that moment', async () => {
      await race(async (caller) => {
        const [ready] = await signIns(1);
        const [opened] = await signIns(1, { redeemed: false });
        const brought = [0, 1, 2].map((n) => someTokens(n === 0 ? opened!.grant : ready!.grant));
        const calls = [
          () => the.store.codes.redeem(opened!.code.hash, NOW, brought[0]!),
          () => the.store.tokens.issue(brought[1]!, NOW),
          () =>
            the.store.refreshTokens.rotate(ready!.tokens.refreshToken, NOW, WINDOW, brought[2]!),
          () => leave([ready!, opened!].map(({ grant }) => ({ grantId: grant.id, stays: false }))),
        ];
        const turn = caller % calls.length;
        await Promise.all([...calls.slice(turn), ...calls.slice(0, turn)].map((call) => call()));
        for (const tokens of [...brought, ready!.tokens]) await the.assertAbsent(tokens);
      });
    });

    it('puts no grant back into it that is refreshed at that moment', async () => {
      const signedIn = await signIns(CALLERS, { sessionEndsAt: NOW + 2 * DAY });
      const leaving = signedIn.map(({ grant }) => ({ grantId: grant.id, stays: true }));
      const calls = signedIn.map(async ({ grant, tokens: { refreshToken } }, n) => {
        const found = await the.store.refreshTokens.find(refreshToken.hash, NOW);
        if (n === CALLERS / 2) await leave(leaving);
        const next = someTokens(grant, refreshToken);
        return the.store.refreshTokens.rotate(refreshToken, NOW, WINDOW, next, found);
      });
      for (const { outcome } of await Promise.all(calls)) assert.equal(outcome, 'rotated');
      for (const { grant } of signedIn) {
        const found = await find(grant.id);
        const { session, sessionEndsAt, openid } = found!;
        assert.deepEqual([session, sessionEndsAt, openid?.sid], [undefined, undefined, undefined]);
      }
    });

    it('tells nobody of a client that is removed at that moment', async () => {
      for (let round = 0; round < 3; round += 1) {
        const signedIn = await signIns(10);
        const logouts = signedIn.map(({ grant }) => aLogout(grant));
        const leaving = signedIn.map(({ grant }, n) => ({
          ...{ grantId: grant.id, stays: n % 2 === 0, logout: logouts[n]! },
        }));
        await Promise.all([
          leave(leaving.slice(0, 5)),
          ...signedIn.map(({ grant }) => the.store.clients.remove(grant.clientId)),
          leave(leaving.slice(5)),
        ]);
        const ids = logouts.map(({ id }) => id);
        same(await the.store.logouts.find(ids, NOW), []);
      }
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
