// From a seed into a store.

import { type LeftAlone, storeEntries } from '../registry/entries.ts';
import { userIdOf } from '../registry/user-entries.ts';
import type { AdministrableStore, Removal } from '../store/administration.ts';
import { removedAmong } from '../store/pages.ts';
import type { Store } from '../store/store.ts';
import type { Source } from '../types.ts';
import { type Seed, SeedError } from './seed.ts';

/** What the seed and the store do not agree about, and go on not agreeing about. */
export interface Applied {
  /** What the seed says, and the store does not: it was changed or removed there. */
  readonly leftAlone: readonly LeftAlone[];
  /** What is in the store from a seed, and is no longer in this one. */
  readonly unlisted: readonly { readonly kind: 'client' | 'user'; readonly id: string }[];
}

/**
 * Puts the clients and users of a seed into a store. A client that came from a seed is made what this
 * one says, because the file is where it is changed; one that an operator has changed by a command is
 * left alone, and so is a user, because what a person has changed, above all the password, is theirs.
 * What was removed stays away. If several processes do this at once, one of them adds a user.
 *
 * @param secret that of the server; only clients with the method client_secret_jwt need it
 * @param source what the records say of where they came from. A seed takes over what the demo wrote,
 *   and the demo takes over nothing.
 * @throws SeedError with a line for each entry whose id or username belongs to somebody else in the
 *   store; nothing is written then, unless somebody else takes one of them at the same time
 * @throws TypeError if there is such a client and no secret
 */
export async function applySeed(
  store: Store,
  seed: Seed,
  secret?: string,
  source: Extract<Source, 'demo' | 'seed'> = 'seed',
): Promise<Applied> {
  await (source === 'demo' ? assertRoomForDemo : assertRoom)(store, seed);
  const scopes = Object.keys(seed.scopes);
  const { lines, leftAlone } = await storeEntries(store, seed, { scopes, secret, source });
  if (lines.length > 0) throw new SeedError(lines.join('\n'));
  return { leftAlone, unlisted: source === 'demo' ? [] : await unlistedIn(store, seed) };
}

/** What is in a store from a seed, and is not in this one, by kind and id. */
export async function unlistedIn(store: Store, seed: Seed): Promise<Applied['unlisted']> {
  const idsOf = (records: readonly { readonly id: string }[]) =>
    records.map(({ id }) => String(id)).sort();
  const clients = new Set(seed.clients.map(({ client_id }) => client_id));
  const users = new Set(seed.users.map(userIdOf));
  return [
    ...idsOf(await store.clients.listBySource('seed'))
      .filter((id) => !clients.has(id))
      .map((id) => ({ kind: 'client', id }) as const),
    ...idsOf(await store.users.listBySource('seed'))
      .filter((id) => !users.has(id))
      .map((id) => ({ kind: 'user', id }) as const),
  ];
}

/** An entry of a seed that cannot be added, because its id or username belongs to somebody else. */
interface Clash {
  readonly kind: 'client' | 'user';
  readonly id: string;
  /** The entry in words, for a message. */
  readonly what: string;
  /** Whose the id or the username is: a sentence. */
  readonly problem: string;
}

/** @throws SeedError with a line for each entry of a seed that cannot be added to a store */
async function assertRoom(store: Store, seed: Seed): Promise<void> {
  const clashes = await clashesIn(store, seed);
  if (clashes.length === 0) return;
  const lines = clashes.map(
    ({ what, problem }) => `The ${what} cannot be added to the store. ${problem}`,
  );
  throw new SeedError(lines.join('\n'));
}

/**
 * Finds out who in a seed has no room in a store. Who was removed needs none, for a seed does not bring
 * them back.
 */
export async function clashesIn(store: Store, { clients, users }: Seed): Promise<readonly Clash[]> {
  const found: Clash[] = [];
  const isTaken = (record: { readonly source?: Source | undefined } | undefined | null) =>
    record !== undefined && record !== null && record.source !== 'demo';
  const clientIds = clients.map(({ client_id }) => client_id);
  const removedClients = await removedIn(store, 'client', clientIds);
  const removedUsers = await removedIn(store, 'user', users.map(userIdOf));
  for (const id of clientIds) {
    if (removedClients.has(id) || !isTaken(await store.users.find(id))) continue;
    const problem = 'A user has the id of the client.';
    found.push({ kind: 'client', id, what: `client ${id}`, problem });
  }
  for (const entry of users) {
    const id = userIdOf(entry);
    if (removedUsers.has(id) || isTaken(await store.users.find(id))) continue;
    const clash = (problem: string) => {
      const what = `user ${id} with the username ${entry.username}`;
      found.push({ kind: 'user', id, what, problem });
    };
    if (isTaken(await store.clients.find(id))) clash('A client has the id of the user.');
    // Another server that starts at this moment may have added this very user since.
    const named = await store.users.findByUsername(entry.username);
    if (named?.id !== id && isTaken(named)) clash('The username is taken.');
  }
  return found;
}

/** A store in memory, or of somebody's own, notes nothing of what was removed. */
async function removedIn(
  store: Store | AdministrableStore,
  kind: Removal['kind'],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return 'administration' in store ? removedAmong(store, kind, ids) : new Set();
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
