// Keys as somebody publishes them, without what nobody here reads: a key may have any number of members
// (RFC 7517 section 4), and each may be as deep as its author likes.

/**
 * The members of public keys that are read (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2), and the
 * one by which a key is seen to be private. All are strings.
 */
const MEMBERS = ['kty', 'use', 'alg', 'kid', 'crv', 'x', 'y', 'n', 'e', 'd'] as const;

/** RFC 7517 section 4.3: what `key_ops` may list. */
const OPERATIONS = [
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'wrapKey',
  'unwrapKey',
  'deriveKey',
  'deriveBits',
];

/** A key with the members that are read, each a string, and a list of words that are known in `key_ops`. */
export function flatKey(key: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { key_ops: operations } = key;
  return Object.fromEntries([
    ...MEMBERS.filter((name) => typeof key[name] === 'string').map((name) => [name, key[name]]),
    ...(Array.isArray(operations)
      ? [['key_ops', OPERATIONS.filter((one) => operations.includes(one))]]
      : []),
  ]);
}
