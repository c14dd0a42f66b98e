// The grants that the memory store holds. A user may have a limited number at one client; in which order they
// end is known without looking through them.

import type { Grant } from '../types.ts';
import { addTo, ExpiringOfUsers, removeFrom } from './expiring.ts';
import { MAX_HELD } from './outcomes.ts';

/** Ids of grants by user and client, those that were written last at the end. */
type Order = Map<string, Set<string>>;

export class ExpiringGrants extends ExpiringOfUsers<Grant> {
  /** Those that have no token yet. */
  readonly #waiting: Order = new Map();
  readonly #used: Order = new Map();
  /** Ids by session. */
  readonly #ofSessions = new Map<string, Set<string>>();

  protected override link(id: string, grant: Grant): void {
    super.link(id, grant);
    addTo(this.#orderOf(grant), ownerOf(grant), id);
    if (grant.session !== undefined) addTo(this.#ofSessions, grant.session, id);
  }

  protected override unlink(id: string, grant: Grant): void {
    super.unlink(id, grant);
    removeFrom(this.#orderOf(grant), ownerOf(grant), id);
    if (grant.session !== undefined) removeFrom(this.#ofSessions, grant.session, id);
  }

  /**
   * Each token of a person writes its grant again, which stays with its user and its client. It may leave its
   * session, and enters no other.
   */
  protected override relink(id: string, before: Grant, grant: Grant): void {
    removeFrom(this.#orderOf(before), ownerOf(before), id);
    addTo(this.#orderOf(grant), ownerOf(grant), id);
    if (before.session !== undefined && grant.session === undefined) {
      removeFrom(this.#ofSessions, before.session, id);
    }
  }

  /** The grants that are sign-ins of a session. */
  ofSession(session: string, now: number): Grant[] {
    return [...(this.#ofSessions.get(session) ?? [])]
      .map((id) => this.find(id, now))
      .filter((grant) => grant !== undefined);
  }

  /** Ends those of a grant's user and client that are too many, of each kind the oldest. */
  endOverMax(grant: Grant): void {
    for (const order of [this.#waiting, this.#used]) {
      const ids = order.get(ownerOf(grant));
      for (const id of ids ?? []) {
        if (ids!.size <= MAX_HELD) break;
        this.delete(id);
      }
    }
  }

  #orderOf({ lastUsedAt }: Grant): Order {
    return lastUsedAt === undefined ? this.#waiting : this.#used;
  }
}

/** No two users and clients have the same. */
function ownerOf({ userId, clientId }: Grant): string {
  return `${userId.length} ${userId} ${clientId}`;
}
