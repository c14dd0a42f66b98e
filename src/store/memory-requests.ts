// Requests that were answered, and forms that may come twice, of the memory store.

import { addConsents } from './memory-consents.ts';
import type { MemoryTables } from './memory-tables.ts';
import type { Requests } from './store-sessions.ts';

export function requestsIn(tables: MemoryTables): Requests {
  const { requests } = tables;
  return {
    async find(hash, now) {
      return requests.find(hash, now);
    },
    async save(hash, document) {
      requests.set(hash, document);
    },
    async add(hash, document, now, consents = []) {
      const there = requests.find(hash, now);
      if (there !== undefined) return there;
      requests.set(hash, document);
      addConsents(tables, consents);
      return undefined;
    },
  };
}
