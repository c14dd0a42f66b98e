// Lists of clients and users, as a seed or the options have them: what is wrong with them, and how they
// get into a store.

import { toClient } from '../clients/client-record.ts';
import { type ClientMetadata, readClientMetadata } from '../clients/metadata.ts';
import type { ClientRules } from '../clients/metadata-rules.ts';
import type { Checked } from '../clients/problems.ts';
import { type Store, SubjectTaken, UsernameTaken } from '../store/store.ts';
import { givesWay, isUnchanged } from '../store/subjects.ts';
import type { Client, Source } from '../types.ts';
import { readUserEntry, toUser, type UserEntry, userIdOf } from './user-entries.ts';

/** Clients with their secrets in the clear, and users with their passwords. */
export interface Entries {
  readonly clients: readonly ClientMetadata[];
  readonly users: readonly UserEntry[];
}

/**
 * Checks the entries of two lists, each by itself and beside the others.
 *
 * @returns the entries, or a line for each problem, which begins with the entry and the field
 */
export function readEntries(
  { clients, users }: { readonly clients: readonly unknown[]; readonly users: readonly unknown[] },
  rules: ClientRules,
): { readonly entries: Entries; readonly lines: readonly string[] } {
  const readClients = clients.map((plain) => readClientMetadata(plain, rules));
  const readUsers = users.map(readUserEntry);
  const lines = [
    ...linesOf('clients', clients, readClients),
    ...linesOf('users', users, readUsers),
    ...clashes(clients, users),
  ];
  const valuesOf = <Value>(checked: readonly Checked<Value>[]) =>
    checked.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return { entries: { clients: valuesOf(readClients), users: valuesOf(readUsers) }, lines };
}

/** A line for each problem, which begins with the entry's place and name, then the field. */
function linesOf(
  list: string,
  entries: readonly unknown[],
  checked: readonly Checked<unknown>[],
): string[] {
  return checked.flatMap(({ problems }, index) =>
    problems.map(({ field, problem }) =>
      [placeOf(list, entries[index], index), field, problem]
        .filter((part) => part !== '')
        .join(' '),
    ),
  );
}

/** `clients[1] (my-app)` */
function placeOf(list: string, entry: unknown, index: number): string {
  const { client_id, username } = Object(entry);
  const name = client_id ?? username;
  return `${list}[${index}]${typeof name === 'string' ? ` (${name})` : ''}`;
}

/** A line for each entry that has what another one has, and may not share it. */
function clashes(clients: readonly unknown[], users: readonly unknown[]): string[] {
  const lines: string[] = [];
  const once = (
    list: string,
    entries: readonly unknown[],
    values: readonly unknown[],
    field: string,
  ) => {
    for (const [index, value] of values.entries()) {
      if (value === undefined || values.indexOf(value) === index) continue;
      lines.push(`${placeOf(list, entries[index], index)} ${field} is there twice`);
    }
  };
  const clientIds = clients.map((client) => Object(client).client_id);
  const usernames = users.map((user) => Object(user).username);
  const userIds = users.map((user) => userIdOf(Object(user)));
  once('clients', clients, clientIds, 'client_id');
  once('users', users, usernames, 'username');
  once('users', users, userIds, 'id');
  for (const [index, id] of userIds.entries()) {
    if (id === undefined || !clientIds.includes(id)) continue;
    lines.push(
      `${placeOf('users', users[index], index)} has the id ${id}, which is that of a client: give the user another "id" (RFC 9068 section 5)`,
    );
  }
  return lines;
}

/**
 * Puts clients and users into a store. A client that is there already is replaced, because the list is
 * where clients are changed. A user is not, because what a person has changed, above all the password,
 * is theirs. If several processes do this at once, one of them adds a user.
 *
 * @param scopes what a client gets if its entry has no scope
 * @param secret that of the server; only clients with the method client_secret_jwt need it
 * @param source what the records say of where they came from
 * @returns a line for each entry whose id or username belongs to somebody else; all others are there
 * @throws TypeError if there is a client that needs the secret, and none
 */
export async function storeEntries(
  store: Store,
  { clients, users }: Entries,
  {
    scopes,
    secret,
    source,
  }: {
    readonly scopes: readonly string[];
    readonly secret?: string | undefined;
    readonly source: Source;
  },
): Promise<string[]> {
  const problems: (string | undefined)[] = [];
  for (const entry of clients) {
    const stored = storeClient(store, { ...toClient(entry, scopes, secret), source });
    problems.push(await problemOf(stored, `client ${entry.client_id}`));
  }
  for (const entry of users) {
    // First a look, because hashing a password is work, and most users are there already.
    const there = await store.users.find(userIdOf(entry));
    if (there && !givesWay(there, { source })) continue;
    const stored = store.users.add({ ...(await toUser(entry)), source });
    const what = `user ${userIdOf(entry)} with the username ${entry.username}`;
    problems.push(await problemOf(stored, what));
  }
  return problems.filter((problem) => problem !== undefined);
}

/**
 * A seed is stored by one process of several. The options are by each, and most starts change nothing:
 * then nothing is written.
 */
async function storeClient(store: Store, client: Client): Promise<void> {
  const there = client.source === 'options' ? await store.clients.find(client.id) : undefined;
  // A store of somebody else's may say null.
  if (!isUnchanged(there ?? undefined, client)) await store.clients.save(client);
}

/** Why the store does not take an entry; `undefined` if it does. */
async function problemOf(stored: Promise<unknown>, what: string): Promise<string | undefined> {
  try {
    await stored;
    return undefined;
  } catch (error) {
    if (!(error instanceof UsernameTaken || error instanceof SubjectTaken)) throw error;
    return `The ${what} cannot be added to the store. ${error.message}`;
  }
}
