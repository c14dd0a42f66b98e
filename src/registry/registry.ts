// The clients and users of a server that are not in a seed: those that the options list, which are
// stored before the first request is answered, and those that a program registers.

import type { RequestHandler } from 'express';
import type { SectorIdentifiers } from '../clients/sector-identifiers.ts';
import type { Events } from '../events.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import type { WantsSigned } from '../oauth/keys.ts';
import type { Settings } from '../option-defaults.ts';
import type { Store } from '../store/store.ts';
import type { Source } from '../types.ts';
import { type ClientRegistry, clientRegistry } from './client-registry.ts';
import { type Entries, readEntries, storeEntries } from './entries.ts';
import { clientRules } from './rules.ts';
import { type MakeResetLink, type UserRegistry, userRegistry } from './user-registry.ts';
import { removal } from './user-removal.ts';

/** Who registers and changes clients and users while the server runs: its program, or an operator. */
export type RegisteredBy = Extract<Source, 'code' | 'command'>;

interface Parts {
  readonly by: RegisteredBy;
  /** As it is, with what the demo has left in it. */
  readonly store: Store;
  /** Without what is refused. */
  readonly vetted: Store;
  readonly events: Events;
  readonly sessionEnds: SessionEnds;
  readonly createResetLink: MakeResetLink;
  /** Whether people are those in the store. */
  readonly ownUsers: boolean;
  /** Finds out whether the secret is that of the store. */
  readonly checkSecret: () => Promise<void>;
  readonly sectors: SectorIdentifiers;
  /** Has keys published for what clients want signed. */
  readonly prepareKeys: (clients: readonly WantsSigned[]) => Promise<void>;
}

export interface Registry {
  readonly clients: ClientRegistry;
  readonly users: UserRegistry;
  /** Stores what the options list, once; absent if they list nothing. */
  readonly prepare?: () => Promise<void>;
  /** Holds requests back until that is done; absent likewise. */
  readonly gate?: RequestHandler;
}

/** @throws TypeError with a line for each problem of the options `clients` and `users` */
export function createRegistry(settings: Settings, parts: Parts): Registry {
  const { clients, users, secret } = settings;
  const { by, vetted: store, events, sessionEnds, createResetLink } = parts;
  const { ownUsers, sectors, prepareKeys } = parts;
  const rules = clientRules(settings);
  const clientIds = new Set(clients?.map((one) => Object(one).client_id));
  const userIds = new Set(users?.map((one) => Object(one).id ?? Object(one).username));
  const registries = {
    clients: clientRegistry({
      by,
      store,
      secret,
      rules,
      declared: clientIds,
      sectors,
      prepareKeys,
    }),
    users: ownUsers
      ? userRegistry({ by, store, declared: userIds, sessionEnds, createResetLink, events })
      : { ...NO_USERS, ...removal({ store, declared: userIds, sessionEnds }) },
  };
  if (clients === undefined && users === undefined) return registries;
  const { entries, lines } = readEntries({ clients: clients ?? [], users: users ?? [] }, rules);
  if (lines.length > 0) throw unusable(lines);
  let done: Promise<void> | undefined;
  let isDone = false;
  const prepare = () => {
    done ??= storeAll({ ...parts, secret, scopes: rules.scopes }, entries).then(
      () => {
        isDone = true;
      },
      (error: unknown) => {
        // The next caller tries again: a database may have been away.
        done = undefined;
        throw error;
      },
    );
    return done;
  };
  const gate: RequestHandler = (_req, _res, next) =>
    isDone ? next() : prepare().then(() => next(), next);
  return { ...registries, prepare, gate };
}

/** @throws TypeError */
const refuse = async () => {
  throw new TypeError(
    'The users of this server are those of the app around it: it has authenticate or findUser. users.remove() ends all that one of them has here.',
  );
};
const NO_USERS: Omit<UserRegistry, 'remove'> = {
  register: refuse,
  update: refuse,
  find: refuse,
  createResetLink: refuse,
};

async function storeAll(
  {
    store,
    secret,
    scopes,
    events,
    checkSecret,
    prepareKeys,
  }: Parts & { readonly secret: string; readonly scopes: readonly string[] },
  entries: Entries,
): Promise<void> {
  const methods = entries.clients.map((client) => client.token_endpoint_auth_method);
  // Before something is encrypted with a secret that is not the store's.
  if (methods.includes('client_secret_jwt')) await checkSecret();
  await prepareKeys(entries.clients);
  const { lines } = await storeEntries(store, entries, {
    scopes,
    secret,
    source: 'options',
  });
  if (lines.length > 0) throw unusable(lines);
  const listed = new Set(entries.clients.map(({ client_id }) => client_id));
  for (const { id } of await store.clients.listBySource('options')) {
    if (!listed.has(String(id))) events.emit('client_unlisted', { clientId: String(id) });
  }
}

function unusable(lines: readonly string[]): TypeError {
  const all = lines.map((line) => `\n  - ${line}`).join('');
  return new TypeError(
    `The options clients and users of authorizationServer() cannot be used:${all}`,
  );
}
