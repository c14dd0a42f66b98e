// Logouts of the memory store: what clients are to be told.

import { frozen } from '../frozen.ts';
import type { PendingLogout } from '../types.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import type { Logouts } from './store-logouts.ts';

export function logoutsIn({ logouts }: MemoryTables): Logouts {
  const asClaimed = ({ id, dueAt }: PendingLogout) => {
    const there = logouts.find(id, ALWAYS);
    return there?.dueAt === dueAt ? there : undefined;
  };
  return {
    async find(ids, now) {
      return ids.map((id) => logouts.find(id, now)).filter((found) => found !== undefined);
    },
    async claim(limit, now, until, except, maxSelfMade = limit) {
      const due = logouts.due(limit, now, new Set(except), maxSelfMade);
      return due.map((logout) => {
        const claimed = frozen({ ...logout, dueAt: until });
        logouts.set(logout.id, claimed);
        return claimed;
      });
    },
    async postpone(claimed, attempts, dueAt) {
      const logout = asClaimed(claimed);
      if (logout !== undefined) logouts.set(logout.id, { ...logout, attempts, dueAt });
    },
    async remove(claimed) {
      return asClaimed(claimed) !== undefined && logouts.delete(claimed.id) !== undefined;
    },
  };
}
