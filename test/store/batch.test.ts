import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { batched } from '../../src/store/batch.ts';
import { StoreUnavailable } from '../../src/store/store.ts';

/** A function of many that ends each trip when it is told to, and of one that is made from it. */
function gated(gather?: number) {
  const trips: { items: readonly number[]; end(): void; fail(error: Error): void }[] = [];
  const call = batched(
    (items: readonly number[]) =>
      new Promise<readonly number[]>((resolve, reject) => {
        trips.push({ items, end: () => resolve(items.map((item) => item * 2)), fail: reject });
      }),
    gather,
  );
  return { trips, call };
}

const numbers = (length: number, from = 0) => Array.from({ length }, (_, n) => from + n);
const doubled = (all: readonly number[]) => all.map((item) => item * 2);

describe('calls that arrive together', () => {
  it('share a trip, and each gets its own result', async () => {
    const { trips, call } = gated();
    const results = Promise.all(numbers(50).map(call));
    await nextTurn();
    assert.deepEqual(
      trips.map(({ items }) => items),
      [numbers(50)],
    );
    trips[0]!.end();
    assert.deepEqual(await results, doubled(numbers(50)));
  });

  it('are at most 100 to a trip, two trips at a time, and the others gather for the next', async () => {
    const { trips, call } = gated();
    const results = Promise.all(numbers(450).map(call));
    const sizes = () => trips.map(({ items }) => items.length);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.deepEqual(sizes(), [100, 100]);
    trips[1]!.end();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.deepEqual(sizes(), [100, 100, 100]);
    trips[0]!.end();
    trips[2]!.end();
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.deepEqual(sizes(), [100, 100, 100, 100, 50]);
    for (const { end } of trips) end();
    assert.deepEqual(await results, doubled(numbers(450)));
  });

  it('go at once where nobody else is on the way', async () => {
    const { trips, call } = gated();
    for (const item of numbers(3)) {
      const result = call(item);
      await nextTurn();
      trips.at(-1)!.end();
      assert.equal(await result, item * 2);
    }
    assert.equal(trips.length, 3);
  });

  it('wait for the trip that is under way, and no longer than they are to gather', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { trips, call } = gated(5);
    const ask = async (item: number) => {
      const result = call(item);
      await nextTurn();
      return { result };
    };
    const asked = [await ask(0), await ask(1), await ask(2)];
    assert.equal(trips.length, 1);
    trips[0]!.end();
    assert.equal(await asked[0]!.result, 0);
    for (let turn = 0; turn < 2; turn += 1) await nextTurn();
    assert.deepEqual(trips[1]!.items, [1, 2], 'at once, when the trip has ended');
    asked.push(await ask(3));
    t.mock.timers.tick(4);
    await nextTurn();
    assert.equal(trips.length, 2);
    t.mock.timers.tick(1);
    await nextTurn();
    assert.deepEqual(trips[2]!.items, [3], 'and otherwise after 5 ms');
    for (const { end } of trips) end();
    assert.deepEqual(await Promise.all(asked.map(({ result }) => result)), [0, 2, 4, 6]);
  });

  it('are made one by one where one of them fails, and no other fails with it', async () => {
    const trips: (readonly number[])[] = [];
    const call = batched(async (items: readonly number[]) => {
      trips.push(items);
      if (items.includes(3)) throw new Error('not 3');
      return doubled(items);
    });
    const results = await Promise.allSettled(numbers(5).map(call));
    assert.deepEqual(
      results.map((result) =>
        result.status === 'fulfilled' ? result.value : result.reason.message,
      ),
      [0, 2, 4, 'not 3', 8],
    );
    assert.deepEqual(trips, [numbers(5), [0], [1], [2], [3], [4]]);
    assert.equal(await call(6), 12);
  });

  it('fail together, and are not made again, where the store is unavailable', async () => {
    const { trips, call } = gated();
    const results = Promise.allSettled(numbers(5).map(call));
    await nextTurn();
    const error = new StoreUnavailable('away');
    trips[0]!.fail(error);
    for (const result of await results) {
      assert.ok(result.status === 'rejected' && result.reason === error);
    }
    assert.equal(trips.length, 1);
  });

  it('are refused at once where 5000 wait already, and then no more', async () => {
    const { trips, call } = gated();
    const waiting = Promise.all(numbers(5000).map(call));
    const tooMany = { name: 'StoreUnavailable', message: /^Too many requests wait/ };
    await assert.rejects(call(5000), tooMany);
    await nextTurn();
    const after = call(5001);
    for (let trip = 0; trip <= 50; trip += 1) {
      while (trips.length <= trip) await nextTurn();
      trips[trip]!.end();
    }
    assert.deepEqual(await waiting, doubled(numbers(5000)));
    assert.equal(await after, 10_002);
  });

  it('are refused where they have waited for more than five seconds', async (t) => {
    const { trips, call } = gated();
    const first = Promise.all(numbers(200).map(call));
    await nextTurn();
    await nextTurn();
    let now = Math.ceil(performance.now());
    t.mock.method(performance, 'now', () => now);
    const late = call(200);
    now += 1;
    const inTime = call(201);
    now += 5000;
    for (const { end } of trips) end();
    await first;
    await assert.rejects(late, { name: 'StoreUnavailable', message: /too slow/ });
    assert.deepEqual(trips.at(-1)!.items, [201]);
    trips.at(-1)!.end();
    assert.equal(await inTime, 402);
  });

  it('leave room for others where all who waited have waited too long', async (t) => {
    const { trips, call } = gated();
    const first = Promise.all(numbers(200).map(call));
    await nextTurn();
    await nextTurn();
    let now = Math.ceil(performance.now());
    t.mock.method(performance, 'now', () => now);
    const late = Promise.allSettled(numbers(300, 200).map(call));
    now += 5001;
    for (const { end } of trips) end();
    await first;
    for (const { status } of await late) assert.equal(status, 'rejected');
    const next = call(500);
    await nextTurn();
    trips.at(-1)!.end();
    assert.equal(await next, 1000);
  });
});
