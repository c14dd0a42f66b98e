// Notes the use of clients that nobody here vouches for: unused ones are forgotten (background.ts, room.ts).
//
// Whoever registers a client can authenticate as it, day after day. Only what a person has allowed proves
// that somebody uses it.

import { isVouchedFor } from '../protocol/client.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';

/** Milliseconds for which one note of a client is enough. */
const NOTE_LASTS = 24 * 3600_000;

/** Clients whose last note is remembered. */
const MAX_NOTED = 10_000;

/**
 * Makes the function that notes, once a day for each client and process, that a client gets tokens for a
 * person. Call it before they are stored: if the store cannot note it, nothing is used up. Clients that
 * somebody here vouches for are not noted: they are never forgotten.
 */
export function createClientUse({
  store,
}: {
  readonly store: Pick<Store, 'clients'>;
}): (client: Client) => Promise<void> {
  const noted = new Map<string, number>();
  return async (client) => {
    if (isVouchedFor(client)) return;
    const { id } = client;
    const now = Date.now();
    if (now < (noted.get(id) ?? Number.NEGATIVE_INFINITY) + NOTE_LASTS) return;
    await store.clients.note(id, now);
    // Noting a client twice does no harm.
    if (noted.size >= MAX_NOTED) noted.clear();
    noted.set(id, now);
  };
}
