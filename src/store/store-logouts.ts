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
   * Puts one off after an attempt that failed; nothing if it is gone. One that is given up is put off until
   * it expires.
   */
  postpone(id: string, attempts: number, dueAt: number): Promise<void>;
  /** Forgets one: the client was told, or never will be. True for the one caller who did. */
  remove(id: string): Promise<boolean>;
}
