// Random values, their hashes, and keys derived from the one secret of the server.

import { createHmac, hash, hkdfSync, randomFillSync, timingSafeEqual } from 'node:crypto';
import type { Client } from '../types.ts';

// One system call for many tokens: a call for each costs more than the rest of making it.
const pool = Buffer.alloc(64 * 1024);
let used = pool.length;

/**
 * A new secret value in the URL-safe alphabet that every client sends back unharmed.
 *
 * @param bytes of randomness; 32 gives 43 characters
 */
export function randomToken(bytes = 32): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const value = pool.toString('base64url', used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return value;
}

/** SHA-256 of a value, base64url: the only form in which a secret is kept. */
export function sha256(value: string): string {
  return hash('sha256', value, 'base64url');
}

/** Whether two values are equal, in a time that does not tell where they differ. */
export function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A key of 32 bytes for one purpose, from the server's secret (HKDF, RFC 5869). */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
}

/** HMAC-SHA256 of a value under a key, base64url, 43 characters. */
export function mac(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url');
}

/** Whether a secret is one of the client's; a public client's is the empty one. */
export function secretMatches(client: Pick<Client, 'secretHashes'>, secret: string): boolean {
  if (client.secretHashes.length === 0) return secret === '';
  const presented = sha256(secret);
  // Every hash is compared, so that the time does not tell which one it was.
  return client.secretHashes.filter((known) => equal(known, presented)).length > 0;
}
