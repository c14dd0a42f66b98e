// Clients and users of the memory store. As there, no verb has an `await`.

import type { Client, User } from '../types.ts';
import { frozen } from './frozen.ts';
import type { Store } from './store.ts';
import { givesWay, type Leaving, makeWayForClient, makeWayForUser } from './subjects.ts';

/** @param forget what came of a client or a user that leaves */
export function subjectsInMemory(forget: {
  client(id: string): void;
  user(id: string): void;
}): Pick<Store, 'clients' | 'users'> {
  const clients = new Map<string, Client>();
  const users = new Map<string, User>();
  const userIds = new Map<string, string>();

  const named = (username: string) => users.get(userIds.get(username) ?? '');

  function remove(leaving: Leaving | Error): void {
    if (leaving instanceof Error) throw leaving;
    for (const id of leaving.clients) {
      clients.delete(id);
      forget.client(id);
    }
    for (const id of leaving.users) {
      userIds.delete(users.get(id)?.username ?? '');
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
    if (before !== undefined) userIds.delete(before.username);
    userIds.set(username, id);
    users.set(id, frozen(user));
  }

  return {
    clients: {
      async find(id) {
        return clients.get(id);
      },
      async save(client) {
        const { id } = client;
        remove(makeWayForClient(client, { client: clients.get(id), user: users.get(id) }));
        clients.set(id, frozen(client));
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
      async changePassword(id, from, to, now) {
        const user = users.get(id);
        if (user === undefined || user.passwordHash !== from) return false;
        users.set(id, frozen({ ...user, passwordHash: to, passwordChangedAt: now }));
        return true;
      },
    },
  };
}
