import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestOf } from '../../src/protocol/nearest.ts';

describe('the word that somebody meant', () => {
  const cases: readonly [string, readonly string[], string | undefined][] = [
    ['wbe', ['native', 'web'], 'web'],
    ['alcie', ['alice', 'bob'], 'alice'],
    ['Alice', ['alice'], 'alice'],
    ['wep', ['web'], 'web'],
    ['lst', ['list', 'last-of-all'], 'list'],
    ['DATABSE_URL', ['DATABASE_URL'], 'DATABASE_URL'],
    // Two letters of three are another word.
    ['zoe', ['bob', 'joy'], undefined],
    ['x', ['y'], undefined],
    // The nearest of several.
    ['tokem', ['totem', 'tokens', 'token'], 'totem'],
    ['name', ['client_id', 'client_name', 'scope'], 'client_name'],
    // One of several would be a guess.
    ['uri', ['client_uri', 'logo_uri'], undefined],
    // A letter that is wrong counts for more than a part.
    ['scop', ['scope', 'a_scop'], 'scope'],
  ];
  for (const [given, words, meant] of cases) {
    it(`of ${words.join(', ')} by ${given}: ${meant ?? 'none'}`, () => {
      assert.equal(nearestOf(given, words), meant);
    });
  }
});
