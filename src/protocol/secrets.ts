// Random values, their hashes, and keys derived from the one secret of the server.

// Not by its name: a Node that has no `hash` would fail at that, before it is told that it is too old.
import crypto, {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';

// One system call for many tokens: a call for each would cost more than the rest.
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

/**
 * A new id, which nobody has to keep secret. It never begins with a hyphen, so no command takes it for an
 * option.
 */
export function randomId(): string {
  for (;;) {
    const id = randomToken(16);
    if (!id.startsWith('-')) return id;
  }
}

/** SHA-256 of a value, base64url: the only form in which a secret is kept. */
export function sha256(value: string): string {
  return crypto.hash('sha256', value, 'base64url');
}

/** Whether a text is what `sha256` makes of some value. */
export function isSha256(text: string): boolean {
  const digest = Buffer.from(text, 'base64url');
  return digest.length === 32 && digest.toString('base64url') === text;
}

/** Whether a secret is short enough to be found by trying; a longer random one cannot be. */
export function isShortSecret(secret: string): boolean {
  return secret.length < 32;
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

/** The key for secrets of clients that sign with them. */
export function clientSecretKey(secret: string): Buffer {
  return deriveKey(secret, 'client secrets at rest');
}

/**
 * HMAC-SHA256 of a value, base64url, 43 characters.
 *
 * @param key a `KeyObject` if it is used often: making one of a `Buffer` costs more than the rest
 */
export function mac(key: Buffer | KeyObject, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url');
}

/** What only this server can read again: AES-256-GCM with its nonce and tag, base64url. */
export function encrypt(key: Buffer, content: string | Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const encrypted = Buffer.concat([cipher.update(Buffer.from(content)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64url');
}

/** @throws Error if it was encrypted with another key, or changed since */
export function decrypt(key: Buffer, encrypted: string): Buffer {
  const data = Buffer.from(encrypted, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, 12));
  decipher.setAuthTag(data.subarray(12, 28));
  return Buffer.concat([decipher.update(data.subarray(28)), decipher.final()]);
}
