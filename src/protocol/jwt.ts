// RFC 7515 and RFC 7519: signing and verifying the JWTs that this server itself issues.
//
// `node:crypto` with a cached key object, synchronously: that takes less than a trip to another thread
// and back. What clients have signed is verified by `jose`.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { IdTokenAlgorithm } from '../types.ts';
import { fromDer, toDer } from './ecdsa.ts';

/** RFC 7518 section 3.1 and RFC 8037: what this server can sign with. */
export const signingAlgorithms = ['ES256', 'RS256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/**
 * What the header of an ID token may have as `alg`. `Ed25519` is a newer name of `EdDSA` (RFC 9864 section
 * 2.2).
 */
export const idTokenAlgorithms = [
  'RS256',
  'ES256',
  'EdDSA',
  'Ed25519',
] as const satisfies readonly IdTokenAlgorithm[];

/** The algorithm of the key that an `alg` of a header needs. */
export function keyAlgorithm<Name>(named: Name): Exclude<Name, 'Ed25519'> | 'EdDSA' {
  return named === 'Ed25519' ? 'EdDSA' : (named as Exclude<Name, 'Ed25519'>);
}

/** RFC 7517: a public key as clients and resource servers read it. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid: string;
  /** Absent for a key of EdDSA: a header may call the algorithm by either of its names. */
  readonly alg?: SigningAlgorithm;
  readonly use: 'sig';
  readonly [member: string]: unknown;
}

/** A key to verify with. */
export interface VerifyingKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicKey: KeyObject;
}

/** A key to sign with, and to verify what it signed. */
export interface SigningKey extends VerifyingKey {
  readonly privateKey: KeyObject;
  readonly jwk: PublicJwk;
}

export type Claims = Readonly<Record<string, unknown>>;

/** The longest token that is looked at, in characters. */
export const MAX_JWT = 16 * 1024;

const DIGEST: Record<SigningAlgorithm, string | null> = {
  ES256: 'sha256',
  RS256: 'sha256',
  EdDSA: null,
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param pkcs8 PEM */
export function signingKey(kid: string, alg: SigningAlgorithm, pkcs8: string): SigningKey {
  const privateKey = createPrivateKey(pkcs8);
  const publicKey = createPublicKey(privateKey);
  const jwk = {
    ...publicKey.export({ format: 'jwk' }),
    kid,
    ...(alg !== 'EdDSA' && { alg }),
    use: 'sig',
  } as PublicJwk;
  return { kid, alg, privateKey, publicKey, jwk };
}

/**
 * A signed JWT in the compact serialization.
 *
 * @param typ the type in the header: what keeps one kind of JWT from passing for another
 * @param alg what the header calls the algorithm
 */
export function signJwt(
  key: SigningKey,
  typ: string,
  claims: Claims,
  alg: IdTokenAlgorithm = key.alg,
): string {
  const input = `${encode({ alg, typ, kid: key.kid })}.${encode(claims)}`;
  const made = sign(DIGEST[key.alg], Buffer.from(input), key.privateKey);
  const signature = key.alg === 'ES256' ? fromDer(made) : made;
  return `${input}.${signature.toString('base64url')}`;
}

/** Whether a token has the shape of a JWT, which the opaque ones never have. */
export function looksLikeJwt(token: string): boolean {
  return token.startsWith('ey') && token.split('.', 4).length === 3;
}

function headerOf(token: string): Claims | undefined {
  return token.length > MAX_JWT ? undefined : decode(token.slice(0, token.indexOf('.')));
}

/** The `kid` that the header of a JWT names. */
export function keyIdOf(token: string): string | undefined {
  const kid = headerOf(token)?.['kid'];
  return typeof kid === 'string' ? kid : undefined;
}

/**
 * The claims of a JWT that a key of its issuer has signed, or `undefined`. The algorithm is that of the
 * key, whatever the header says (RFC 8725 section 3.1). Whether it has expired is for the caller
 * to look at.
 */
export function verifyJwt(token: string, typ: string, key: VerifyingKey): Claims | undefined {
  return verified(token, key, (presented) => sameType(presented, typ));
}

/**
 * The `typ` of a JWT that this key signed, for a message to a developer who has one of another kind;
 * `undefined` if the key has not signed it.
 */
export function signedType(token: string, key: VerifyingKey): { typ: unknown } | undefined {
  return verified(token, key, () => true) && { typ: headerOf(token)?.['typ'] };
}

function verified(
  token: string,
  key: VerifyingKey,
  isType: (presented: unknown) => boolean,
): Claims | undefined {
  if (token.length > MAX_JWT) return undefined;
  const [head = '', body = '', signature = '', more] = token.split('.', 4);
  if (more !== undefined || ![head, body, signature].every(isBase64url)) return undefined;
  const header = decode(head);
  const { alg, kid, typ: type, crit } = header ?? {};
  if (keyAlgorithm(alg) !== key.alg || kid !== key.kid || !isType(type)) return undefined;
  // RFC 7515 section 4.1.11: what must be understood and is not, is refused.
  if (crit !== undefined) return undefined;
  const sent = Buffer.from(signature, 'base64url');
  const known = key.alg === 'ES256' ? toDer(sent) : sent;
  if (known === undefined) return undefined;
  const signed = Buffer.from(`${head}.${body}`);
  return verify(DIGEST[key.alg], signed, key.publicKey, known) ? decode(body) : undefined;
}

/**
 * The claims of a JWT that nobody has verified. Anybody may have made it, so nothing may be decided by them.
 */
export function claimsUnverified(token: string): Claims | undefined {
  if (token.length > MAX_JWT) return undefined;
  return decode(token.split('.', 2)[1] ?? '');
}

/** No padding, and no spare bits at the end: one token has one spelling. */
function isBase64url(part: string): boolean {
  return /^[\w-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part;
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 7515 section 4.1.9: the `application/` may be left out, and case does not matter. */
function sameType(presented: unknown, expected: string): boolean {
  return (
    typeof presented === 'string' &&
    presented.toLowerCase().replace(/^application\//, '') === expected.toLowerCase()
  );
}
