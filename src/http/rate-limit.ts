// Limits on failed attempts: they slow down whoever guesses, and do not shut out the owner.

import { isIPv6 } from 'node:net';
import type { Request } from 'express';
import { tooManyAttempts } from '../errors.ts';
import type { Store } from '../store/store.ts';

/** What a limit allows; `off` allows everything. */
export interface Limits {
  readonly enabled: boolean;
  /** Length of a window, in seconds. */
  readonly window: number;
  /** Failed logins in a window for one account from one address. */
  readonly loginsPerAccount: number;
  /** Failed logins in a window from one address, whatever the account. */
  readonly loginsPerAddress: number;
  /** Wrong secrets of fewer than 32 characters in a window for one client from one address. */
  readonly clientFailures: number;
}

/** One key and how often it may be used in a window. */
export interface Quota {
  readonly key: string;
  readonly max: number;
}

/**
 * Counts an attempt under every quota before it is known whether it will succeed, so that a
 * thousand attempts at once are counted as a thousand.
 *
 * @returns what un-counts the attempt, to be called when it succeeded
 * @throws OAuthError with status 429 and `Retry-After`; a quota that refuses is not charged for it
 */
export async function countAttempt(
  store: Store,
  limits: Limits,
  quotas: readonly Quota[],
): Promise<() => Promise<void>> {
  if (!limits.enabled) return async () => {};
  const now = Date.now();
  const taken: string[] = [];
  const giveBack = async () => {
    for (const key of taken) await store.limits.giveBack(key, now);
  };
  for (const { key, max } of quotas) {
    const attempt = await store.limits.take(key, max, limits.window * 1000, now);
    if (!attempt.allowed) {
      await giveBack();
      throw tooManyAttempts(attempt.resetAt, now);
    }
    taken.push(key);
  }
  return giveBack;
}

/**
 * The address a request comes from, as far as limits care: an IPv6 customer has a whole /64 to
 * come from.
 */
export function addressOf(req: Request): string {
  const address = (req.ip ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const middle = Array(Math.max(0, 8 - left.length - right.length)).fill('0');
  return `${[...left, ...middle, ...right].slice(0, 4).join(':')}::/64`;
}
