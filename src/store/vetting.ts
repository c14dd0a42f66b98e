// The store may have records that do not fit the settings: the demo may have written to it, a server that was
// not in production, or somebody whose records are not whole. So it is read through here. What nobody
// vouches for, or nobody could work with, is treated as unknown, at every endpoint, and reported.

import type { Events } from '../events.ts';
import type { AccessToken } from '../issued.ts';
import { clientUrlProblems } from '../protocol/client-urls.ts';
import { clientProblem, userProblem } from '../protocol/records.ts';
import type { Client, Consent, Grant, Ticket, User } from '../types.ts';
import { hasOtherClientFind, isBuiltIn } from './built-in-stores.ts';
import { isUnchanged } from './clients-and-users.ts';
import type { Store } from './store.ts';
import type { FoundCode, FoundRefreshToken } from './store-grants.ts';
import type { Document, Session } from './store-sessions.ts';
import { withStringIds } from './string-ids.ts';

interface VettingOptions {
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

interface Vetting {
  /** The store, without what is refused. */
  readonly store: Store;
  /** Whether a token belongs to a client or user that was refused when `look` was called. */
  refuses(owners: Owners): boolean;
  /** Looks for records that the demo has left in the store, and reports each. */
  look(): Promise<void>;
}

/** How many reports are remembered, so that each is made once. */
const MAX_REPORTED = 1000;

const OF_THE_DEMO = 'it is of the demo, whose passwords everybody knows, and this is not the demo';

const ANOTHER_ID = 'its id is not the one that it is kept under';

/** Wraps a store, so that records that it should not have count as unknown. */
export function vetting(store: Store, options: VettingOptions): Vetting {
  const { demo, production, ownUsers, events } = options;
  const withIds = isBuiltIn(store) ? <Answer>(answer: Answer) => answer : withStringIds;
  const verdicts = new WeakMap<Client | User, string>();
  const reported = new Set<string>();
  const refused = { clients: new Set<string>(), users: new Set<string>() };

  const isOfDemo = ({ source }: Client | User) => source === 'demo' && !demo;

  /** Why a record is refused; empty if it is not. A store may give out the same object each time. */
  function verdictOn<Kind extends Client | User>(
    record: Kind,
    look: (record: Kind) => string | undefined,
  ): string {
    if (isOfDemo(record)) return OF_THE_DEMO;
    let verdict = verdicts.get(record);
    if (verdict === undefined) {
      verdict = look(record) ?? '';
      verdicts.set(record, verdict);
    }
    return verdict;
  }

  function problemOfClient(client: Client): string | undefined {
    const problem = clientProblem(client);
    if (problem !== undefined || !production) return problem;
    const [first] = clientUrlProblems(client, true);
    return first && `${first.field} ${first.problem}`;
  }

  function report(record: { clientId: string } | { userId: string }, problem: string): void {
    const key = JSON.stringify([record, problem]);
    if (reported.has(key)) return;
    if (reported.size >= MAX_REPORTED) reported.clear();
    reported.add(key);
    events.emit('record_refused', { ...record, problem });
  }

  function vettedClient(clientId: string, found: Nullable<Client>): Client | undefined {
    if (found === undefined || found === null) return undefined;
    const client = withIds(found);
    const verdict = client.id === clientId ? verdictOn(client, problemOfClient) : ANOTHER_ID;
    if (verdict === '') return client;
    report({ clientId }, verdict);
    return undefined;
  }

  function vettedUser(found: Nullable<User>): User | undefined {
    if (found === undefined || found === null) return undefined;
    const user = withIds(found);
    const verdict = verdictOn(user, userProblem);
    if (verdict === '') return user;
    report({ userId: user.id }, verdict);
    return undefined;
  }

  /** A record that was found, as the server knows it. */
  const sound = <Kind>(found: Nullable<Kind>): Kind | undefined => withIds(found) ?? undefined;

  const refuses = ({ clientId, userId }: Owners) =>
    refused.clients.has(clientId) || (userId !== undefined && refused.users.has(userId));

  const unlessRefused = <Found extends { readonly grant: Owners }>(given: Nullable<Found>) => {
    const found = sound(given);
    return found === undefined || refuses(found.grant) ? undefined : found;
  };

  const ofSomebody = (given: Nullable<Ticket>) => {
    const ticket = sound(given);
    const { clientId = '', userId } = ticket ?? {};
    return refuses({ clientId, userId }) ? undefined : ticket;
  };

  /**
   * For a store of ours in which somebody has replaced `clients.find`. Our own verb compares the row alone.
   */
  const issueIfUnchanged: Store['tokens']['issueIfUnchanged'] = async (accessToken, client) => {
    const found = (await store.clients.find(client.id)) ?? undefined;
    return isUnchanged(found, client) && store.tokens.issueIfUnchanged(accessToken, client);
  };

  return {
    store: withVerbs(store, {
      clients: withVerbs(store.clients, {
        find: async (id) => vettedClient(id, await store.clients.find(id)),
        removeUnused: async (...args) => (await store.clients.removeUnused(...args)).map(String),
      } satisfies Finders<Store['clients'], Client>),
      users: withVerbs(store.users, {
        find: async (id) => vettedUser(await store.users.find(id)),
        findByUsername: async (username) => vettedUser(await store.users.findByUsername(username)),
        findByTypedName: async (typed) => vettedUser(await store.users.findByTypedName(typed)),
      } satisfies Finders<Store['users'], User>),
      ...(hasOtherClientFind(store) && { tokens: withVerbs(store.tokens, { issueIfUnchanged }) }),
      codes: withVerbs(store.codes, {
        find: async (hash, now) => unlessRefused(await store.codes.find(hash, now)),
      } satisfies Finders<Store['codes'], FoundCode>),
      refreshTokens: withVerbs(store.refreshTokens, {
        find: async (hash, now) => unlessRefused(await store.refreshTokens.find(hash, now)),
      } satisfies Finders<Store['refreshTokens'], FoundRefreshToken>),
      consents: withVerbs(store.consents, {
        find: async (...key) => sound(await store.consents.find(...key)),
        listByUser: async (id) => withIds(await store.consents.listByUser(id)),
      } satisfies Finders<Store['consents'], Consent>),
      grants: withVerbs(store.grants, {
        find: async (id, now) => sound(await store.grants.find(id, now)),
        listByUser: async (id, now) => withIds(await store.grants.listByUser(id, now)),
        listBySession: async (...key) => withIds(await store.grants.listBySession(...key)),
      } satisfies Finders<Store['grants'], Grant>),
      accessTokens: withVerbs(store.accessTokens, {
        find: async (hash, now) => sound(await store.accessTokens.find(hash, now)),
        findWithPerson: async (hash, now) => {
          const found = sound(await store.accessTokens.findWithPerson(hash, now));
          return found && { ...found, user: vettedUser(found.user) };
        },
        findOwner: async (token, now) => sound(await store.accessTokens.findOwner(token, now)),
      } satisfies Finders<Store['accessTokens'], AccessToken>),
      requests: withVerbs(store.requests, {
        find: async (hash, now) => sound(await store.requests.find(hash, now)),
        add: async (...request) => sound(await store.requests.add(...request)),
      } satisfies Finders<Store['requests'], Document>),
      tickets: withVerbs(store.tickets, {
        find: async (...key) => ofSomebody(await store.tickets.find(...key)),
        take: async (...key) => ofSomebody(await store.tickets.take(...key)),
      } satisfies Finders<Store['tickets'], Ticket>),
      logouts: withVerbs(store.logouts, {
        find: async (ids, now) => withIds(await store.logouts.find(ids, now)),
        claim: async (...limit) => withIds(await store.logouts.claim(...limit)),
      }),
      sessions: withVerbs(store.sessions, {
        find: async (hash, now) => sound(await store.sessions.find(hash, now)),
      } satisfies Finders<Store['sessions'], Session>),
    }),
    refuses,
    async look() {
      if (demo) return;
      const [clients, users] = await Promise.all([
        store.clients.listBySource('demo'),
        ownUsers ? store.users.listBySource('demo') : [],
      ]);
      refused.clients = new Set(withIds(clients).map(({ id }) => id));
      refused.users = new Set(withIds(users).map(({ id }) => id));
      for (const clientId of refused.clients) report({ clientId }, OF_THE_DEMO);
      for (const userId of refused.users) report({ userId }, OF_THE_DEMO);
    },
  };
}

/** What a verb finds; the store of somebody else may say `null` if there is nothing. */
type Nullable<Kind> = Kind | undefined | null;

/** The verbs of a noun that answer with one of its records; others may be beside them. */
type Finders<Noun, Kind> = {
  [Verb in keyof Noun as Noun[Verb] extends (...args: never[]) => Promise<Kind | undefined>
    ? Verb
    : never]: Noun[Verb];
} & Partial<Noun>;

/**
 * The same object with some of its verbs replaced. Those of the others run on the object itself, which
 * may be of a class with private fields, and may be changed later.
 */
function withVerbs<T extends object>(all: T, some: Partial<T>): T {
  const result = Object.create(all);
  for (const name of namesOf(all)) {
    const verb = (...args: unknown[]) =>
      (all as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    Object.defineProperty(result, name, { value: verb, writable: true, configurable: true });
  }
  for (const [name, value] of Object.entries(some)) {
    Object.defineProperty(result, name, { value, writable: true, configurable: true });
  }
  return result;
}

/** The names of an object's verbs, also of those that its class has. */
function namesOf(all: object): string[] {
  const names = new Set<string>();
  for (let one = all; one !== Object.prototype && one !== null; one = Object.getPrototypeOf(one)) {
    for (const name of Object.getOwnPropertyNames(one)) names.add(name);
  }
  return [...names].filter(
    (name) =>
      typeof (all as Record<string, unknown>)[name] === 'function' && name !== 'constructor',
  );
}
