// Public keys that are too expensive to verify with: whoever publishes one makes this server compute with it.

/** Bytes of the largest modulus, 4,096 bits, and of the largest exponent of an RSA key. */
const MAX_MODULUS = 512;
const MAX_EXPONENT = 4;

/** What is wrong with a key that is too costly, as the end of "it ...". */
export const COSTLY = 'is an RSA key of more than 4096 bits, or with an exponent of more than 32';

/**
 * Whether a signature by a key (RFC 7518 section 6.3.1) takes so long to verify that somebody could keep
 * this server busy with a few requests.
 */
export function isCostly({ kty, n, e }: Readonly<Record<string, unknown>>): boolean {
  return kty === 'RSA' && (lengthOf(n) > MAX_MODULUS || lengthOf(e) > MAX_EXPONENT);
}

/** The bytes of a number in base64url, without zeros before it. */
function lengthOf(text: unknown): number {
  const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : bytes.length - first;
}
