// Room for clients that nobody here vouches for: a store takes only so many of them from each source.

import type { SelfMadeSource } from '../protocol/sources.ts';
import type { Store } from '../store/store.ts';

/** The most from one source. Those that somebody here vouches for are neither counted nor removed. */
const MAX_CLIENTS = 10_000;

/** The most of them before somebody who is not a person brings another: half is left for what people allow. */
const MAX_WITHOUT_PERSON = MAX_CLIENTS / 2;

/**
 * Once there are that many: after how many milliseconds without use clients are removed, for whom nobody has
 * allowed anything yet after how many, and how many at once.
 */
const UNUSED = 24 * 3600_000;
const NEVER_USED = 30 * 60_000;
const MAKE_ROOM = 1000;

/**
 * Whether there is room for another client from a source. If not, those are removed that nobody has used
 * since yesterday, or for half an hour since they came: a client comes when somebody is about to use it.
 *
 * @param most those that there may be before
 */
async function hasRoomAmong(
  { clients }: Pick<Store, 'clients'>,
  source: SelfMadeSource,
  most: number,
): Promise<boolean> {
  if ((await clients.countUnvouched(source, most)) < most) return true;
  const now = Date.now();
  const gone = await clients.removeUnused(source, now - UNUSED, now, MAKE_ROOM, now - NEVER_USED);
  return gone.length > 0;
}

/** Whether there is room for another client that registers itself. */
export function hasRoomForRegistration(store: Pick<Store, 'clients'>): Promise<boolean> {
  return hasRoomAmong(store, 'registration', MAX_CLIENTS);
}

/**
 * Whether there is room for another client that is known by a document.
 *
 * @param byPerson whether a person is about to allow it something; anybody can ask for a device code
 */
export function hasRoomForDocument(
  store: Pick<Store, 'clients'>,
  byPerson: boolean,
): Promise<boolean> {
  return hasRoomAmong(store, 'document', byPerson ? MAX_CLIENTS : MAX_WITHOUT_PERSON);
}
