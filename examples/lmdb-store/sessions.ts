// Browser sessions, and requests that were answered.

import { isDisabled, type Store, sessionsOverMax } from '../../src/store/index.ts';
import type { Database } from './database.ts';
import { addConsents } from './grants.ts';
import type { Tables } from './tables.ts';

export function sessionsIn(db: Database, { sessions, users }: Tables): Store['sessions'] {
  return {
    async find(key, now) {
      const found = sessions.find(key, now);
      if (found === undefined) return undefined;
      const { hash: _, ...session } = found;
      return session;
    },
    save: (hash, session) =>
      db.write(() => {
        const { userId, createdAt } = session;
        if (isDisabled(users.find(userId ?? ''))) {
          sessions.delete(hash);
          return;
        }
        sessions.set(hash, { ...session, hash });
        if (userId === undefined) return;
        const all = sessions.list('userId', userId, createdAt);
        for (const beyond of sessionsOverMax(all, hash)) sessions.delete(beyond);
      }),
    update: (hash, { data, expiresAt }, now) =>
      db.write(() => {
        const session = sessions.find(hash, now);
        if (session === undefined) return false;
        sessions.set(hash, { ...session, data, expiresAt });
        return true;
      }),
    note: (hash, owner, now) =>
      db.write(() => {
        const session = sessions.find(hash, now);
        if (session !== undefined) sessions.set(hash, { ...session, ...owner });
      }),
    delete: (hash) => db.write(() => void sessions.delete(hash)),
    listByUser: async (userId, now) => sessions.list('userId', userId, now),
    end: (hash, userId, now) =>
      db.write(() => sessions.find(hash, now)?.userId === userId && sessions.delete(hash)),
    endOthers: (userId, keep, now) =>
      db.write(() => {
        const all = sessions.list('userId', userId, now).map(({ hash }) => hash);
        const others = all.includes(keep) ? all.filter((hash) => hash !== keep) : [];
        for (const hash of others) sessions.delete(hash);
        return others.length;
      }),
  };
}

export function requestsIn(db: Database, tables: Tables): Store['requests'] {
  const { requests } = tables;
  return {
    find: async (hash, now) => requests.find(hash, now),
    save: (hash, document) => db.write(() => requests.set(hash, document)),
    add: (hash, document, now, consents = []) =>
      db.write(() => {
        const there = requests.find(hash, now);
        if (there !== undefined) return there;
        requests.set(hash, document);
        addConsents(tables, consents);
        return undefined;
      }),
  };
}
