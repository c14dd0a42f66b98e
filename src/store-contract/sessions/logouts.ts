// Logouts, which clients are to be told of: what the port promises of them. Whoever claims what is due
// gets all of it, so no other part is about the same store. See index.ts.

import assert from 'node:assert/strict';
import type { PendingLogout } from '../../types.ts';
import { type Contract, scribble } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { aCode, aGrant, aLogout, aUser, DAY, HOUR, MINUTE, NOW, unique } from '../records.ts';
import { plain, same, sameSet } from '../same.ts';

const it = promised(['Logouts'], ['leaveIn']);

export function logoutsContract(the: Contract): void {
  /** Adds some, at clients of their own. Nothing that other tests have added is due before NOW + HOUR. */
  async function added(count: number, changes: Partial<PendingLogout> = {}) {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const { clientId } = changes;
        const grant = aGrant(clientId === undefined ? {} : { clientId });
        const logout = aLogout(grant, changes);
        await the.store.codes.save(aCode(grant), grant);
        const leaving = { grantId: grant.id, stays: false, logout };
        assert.equal((await the.store.grants.leaveSession([leaving], NOW)).length, 1);
        return logout;
      }),
    );
  }

  const idsOf = (some: readonly PendingLogout[]) => some.map(({ id }) => id).toSorted();
  const find = async ({ id }: PendingLogout, now = NOW) =>
    (await the.store.logouts.find([id], now))[0];
  /** No other test claims what is due this early. */
  const claim = (limit: number, now: number, until = NOW + DAY, except: readonly string[] = []) =>
    the.store.logouts.claim(limit, now, until, except);

  it('and finds it whole, until it expires', async () => {
    const [one] = await added(1, { dueAt: NOW + DAY, attempts: 3 });
    const [other] = await added(1, { dueAt: NOW + DAY, sid: undefined });
    const ids = [one!.id, unique(), other!.id];
    const expected = [one!, other!].map((logout) => plain(logout) as object);
    sameSet(await the.store.logouts.find(ids, NOW), expected);
    same(await the.store.logouts.find([], NOW), []);
    assert.ok(await find(one!, one!.expiresAt - 1));
    assert.equal(await find(one!, one!.expiresAt), undefined);
  });

  it('as it was when a caller changes the object it brought or got', async () => {
    const [logout] = await added(1, { dueAt: NOW - 9 * HOUR });
    const before = { ...logout! };
    scribble(logout);
    scribble(await find(before));
    same(await find(before), before);
    const [claimed] = await claim(1, before.dueAt);
    scribble(claimed);
    same(await find(before), { ...before, dueAt: NOW + DAY });
  });

  it('and hands it out from when it is due, and then no more until the time that was given', async () => {
    const dueAt = NOW - 8 * HOUR;
    const [logout] = await added(1, { dueAt });
    same(await claim(10, dueAt - 1), []);
    const until = dueAt + MINUTE;
    same(await claim(10, dueAt, until), [{ ...logout, dueAt: until }]);
    same(await find(logout!), { ...logout, dueAt: until });
    same(await claim(10, until - 1), []);
    same(await claim(10, until), [{ ...logout, dueAt: NOW + DAY }]);
  });

  it('and hands out nothing that has expired', async () => {
    const dueAt = NOW - 7 * HOUR;
    // The one that is due first: a store that ignores `except` would hand it out.
    const [logout] = await added(1, { dueAt: dueAt - 1, expiresAt: dueAt + MINUTE });
    const [other] = await added(1, { dueAt });
    same(idsOf(await claim(1, dueAt + MINUTE)), [other!.id]);
    same(idsOf(await claim(2, dueAt + MINUTE - 1)), [logout!.id]);
  });

  it('and hands out no more than were asked for, the earliest first', async () => {
    const start = NOW - 6 * HOUR;
    const logouts: PendingLogout[] = [];
    for (const minute of [3, 1, 4, 0, 2]) {
      logouts.push(...(await added(1, { dueAt: start + minute * MINUTE })));
    }
    const sorted = logouts.toSorted((a, b) => a.dueAt - b.dueAt);
    same(await claim(0, start + HOUR), []);
    same(idsOf(await claim(2, start + HOUR)), idsOf(sorted.slice(0, 2)));
    same(idsOf(await claim(2, start + 3 * MINUTE)), idsOf(sorted.slice(2, 4)));
    same(idsOf(await claim(2, start + 3 * MINUTE)), []);
    same(idsOf(await claim(2, start + HOUR)), idsOf(sorted.slice(4)));
  });

  it('and leaves out clients that are not wanted, and they are in nobody’s way', async () => {
    const start = NOW - 5 * HOUR;
    const [slow, down] = [unique(), unique()];
    const early = [
      ...(await added(5, { clientId: slow, dueAt: start })),
      ...(await added(5, { clientId: down, dueAt: start })),
    ];
    const late = await added(3, { dueAt: start + MINUTE });
    const now = start + HOUR;
    same(idsOf(await claim(2, now, NOW + DAY, [slow, down])).length, 2);
    same(idsOf(await claim(10, now, NOW + DAY, [slow, down])).length, late.length - 2);
    same(idsOf(await claim(20, now, NOW + DAY, [down])), idsOf(early.slice(0, 5)));
    same(idsOf(await claim(20, now)), idsOf(early.slice(5)));
  });

  it('and leaves out as many clients as there are to be left out', async () => {
    const dueAt = NOW - 11 * HOUR;
    const down = await added(1, { dueAt: dueAt - 1 });
    const [up] = await added(1, { dueAt });
    const except = [...Array.from({ length: 1000 }, () => unique()), down[0]!.clientId];
    same(idsOf(await claim(1, dueAt, NOW + DAY, except)), [up!.id]);
    same(idsOf(await claim(1, dueAt)), idsOf(down));
  });

  it('and hands out the earliest first, whether somebody vouches for its client or not', async () => {
    const start = NOW - 12 * HOUR;
    const all: PendingLogout[] = [];
    for (const [minute, isSelfMade] of [true, false, true, false, false, true].entries()) {
      all.push(...(await added(1, { isSelfMade, dueAt: start + minute * MINUTE })));
    }
    for (const one of all) same(idsOf(await claim(1, start + HOUR)), [one.id]);
  });

  it('and hands out no more than so many of clients that nobody vouches for', async () => {
    const start = NOW - 10 * HOUR;
    const ofStrangers = [
      ...(await added(1, { isSelfMade: true, dueAt: start })),
      ...(await added(1, { isSelfMade: true, dueAt: start + MINUTE })),
      ...(await added(1, { isSelfMade: true, dueAt: start + 3 * MINUTE })),
    ];
    const others = [
      ...(await added(1, { dueAt: start + 2 * MINUTE })),
      ...(await added(1, { dueAt: start + 4 * MINUTE })),
    ];
    const due = (limit: number, most?: number) =>
      the.store.logouts.claim(limit, start + 5 * MINUTE, NOW + DAY, [], most);
    same(idsOf(await due(1, 0)), [others[0]!.id]);
    const two = await due(2, 1);
    same(idsOf(two), idsOf([ofStrangers[0]!, others[1]!]));
    assert.deepEqual(new Set(two.map(({ isSelfMade }) => isSelfMade)), new Set([true, false]));
    same(await due(2, 0), []);
    same(idsOf(await due(1)), [ofStrangers[1]!.id]);
    same(idsOf(await due(2, 2)), [ofStrangers[2]!.id]);
  });

  it('and gives each to one of 50 callers at once', async () => {
    const dueAt = NOW - 4 * HOUR;
    const logouts = await added(2 * CALLERS, { dueAt });
    const given = (await race(() => claim(3, dueAt))).map((some) => {
      assert.ok(some.length <= 3);
      return some;
    });
    // Some may have been passed over while another caller had them in hand.
    for (let more = 1; more > 0; ) {
      const rest = await claim(3, dueAt);
      given.push(rest);
      more = rest.length;
    }
    assert.deepEqual(idsOf(given.flat()), idsOf(logouts));
  });

  it('and postpones it after an attempt that failed', async () => {
    const dueAt = NOW - 3 * HOUR;
    const [logout] = await added(1, { dueAt });
    const [claimed] = await claim(1, dueAt);
    await the.store.logouts.postpone(claimed!, 1, dueAt + MINUTE);
    same(await find(logout!), { ...logout, attempts: 1, dueAt: dueAt + MINUTE });
    same(await claim(1, dueAt + MINUTE - 1), []);
    same(idsOf(await claim(1, dueAt + MINUTE)), [logout!.id]);
  });

  it('until one of 50 callers forgets it, and it is not postponed after that', async () => {
    const [logout] = await added(1, { dueAt: NOW + DAY });
    assert.equal(trues(await race(() => the.store.logouts.remove(logout!))), 1);
    await the.store.logouts.postpone(logout!, 1, NOW - 3 * HOUR);
    await the.store.logouts.postpone({ ...logout!, id: unique() }, 1, NOW - 3 * HOUR);
    assert.equal(await find(logout!), undefined);
    assert.equal(await the.store.logouts.remove(logout!), false);
    same(await claim(10, NOW - 3 * HOUR), []);
  });

  it('if it was handed out again since, or its client is owed another', async () => {
    const dueAt = NOW - 2 * HOUR;
    const [logout] = await added(1, { dueAt });
    const [first] = await claim(1, dueAt, dueAt + MINUTE);
    const [second] = await claim(1, dueAt + MINUTE, dueAt + HOUR);
    assert.equal(await the.store.logouts.remove(first!), false);
    await the.store.logouts.postpone(first!, 1, NOW + DAY);
    same(await find(logout!), second);

    const [anew] = await added(1, { ...logout!, dueAt: dueAt + 1 });
    assert.equal(await the.store.logouts.remove(second!), false);
    await the.store.logouts.postpone(second!, 1, NOW + DAY);
    same(await find(logout!), anew);
    assert.equal(await the.store.logouts.remove(anew!), true);
  });

  it('as long as its client is registered, and if its user is gone', async () => {
    const user = aUser();
    await the.store.users.save(user);
    const [one, other] = await added(2, { dueAt: NOW + DAY, userId: user.id });
    await the.store.users.remove(user.id);
    same(await find(one!), one);
    await the.store.clients.remove(one!.clientId);
    assert.equal(await find(one!), undefined);
    same(await find(other!), other);
  });

  it('no longer than it is to be tried', async () => {
    const [logout] = await added(1, { dueAt: NOW + DAY, expiresAt: NOW + 30 * DAY });
    await the.store.purge(NOW + 29 * DAY, 1000);
    assert.ok(await find(logout!));
    await the.store.purge(NOW + 31 * DAY, 1000);
    assert.equal(await find(logout!), undefined);
  });
}
