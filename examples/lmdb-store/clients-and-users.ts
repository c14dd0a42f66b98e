// Clients and users.

import {
  type Client,
  foldName,
  givesWay,
  isDisabled,
  isUnchanged,
  isVouchedFor,
  type Leaving,
  makeWayForClient,
  makeWayForUser,
  passwordKind,
  type Source,
  type Store,
  soundClient,
  soundUser,
  type User,
} from '../../src/store/index.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export function clientsAndUsersIn(db: Database, tables: Tables): Pick<Store, 'clients' | 'users'> {
  const { clients, uses, users, consents, grants, accessTokens, sessions, tickets, logouts } =
    tables;
  const named = (username: string) => users.list('name', username)[0];

  /** Removes a client, and what came of it. */
  function removeClient(id: string): boolean {
    for (const table of [consents, grants, accessTokens, tickets, logouts]) {
      table.deleteAll('clientId', id);
    }
    uses.delete(id);
    return clients.delete(id);
  }

  /** Ends all that a user has begun. Says whether there was anything. */
  function endAllOf(id: string): boolean {
    return [grants, sessions, tickets].map((table) => table.deleteAll('userId', id)).includes(true);
  }

  /** The same, and forgets the user, whose record may be an app's. */
  function removeUser(id: string): boolean {
    return [endAllOf(id), consents.deleteAll('userId', id), users.delete(id)].includes(true);
  }

  /** Before anything is written: the demo gives way to others, and others do not. */
  function makeWay(leaving: Leaving | Error): void {
    if (leaving instanceof Error) throw leaving;
    for (const id of leaving.clients) removeClient(id);
    for (const id of leaving.users) removeUser(id);
  }

  function putClient(client: Client): void {
    const { id } = client;
    makeWay(makeWayForClient(client, { client: clients.find(id), user: users.find(id) }));
    clients.set(id, client);
    if (client.registeredAt !== undefined) noteUse(id, client.registeredAt);
  }

  /** Whether a client is from a source, and nobody vouches for it. */
  function isUnvouched(id: string, source: Source): boolean {
    const client = clients.find(id);
    return client?.source === source && !isVouchedFor(client);
  }

  function noteUse(id: string, at: number): void {
    if (clients.find(id) === undefined) return;
    uses.set(id, { clientId: id, at: Math.max(at, uses.find(id)?.at ?? at) });
  }

  function putUser(user: User): void {
    const { id, username } = user;
    const place = { client: clients.find(id), user: users.find(id), named: named(username) };
    makeWay(makeWayForUser(user, place));
    users.set(id, user);
    if (isDisabled(user)) endAllOf(id);
  }

  return {
    clients: {
      find: async (id) => clients.find(id),
      async save(given) {
        const client = soundClient(given);
        await db.write(() => putClient(client));
      },
      async add(given) {
        const client = soundClient(given);
        return db.write(() => {
          const there = clients.find(client.id);
          if (there !== undefined && !givesWay(there, client)) return false;
          putClient(client);
          return true;
        });
      },
      async change(from, given) {
        const client = soundClient(given);
        return db.write(() => {
          if (!isUnchanged(clients.find(client.id), from)) return false;
          putClient(client);
          return true;
        });
      },
      remove: (id) => db.write(() => removeClient(id)),
      listBySource: async (source) => clients.list('source', source),
      countUnvouched: async (source, most) => clients.count('unvouched', source, most),
      note: (id, now) => db.write(() => noteUse(id, now)),
      removeUnused: (source, before, now, limit, neverUsedBefore = before) =>
        db.write(() => {
          const unused = uses
            .upTo('at', neverUsedBefore)
            .filter(({ clientId, at }) => {
              const isNeverUsed = at === clients.find(clientId)?.registeredAt;
              return at < (isNeverUsed ? neverUsedBefore : before) && isUnvouched(clientId, source);
            })
            .map(({ clientId }) => clientId)
            .filter((id) => grants.list('clientId', id, now).length === 0)
            .slice(0, limit);
          for (const id of unused) removeClient(id);
          return unused;
        }),
      listShared: async (limit) =>
        clients
          .all()
          .map(({ id }) => id)
          .filter((id) => users.find(id) !== undefined)
          .slice(0, limit),
    },

    users: {
      find: async (id) => users.find(id),
      findByUsername: async (username) => named(username),
      async findByTypedName(typed) {
        const [first, ...others] = users.list('typedName', foldName(typed));
        return named(typed) ?? (others.length === 0 ? first : undefined);
      },
      async add(given) {
        const user = soundUser(given);
        return db.write(() => {
          const there = users.find(user.id);
          if (there !== undefined && !givesWay(there, user)) return false;
          putUser(user);
          return true;
        });
      },
      async save(given) {
        const user = soundUser(given);
        await db.write(() => putUser(user));
      },
      async change(from, given) {
        const user = soundUser(given);
        return db.write(() => {
          if (!isUnchanged(users.find(user.id), from)) return false;
          putUser(user);
          return true;
        });
      },
      remove: (id) => db.write(() => removeUser(id)),
      listBySource: async (source) => users.list('source', source),
      changePassword: (id, from, to, changedAt) =>
        db.write(() => {
          const user = users.find(id);
          if (user === undefined || user.passwordHash !== from || isDisabled(user)) return false;
          const passwordChangedAt = changedAt ?? user.passwordChangedAt;
          users.set(id, { ...user, passwordHash: to, passwordChangedAt });
          return true;
        }),
      passwordKinds: async () =>
        users
          .oneOfEach('passwordKind', 16)
          .map(({ passwordHash = '' }) => passwordKind(passwordHash) ?? ''),
    },
  };
}
