// Of the store port: clients that are to be told that a session has ended.

import type { PendingLogout } from '../types.ts';

/**
 * What clients still have to be told. It is added by `grants.leaveSession`, and ends with its client,
 * but not with its user: clients are told of a removed person, too.
 */
export interface Logouts {
  /** Those with some ids that the client was not told yet, in no order. */
  find(ids: readonly string[], now: number): Promise<readonly PendingLogout[]>;
  /**
   * Hands out what is due, in no order. From then on each is due at `until`: of any number of callers
   * exactly one gets it, and if that caller is never heard of again, another one gets it later.
   *
   * @param limit how many at the most, the earliest first
   * @param except clients of which none is handed out: those that are slow or down delay no others
   * @param maxSelfMade how many of them at the most may be of clients that nobody vouches for; as many as
   *   there may be in all, if it is left out. What is due for those is not looked at beyond that.
   */
  claim(
    limit: number,
    now: number,
    until: number,
    except: readonly string[],
    maxSelfMade?: number,
  ): Promise<readonly PendingLogout[]>;
  /**
   * Postpones one after an attempt that failed. Does nothing if it is gone, or no longer due at the time
   * that it was handed out with: then it was handed out again, or the client is owed another. One that
   * is given up is postponed until it expires.
   *
   * @param claimed as `claim` has handed it out
   */
  postpone(claimed: PendingLogout, attempts: number, dueAt: number): Promise<void>;
  /**
   * Forgets one, unless it has become due at another time, as above: the client was told, or never will be.
   * True for the one caller who did.
   */
  remove(claimed: PendingLogout): Promise<boolean>;
}
