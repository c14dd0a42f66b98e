// What a server does besides answering requests.

import type { Events } from './events.ts';
import type { BackChannel } from './logout/back-channel.ts';
import type { Keys } from './oauth/keys.ts';
import { selfMadeSources } from './protocol/sources.ts';
import { type Store, StoreUnavailable } from './store/store.ts';

/** How often, in milliseconds, what has expired is forgotten, and how much of it in one go. */
const PURGE_INTERVAL = 15_000;
const PURGE_LIMIT = 1000;

/**
 * Milliseconds after their last use in which clients are forgotten that made themselves known and that nobody
 * here vouches for, and how many in one go. An app that forgets what it has registered comes as a new client
 * each time.
 */
const UNUSED_AFTER = 90 * 24 * 3600_000;
const UNUSED_LIMIT = 100;

/**
 * Forgets what has expired, and clients that made themselves known and that nobody uses.
 *
 * @param isClosed whether to stop
 * @returns how many records, if nobody else forgets at the same time
 */
export async function forget(
  store: Store,
  events: Events,
  isClosed: () => boolean = () => false,
): Promise<number> {
  let count = 0;
  /** @param forgetSome answers how many it has forgotten, `limit` at the most */
  async function inBatches(limit: number, forgetSome: () => Promise<number>): Promise<void> {
    while (!isClosed()) {
      const forgotten = await forgetSome();
      count += forgotten;
      if (forgotten < limit) return;
      // Requests come first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await inBatches(PURGE_LIMIT, () => store.purge(Date.now(), PURGE_LIMIT));
  for (const source of selfMadeSources) {
    await inBatches(UNUSED_LIMIT, async () => {
      const now = Date.now();
      const before = now - UNUSED_AFTER;
      const removed = await store.clients.removeUnused(source, before, now, UNUSED_LIMIT);
      for (const clientId of removed) events.emit('client_forgotten', { clientId });
      return removed.length;
    });
  }
  return count;
}

/**
 * Forgets what has expired and clients that nobody uses, makes signing keys in time, and retries to tell
 * clients of sign-outs.
 */
export function startBackgroundWork(
  store: Store,
  keys: Keys,
  backChannel: Pick<BackChannel, 'wake'>,
  events: Events,
) {
  const underWay = new Set<Promise<void>>();
  let isClosed = false;

  async function work(): Promise<void> {
    try {
      await Promise.all([forget(store, events, () => isClosed), keys.prepare()]);
    } catch (error) {
      if (error instanceof StoreUnavailable) events.emit('store_unavailable', { error });
      else events.emit('failure', { requestId: 'background work', error });
    }
  }

  const interval = setInterval(() => {
    backChannel.wake();
    const task = work().finally(() => underWay.delete(task));
    underWay.add(task);
  }, PURGE_INTERVAL).unref();

  return {
    /** Begins nothing more, and waits for what is under way: the store may be closed afterwards. */
    async close(): Promise<void> {
      isClosed = true;
      clearInterval(interval);
      await Promise.all(underWay);
    },
  };
}
