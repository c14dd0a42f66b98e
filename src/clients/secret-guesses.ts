// The limit on guesses at a client's secret, and on nothing else. A client is never shut out because
// of what others do, or because of other mistakes of its own. A secret that nobody can guess is not
// counted at all.

import type { Request } from 'express';
import { tooManyAttempts } from '../errors.ts';
import type { Events } from '../events.ts';
import { addressOf, type Limits } from '../http/rate-limit.ts';
import type { Store } from '../store/store.ts';

/** How many refusals are remembered. If one is forgotten, the store is asked. */
const MOST_REFUSALS = 10_000;

interface Options {
  readonly store: Store;
  readonly issuer: string;
  readonly limits: Limits;
  readonly events: Events;
}

/**
 * Makes the check of secrets that are short enough to be guessed.
 *
 * @returns a function of the client's id, the request, and the comparison. It answers whether the
 *   secret is right, and throws an OAuthError with status 429 after too many that were not.
 */
export function limitGuesses({ store, issuer, limits, events }: Options) {
  const { origin } = new URL(issuer);
  // By key: until when it is refused. The store counts, and this spares it questions.
  const refused = new Map<string, number>();
  // Guesses take turns. Otherwise a thousand that arrive at once would all be compared before the
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
    // Any page can send a form in its visitor's name. The browser then says so with an Origin, which
    // no page can change. Such guesses are counted apart from those of the client's own programs at
    // that address. If they were not counted, whoever sends that header could guess without a limit.
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
