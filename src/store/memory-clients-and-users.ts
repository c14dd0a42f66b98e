// Clients and users of the memory store.

import { frozen } from '../frozen.ts';
import { isVouchedFor } from '../protocol/client.ts';
import { passwordKind } from '../protocol/password-hashes.ts';
import { soundClient, soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { Client, Source, User } from '../types.ts';
import {
  givesWay,
  isDisabled,
  isUnchanged,
  type Leaving,
  makeWayForClient,
  makeWayForUser,
} from './clients-and-users.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import { deleteTicket } from './memory-tickets.ts';
import type { Store } from './store.ts';

export function clientsAndUsersIn(tables: MemoryTables): Pick<Store, 'clients' | 'users'> {
  const { clients, users, used, grants } = tables;
  /** Ids by username, of those whose names are the same however they are typed. */
  const names = new Map<string, Map<string, string>>();
  /** How many users have a hash of each kind. */
  const passwordKinds = new Map<string, number>();

  const namesLike = (username: string) =>
    names.get(foldName(username)) ?? new Map<string, string>();
  const named = (username: string) => users.get(namesLike(username).get(username) ?? '');

  function unname({ username }: User): void {
    const alike = namesLike(username);
    alike.delete(username);
    if (alike.size === 0) names.delete(foldName(username));
  }

  /** @returns those that were there */
  function removeClients(ids: readonly string[]): string[] {
    const removed = ids.filter((id) => clients.delete(id));
    for (const id of removed) used.delete(id);
    if (removed.length > 0) forgetClients(tables, new Set(removed));
    return removed;
  }

  function noteUse(id: string, at: number): void {
    if (clients.has(id)) used.set(id, Math.max(at, used.get(id) ?? at));
  }

  function countKind({ passwordHash = '' }: Partial<User> = {}, by: number): void {
    const kind = passwordKind(passwordHash);
    if (kind === undefined) return;
    const count = (passwordKinds.get(kind) ?? 0) + by;
    if (count > 0) passwordKinds.set(kind, count);
    else passwordKinds.delete(kind);
  }

  function keep(user: User): void {
    countKind(users.get(user.id), -1);
    countKind(user, 1);
    users.set(user.id, frozen(user));
  }

  function removeUser(id: string): boolean {
    const user = users.get(id);
    if (user !== undefined) unname(user);
    countKind(user, -1);
    const wasThere = users.delete(id);
    return forgetUser(tables, id) || wasThere;
  }

  function remove(leaving: Leaving | Error): void {
    if (leaving instanceof Error) throw leaving;
    removeClients(leaving.clients);
    for (const id of leaving.users) removeUser(id);
  }

  function putClient(client: Client): void {
    const { id } = client;
    remove(makeWayForClient(client, { client: clients.get(id), user: users.get(id) }));
    clients.set(id, frozen(client));
    if (client.registeredAt !== undefined) noteUse(id, client.registeredAt);
  }

  function put(user: User): void {
    const { id, username } = user;
    remove(
      makeWayForUser(user, {
        client: clients.get(id),
        user: users.get(id),
        named: named(username),
      }),
    );
    const before = users.get(id);
    if (before !== undefined) unname(before);
    names.set(foldName(username), namesLike(username).set(username, id));
    keep(user);
    if (isDisabled(user)) endAllOf(tables, id);
  }

  return {
    clients: {
      async find(id) {
        return clients.get(id);
      },
      async save(client) {
        putClient(soundClient(client));
      },
      async add(given) {
        const client = soundClient(given);
        const there = clients.get(client.id);
        if (there !== undefined && !givesWay(there, client)) return false;
        putClient(client);
        return true;
      },
      async change(from, given) {
        const to = soundClient(given);
        if (!isUnchanged(clients.get(to.id), from)) return false;
        putClient(to);
        return true;
      },
      async remove(id) {
        return removeClients([id]).length > 0;
      },
      async listBySource(source) {
        return [...clients.values()].filter((client) => client.source === source);
      },
      async countUnvouched(source, most) {
        let count = 0;
        for (const client of clients.values()) {
          if (count >= most) break;
          if (isUnvouched(client, source)) count += 1;
        }
        return count;
      },
      async note(id, now) {
        noteUse(id, now);
      },
      async removeUnused(source, before, now, limit, neverUsedBefore = before) {
        const unused = [...used].filter(([id, at]) => {
          const client = clients.get(id);
          const isNeverUsed = at === client?.registeredAt;
          return at < (isNeverUsed ? neverUsedBefore : before) && isUnvouched(client, source);
        });
        if (unused.length === 0) return [];
        const inUse = new Set(grants.values(now).map(({ clientId }) => clientId));
        const ids = unused.map(([id]) => id).filter((id) => !inUse.has(id));
        return removeClients(ids.slice(0, limit));
      },
      async listShared(limit) {
        return [...clients.keys()].filter((id) => users.has(id)).slice(0, limit);
      },
    },

    users: {
      async find(id) {
        return users.get(id);
      },
      async findByUsername(username) {
        return named(username);
      },
      async findByTypedName(typed) {
        const alike = namesLike(typed);
        const [first = '', ...others] = alike.values();
        return named(typed) ?? (others.length === 0 ? users.get(first) : undefined);
      },
      async add(given) {
        const user = soundUser(given);
        const there = users.get(user.id);
        if (there !== undefined && !givesWay(there, user)) return false;
        put(user);
        return true;
      },
      async save(user) {
        put(soundUser(user));
      },
      async change(from, given) {
        const to = soundUser(given);
        if (!isUnchanged(users.get(to.id), from)) return false;
        put(to);
        return true;
      },
      async remove(id) {
        return removeUser(id);
      },
      async listBySource(source) {
        return [...users.values()].filter((user) => user.source === source);
      },
      async changePassword(id, from, to, changedAt) {
        const user = users.get(id);
        if (user === undefined || user.passwordHash !== from || isDisabled(user)) return false;
        const passwordChangedAt = changedAt ?? user.passwordChangedAt;
        keep({ ...user, passwordHash: to, passwordChangedAt });
        return true;
      },
      async passwordKinds() {
        return [...passwordKinds.keys()].slice(0, 16);
      },
    },
  };
}

/** Whether a client is from a source, and nobody here vouches for it. */
function isUnvouched(client: Client | undefined, source: Source): boolean {
  return client?.source === source && !isVouchedFor(client);
}

/**
 * Forgets what clients have brought about. Everything is looked at once, however many clients there are.
 */
function forgetClients(tables: MemoryTables, ids: ReadonlySet<string>): void {
  const { consents, grants, accessTokens, tickets, logouts } = tables;
  const isTheirs = ({ clientId = '' }: { clientId?: string | undefined }) => ids.has(clientId);
  for (const [userId, ofUser] of consents) {
    for (const [key, consent] of ofUser) if (isTheirs(consent)) ofUser.delete(key);
    if (ofUser.size === 0) consents.delete(userId);
  }
  for (const grant of grants.values(ALWAYS)) if (isTheirs(grant)) grants.delete(grant.id);
  for (const token of accessTokens.values(ALWAYS)) {
    if (isTheirs(token)) accessTokens.delete(token.hash);
  }
  for (const ticket of tickets.values(ALWAYS)) if (isTheirs(ticket)) deleteTicket(tables, ticket);
  for (const logout of logouts.values(ALWAYS)) if (isTheirs(logout)) logouts.delete(logout.id);
}

/** Forgets what was issued for a user. @returns whether there was anything */
function forgetUser(tables: MemoryTables, id: string): boolean {
  const hadConsents = tables.consents.delete(id);
  return endAllOf(tables, id) || hadConsents;
}

/** Ends all that a user has begun. What they have allowed is remembered. @returns as `forgetUser` */
function endAllOf({ grants, sessions, tickets }: MemoryTables, id: string): boolean {
  let ended = 0;
  for (const table of [grants, sessions, tickets]) {
    for (const [key] of table.ofUser(id, ALWAYS)) {
      table.delete(key);
      ended += 1;
    }
  }
  return ended > 0;
}
