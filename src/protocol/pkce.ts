// RFC 7636: Proof Key for Code Exchange, method S256 only.

import { equal, sha256 } from './secrets.ts';

/** Section 4.2: base64url without padding of a SHA-256, so 43 characters. */
export function isCodeChallenge(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value);
}

/**
 * Section 4.1: 43 to 128 unreserved characters. We also take `+`, `/` and `=`, which it does not
 * allow: some clients send plain base64. The hash proves a verifier, whatever it is spelt in.
 */
export function isCodeVerifier(value: string): boolean {
  return /^[A-Za-z0-9._~+/=-]{43,128}$/.test(value);
}

/** Section 4.6: whether the verifier is the one the challenge was made from. */
export function verifierMatches(verifier: string, challenge: string): boolean {
  return equal(sha256(verifier), challenge);
}
