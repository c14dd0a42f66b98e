// A store in LMDB (https://www.npmjs.com/package/lmdb), a key-value database in a folder.
//
// A verb that writes is one transaction, in which nothing is waited for. One that only reads does so at
// one go, and so sees one state of the database.

import type { Store } from '../../src/store/index.ts';
import { clientsAndUsersIn } from './clients-and-users.ts';
import { Database, join } from './database.ts';
import { accessTokensIn, grantsIn } from './grants.ts';
import { logoutsIn } from './logouts.ts';
import { requestsIn, sessionsIn } from './sessions.ts';
import { type Tables, tablesIn } from './tables.ts';
import { ticketsIn } from './tickets.ts';

/**
 * Opens a store.
 *
 * @param folder where its files are; it is made if it is not there
 */
export function lmdbStore(folder: string): Store {
  const db = new Database(folder);
  const tables = tablesIn(db);
  return {
    ...clientsAndUsersIn(db, tables),
    ...grantsIn(db, tables),
    accessTokens: accessTokensIn(db, tables),
    sessions: sessionsIn(db, tables),
    requests: requestsIn(db, tables),
    tickets: ticketsIn(db, tables),
    logouts: logoutsIn(db, tables),
    replays: replaysIn(db, tables),
    keys: keysIn(db, tables),
    constants: constantsIn(db, tables),
    limits: limitsIn(db, tables),
    purge: (now, limit) => db.purge(now, limit),
    async ping() {
      db.ping();
      return { isWritable: true };
    },
    close: () => db.close(),
  };
}

function replaysIn(db: Database, { replays }: Tables): Store['replays'] {
  return {
    claim: (kind, id, until, now) =>
      db.write(() => {
        const key = join(kind, id);
        if (replays.find(key, now) !== undefined) return false;
        replays.set(key, { expiresAt: until });
        return true;
      }),
  };
}

function keysIn(db: Database, { keys }: Tables): Store['keys'] {
  return {
    list: async (now) => keys.all(now),
    ensure: (key) =>
      db.write(() => {
        const name = join(key.alg, key.period);
        const there = keys.find(name);
        if (there === undefined) keys.set(name, key);
        return there ?? key;
      }),
  };
}

function constantsIn(db: Database, { constants }: Tables): Store['constants'] {
  return {
    ensure: (name, value) =>
      db.write(() => {
        const there = constants.find(name);
        if (there === undefined) constants.set(name, { value });
        return there?.value ?? value;
      }),
  };
}

function limitsIn(db: Database, { limits }: Tables): Store['limits'] {
  return {
    take: (key, max, window, now) =>
      db.write(() => {
        const { attempts, expiresAt } = limits.find(key, now) ?? {
          attempts: 0,
          expiresAt: now + window,
        };
        const allowed = attempts < max;
        // One that is refused is not counted.
        limits.set(key, { attempts: attempts + (allowed ? 1 : 0), expiresAt });
        return { allowed, resetAt: expiresAt };
      }),
    giveBack: (key, now) =>
      db.write(() => {
        const there = limits.find(key, now);
        if (there === undefined || there.attempts === 0) return;
        limits.set(key, { ...there, attempts: there.attempts - 1 });
      }),
  };
}
