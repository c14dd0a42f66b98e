// The line of those whose password is to be hashed. It is short: if it is full, whoever comes is told
// at once to come again, before anything is counted or looked up.

import { OAuthError } from '../errors.ts';
import { RETRY_LATER } from '../http/headers.ts';
import { HASHING_WIDTH } from '../protocol/passwords.ts';

/** Places in this process: about a second's worth of hashing. */
export const PLACES = 64 * HASHING_WIDTH;

/** Further places, for browsers that have signed in before: a flood of strangers leaves them free. */
const KEPT_PLACES = PLACES;

let taken = 0;

/**
 * Does work that hashes a password, with a place in the line.
 *
 * @param isKept whether the places that are kept are for this one, too
 * @throws OAuthError with status 503 and `Retry-After` if there is no place
 */
export async function inLine<T>(isKept: boolean, work: () => Promise<T>): Promise<T> {
  if (taken >= PLACES + (isKept ? KEPT_PLACES : 0)) {
    throw new OAuthError(
      'temporarily_unavailable',
      'Too many people are signing in just now: try again in a moment.',
      { headers: RETRY_LATER },
    );
  }
  taken += 1;
  try {
    return await work();
  } finally {
    taken -= 1;
  }
}
