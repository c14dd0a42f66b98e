// What an operator asks of a database besides what a server does: to go through all that is there, and to
// know what was removed. A store of somebody's own has none of it.

import type { Client, Consent, Grant, StoredKey, Ticket, User } from '../types.ts';
import type { Store } from './store.ts';
import type { Session } from './store-sessions.ts';

/** A part of a list, which is in order of the records' keys. */
export interface Page {
  /** The key of the last record of the page before; absent for the first page. */
  readonly after?: string | undefined;
  /** How many records at the most. A page with fewer is the last one. */
  readonly limit: number;
}

/** A client or a user that was removed, and that its seed file does not bring back. */
export interface Removal {
  readonly kind: 'client' | 'user';
  readonly id: string;
}

/** What happens to a user who is to be added. */
export type Addition =
  | 'added'
  /** There is a user with the id, and with the same data; the password may be another one. */
  | 'there'
  /** There is a user with the id, of whom something else is known. */
  | 'differs'
  /** Another user has the username, or a client the id. */
  | 'username_taken'
  | 'id_taken';

/** A ticket as it is found in a list: its hash cannot be told. */
export interface ListedTicket extends Omit<Ticket, 'hash'> {
  /** What stands for it in this list and in `removeTicket`. */
  readonly key: string;
}

/** The key of a consent in `listConsents`. */
export function keyOfConsent({ clientId, userId, resource }: Consent): string {
  return JSON.stringify([clientId, userId, resource]);
}

export interface Administration {
  /** All clients, by id. */
  listClients(page: Page): Promise<readonly Client[]>;
  /** All users, by id. */
  listUsers(page: Page): Promise<readonly User[]>;
  /**
   * Adds users, each unless there is one with the id. All that are added are added together.
   *
   * @param users with ids and usernames of their own; some hundred at the most
   * @param options `isTrial` if nothing is to be changed: then `added` is who would be
   * @returns what happens to each, in the same order
   * @throws TypeError if one of them is not as its type says
   */
  addUsers(users: readonly User[], options?: { readonly isTrial?: boolean }): Promise<Addition[]>;
  /** All consents, by client, user and resource: what `keyOfConsent` makes of them. */
  listConsents(page: Page): Promise<readonly Consent[]>;
  /** The users who have allowed a client something, by consents, grants or tickets in force: their ids. */
  listUsersOf(clientId: string, page: Page, now: number): Promise<readonly string[]>;
  /** The clients that a user has allowed something: their ids. */
  listClientsOf(userId: string, page: Page, now: number): Promise<readonly string[]>;
  /** The grants in force, by id. */
  listGrants(page: Page, now: number): Promise<readonly Grant[]>;
  /** The sessions in force that somebody is signed in to, by hash. */
  listSessions(page: Page, now: number): Promise<readonly (Session & { readonly hash: string })[]>;
  /** The tickets of a kind that are in force, by key. */
  listTickets(kind: string, page: Page, now: number): Promise<readonly ListedTicket[]>;
  /** What stands for a ticket in that list. */
  keyOfTicket(kind: string, hash: string): string;
  /** Removes a ticket of a kind. True for the one caller who removed it. */
  removeTicket(kind: string, key: string): Promise<boolean>;
  /** What was removed of each kind. It is forgotten once somebody saves a record with the id. */
  listRemovals(kind: Removal['kind'], page: Page): Promise<readonly Removal[]>;
  /**
   * Has another key take the place of one, which is published until what it has signed has expired.
   *
   * @param kid of the one
   * @param key the other, of the same algorithm and period
   * @param options `isRevoked` if the one before is removed instead: nothing that it has signed is accepted
   * @returns true for the one caller who replaced it
   */
  replaceKey(
    kid: string,
    key: StoredKey,
    options?: { readonly isRevoked?: boolean },
  ): Promise<boolean>;
}

export interface AdministrableStore extends Store {
  readonly administration: Administration;
}
