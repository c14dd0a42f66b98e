import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HASHING_WIDTH } from '../../src/protocol/passwords.ts';
import { Turns } from '../../src/protocol/turns.ts';

describe('work in turns', () => {
  it('is never more at a time than there is room for, and comes in the order it was asked for', async () => {
    const turns = new Turns(3);
    const begun: number[] = [];
    const ends = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
    let running = 0;
    let most = 0;
    const all = ends.map(({ promise }, index) =>
      turns.take(async () => {
        begun.push(index);
        running += 1;
        most = Math.max(most, running);
        await promise;
        running -= 1;
        return index;
      }),
    );
    for (const [index, { resolve }] of ends.entries()) {
      resolve();
      assert.equal(await all[index], index);
    }
    assert.equal(most, 3);
    assert.deepEqual(begun, [...ends.keys()]);
  });

  it('goes on after work that failed', async () => {
    const turns = new Turns(1);
    const failed = turns.take(() => Promise.reject(new Error('no')));
    const next = turns.take(async () => 'next');
    await assert.rejects(failed, /no/);
    assert.equal(await next, 'next');
    assert.equal(await turns.take(async () => 'last'), 'last');
  });

  it('leaves a thread of the pool to all that is no hashing', () => {
    const pool = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
    assert.ok(HASHING_WIDTH >= 1);
    assert.ok(HASHING_WIDTH < pool || pool === 1);
  });
});
