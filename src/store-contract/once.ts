// What happens once or so many times: replays, keys, constants and limits: what the port promises of them. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { StoredKey } from '../types.ts';
import type { Contract } from './actions.ts';
import { promised } from './promised.ts';
import { CALLERS, DAY, HOUR, MINUTE, NOW, race, same, trues, unique } from './records.ts';

const it = promised(['Store']);

export function onceContract(the: Contract): void {
  describe('replays', () => {
    it('has one winner of 50 who claim an id at once', async () => {
      const id = unique();
      const claims = await race(() => the.store.replays.claim('jti', id, NOW + HOUR, NOW));
      assert.equal(claims.filter(Boolean).length, 1);
    });

    it('gives an id once until it expires, and again from that moment on', async () => {
      const id = unique();
      assert.equal(await the.store.replays.claim('jti', id, NOW + HOUR, NOW), true);
      assert.equal(await the.store.replays.claim('jti', id, NOW + DAY, NOW + HOUR - 1), false);
      assert.equal(await the.store.replays.claim('jti', id, NOW + DAY, NOW + HOUR), true);
    });

    it('keeps ids of one kind apart from those of another', async () => {
      const id = unique();
      assert.equal(await the.store.replays.claim('a', id, NOW + HOUR, NOW), true);
      assert.equal(await the.store.replays.claim('b', id, NOW + HOUR, NOW), true);
    });
  });

  describe('keys', () => {
    // A period of its own for each test: one store serves them all.
    const aKey = (period: number, changes: Partial<StoredKey> = {}): StoredKey => ({
      kid: unique(),
      alg: 'ES256',
      period,
      createdAt: NOW,
      encryptedPrivateKey: unique(),
      expiresAt: NOW + DAY,
      ...changes,
    });
    const kids = async (now = NOW) => (await the.store.keys.list(now)).map(({ kid }) => kid);

    it('has one key of 50 that are offered for a period at once, and gives it to all', async () => {
      const offered = Array.from({ length: CALLERS }, () => aKey(1));
      const given = await race((caller) => the.store.keys.ensure(offered[caller] as StoredKey));
      assert.equal(new Set(given.map(({ kid }) => kid)).size, 1);
      assert.ok((await kids()).includes(given[0]?.kid ?? ''));
      same(await the.store.keys.ensure(aKey(1)), given[0]);
    });

    it('has a key for each period and algorithm', async () => {
      const three = [aKey(2), aKey(3), aKey(2, { alg: 'RS256' })];
      for (const key of three) same(await the.store.keys.ensure(key), key);
      const listed = await kids();
      for (const { kid } of three) assert.ok(listed.includes(kid));
    });

    it('has no other key for a period, though the one that is there has expired', async () => {
      const over = aKey(5, { expiresAt: NOW - DAY });
      same(await the.store.keys.ensure(over), over);
      same(await the.store.keys.ensure(aKey(5)), over);
    });

    it('lists a key until the moment it expires', async () => {
      const { kid, expiresAt } = await the.store.keys.ensure(aKey(4));
      assert.ok((await kids(expiresAt - 1)).includes(kid));
      assert.ok(!(await kids(expiresAt)).includes(kid));
    });
  });

  describe('constants', () => {
    it('keep one value of 50 that are offered under a name at once, and give it to all', async () => {
      const name = unique();
      const offered = Array.from({ length: CALLERS }, () => unique());
      const given = await race((caller) => the.store.constants.ensure(name, offered[caller]!));
      assert.equal(new Set(given).size, 1);
      assert.ok(offered.includes(given[0]!));
      assert.equal(await the.store.constants.ensure(name, unique()), given[0]);
    });

    it('have a value for each name, letter for letter', async () => {
      const values = [unique(), `Zoë "山田" ' \\`, '0'];
      const names = values.map(() => unique());
      for (const [index, name] of names.entries()) {
        assert.equal(await the.store.constants.ensure(name, values[index]!), values[index]);
      }
      for (const [index, name] of names.entries()) {
        assert.equal(await the.store.constants.ensure(name, unique()), values[index]);
      }
    });

    it('are there still when everything that expires has been purged', async () => {
      const store = await the.open();
      try {
        const value = await store.constants.ensure('salt', unique());
        await store.purge(Number.MAX_SAFE_INTEGER, 1000);
        assert.equal(await store.constants.ensure('salt', unique()), value);
      } finally {
        await store.close();
      }
    });
  });

  describe('limits', () => {
    const take = (key: string, max: number, now = NOW) =>
      the.store.limits.take(key, max, HOUR, now);

    async function assertAllows(key: string, max: number, now = NOW): Promise<void> {
      for (let attempt = 1; attempt <= max; attempt += 1) {
        assert.equal((await take(key, max, now)).allowed, true, `attempt ${attempt} of ${max}`);
      }
      assert.equal((await take(key, max, now)).allowed, false, `attempt ${max + 1} of ${max}`);
    }

    it('allows as many attempts as the most, and says when the window ends', async () => {
      const key = unique();
      const resetAt = NOW + HOUR;
      assert.deepEqual(await take(key, 2), { allowed: true, resetAt });
      assert.deepEqual(await take(key, 2, NOW + 1), { allowed: true, resetAt });
      assert.deepEqual(await take(key, 2, NOW + 2), { allowed: false, resetAt });
      assert.deepEqual(await take(key, 2, resetAt - 1), { allowed: false, resetAt });
    });

    it('starts the next window with the first attempt after the last one ended', async () => {
      const key = unique();
      await assertAllows(key, 3);
      assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
      const again = await take(key, 3, NOW + HOUR);
      assert.deepEqual(again, { allowed: true, resetAt: NOW + 2 * HOUR });
      const next = NOW + 5 * HOUR;
      assert.deepEqual(await take(key, 3, next), { allowed: true, resetAt: next + HOUR });
    });

    it('counts every key by itself', async () => {
      await assertAllows(unique(), 1);
      await assertAllows(unique(), 1);
      await assertAllows(`__proto__${unique()}`, 1);
    });

    it('allows none if the most is 0', async () => {
      const key = unique();
      assert.deepEqual(await take(key, 0), { allowed: false, resetAt: NOW + HOUR });
      assert.equal((await take(key, 1)).allowed, true, 'the refused one is not counted');
    });

    it('allows exactly the most of 50 callers at once', async () => {
      const key = unique();
      const answers = await race(() => take(key, 7));
      assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
      for (const { resetAt } of answers) assert.equal(resetAt, NOW + HOUR);
    });

    it('allows exactly the most of 50 callers at once in a window after the first', async () => {
      const key = unique();
      await assertAllows(key, 7);
      const answers = await race(() => take(key, 7, NOW + HOUR));
      assert.equal(trues(answers.map(({ allowed }) => allowed)), 7);
    });

    it('allows one more for each attempt given back', async () => {
      const key = unique();
      await assertAllows(key, 2);
      await the.store.limits.giveBack(key, NOW + 1);
      assert.equal((await take(key, 2)).allowed, true);
      assert.equal((await take(key, 2)).allowed, false);
    });

    it('counts no attempt that it refused', async () => {
      const key = unique();
      await assertAllows(key, 2);
      for (let refused = 0; refused < 5; refused += 1) await take(key, 2);
      await the.store.limits.giveBack(key, NOW);
      assert.equal((await take(key, 2)).allowed, true);
    });

    it('never counts below zero', async () => {
      const key = unique();
      await take(key, 3);
      for (let times = 0; times < 5; times += 1) await the.store.limits.giveBack(key, NOW);
      await assertAllows(key, 3);
    });

    it('gives nothing back under a key without a window', async () => {
      const key = unique();
      await the.store.limits.giveBack(key, NOW);
      await assertAllows(key, 3);
    });

    it('gives nothing back once the window has ended', async () => {
      const key = unique();
      await assertAllows(key, 3);
      await the.store.limits.giveBack(key, NOW + HOUR);
      assert.equal((await take(key, 3, NOW + HOUR - 1)).allowed, false);
      await assertAllows(key, 3, NOW + HOUR);
    });

    it('moves no window by giving back', async () => {
      const key = unique();
      await take(key, 1);
      await the.store.limits.giveBack(key, NOW + MINUTE);
      const again = await take(key, 1, NOW + 2 * MINUTE);
      assert.deepEqual(again, { allowed: true, resetAt: NOW + HOUR });
    });

    it('loses none of 50 attempts given back at once', async () => {
      const key = unique();
      await assertAllows(key, CALLERS);
      await race(() => the.store.limits.giveBack(key, NOW));
      await assertAllows(key, CALLERS);
    });
  });
}
