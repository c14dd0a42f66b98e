// Of the store port: clients and users, the subjects of tokens. Records of the demo give way to one of
// any other source that wants their id or username: they are forgotten, with all that was issued for them.

import type { Client, Source, User } from '../types.ts';

export interface Clients {
  find(id: string): Promise<Client | undefined>;
  /**
   * Adds the client, or replaces the one with its id.
   *
   * @throws SubjectTaken
   * @throws TypeError, here and below, if the record is not as its type says
   */
  save(client: Client): Promise<void>;
  /**
   * Adds the client, unless there is one with its id. True for the one caller who added it; the others
   * change nothing.
   *
   * @throws SubjectTaken
   */
  add(client: Client): Promise<boolean>;
  /**
   * Replaces a client, if it is still as it was read. True for the one caller who replaced it; of two
   * who read the same, the second changes nothing, and nobody brings one back that was removed.
   *
   * @param to with the same id
   */
  change(from: Client, to: Client): Promise<boolean>;
  /**
   * Removes a client, and with it, at once, every consent and every grant, with all codes and
   * tokens of these, whatever is approved, issued, refreshed or redeemed meanwhile. One that is
   * registered later under the same id inherits none of them, and nothing that was issued to the client
   * for itself before its own `registeredAt`, though that be stored after the removal. True for the one
   * caller who removed it.
   */
  remove(id: string): Promise<boolean>;
  /** The clients from a source, in no order. */
  listBySource(source: Source): Promise<readonly Client[]>;
  /**
   * How many clients there are from a source, without those for which something was `decided`
   * (`isVouchedFor`); but no more than `most`: no more than that are counted.
   */
  countUnvouched(source: Source, most: number): Promise<number>;
  /**
   * Notes that a client is used. What counts is the latest time that was noted, or that a record of it
   * had as its `registeredAt` when it was stored.
   */
  note(id: string, now: number): Promise<void>;
  /**
   * Removes clients of a source that were last used before a time and have no grant in force, at most
   * `limit` of them, with everything that `remove` removes. A client whose last use is unknown stays, and
   * so does one for which something was `decided`.
   *
   * @param neverUsedBefore the same time for a client of which nothing was noted that is later than its
   *   `registeredAt`; never earlier than `before`, which it is if it is left out
   * @returns the ids of those that this caller removed
   */
  removeUnused(
    source: Source,
    before: number,
    now: number,
    limit: number,
    neverUsedBefore?: number,
  ): Promise<readonly string[]>;
  /**
   * Ids that a user has as well, at most `limit` of them: somebody wrote them past these verbs. It
   * looks at every client.
   */
  listShared(limit: number): Promise<readonly string[]>;
}

/**
 * A user who is stored with `disabledAt`, by whatever verb, has from that operation on no session, no grant
 * and no ticket: what was there ends with it, with all codes and tokens, whatever is signed in to, approved,
 * issued, refreshed or redeemed meanwhile. Nothing begins for them (see `sessions.save`, `codes.save`,
 * `tokens.issue`, `tickets.create`) until they are stored without it; what has ended stays so. What they
 * have allowed is remembered.
 */
export interface Users {
  find(id: string): Promise<User | undefined>;
  findByUsername(username: string): Promise<User | undefined>;
  /**
   * The user that somebody means who types a name: the one with exactly this username, otherwise the
   * one whose username differs in nothing but spelling (`foldName`), if only one does. The work is
   * the same whoever exists.
   */
  findByTypedName(typed: string): Promise<User | undefined>;
  /**
   * Adds the user, unless there is one with its id. True for the one caller who added it; the others
   * change nothing.
   *
   * @throws UsernameTaken, SubjectTaken
   */
  add(user: User): Promise<boolean>;
  /**
   * Adds the user, or replaces the one with its id.
   *
   * @throws UsernameTaken, SubjectTaken
   */
  save(user: User): Promise<void>;
  /**
   * Replaces a user, if they are still as they were read, as `clients.change` does.
   *
   * @throws UsernameTaken
   */
  change(from: User, to: User): Promise<boolean>;
  /**
   * Removes a user, and with them, at once, every consent, grant, session and ticket, with all codes
   * and tokens. It ends the same of a person whose record an app keeps, and not this store. True for
   * the one caller who found anything to remove. What the person allows at that very moment may be
   * stored after it.
   */
  remove(id: string): Promise<boolean>;
  /** The users from a source, in no order. */
  listBySource(source: Source): Promise<readonly User[]>;
  /**
   * Replaces the hash of a password, if it is still the one that was checked, and the user is not
   * disabled. True for the one caller who replaced it; of two who checked the same one, the second changes
   * nothing.
   *
   * @param from the hash that was checked
   * @param to the new hash
   * @param changedAt when the person changed the password; absent if it is the same one, only
   *   hashed anew
   */
  changePassword(id: string, from: string, to: string, changedAt?: number): Promise<boolean>;
  /**
   * The kinds of password hashes that users have, each as it stands before the salt
   * (`$argon2id$v=19$m=19456,t=2,p=1$`); 16 at the most.
   */
  passwordKinds(): Promise<readonly string[]>;
}
