import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { fromDer, toDer } from '../../src/protocol/ecdsa.ts';

/** Each number of a signature begins with a zero byte in one of 256, and is then shorter in DER. */
const MANY = 1000;

describe('an ECDSA signature (RFC 7518 section 3.4)', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const side = 'ieee-p1363';

  it('is the same in both spellings, however long its numbers are', () => {
    const lengths = new Set<number>();
    for (let n = 0; n < MANY; n += 1) {
      const content = randomBytes(8);
      const der = sign('sha256', content, privateKey);
      const raw = fromDer(der);
      lengths.add(der.length);
      assert.equal(raw.length, 64);
      assert.ok(verify('sha256', content, { key: publicKey, dsaEncoding: side }, raw));
      assert.deepEqual(toDer(raw), der);
    }
    assert.ok(lengths.size >= 3, `${[...lengths]}: numbers of several lengths were among them`);
  });

  it('may have any 64 bytes, and no other number of them', () => {
    for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
      const raw = Buffer.alloc(64, byte);
      const der = toDer(raw)!;
      assert.deepEqual(fromDer(der), raw);
      assert.equal(verify('sha256', Buffer.from('content'), publicKey, der), false);
    }
    for (const length of [0, 1, 63, 65, 128]) assert.equal(toDer(Buffer.alloc(length)), undefined);
  });
});
