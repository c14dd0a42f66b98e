// What a server does beside its requests.

import type { Events } from './events.ts';
import type { BackChannel } from './logout/back-channel.ts';
import type { Keys } from './oauth/keys.ts';
import { type Store, StoreUnavailable } from './store/store.ts';

/** How often, in milliseconds, what has expired is forgotten, and how much of it in one go. */
const PURGE_INTERVAL = 15_000;
const PURGE_LIMIT = 1000;

/** Forgets what has expired, makes the signing keys in time, and tells clients what is due again. */
export function startBackgroundWork(
  store: Store,
  keys: Keys,
  backChannel: Pick<BackChannel, 'wake'>,
  events: Events,
): NodeJS.Timeout {
  return setInterval(() => {
    backChannel.wake();
    Promise.all([purge(store), keys.prepare()]).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) events.emit('store_unavailable', { error });
      else events.emit('failure', { requestId: 'background work', error });
    });
  }, PURGE_INTERVAL).unref();
}

async function purge(store: Store): Promise<void> {
  while ((await store.purge(Date.now(), PURGE_LIMIT)) === PURGE_LIMIT) {
    // Requests come first.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
