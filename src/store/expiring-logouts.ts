// The logouts that the memory store holds, in the order in which they are due: many may wait for hours,
// and a look every few seconds at what is due must not touch the others.

import type { PendingLogout } from '../types.ts';
import { Expiring } from './expiring.ts';

export class ExpiringLogouts extends Expiring<PendingLogout> {
  /** By `dueAt`, then by id: of clients that somebody vouches for, and of the others. */
  readonly #vouched: PendingLogout[] = [];
  readonly #selfMade: PendingLogout[] = [];

  protected override link(_id: string, logout: PendingLogout): void {
    const list = this.#listOf(logout);
    list.splice(placeIn(list, logout), 0, logout);
  }

  protected override unlink(_id: string, logout: PendingLogout): void {
    const list = this.#listOf(logout);
    list.splice(placeIn(list, logout), 1);
  }

  #listOf({ isSelfMade }: PendingLogout): PendingLogout[] {
    return isSelfMade ? this.#selfMade : this.#vouched;
  }

  /**
   * The logouts that are due, the earliest first.
   *
   * @param except clients that are left out
   * @param maxSelfMade how many may be of clients that nobody vouches for
   */
  due(
    limit: number,
    now: number,
    except: ReadonlySet<string>,
    maxSelfMade: number,
  ): PendingLogout[] {
    const first = (list: readonly PendingLogout[], most: number) => {
      const due: PendingLogout[] = [];
      for (const logout of list) {
        if (due.length >= most || logout.dueAt > now) break;
        if (now < logout.expiresAt && !except.has(logout.clientId)) due.push(logout);
      }
      return due;
    };
    const due = [...first(this.#vouched, limit), ...first(this.#selfMade, maxSelfMade)];
    return due.sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, limit);
  }
}

/** The place where a logout is in a list, or would be. */
function placeIn(list: readonly PendingLogout[], logout: PendingLogout): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isBefore(list[middle]!, logout)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function isBefore(one: PendingLogout, other: PendingLogout): boolean {
  return one.dueAt === other.dueAt ? one.id < other.id : one.dueAt < other.dueAt;
}
