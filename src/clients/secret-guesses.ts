// The limit on guesses at a client's secret, and on nothing else. Neither other callers nor the
// client's own other mistakes shut a client out. If a secret is too long to be guessed, wrong ones are
// not counted.

import type { Request } from 'express';
import { secondsUntil } from '../errors.ts';
import type { Events } from '../events.ts';
import { addressOf, type Limits } from '../http/rate-limit.ts';
import { Refusals } from '../http/refusals.ts';
import type { Store } from '../store/store.ts';

/** The outcome of a guess; `limited` if too many were wrong. */
type Guess =
  | { readonly outcome: 'right' | 'wrong' }
  | {
      readonly outcome: 'limited';
      /** Seconds after which another is allowed. */
      readonly retryAfter: number;
    };

interface Options {
  readonly store: Store;
  readonly issuer: string;
  readonly limits: Limits;
  readonly events: Events;
}

/**
 * Makes the check of secrets that are short enough to be guessed.
 *
 * @returns a function of the client that is meant, the request, and the comparison
 */
export function limitGuesses({ store, issuer, limits, events }: Options) {
  const { origin } = new URL(issuer);
  const refusals = new Refusals();
  // Guesses take turns. Of a thousand that arrive at once, all would be compared before the first of
  // them is counted.
  const counting = new Map<string, Promise<Guess>>();

  const countWrong = async (key: string, clientId: string, address: string): Promise<Guess> => {
    const { clientFailures, window } = limits;
    const attempt = await store.limits.take(key, clientFailures, window * 1000, Date.now());
    if (attempt.allowed) return { outcome: 'wrong' };
    refusals.remember(key, attempt.resetAt);
    events.emit('client_limited', { clientId, address });
    return limited(attempt.resetAt);
  };

  return async (clientId: string, req: Request, isRight: () => boolean): Promise<Guess> => {
    if (!limits.enabled) return { outcome: isRight() ? 'right' : 'wrong' };
    const address = addressOf(req);
    // Any page can send a form in its visitor's name. The browser then says so with an Origin, which
    // no page can change. Such guesses are counted apart from those of the client's own programs at
    // that address. If they were not counted, whoever sends that header could guess without a limit.
    const isOfPage = req.headers.origin !== undefined && req.headers.origin !== origin;
    const key = `client:${clientId}:${address}${isOfPage ? ':page' : ''}`;
    while (counting.has(key)) await counting.get(key);

    const resetAt = refusals.find(key, Date.now());
    if (resetAt !== undefined) return limited(resetAt);
    if (isRight()) return { outcome: 'right' };
    const counted = countWrong(key, clientId, address);
    counting.set(key, counted);
    try {
      return await counted;
    } finally {
      counting.delete(key);
    }
  };
}

function limited(resetAt: number): Guess {
  return { outcome: 'limited', retryAfter: secondsUntil(resetAt) };
}
