// Logouts of the memory store: what clients are to be told.

import { frozen } from '../frozen.ts';
import { ALWAYS, type MemoryTables } from './memory-tables.ts';
import type { Logouts } from './store-logouts.ts';

export function logoutsIn({ logouts }: MemoryTables): Logouts {
  return {
    async find(ids, now) {
      return ids.map((id) => logouts.find(id, now)).filter((found) => found !== undefined);
    },
    async claim(limit, now, until, except) {
      return logouts.due(limit, now, new Set(except)).map((logout) => {
        const claimed = frozen({ ...logout, dueAt: until });
        logouts.set(logout.id, claimed);
        return claimed;
      });
    },
    async postpone(id, attempts, dueAt) {
      const logout = logouts.find(id, ALWAYS);
      if (logout !== undefined) logouts.set(id, { ...logout, attempts, dueAt });
    },
    async remove(id) {
      return logouts.delete(id) !== undefined;
    },
  };
}
