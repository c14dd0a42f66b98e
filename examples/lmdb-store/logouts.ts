// What clients are to be told of sessions that have ended. grants.leaveSession adds it.

import type { PendingLogout, Store } from '../../src/store/index.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export function logoutsIn(db: Database, { logouts }: Tables): Store['logouts'] {
  const asClaimed = ({ id, dueAt }: PendingLogout) => {
    const there = logouts.find(id);
    return there?.dueAt === dueAt ? there : undefined;
  };
  return {
    find: async (ids, now) =>
      ids.map((id) => logouts.find(id, now)).filter((logout) => logout !== undefined),
    claim: (limit, now, until, except, maxSelfMade = limit) =>
      db.write(() => {
        const first = (index: string, most: number) => {
          const due = most === 0 ? [] : logouts.upTo(index, now, now);
          return due.filter(({ clientId }) => !except.includes(clientId)).slice(0, most);
        };
        const due = [...first('dueAt', limit), ...first('selfMadeDueAt', maxSelfMade)];
        due.sort((a, b) => a.dueAt - b.dueAt);
        return due.slice(0, limit).map((logout) => {
          const claimed = { ...logout, dueAt: until };
          logouts.set(logout.id, claimed);
          return claimed;
        });
      }),
    postpone: (claimed, attempts, dueAt) =>
      db.write(() => {
        const logout = asClaimed(claimed);
        if (logout !== undefined) logouts.set(logout.id, { ...logout, attempts, dueAt });
      }),
    remove: (claimed) => db.write(() => !!asClaimed(claimed) && logouts.delete(claimed.id)),
  };
}
