// Random numbers for tests, of which each run can be repeated: TEST_SEED=<number>.

import { randomInt } from 'node:crypto';

export interface RandomNumbers {
  /** A number from 0 to 1, without 1. */
  next(): number;
  /** A whole number from 0 to the limit, without the limit. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/**
 * Pseudo-random numbers (mulberry32), the same for the same seed; the seed is printed.
 *
 * @param usual the seed if TEST_SEED gives none; without it, every run has another
 */
export function randomNumbers(usual = randomInt(2 ** 31)): RandomNumbers {
  const seed = Number(process.env['TEST_SEED'] ?? usual);
  process.stdout.write(`Random numbers: TEST_SEED=${seed} repeats them.\n`);
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (values) => values[below(values.length)]!,
  };
}
