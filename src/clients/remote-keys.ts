// The keys that clients publish at their `jwks_uri`.

import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { isPlainObject } from '../protocol/checks.ts';
import { MAX_KEYS } from '../protocol/client.ts';
import { isCostly } from '../protocol/costly-key.ts';
import { flatKey } from '../protocol/flat-key.ts';
import { type FetchSettings, RemoteDocuments } from './remote-documents.ts';

/** Milliseconds for which a key set is used, and after which a key that it lacks is looked for. */
const FRESH = 10 * 60_000;
const RECENT = 30_000;

/** Milliseconds for which it is known that there was a key set at a URI. */
const KNOWN = 24 * 3600_000;

/** Bytes that all key sets together take in memory. */
const MAX_KEPT = 16 * 1024 * 1024;

export class RemoteKeys {
  readonly #sets: RemoteDocuments<JSONWebKeySet>;

  constructor({ allowInternalUrls, limits }: FetchSettings) {
    this.#sets = new RemoteDocuments({
      allowInternalUrls,
      limits,
      accept: 'application/json',
      fresh: FRESH,
      kept: KNOWN,
      maxKept: MAX_KEPT,
      read: readKeySet,
    });
  }

  /**
   * The keys at a URI, as `jose` takes them. The errors are those of `RemoteDocuments.at`, besides those
   * of `jose`.
   *
   * @param byStranger whether a stranger has named the URI: then fetches are limited. If there was a key set
   *   at the URI within the last day, they count apart from those of new URIs, unless it is to be looked at
   *   again for a key that it lacks: anybody can name such a key
   */
  at(uri: string, byStranger: boolean): JWTVerifyGetKey {
    return async (header, token) => {
      const wasThere = this.#sets.last(uri) !== undefined;
      const keys = await this.#sets.at(uri, { byStranger, wasThere });
      try {
        return await createLocalJWKSet(keys)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const later = await this.#sets.at(uri, { age: RECENT, byStranger });
        return createLocalJWKSet(later)(header, token);
      }
    };
  }
}

/**
 * Keys that cost too much are left out, as unreadable keys are (RFC 7517 section 5), and so is what
 * nobody here reads of the others. What jose makes of them takes several kilobytes for each key and
 * algorithm, so that is made anew for each assertion, as it is of keys in a client's record.
 *
 * @throws Error if the body is not a key set, or one with too many keys
 */
function readKeySet(body: Buffer): JSONWebKeySet {
  const found = JSON.parse(body.toString());
  if (found?.keys?.length > MAX_KEYS) {
    throw new Error(`the key set has more than ${MAX_KEYS} keys`);
  }
  if (!Array.isArray(found?.keys) || !found.keys.every(isPlainObject)) {
    throw new errors.JWKSInvalid('JSON Web Key Set malformed');
  }
  const keys = found.keys.map(flatKey).filter((key: Record<string, unknown>) => !isCostly(key));
  return { keys };
}
