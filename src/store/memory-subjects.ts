// Clients and users of the memory store. As there, no verb has an `await`.

import { foldName } from '../protocol/names.ts';
import { passwordKind } from '../protocol/passwords.ts';
import type { Client, User } from '../types.ts';
import { frozen } from './frozen.ts';
import type { Store } from './store.ts';
import { givesWay, type Leaving, makeWayForClient, makeWayForUser } from './subjects.ts';

/**
 * @param forget what came of a client or a user that leaves
 * @returns the verbs, and whether there is a client with an id
 */
export function subjectsInMemory(forget: {
  client(id: string): void;
  user(id: string): void;
}): Pick<Store, 'clients' | 'users'> & { isRegistered(clientId: string): boolean } {
  const clients = new Map<string, Client>();
  const users = new Map<string, User>();
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
    forget.client(id);
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

  function remove(leaving: Leaving | Error): void {
    if (leaving instanceof Error) throw leaving;
    for (const id of leaving.clients) removeClient(id);
    for (const id of leaving.users) {
      const user = users.get(id);
      if (user !== undefined) unname(user);
      countKind(user, -1);
      users.delete(id);
      forget.user(id);
    }
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
    isRegistered: (clientId) => clients.has(clientId),

    clients: {
      async find(id) {
        return clients.get(id);
      },
      async save(client) {
        const { id } = client;
        remove(makeWayForClient(client, { client: clients.get(id), user: users.get(id) }));
        clients.set(id, frozen(client));
      },
      async remove(id) {
        return removeClient(id);
      },
      async listBySource(source) {
        return [...clients.values()].filter((client) => client.source === source);
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
      async add(user) {
        const there = users.get(user.id);
        if (there !== undefined && !givesWay(there, user)) return false;
        put(user);
        return true;
      },
      async save(user) {
        put(user);
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
