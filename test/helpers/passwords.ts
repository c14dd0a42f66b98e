// Password hashes that cost next to nothing, for the people of the tests.

import { hashSync } from '@node-rs/argon2';

/**
 * What a seed's `password_hash` or a user's `passwordHash` may be. A hash carries its own costs, and
 * the server checks a password at these: here the least that RFC 9106 allows. Half of what a server
 * test does would otherwise be argon2.
 */
export function quickHash(password: string): string {
  return hashSync(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
}
