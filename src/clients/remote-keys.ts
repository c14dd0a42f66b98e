// The keys that clients publish at their `jwks_uri`.

import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { MAX_KEYS } from '../protocol/client.ts';
import { RemoteDocuments } from './remote-documents.ts';

/** Milliseconds for which a key set is used, and after which a key that it lacks is looked for. */
const FRESH = 10 * 60_000;
const RECENT = 30_000;

/** Bytes of all key sets together. */
const MOST_KEPT = 16 * 1024 * 1024;

export class RemoteKeys {
  readonly #sets: RemoteDocuments<JWTVerifyGetKey>;

  /** @param allowInternal whether a URI may be http and may lead to an address that is not public */
  constructor(allowInternal: boolean) {
    this.#sets = new RemoteDocuments({
      allowInternal,
      accept: 'application/json',
      fresh: FRESH,
      mostKept: MOST_KEPT,
      read: readKeySet,
    });
  }

  /**
   * The keys at a URI, as `jose` takes them. The errors are those of `RemoteDocuments.at`, beside those
   * of `jose`.
   */
  at(uri: string): JWTVerifyGetKey {
    return async (header, token) => {
      const keys = await this.#sets.at(uri);
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const later = await this.#sets.at(uri, RECENT);
        return later(header, token);
      }
    };
  }
}

/** @throws Error if the body is no key set, or one with too many keys */
function readKeySet(body: Buffer): JWTVerifyGetKey {
  const found = JSON.parse(body.toString());
  if (found?.keys?.length > MAX_KEYS) {
    throw new Error(`the key set has more than ${MAX_KEYS} keys`);
  }
  return createLocalJWKSet(found);
}
