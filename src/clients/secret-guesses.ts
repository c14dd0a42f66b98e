// The limit on guesses at a client's secret, and on nothing else: a client is never shut out for
// what others do, for what it does wrong itself, or for a secret that nobody can guess.

import type { Request } from 'express';
import { tooManyAttempts } from '../errors.ts';
import type { Events } from '../events.ts';
import { addressOf, type Limits } from '../http/rate-limit.ts';
import type { Store } from '../store/store.ts';

/** How many refusals are remembered; one that is forgotten costs the store a question. */
const MOST_REFUSALS = 10_000;

interface Options {
  readonly store: Store;
  readonly issuer: string;
  readonly limits: Limits;
  readonly events: Events;
}

/**
 * What looks at secrets that are short enough to be guessed.
 *
 * @returns a function of the client that is meant, the request, and the comparison; it answers
 *   whether the secret is right, and throws an OAuthError with status 429 where too many were not
 */
export function limitGuesses({ store, issuer, limits, events }: Options) {
  const { origin } = new URL(issuer);
  // Until when a key is refused without another look. The store counts; this spares it the question.
  const refused = new Map<string, number>();
  // Guesses take turns. Of a thousand that arrive at once all would else be compared before the
  // first of them is counted.
  const counting = new Map<string, Promise<void>>();

  const count = async (key: string, clientId: string, address: string) => {
    const now = Date.now();
    const { clientFailures, window } = limits;
    const attempt = await store.limits.take(key, clientFailures, window * 1000, now);
    if (attempt.allowed) return;
    const [oldest] = refused.keys();
    if (refused.size >= MOST_REFUSALS && oldest !== undefined) refused.delete(oldest);
    refused.set(key, attempt.resetAt);
    events.emit('client_limited', { clientId, address });
    throw tooManyAttempts(attempt.resetAt, now);
  };

  return async (clientId: string, req: Request, isRight: () => boolean): Promise<boolean> => {
    if (!limits.enabled) return isRight();
    const address = addressOf(req);
    // Any page can send a form in its visitor's name. A browser says so, by an Origin that no page
    // can change, and then it is counted apart from the client's own programs at that address. To
    // not count it at all would let whoever sends that header guess without a limit.
    const isOfPage = req.headers.origin !== undefined && req.headers.origin !== origin;
    const key = `client:${clientId}:${address}${isOfPage ? ':page' : ''}`;
    while (counting.has(key)) await counting.get(key);

    const until = refused.get(key);
    if (until !== undefined) {
      const now = Date.now();
      if (until > now) throw tooManyAttempts(until, now);
      refused.delete(key);
    }
    if (isRight()) return true;
    const counted = count(key, clientId, address);
    counting.set(key, counted);
    try {
      await counted;
    } finally {
      counting.delete(key);
    }
    return false;
  };
}
