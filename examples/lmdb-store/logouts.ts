// What clients are to be told of sessions that have ended. grants.leaveSession adds it.

import type { Store } from '../../src/store/index.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export function logoutsIn(db: Database, { logouts }: Tables): Store['logouts'] {
  return {
    find: async (ids, now) =>
      ids.map((id) => logouts.find(id, now)).filter((logout) => logout !== undefined),
    claim: (limit, now, until, except) =>
      db.write(() => {
        const due = logouts.upTo('dueAt', now, now);
        const others = due.filter(({ clientId }) => !except.includes(clientId));
        return others.slice(0, limit).map((logout) => {
          const claimed = { ...logout, dueAt: until };
          logouts.set(logout.id, claimed);
          return claimed;
        });
      }),
    postpone: (id, attempts, dueAt) =>
      db.write(() => {
        const logout = logouts.find(id);
        if (logout !== undefined) logouts.set(id, { ...logout, attempts, dueAt });
      }),
    remove: (id) => db.write(() => logouts.delete(id)),
  };
}
