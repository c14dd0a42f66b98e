// Room for clients that nobody here vouches for: a store takes only so many of them from each source.

import type { SelfMadeSource } from '../protocol/sources.ts';
import type { Store } from '../store/store.ts';

/** The most from one source. Those that somebody here vouches for are neither counted nor removed. */
const MAX_CLIENTS = 10_000;

/**
 * Once there are that many: after how many milliseconds without use clients are removed, and how many at
 * once.
 */
const UNUSED = 24 * 3600_000;
const MAKE_ROOM = 1000;

/**
 * Whether there is room for another client from a source. If not, those are removed that nobody has used
 * since yesterday: a client comes when somebody is about to use it.
 */
export async function hasRoom(
  store: Pick<Store, 'clients'>,
  source: SelfMadeSource,
): Promise<boolean> {
  if ((await store.clients.countUnvouched(source, MAX_CLIENTS)) < MAX_CLIENTS) return true;
  const now = Date.now();
  const gone = await store.clients.removeUnused(source, now - UNUSED, now, MAKE_ROOM);
  return gone.length > 0;
}
