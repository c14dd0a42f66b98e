// Clients and users of the memory store.

import { frozen } from '../frozen.ts';
import { passwordKind } from '../protocol/password-hashes.ts';
import { soundClient, soundUser } from '../protocol/records.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { Client, User } from '../types.ts';
import { forgetConsents } from './memory-consents.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import { deleteTicket } from './memory-tickets.ts';
import type { Store } from './store.ts';
import {
  givesWay,
  isUnchanged,
  type Leaving,
  makeWayForClient,
  makeWayForUser,
} from './subjects.ts';

export function subjectsIn(tables: MemoryTables): Pick<Store, 'clients' | 'users'> {
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

  function removeClient(id: string): boolean {
    if (!clients.delete(id)) return false;
    used.delete(id);
    forgetClient(tables, id);
    return true;
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

  function removeUser(id: string): void {
    const user = users.get(id);
    if (user !== undefined) unname(user);
    countKind(user, -1);
    users.delete(id);
    forgetUser(tables, id);
  }

  function remove(leaving: Leaving | Error): void {
    if (leaving instanceof Error) throw leaving;
    for (const id of leaving.clients) removeClient(id);
    for (const id of leaving.users) removeUser(id);
  }

  function putClient(client: Client): void {
    const { id } = client;
    remove(makeWayForClient(client, { client: clients.get(id), user: users.get(id) }));
    clients.set(id, frozen(client));
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
        return removeClient(id);
      },
      async listBySource(source) {
        return [...clients.values()].filter((client) => client.source === source);
      },
      async countBySource(source, most) {
        let count = 0;
        for (const client of clients.values()) {
          if (count < most && client.source === source) count += 1;
        }
        return count;
      },
      async note(id, now) {
        if (clients.has(id)) used.set(id, Math.max(now, used.get(id) ?? 0));
      },
      async removeUnused(source, before, now, limit) {
        const inUse = new Set(grants.values(now).map(({ clientId }) => clientId));
        const unused = [...clients.values()].filter((client) => {
          const { id, registeredAt = Number.POSITIVE_INFINITY } = client;
          return (
            client.source === source && (used.get(id) ?? registeredAt) < before && !inUse.has(id)
          );
        });
        const ids = unused.slice(0, limit).map(({ id }) => id);
        for (const id of ids) removeClient(id);
        return ids;
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
        if (!users.has(id)) return false;
        removeUser(id);
        return true;
      },
      async listBySource(source) {
        return [...users.values()].filter((user) => user.source === source);
      },
      async changePassword(id, from, to, changedAt) {
        const user = users.get(id);
        if (user === undefined || user.passwordHash !== from) return false;
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

/** Forgets what came of a client. */
function forgetClient(tables: MemoryTables, id: string): void {
  const { consents, grants, accessTokens, tickets, logouts } = tables;
  for (const userId of consents.keys()) forgetConsents(tables, userId, id);
  for (const grant of grants.values(ALWAYS)) if (grant.clientId === id) grants.delete(grant.id);
  for (const token of accessTokens.values(ALWAYS)) {
    if (token.clientId === id) accessTokens.delete(token.hash);
  }
  for (const ticket of tickets.values(ALWAYS))
    if (ticket.clientId === id) deleteTicket(tables, ticket);
  for (const logout of logouts.values(ALWAYS)) {
    if (logout.clientId === id) logouts.delete(logout.id);
  }
}

/** Forgets what came of a user. */
function forgetUser({ consents, grants, sessions, tickets }: MemoryTables, id: string): void {
  consents.delete(id);
  for (const table of [grants, sessions, tickets]) {
    for (const [key] of table.ofUser(id, ALWAYS)) table.delete(key);
  }
}
