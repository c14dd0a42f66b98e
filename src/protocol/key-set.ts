// RFC 7517 section 5: a key set, as an authorization server publishes it.

import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { SigningAlgorithm, VerifyingKey } from './jwt.ts';

/** The most keys of a set that are looked at. */
const MAX_KEYS = 100;

/** The shortest RSA key, in bits (RFC 7518 section 3.3). */
const MIN_RSA = 2048;

/**
 * The keys of a set that verify signatures, by their ids. A key of another kind, without an id or
 * otherwise of no use is left out (section 5); `none` and secrets that sign are among them.
 *
 * @returns `undefined` if it is not a key set
 */
export function readKeySet(document: unknown): ReadonlyMap<string, VerifyingKey> | undefined {
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) return undefined;
  const found = new Map<string, VerifyingKey>();
  for (const jwk of keys.slice(0, MAX_KEYS)) {
    const key = readKey(jwk);
    if (key !== undefined) found.set(key.kid, key);
  }
  return found;
}

function readKey(jwk: Record<string, unknown> | null): VerifyingKey | undefined {
  const { kid, alg: named, use = 'sig' } = jwk ?? {};
  const alg = algorithmOf(jwk ?? {});
  if (typeof kid !== 'string' || alg === undefined || use !== 'sig') return undefined;
  if (named !== undefined && named !== alg) return undefined;
  try {
    const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? MIN_RSA;
    return bits < MIN_RSA ? undefined : { kid, alg, publicKey };
  } catch {
    return undefined;
  }
}

/** What a key of this kind signs with (RFC 7518 section 3.1, RFC 8037 section 3.1). */
function algorithmOf({ kty, crv }: Record<string, unknown>): SigningAlgorithm | undefined {
  if (kty === 'RSA') return 'RS256';
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  return kty === 'OKP' && crv === 'Ed25519' ? 'EdDSA' : undefined;
}
