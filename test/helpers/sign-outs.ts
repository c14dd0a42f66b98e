// Sign-outs: clients that want to be told of them, and what they are to be told.

import type { Store } from '../../src/store/store.ts';
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
  const all = await store.logouts.claim(10_000, tomorrow, tomorrow, []);
  return all
    .filter((one) => one.userId === userId)
    .map(({ clientId, sid }) => `${clientId} ${sid}`)
    .sort();
}
