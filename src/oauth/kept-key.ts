// A signing key as the store keeps it: its private part encrypted with a key made from the server's secret.

import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { OperatorError } from '../operator-error.ts';
import { type SigningAlgorithm, type SigningKey, signingKey } from '../protocol/jwt.ts';
import { decrypt, encrypt, randomId } from '../protocol/secrets.ts';
import type { StoredKey } from '../types.ts';

/** The store has keys that the server's secret does not open. */
class SecretError extends OperatorError {
  override readonly name = 'SecretError';
}

/** When a key is used, in milliseconds since the epoch. */
interface Times {
  /** The number of the period in which it signs. */
  readonly period: number;
  readonly createdAt: number;
  /** When no token that it signed is in force any more. */
  readonly expiresAt: number;
}

/** A key to sign with, and when. */
export interface KeptKey extends SigningKey, Times {}

/** Milliseconds that a key is kept, unpublished, for ID tokens that have expired and are hints. */
const KEPT_FOR_HINTS = 30 * 24 * 3600_000;

/** Makes a key for the store. */
export async function makeKey(
  alg: SigningAlgorithm,
  { period, createdAt, expiresAt }: Times,
  encryptionKey: Buffer,
): Promise<StoredKey> {
  const { privateKey } = await generatePair(alg);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    period,
    alg,
    kid: randomId(),
    createdAt,
    encryptedPrivateKey: encrypt(encryptionKey, pem),
    expiresAt: expiresAt + KEPT_FOR_HINTS,
  };
}

/** @throws SecretError if the key was encrypted under another secret */
export function openKey(
  { kid, alg, encryptedPrivateKey, period, createdAt, expiresAt }: StoredKey,
  encryptionKey: Buffer,
): KeptKey {
  try {
    const pem = decrypt(encryptionKey, encryptedPrivateKey).toString();
    const key = signingKey(kid, alg as SigningAlgorithm, pem);
    return { ...key, period, createdAt, expiresAt: expiresAt - KEPT_FOR_HINTS };
  } catch (cause) {
    throw new SecretError(
      'What the store keeps was encrypted under another SESSION_SECRET, which is the option secret of authorizationServer(). Set the one it had; without that, delete the rows of oauth_keys, and all signed tokens end.',
      { cause },
    );
  }
}

/** On another thread: an RSA key takes long enough for requests to notice. */
function generatePair(alg: SigningAlgorithm) {
  const generated = promisify(generateKeyPair);
  switch (alg) {
    case 'ES256':
      return generated('ec', { namedCurve: 'P-256' });
    case 'RS256':
      return generated('rsa', { modulusLength: 2048 });
    case 'EdDSA':
      return generated('ed25519');
  }
}
