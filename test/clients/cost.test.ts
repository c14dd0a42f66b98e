// What is counted for what is kept in memory, next to what it takes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { costOf } from '../../src/clients/cost.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const VALUES: Record<string, (index: number) => unknown> = {
  'short strings': (index) => Array.from({ length: 2000 }, (_, at) => `${index}.${at}`),
  'a set of them': (index) => new Set(Array.from({ length: 2000 }, (_, at) => `${index}.${at}`)),
  'long strings of wide characters': (index) => [`${index}${'é€'.repeat(20_000)}`],
  'small objects': (index) => Array.from({ length: 2000 }, (_, kid) => ({ kid, kty: `${index}` })),
  'empty objects': () => Array.from({ length: 2000 }, () => ({})),
  bytes: () => Buffer.allocUnsafeSlow(50_000),
};

describe('the cost of a value', () => {
  for (const [name, make] of Object.entries(VALUES)) {
    it(`is no less than it takes, and not many times that: ${name}`, () => {
      const used = () => {
        collect();
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        return heapUsed + arrayBuffers;
      };
      const before = used();
      // By JSON, as what is fetched is made.
      const kept = Array.from({ length: 100 }, (_, index) => {
        const value = make(index);
        if (Buffer.isBuffer(value)) return value;
        const plain = value instanceof Set ? [...value] : value;
        const parsed: unknown = JSON.parse(JSON.stringify(plain));
        return value instanceof Set ? new Set(parsed as string[]) : parsed;
      });
      const takes = used() - before;
      const counted = kept.reduce<number>((sum, value) => sum + costOf(value), 0);
      assert.ok(counted > takes * 0.9, `${counted} for ${takes}`);
      assert.ok(counted < takes * 4, `${counted} for ${takes}`);
    });
  }
});
