// Going through all records of a kind, page by page.

import type { Client, User } from '../types.ts';
import type { AdministrableStore, Page, Removal } from './administration.ts';

/** How many records are read in one go. */
const LIMIT = 500;

/**
 * All records, in order of their keys. Those that are added meanwhile may be among them.
 *
 * @param list reads a page
 * @param keyOf what `Page.after` is told of a record
 */
export async function* allOf<Kind>(
  list: (page: Page) => Promise<readonly Kind[]>,
  keyOf: (record: Kind) => string,
): AsyncGenerator<Kind> {
  let after: string | undefined;
  for (;;) {
    const page = await list({ after, limit: LIMIT });
    yield* page;
    if (page.length < LIMIT) return;
    after = keyOf(page.at(-1)!);
  }
}

/** All clients, in order of their ids. */
export function allClients({ administration }: AdministrableStore): AsyncGenerator<Client> {
  return allOf(
    (page) => administration.listClients(page),
    ({ id }) => id,
  );
}

/** All users, in order of their ids. */
export function allUsers({ administration }: AdministrableStore): AsyncGenerator<User> {
  return allOf(
    (page) => administration.listUsers(page),
    ({ id }) => id,
  );
}

/** Of some ids, those of what was removed and is not brought back. */
export async function removedAmong(
  { administration }: AdministrableStore,
  kind: Removal['kind'],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(ids);
  const found = new Set<string>();
  const all = allOf(
    (page) => administration.listRemovals(kind, page),
    ({ id }) => id,
  );
  for await (const { id } of all) if (wanted.has(id)) found.add(id);
  return found;
}
