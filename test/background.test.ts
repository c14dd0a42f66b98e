// What a server does beside its requests, and how it stops.

import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { startBackgroundWork } from '../src/background.ts';
import { createEvents } from '../src/events.ts';
import { memoryStore } from '../src/store/memory.ts';

describe('a server that is closed', () => {
  it('waits for what it has asked of its store, and asks no more of it', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const store = memoryStore();
      const answers: ((forgotten: number) => void)[] = [];
      const purge = () => new Promise<number>((resolve) => answers.push(resolve));
      const keys = { prepare: async () => {} } as never;
      const work = startBackgroundWork(
        { ...store, purge },
        keys,
        { wake: () => {} },
        createEvents(),
      );
      mock.timers.tick(15_000);
      assert.equal(answers.length, 1, 'it has begun to forget what has expired');

      let isClosed = false;
      const closed = work.close().then(() => {
        isClosed = true;
      });
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(isClosed, false, 'the store is still at it');
      // A whole batch, after which there would be another.
      answers[0]!(1000);
      await closed;
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(60_000);
      assert.equal(answers.length, 1);
    } finally {
      mock.timers.reset();
    }
  });
});
