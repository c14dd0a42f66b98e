// Limits: what the port promises of what may happen so many times. See index.ts.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Contract } from '../actions.ts';
import { promised } from '../promised.ts';
import { CALLERS, race, trues } from '../race.ts';
import { HOUR, MINUTE, NOW, unique } from '../records.ts';

const it = promised(['Store']);

export function limitsContract(the: Contract): void {
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
