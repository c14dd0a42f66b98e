// The logouts that the memory store holds, in the order in which they are due: many may wait for hours,
// and a look every few seconds at what is due must not touch the others.

import type { PendingLogout } from '../types.ts';
import { Expiring } from './expiring.ts';

export class ExpiringLogouts extends Expiring<PendingLogout> {
  /** By `dueAt`, then by id. */
  readonly #inOrder: PendingLogout[] = [];

  protected override link(_id: string, logout: PendingLogout): void {
    this.#inOrder.splice(this.#placeOf(logout), 0, logout);
  }

  protected override unlink(_id: string, logout: PendingLogout): void {
    this.#inOrder.splice(this.#placeOf(logout), 1);
  }

  /**
   * The logouts that are due, the earliest first.
   *
   * @param except clients that are left out
   */
  due(limit: number, now: number, except: ReadonlySet<string>): PendingLogout[] {
    const due: PendingLogout[] = [];
    for (const logout of this.#inOrder) {
      if (due.length >= limit || logout.dueAt > now) break;
      if (now < logout.expiresAt && !except.has(logout.clientId)) due.push(logout);
    }
    return due;
  }

  /** The place where a logout is, or would be. */
  #placeOf(logout: PendingLogout): number {
    let [from, to] = [0, this.#inOrder.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(this.#inOrder[middle]!, logout)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function isBefore(one: PendingLogout, other: PendingLogout): boolean {
  return one.dueAt === other.dueAt ? one.id < other.id : one.dueAt < other.dueAt;
}
