// The store of a single process: maps by hash, gone when the process ends.
//
// Nothing else runs during a verb until its first `await`, so a verb without one is atomic. In memory-*.ts
// no verb has one, and none may get one.

import { markBuiltIn } from './built-in-stores.ts';
import { Expiring } from './expiring.ts';
import { clientsAndUsersIn } from './memory-clients-and-users.ts';
import { consentsIn } from './memory-consents.ts';
import { grantsIn } from './memory-grants.ts';
import { logoutsIn } from './memory-logouts.ts';
import { requestsIn } from './memory-requests.ts';
import { sessionsIn } from './memory-sessions.ts';
import { ALWAYS, MemoryTables } from './memory-tables.ts';
import { ticketsIn } from './memory-tickets.ts';
import type { Store } from './store.ts';

/** The default store: it begins empty. */
export function memoryStore(): Store {
  const tables = new MemoryTables();
  const { replays, keys, constants, limits } = tables;
  const expiring = Object.values(tables).filter((table) => table instanceof Expiring);

  return markBuiltIn({
    ...clientsAndUsersIn(tables),
    consents: consentsIn(tables),
    ...grantsIn(tables),
    sessions: sessionsIn(tables),
    requests: requestsIn(tables),
    tickets: ticketsIn(tables),
    logouts: logoutsIn(tables),

    replays: {
      async claim(kind, id, until, now) {
        const key = JSON.stringify([kind, id]);
        if (replays.find(key, now) !== undefined) return false;
        replays.set(key, { expiresAt: until });
        return true;
      },
    },

    keys: {
      async list(now) {
        return keys.values(now);
      },
      async ensure(key) {
        const name = JSON.stringify([key.alg, key.period]);
        const there = keys.find(name, ALWAYS);
        if (there === undefined) keys.set(name, key);
        return there ?? key;
      },
    },

    constants: {
      async ensure(name, value) {
        const there = constants.get(name);
        if (there === undefined) constants.set(name, value);
        return there ?? value;
      },
    },

    limits: {
      async take(key, max, window, now) {
        const there = limits.find(key, now) ?? { attempts: 0, expiresAt: now + window };
        const allowed = there.attempts < max;
        // One that was refused is not counted, or giving one back would let nobody in.
        limits.set(key, { ...there, attempts: there.attempts + (allowed ? 1 : 0) });
        return { allowed, resetAt: there.expiresAt };
      },
      async giveBack(key, now) {
        const there = limits.find(key, now);
        if (there === undefined || there.attempts === 0) return;
        limits.set(key, { ...there, attempts: there.attempts - 1 });
      },
    },

    async purge(now, limit) {
      let forgotten = 0;
      for (const table of expiring) forgotten += table.purge(now, limit - forgotten);
      return forgotten;
    },

    async ping() {
      return { isWritable: true };
    },

    async close() {},
  });
}
