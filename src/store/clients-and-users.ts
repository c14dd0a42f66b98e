// Clients and users are the subjects of tokens, and share one space of ids. These are the rules that
// every store keeps when one of either kind is stored.

import { isDeepStrictEqual } from 'node:util';
import type { Client, Source, User } from '../types.ts';
import { SubjectTaken, UsernameTaken } from './store.ts';
import { withStringIds } from './string-ids.ts';

/** Who is in the place that somebody is to take. */
export interface Place {
  /** The client with the id. */
  readonly client?: Client | undefined;
  /** The user with the id. */
  readonly user?: User | undefined;
  /** The user with the username, if a user is to be stored. */
  readonly named?: User | undefined;
}

/** The ids of those who have to leave first, with everything that was issued for them. */
export interface Leaving {
  readonly clients: readonly string[];
  readonly users: readonly string[];
}

/**
 * Whether a user is shut out, so that nothing may begin for them: no session, no grant, no ticket. Somebody
 * who is not a user of the store is not, for people may be those of an app around the server.
 */
export function isDisabled(user: Pick<User, 'disabledAt'> | undefined): boolean {
  return user?.disabledAt !== undefined;
}

/** Whether one record gives way to another: what the demo wrote, to what anybody else brings. */
export function givesWay(
  there: { readonly source?: Source | undefined },
  newcomer: { readonly source?: Source | undefined },
): boolean {
  return there.source === 'demo' && newcomer.source !== 'demo';
}

/** Whether a record in the store is still the one that somebody has read. */
export function isUnchanged<Kind extends Client | User>(
  there: Kind | undefined,
  read: Kind,
): boolean {
  // A field that is absent and one that is undefined are the same, and so are the ids 7 and '7'.
  const plain = (record: Kind) => JSON.parse(JSON.stringify(withStringIds(record)));
  if (there === undefined || there === read) return there === read;
  return isDeepStrictEqual(plain(there), plain(read));
}

/** Who has to leave so that a client can be stored, or why it cannot. */
export function makeWayForClient(
  newcomer: Client,
  { client, user }: Place,
): Leaving | SubjectTaken {
  if (user !== undefined && !givesWay(user, newcomer)) {
    return new SubjectTaken('A user has the id of the client.');
  }
  return leaving(newcomer, [client], [user]);
}

/** Who has to leave so that a user can be stored, or why it cannot. */
export function makeWayForUser(
  newcomer: User,
  { client, user, named }: Place,
): Leaving | SubjectTaken | UsernameTaken {
  if (client !== undefined && !givesWay(client, newcomer)) {
    return new SubjectTaken('A client has the id of the user.');
  }
  if (named !== undefined && named.id !== newcomer.id && !givesWay(named, newcomer)) {
    return new UsernameTaken('The username is taken.');
  }
  return leaving(newcomer, [client], [user, named]);
}

function leaving(
  newcomer: Client | User,
  clients: readonly (Client | undefined)[],
  users: readonly (User | undefined)[],
): Leaving {
  const ids = (all: readonly (Client | User | undefined)[]) =>
    all.filter((one) => one !== undefined && givesWay(one, newcomer)).map((one) => one!.id);
  return { clients: ids(clients), users: [...new Set(ids(users))] };
}
