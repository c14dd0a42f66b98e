// What is in the store need not be what the settings stand for: the demo may have been here, or a
// server that was not in production. So clients and users are read through here. What nobody vouches
// for is treated as unknown, at every endpoint, and reported.

import type { Events } from '../events.ts';
import { clientUrlProblems } from '../protocol/client-urls.ts';
import type { Client, User } from '../types.ts';
import type { Store } from './store.ts';

export interface VettingOptions {
  /** Whether this server is the demo. */
  readonly demo: boolean;
  /** Whether the URLs of every client have to be good enough for production. */
  readonly production: boolean;
  /** Whether the people are those in the store, and not those of an app around this server. */
  readonly ownUsers: boolean;
  readonly events: Events;
}

/** Whose a code or a token is. */
interface Owners {
  readonly clientId: string;
  readonly userId?: string | undefined;
}

export interface Vetting {
  /** The store, without what is refused. */
  readonly store: Store;
  /** Whether a token came of a client or user that was refused when `look` was called. */
  refuses(owners: Owners): boolean;
  /** Looks for what the demo has left in the store, and reports each. */
  look(): Promise<void>;
}

/** Reports that are remembered, so that each is made once. */
const MAX_REPORTED = 1000;

const OF_THE_DEMO = 'it is of the demo, whose passwords everybody knows, and this is not the demo';

export function vetting(store: Store, options: VettingOptions): Vetting {
  const { demo, production, ownUsers, events } = options;
  const verdicts = new WeakMap<Client, string>();
  const reported = new Set<string>();
  const refused = { clients: new Set<string>(), users: new Set<string>() };

  const isOfDemo = ({ source }: Client | User) => source === 'demo' && !demo;

  /** Why a client is refused; empty where it is not. */
  function verdictOn(client: Client): string {
    if (isOfDemo(client)) return OF_THE_DEMO;
    if (!production) return '';
    let verdict = verdicts.get(client);
    if (verdict === undefined) {
      const [first] = clientUrlProblems(client, true);
      verdict = first === undefined ? '' : `${first.field} ${first.problem}`;
      verdicts.set(client, verdict);
    }
    return verdict;
  }

  function report(record: { clientId: string } | { userId: string }, problem: string): void {
    const key = JSON.stringify([record, problem]);
    if (reported.has(key)) return;
    if (reported.size >= MAX_REPORTED) reported.clear();
    reported.add(key);
    events.emit('record_refused', { ...record, problem });
  }

  function vettedClient(client: Client | undefined): Client | undefined {
    if (client === undefined) return undefined;
    const verdict = verdictOn(client);
    if (verdict === '') return client;
    report({ clientId: client.id }, verdict);
    return undefined;
  }

  function vettedUser(user: User | undefined): User | undefined {
    if (user === undefined || !isOfDemo(user)) return user;
    report({ userId: user.id }, OF_THE_DEMO);
    return undefined;
  }

  const refuses = ({ clientId, userId }: Owners) =>
    refused.clients.has(clientId) || (userId !== undefined && refused.users.has(userId));

  const unlessRefused = <Found extends { readonly grant: Owners }>(found: Found | undefined) =>
    found !== undefined && refuses(found.grant) ? undefined : found;

  return {
    store: withVerbs(store, {
      clients: withVerbs(store.clients, {
        find: async (id) => vettedClient(await store.clients.find(id)),
      }),
      users: withVerbs(store.users, {
        find: async (id) => vettedUser(await store.users.find(id)),
        findByUsername: async (username) => vettedUser(await store.users.findByUsername(username)),
        findByTypedName: async (typed) => vettedUser(await store.users.findByTypedName(typed)),
      }),
      codes: withVerbs(store.codes, {
        find: async (hash, now) => unlessRefused(await store.codes.find(hash, now)),
      }),
      refreshTokens: withVerbs(store.refreshTokens, {
        find: async (hash, now) => unlessRefused(await store.refreshTokens.find(hash, now)),
      }),
    }),
    refuses,
    async look() {
      if (demo) return;
      const [clients, users] = await Promise.all([
        store.clients.listBySource('demo'),
        ownUsers ? store.users.listBySource('demo') : [],
      ]);
      refused.clients = new Set(clients.map(({ id }) => id));
      refused.users = new Set(users.map(({ id }) => id));
      for (const clientId of refused.clients) report({ clientId }, OF_THE_DEMO);
      for (const userId of refused.users) report({ userId }, OF_THE_DEMO);
    },
  };
}

/** The same object with some of its verbs replaced. */
function withVerbs<T extends object>(all: T, some: Partial<T>): T {
  return Object.assign(Object.create(all), some);
}
