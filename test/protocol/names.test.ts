import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldName } from '../../src/protocol/typed-names.ts';

describe('a name, folded', () => {
  it('is the same however it is typed', () => {
    const spellings: string[][] = [
      [
        'alice',
        'Alice',
        'ALICE',
        ' alice',
        'alice ',
        'alice\u00a0',
        '\u3000alice\t',
        '\ufeffalice',
        'ali\u200bce\u200e',
        '\u202aalice\u202c',
        '\u2068alice\u2069',
      ],
      ['alice liddell', 'Alice\u00a0Liddell', 'alice  liddell', 'alice\tliddell'],
      ['zoë', 'Zoë', 'zoe\u0308', 'ZOE\u0308 '],
      ['straße', 'STRASSE', 'Strasse'],
      ['οδος', 'ΟΔΟΣ', 'οδοσ'],
      ['山田', ' 山田 '],
    ];
    for (const [first, ...others] of spellings) {
      for (const other of others) assert.equal(foldName(other), foldName(first!), other);
    }
  });

  it('is another where the letters are', () => {
    const names = ['alice', 'alicé', 'al ice', 'аlice', 'alice1', 'alice@example.com'];
    assert.equal(new Set(names.map(foldName)).size, names.length);
  });

  it('is not changed by being folded again, whatever character is in it', () => {
    for (let code = 1; code < 0x20000; code += 1) {
      const once = foldName(`a${String.fromCodePoint(code)}b`);
      assert.equal(foldName(once), once, code.toString(16));
    }
  });
});
