// From a seed into a store.

import type { Store } from '../store/store.ts';
import { storeEntries } from '../subjects/entries.ts';
import { userIdOf } from '../subjects/user-entries.ts';
import type { Source } from '../types.ts';
import { type Seed, SeedError } from './seed.ts';

/**
 * Puts the clients and users of a seed into a store. A client that is there already is replaced,
 * because the file is where clients are changed. A user is not, because what a person has changed,
 * above all the password, is theirs. If several processes do this at once, one of them adds a user.
 *
 * @param secret that of the server; only clients with the method client_secret_jwt need it
 * @param source what the records say of where they came from. A seed takes over what the demo wrote,
 *   and the demo takes over nothing.
 * @throws SeedError with a line for each entry whose id or username belongs to somebody else in the
 *   store; all others are there
 * @throws TypeError if there is such a client and no secret
 */
export async function applySeed(
  store: Store,
  seed: Seed,
  secret?: string,
  source: Extract<Source, 'demo' | 'seed'> = 'seed',
): Promise<void> {
  if (source === 'demo') await assertRoomForDemo(store, seed);
  const scopes = Object.keys(seed.scopes);
  const lines = await storeEntries(store, seed, { scopes, secret, source });
  if (lines.length > 0) throw new SeedError(lines.join('\n'));
}

/** A demo on a database that is in use would open it with passwords that everybody knows. */
async function assertRoomForDemo(store: Store, seed: Seed): Promise<void> {
  const refuse = (what: string) => {
    throw new SeedError(
      `The demo cannot use this database, which has a ${what} that is not the demo's. Set DEMO=off, or DATABASE_URL to another database.`,
    );
  };
  for (const { client_id: id } of seed.clients) {
    const there = await store.clients.find(id);
    if (there && there.source !== 'demo') refuse(`client ${id}`);
  }
  for (const entry of seed.users) {
    const there =
      (await store.users.find(userIdOf(entry))) ??
      (await store.users.findByUsername(entry.username));
    if (there && there.source !== 'demo') refuse(`user ${entry.username}`);
  }
}
