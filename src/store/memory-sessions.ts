// Browser sessions of the memory store.

import { frozen } from '../frozen.ts';
import { isDisabled } from './clients-and-users.ts';
import type { MemoryTables } from './memory-tables.ts';
import { sessionsOverMax } from './over-max.ts';
import type { Sessions } from './store-sessions.ts';

export function sessionsIn({ sessions, users }: MemoryTables): Sessions {
  return {
    async find(hash, now) {
      return sessions.find(hash, now);
    },
    async save(hash, session) {
      const { userId, createdAt = 0 } = session;
      if (isDisabled(users.get(userId ?? ''))) {
        sessions.delete(hash);
        return;
      }
      sessions.set(hash, session);
      if (userId === undefined) return;
      const all = sessions.ofUser(userId, createdAt).map(([key, one]) => ({ ...one, hash: key }));
      for (const beyond of sessionsOverMax(all, hash)) sessions.delete(beyond);
    },
    async update(hash, { data, expiresAt }, now) {
      const session = sessions.find(hash, now);
      if (session === undefined) return false;
      sessions.set(hash, { ...session, data, expiresAt });
      return true;
    },
    async note(hash, owner, now) {
      const session = sessions.find(hash, now);
      if (session !== undefined) sessions.set(hash, { ...session, ...owner });
    },
    async delete(hash) {
      sessions.delete(hash);
    },
    async listByUser(userId, now) {
      return sessions.ofUser(userId, now).map(([hash, session]) => frozen({ ...session, hash }));
    },
    async end(hash, userId, now) {
      if (sessions.find(hash, now)?.userId !== userId) return false;
      sessions.delete(hash);
      return true;
    },
    async endOthers(userId, keep, now) {
      const hashes = sessions.ofUser(userId, now).map(([hash]) => hash);
      const others = hashes.filter((hash) => hash !== keep);
      if (others.length === hashes.length) return 0;
      for (const hash of others) sessions.delete(hash);
      return others.length;
    },
  };
}
