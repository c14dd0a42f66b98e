// Passwords of people: argon2id (RFC 9106), with the parameters OWASP recommends.

import { hash, verify } from '@node-rs/argon2';
import { randomToken } from './secrets.ts';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** A hash to keep, in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/** Whether a string is a hash that `verifyPassword` understands. */
export function isPasswordHash(value: string): boolean {
  return /^\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.test(value);
}

let decoy: Promise<string> | undefined;

/**
 * Whether a password is the one a hash was made from. Where there is no hash (no such user, or one
 * who signs in elsewhere) it does the same work and says no.
 */
export async function verifyPassword(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  if (passwordHash !== undefined) return verify(passwordHash, password);
  decoy ??= hashPassword(randomToken());
  await verify(await decoy, password);
  return false;
}
