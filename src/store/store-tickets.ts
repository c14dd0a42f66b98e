// Of the store port: what is made once, and taken once.

import type { Ticket } from '../types.ts';

/**
 * Tickets by kind and hash. They end with their client if they name one, and with their user; what a
 * person withdraws (`consents.withdraw`) are also the tickets of that person and client. A store keeps
 * any number of them: whoever makes tickets for strangers has to see to it that there are few.
 */
export interface Tickets {
  /**
   * Adds a ticket. False, and nothing stored, if one of its kind and hash is in force: of any number
   * of callers exactly one is told true. False, too, if it names a client that is not registered, or a
   * user who is disabled (`disabledAt`).
   *
   * @throws TypeError if its payload is not an object of JSON, or has more than 32,768 characters
   *   (MAX_PAYLOAD in protocol/records.ts), or if its kind, its hash or an id in it is not valid
   */
  create(ticket: Ticket, now: number): Promise<boolean>;
  find(kind: string, hash: string, now: number): Promise<Ticket | undefined>;
  /**
   * Replaces a ticket, if all of it is still as it was read. False, and nothing stored, if it is not,
   * or has expired, or the new client is not registered or the new user disabled: of any number of callers
   * who have read the same, exactly one is told true.
   *
   * @param read what `find` has answered
   * @param ticket of the same kind and hash
   * @throws TypeError as `create` does
   */
  change(read: Ticket, ticket: Ticket, now: number): Promise<boolean>;
  /** Deletes a ticket. Of any number of callers exactly one gets it. */
  take(kind: string, hash: string, now: number): Promise<Ticket | undefined>;
}
