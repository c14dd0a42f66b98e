// Grants that leave their session when it ends. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, inTurn, race } from '../race.ts';
import { aGrant, aLogout, DAY, NOW, someTokens, unique, WINDOW } from '../records.ts';
import { plain, same, sameSet } from '../same.ts';
import { signInsOn } from './sign-ins.ts';

const it = promised(['Grants'], ['leaveIn', 'prolongIn']);

export function leavingSessionsContract(the: Contract): void {
  const { find, leave, signIns } = signInsOn(the);

  /** What a grant is once it has left its session. */
  function withoutSession({ session, sessionEndsAt, openid, ...rest }: Grant): Grant {
    const { sid, ...told } = openid ?? {};
    return { ...rest, ...(openid !== undefined && { openid: told }) };
  }

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
        await Promise.all(inTurn(calls, caller).map((call) => call()));
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
}
