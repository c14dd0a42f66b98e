import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  keyIdOf,
  looksLikeJwt,
  type SigningAlgorithm,
  type SigningKey,
  signingAlgorithms,
  signingKey,
  signJwt,
  verifyJwt,
} from '../../src/protocol/jwt.ts';

const CLAIMS = { iss: 'https://as.example', name: 'Zoë 🔑', list: ['a', 'b'] };

function pemOf(alg: SigningAlgorithm): string {
  const { privateKey } = {
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[alg]();
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const makeKey = (alg: SigningAlgorithm, kid = `${alg}-1`) => signingKey(kid, alg, pemOf(alg));

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Any header and any claims under a genuine signature. */
function signAnything(key: SigningKey, header: unknown, claims: unknown): string {
  const input = `${b64(header)}.${b64(claims)}`;
  const digest = key.alg === 'EdDSA' ? null : 'sha256';
  const how = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${input}.${sign(digest, Buffer.from(input), how).toString('base64url')}`;
}

for (const alg of signingAlgorithms) {
  const key = makeKey(alg);
  const other = makeKey(alg, key.kid);
  const header = { alg, typ: 'at+jwt', kid: key.kid };
  const verified = (token: string, typ = 'at+jwt') => verifyJwt(token, typ, key);

  describe(`a JWT signed with ${alg} (RFC 7515, RFC 7519)`, () => {
    it('comes back as the claims that went in, Unicode and all', () => {
      const token = signJwt(key, 'at+jwt', CLAIMS);
      assert.deepEqual(verified(token), CLAIMS);
      assert.ok(looksLikeJwt(token));
      assert.equal(keyIdOf(token), key.kid);
    });

    it('has the algorithm, the type and the key in its header, and nothing else', () => {
      const [head = ''] = signJwt(key, 'at+jwt', CLAIMS).split('.');
      assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), header);
    });

    it('is none of ours where another key of the same id and algorithm signed it', () => {
      assert.equal(verified(signJwt(other, 'at+jwt', CLAIMS)), undefined);
    });

    it('has a public key that holds nothing private (RFC 7518 section 6)', () => {
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
        assert.equal(member in key.jwk, false, member);
      }
      // What Ed25519 signs has either of two names (RFC 9864), so its key has neither.
      const named = alg === 'EdDSA' ? undefined : alg;
      assert.deepEqual([key.jwk.kid, key.jwk.alg, key.jwk.use], [key.kid, named, 'sig']);
      assert.equal(typeof key.jwk.kty, 'string');
    });

    it('is one kind of JWT and passes for no other (RFC 8725 section 3.11)', () => {
      const token = signJwt(key, 'token-introspection+jwt', CLAIMS);
      assert.equal(verified(token), undefined);
      assert.deepEqual(verified(token, 'token-introspection+jwt'), CLAIMS);
    });

    it('may write its type in full and in any case (RFC 7515 section 4.1.9)', () => {
      for (const typ of ['application/at+jwt', 'AT+JWT', 'Application/At+Jwt']) {
        assert.deepEqual(verified(signAnything(key, { ...header, typ }, CLAIMS)), CLAIMS, typ);
      }
    });

    const headers: Record<string, unknown> = {
      'alg none (RFC 8725 section 2.1)': { ...header, alg: 'none' },
      'another alg (RFC 8725 section 3.1)': { ...header, alg: alg === 'ES256' ? 'RS256' : 'ES256' },
      'alg in another case': { ...header, alg: alg.toLowerCase() },
      'alg as a list': { ...header, alg: [alg] },
      'no alg': { typ: 'at+jwt', kid: key.kid },
      'another kid': { ...header, kid: 'another' },
      'kid as a list': { ...header, kid: [key.kid] },
      'no kid': { alg, typ: 'at+jwt' },
      'no typ (RFC 9068 section 4)': { alg, kid: key.kid },
      'the typ of an id token': { ...header, typ: 'JWT' },
      'typ as a list': { ...header, typ: ['at+jwt'] },
      'typ with application/ twice': { ...header, typ: 'application/application/at+jwt' },
      'crit it does not know (RFC 7515 section 4.1.11)': { ...header, crit: ['exp'] },
      'crit for an unencoded payload (RFC 7797)': { ...header, b64: false, crit: ['b64'] },
      'crit that is empty': { ...header, crit: [] },
      'crit that is null': { ...header, crit: null },
      'a header that is a list': [header],
      'a header that is null': null,
      'a header that is a number': 1,
      'a header that is not JSON': '{"alg":',
      'an empty header': {},
    };
    for (const [what, value] of Object.entries(headers)) {
      it(`is refused for ${what}, though the signature is genuine`, () => {
        assert.equal(verified(signAnything(key, value, CLAIMS)), undefined);
      });
    }

    for (const claims of [null, 1, 'text', '"text"', [CLAIMS], '{"iss":', '']) {
      it(`is refused with claims that are no object: ${JSON.stringify(claims)}`, () => {
        assert.equal(verified(signAnything(key, header, claims)), undefined);
      });
    }

    it('is refused with any one bit changed, in each of its parts', () => {
      const token = signJwt(key, 'at+jwt', { a: 1 });
      const bytes = Buffer.from(token);
      for (let index = 0; index < bytes.length; index += 1) {
        for (const mask of [1, 2, 4, 8, 16, 32, 64]) {
          const changed = Buffer.from(bytes);
          changed[index]! ^= mask;
          assert.equal(verified(changed.toString('latin1')), undefined, `byte ${index}, ${mask}`);
        }
      }
    });

    it('has one spelling: no padding, no spare bits, no other alphabet (RFC 7515 appendix C)', () => {
      const token = signJwt(key, 'at+jwt', CLAIMS);
      const [head = '', body = '', signature = ''] = token.split('.');
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      for (const last of alphabet) {
        const respelled = `${head}.${body}.${signature.slice(0, -1)}${last}`;
        if (respelled !== token) assert.equal(verified(respelled), undefined, last);
      }
      for (const respelled of [
        `${token}=`,
        `${token}==`,
        `${head}=.${body}.${signature}`,
        `${head}.${body}=.${signature}`,
        ` ${token}`,
        `${token} `,
        `${token}\n`,
        `${head}. ${body}.${signature}`,
        `${head}.\n${body}.${signature}`,
        `${head}.${body}.${signature}.`,
        `${head}.${body}.${signature}.${signature}`,
        `${head}..${body}.${signature}`,
        `.${head}.${body}.${signature}`,
        `${head}.${body}.${signature.replaceAll('-', '+').replaceAll('_', '/')}!`,
      ]) {
        assert.equal(verified(respelled), undefined, JSON.stringify(respelled));
      }
    });

    it('is refused truncated, wherever it is cut', () => {
      const token = signJwt(key, 'at+jwt', { a: 1 });
      for (let length = 0; length < token.length; length += 1) {
        assert.equal(verified(token.slice(0, length)), undefined, `${length} characters`);
      }
    });

    it('is refused with a signature that is empty, zeros, or of any other length', () => {
      const [head, body] = signJwt(key, 'at+jwt', CLAIMS).split('.');
      for (const length of [0, 1, 32, 63, 64, 65, 72, 128, 256, 257, 1024]) {
        for (const fill of [0x00, 0x01, 0xff]) {
          const signature = Buffer.alloc(length, fill).toString('base64url');
          assert.equal(verified(`${head}.${body}.${signature}`), undefined, `${length}, ${fill}`);
        }
      }
    });
  });
}

describe('an ECDSA signature (RFC 7518 section 3.4)', () => {
  const key = makeKey('ES256');
  const [head = '', body = '', signature = ''] = signJwt(key, 'at+jwt', CLAIMS).split('.');

  it('is two numbers side by side, and refused in DER', () => {
    assert.equal(Buffer.from(signature, 'base64url').length, 64);
    const der = sign('sha256', Buffer.from(`${head}.${body}`), key.privateKey);
    const token = `${head}.${body}.${der.toString('base64url')}`;
    assert.equal(verifyJwt(token, 'at+jwt', key), undefined);
  });

  it('is refused with r or s zero, or the order of the curve (CVE-2022-21449)', () => {
    const order = Buffer.from(
      'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
      'hex',
    );
    const zero = Buffer.alloc(32);
    const [r, s] = [
      Buffer.from(signature, 'base64url').subarray(0, 32),
      Buffer.from(signature, 'base64url').subarray(32),
    ];
    for (const forged of [
      [zero, zero],
      [r, zero],
      [zero, s],
      [order, order],
      [r, order],
      [order, s],
    ]) {
      const token = `${head}.${body}.${Buffer.concat(forged).toString('base64url')}`;
      assert.equal(verifyJwt(token, 'at+jwt', key), undefined);
    }
  });
});

describe('what is no JWT', () => {
  const key = makeKey('ES256');

  it('does not look like one: three parts, the first a JSON object', () => {
    for (const text of [
      '',
      'ey',
      'ey.',
      'ey.a',
      'ey.a.b.c',
      'ey.a.b.c.d',
      'x.y.z',
      '..',
      '.ey.a',
    ]) {
      assert.equal(looksLikeJwt(text), false, text);
    }
    assert.equal(looksLikeJwt('ey.a.b'), true);
  });

  it('never throws, whatever it is', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const texts = [
      '',
      '.',
      '..',
      '...',
      'ey..',
      `ey${'.'.repeat(10_000)}`,
      'a'.repeat(100_000),
      `${b64(nested(5000))}.${b64(nested(5000))}.AA`,
      `${b64(`{"kid":${nested(2000)}}`)}.AA.AA`,
      `${b64(`{"a":`.repeat(2000))}.AA.AA`,
      `${b64({ kid: 'k'.repeat(10_000) })}.AA.AA`,
      `${Buffer.from([0xff, 0xfe, 0x00]).toString('base64url')}.AA.AA`,
      '\u0000.\u0000.\u0000',
      '🔑.🔑.🔑',
      '__proto__.constructor.prototype',
    ];
    for (const text of texts) {
      assert.equal(verifyJwt(text, 'at+jwt', key), undefined);
      assert.doesNotThrow(() => keyIdOf(text));
      assert.doesNotThrow(() => looksLikeJwt(text));
    }
  });

  it('names a key by a string alone', () => {
    for (const kid of [['a'], { a: 1 }, 1, null, true, undefined]) {
      assert.equal(keyIdOf(`${b64({ kid })}.AA.AA`), undefined, JSON.stringify(kid));
    }
    assert.equal(keyIdOf(`${b64('{"__proto__":{"kid":"a"}}')}.AA.AA`), undefined);
    assert.equal(keyIdOf(`${b64({ kid: '../../etc/passwd' })}.AA.AA`), '../../etc/passwd');
  });

  it('is not read at all where it is longer than 16 KiB, though the signature is genuine', () => {
    const fits = signJwt(key, 'at+jwt', { a: 'x'.repeat(11_000) });
    const tooLong = signJwt(key, 'at+jwt', { a: 'x'.repeat(13_000) });
    assert.ok(fits.length < 16 * 1024 && tooLong.length > 16 * 1024);
    assert.notEqual(verifyJwt(fits, 'at+jwt', key), undefined);
    assert.equal(verifyJwt(tooLong, 'at+jwt', key), undefined);
    assert.equal(keyIdOf(tooLong), undefined);
  });
});
