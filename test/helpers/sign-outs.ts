// Sign-outs: clients that want to be told of them, and what they are to be told.

import type { Store } from '../../src/store/store.ts';
import type { PendingLogout } from '../../src/types.ts';
import { OPENID_SEED, relyingParty } from './openid.ts';

const DAY = 24 * 3_600_000;

/** A client with a back-channel at which nobody answers, see `relyingParty`. */
export const toldParty = (id: string, more: object = {}) =>
  relyingParty(id, { backchannel_logout_uri: `http://127.0.0.1:9/${id}`, ...more });

/** The seed of OpenID Connect with two clients that have a back-channel. */
export const SIGN_OUT_SEED = {
  ...OPENID_SEED,
  clients: [...OPENID_SEED.clients, toldParty('agenda'), toldParty('board')],
};

/** What clients are still to be told of a person, tried or not: `client sid` each, in order. */
export async function toldOf(store: Store, userId: string): Promise<string[]> {
  // Whatever is put off is due by tomorrow.
  const tomorrow = Date.now() + DAY;
  const found = new Map<string, PendingLogout>();
  // A look passes by those that the server is writing at the moment.
  for (let looks = 0; looks < 5; looks += 1) {
    for (const one of await store.logouts.claim(10_000, tomorrow, tomorrow, [])) {
      if (one.userId === userId) found.set(one.id, one);
    }
  }
  return [...found.values()].map(({ clientId, sid }) => `${clientId} ${sid}`).sort();
}
