// Of the store port: clients that are to be told that a session has ended.

import type { PendingLogout } from '../types.ts';

/**
 * What clients are still to be told. It is added by `grants.leaveSession`, and ends with its client, but
 * not with its user: that a person is gone is told, too.
 */
export interface Logouts {
  /** Those of some ids that nobody has told the client yet, in no order. */
  find(ids: readonly string[], now: number): Promise<readonly PendingLogout[]>;
  /**
   * Hands out what is due, in no order. From then on it is due at `until`: of any number of callers
   * exactly one gets each, and if that one is never heard of again, somebody else does later.
   *
   * @param limit how many at the most: what is due first
   * @param except clients of which none is handed out: those that are slow or down delay no others
   */
  claim(
    limit: number,
    now: number,
    until: number,
    except: readonly string[],
  ): Promise<readonly PendingLogout[]>;
  /**
   * Puts one off after an attempt that failed; nothing if it is gone, or due at another time than it was
   * handed out with: then it was handed out again, or the client is owed another. One that is given up is
   * put off until it expires.
   *
   * @param claimed as `claim` has handed it out
   */
  postpone(claimed: PendingLogout, attempts: number, dueAt: number): Promise<void>;
  /**
   * Forgets one, unless it is due at another time by now, as above: the client was told, or never will be.
   * True for the one caller who did.
   */
  remove(claimed: PendingLogout): Promise<boolean>;
}
