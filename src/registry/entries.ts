// Lists of clients and users, as a seed or the options have them: what is wrong with them, and how they
// get into a store.

import { toClient } from '../clients/client-record.ts';
import { type ClientMetadata, readClientMetadata } from '../clients/metadata.ts';
import type { ClientRules } from '../clients/metadata-rules.ts';
import { notedOf } from '../protocol/client.ts';
import type { Checked } from '../protocol/problems.ts';
import { givesWay } from '../store/clients-and-users.ts';
import { type Store, SubjectTaken, UsernameTaken } from '../store/store.ts';
import type { Client, Source } from '../types.ts';
import { clientDifferences, userDifferences } from './differences.ts';
import { readUserEntry, toUser, type UserEntry, userIdOf } from './user-entries.ts';

/** How often a change begins anew because somebody else was faster. */
const ATTEMPTS = 20;

/** Clients with their secrets in the clear, and users with their passwords. */
export interface Entries {
  readonly clients: readonly ClientMetadata[];
  readonly users: readonly UserEntry[];
}

/** Keeps values out of messages that came from somewhere else than the lists. */
export interface Hiding {
  /** What a message quotes of a field, by its path: `clients[0].client_id`. */
  quoted(field: string, text: string): string;
  /** A problem of a field, of which it may quote something. */
  hide(field: string, problem: string): string;
}

const HIDE_NOTHING: Hiding = { quoted: (_field, text) => text, hide: (_field, text) => text };

/**
 * Checks the entries of two lists, each by itself and beside the others.
 *
 * @returns the entries, or a line for each problem, which begins with the entry and the field
 */
export function readEntries(
  { clients, users }: { readonly clients: readonly unknown[]; readonly users: readonly unknown[] },
  rules: ClientRules,
  hiding = HIDE_NOTHING,
): { readonly entries: Entries; readonly lines: readonly string[] } {
  const readClients = clients.map((plain) => readClientMetadata(plain, rules));
  const readUsers = users.map(readUserEntry);
  const lines = [
    ...linesOf('clients', clients, readClients, hiding),
    ...linesOf('users', users, readUsers, hiding),
    ...clashes(clients, users, hiding),
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
  hiding: Hiding,
): string[] {
  return checked.flatMap(({ problems }, index) =>
    problems.map(({ field, problem }) =>
      [
        placeOf(list, entries[index], index, hiding),
        field,
        hiding.hide(`${list}[${index}]${field && `.${field}`}`, problem),
      ]
        .filter((part) => part !== '')
        .join(' '),
    ),
  );
}

/** `clients[1] (my-app)` */
function placeOf(list: string, entry: unknown, index: number, { quoted }: Hiding): string {
  const { client_id, username } = Object(entry);
  const name = client_id ?? username;
  const place = `${list}[${index}]`;
  if (typeof name !== 'string') return place;
  return `${place} (${quoted(`${place}.${client_id === undefined ? 'username' : 'client_id'}`, name)})`;
}

/** A line for each entry that has what another one has, and may not share it. */
function clashes(clients: readonly unknown[], users: readonly unknown[], hiding: Hiding): string[] {
  const lines: string[] = [];
  const once = (
    list: string,
    entries: readonly unknown[],
    values: readonly unknown[],
    field: string,
  ) => {
    for (const [index, value] of values.entries()) {
      if (value === undefined || values.indexOf(value) === index) continue;
      lines.push(`${placeOf(list, entries[index], index, hiding)} ${field} is there twice`);
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
    const field = Object(users[index]).id === undefined ? 'username' : 'id';
    const shown = hiding.quoted(`users[${index}].${field}`, id);
    lines.push(
      `${placeOf('users', users[index], index, hiding)} has the id ${shown}, which is that of a client: give the user another "id" (RFC 9068 section 5)`,
    );
  }
  return lines;
}

/** Something that a list says and the store does not, and that stays so. */
export interface LeftAlone {
  readonly kind: 'client' | 'user';
  readonly id: string;
  /** The fields that differ; absent if it was removed. */
  readonly fields?: readonly string[];
}

/** The outcome for the entries of a list. */
interface Stored {
  /** A line for each entry whose id or username belongs to somebody else. */
  readonly lines: readonly string[];
  readonly leftAlone: readonly LeftAlone[];
}

interface Storing {
  /** What a client gets if its entry has no scope. */
  readonly scopes: readonly string[];
  /** Of the server; only clients with the method client_secret_jwt need it. */
  readonly secret?: string | undefined;
  /** What the records say of where they came from. */
  readonly source: Source;
}

/**
 * Puts clients and users into a store: what is new is added. A client that is there already is made what
 * the list says, because that is where it is changed, unless an operator has changed it by a command. A
 * user stays as they are, because what a person has changed, above all the password, is theirs. What
 * somebody has removed stays away, if the store notes it. If several processes do this at once, or
 * somebody changes a client meanwhile, nothing is lost.
 *
 * @throws TypeError if there is a client that needs the secret, and none
 */
export async function storeEntries(
  store: Store,
  { clients, users }: Entries,
  storing: Storing,
): Promise<Stored> {
  const lines: string[] = [];
  const leftAlone: LeftAlone[] = [];
  const attempt = async (what: string, work: () => Promise<LeftAlone | undefined>) => {
    try {
      const left = await work();
      if (left !== undefined) leftAlone.push(left);
    } catch (error) {
      if (!(error instanceof UsernameTaken || error instanceof SubjectTaken)) throw error;
      lines.push(`The ${what} cannot be added to the store. ${error.message}`);
    }
  };
  for (const entry of clients) {
    const { scopes, secret, source } = storing;
    const client = { ...toClient(entry, scopes, secret), source };
    await attempt(`client ${client.id}`, () => storeClient(store, client, secret));
  }
  for (const entry of users) {
    const what = `user ${userIdOf(entry)} with the username ${entry.username}`;
    await attempt(what, () => storeUser(store, entry, storing.source));
  }
  return { lines, leftAlone };
}

async function storeClient(
  store: Store,
  client: Client,
  secret: string | undefined,
): Promise<LeftAlone | undefined> {
  const { id, source } = client;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // A store of somebody else's may say null.
    const there = (await store.clients.find(id)) ?? undefined;
    if (there === undefined || givesWay(there, client)) {
      if (await store.clients.add({ ...client, registeredAt: Date.now() })) return undefined;
      // Either somebody else was faster, or it was removed.
      if (((await store.clients.find(id)) ?? undefined) === undefined)
        return { kind: 'client', id };
      continue;
    }
    const fields = clientDifferences(there, client, secret).map(({ field }) => field);
    if (fields.length === 0 && there.source === source) return undefined;
    if (there.source === 'command' && source !== 'options') {
      return fields.length === 0 ? undefined : { kind: 'client', id, fields };
    }
    if (await store.clients.change(there, { ...client, ...notedOf(there) })) return undefined;
  }
  throw new Error(`Too many changes to the client ${id} at once: try again.`);
}

async function storeUser(
  store: Store,
  entry: UserEntry,
  source: Source,
): Promise<LeftAlone | undefined> {
  const id = userIdOf(entry);
  const find = async () => (await store.users.find(id)) ?? undefined;
  // First a look, because hashing a password is work, and most users are there already.
  let there = await find();
  if (there === undefined || givesWay(there, { source })) {
    if (await store.users.add({ ...(await toUser(entry)), source })) return undefined;
    there = await find();
    if (there === undefined) return { kind: 'user', id };
  }
  const fields = userDifferences(there, entry).map(({ field }) => field);
  return fields.length === 0 ? undefined : { kind: 'user', id, fields };
}
