// What would have to be done so that a store has what a list of clients and users says.

import { toClient } from '../clients/client-record.ts';
import type { Client, User } from '../types.ts';
import { clientDifferences, type Difference, userDifferences } from './differences.ts';
import type { Entries } from './entries.ts';
import { type UserEntry, userIdOf } from './user-entries.ts';

interface Named {
  readonly kind: 'client' | 'user';
  readonly id: string;
}

/**
 * What there is to say of an entry. `missing`: the next start adds it. `refused`: it cannot be added, and the
 * next start is refused because of it. `outdated`: the next start makes
 * it what the list says. `overruled`: it belongs to the database, and a start leaves it alone. `removed`:
 * somebody has removed it, and a start does not bring it back.
 */
type State = 'missing' | 'refused' | 'outdated' | 'overruled' | 'removed';

interface Entry<Kind extends Named['kind'], Stored, Listed> {
  readonly kind: Kind;
  readonly id: string;
  readonly state: State;
  /** Absent if it is not there. */
  readonly stored?: Stored | undefined;
  readonly listed: Listed;
  /** Why it cannot be added: a sentence; absent if it can. */
  readonly problem?: string | undefined;
  readonly differences: readonly Difference[];
}

/** Something in the store that came from a list, and is in it no longer: it goes on working. */
interface Unlisted extends Named {
  readonly state: 'unlisted';
}

/** One thing that a list and a store do not agree about. */
export type Step = Entry<'client', Client, Client> | Entry<'user', User, UserEntry> | Unlisted;

/** What a store has of a list. */
export interface Found {
  readonly clients: ReadonlyMap<string, Client>;
  readonly users: ReadonlyMap<string, User>;
  /** The ids of what somebody has removed. */
  readonly removed: { readonly client: ReadonlySet<string>; readonly user: ReadonlySet<string> };
  readonly unlisted: readonly Named[];
  /** What cannot be added, each with the reason. */
  readonly clashes: readonly (Named & { readonly problem: string })[];
}

/**
 * Compares a list with what a store has of it.
 *
 * @param scopes what a client gets if its entry has no scope
 * @param secret that of the server
 */
export function planOf(
  { clients, users }: Entries,
  found: Found,
  { scopes, secret }: { readonly scopes: readonly string[]; readonly secret: string },
): readonly Step[] {
  const absent = (kind: Named['kind'], id: string) => {
    const problem = found.clashes.find((one) => one.kind === kind && one.id === id)?.problem;
    if (problem !== undefined) return { state: 'refused', problem, differences: [] } as const;
    const state = found.removed[kind].has(id) ? 'removed' : 'missing';
    return { state, differences: [] } as const;
  };
  const ofClients = clients.map((entry): Step => {
    const listed: Client = { ...toClient(entry, scopes, secret), source: 'seed' };
    const { id } = listed;
    const stored = found.clients.get(id);
    const step = { kind: 'client', id, listed, stored } as const;
    if (stored === undefined) return { ...step, ...absent('client', id) };
    const state = stored.source === 'command' ? 'overruled' : 'outdated';
    return { ...step, state, differences: clientDifferences(stored, listed, secret) };
  });
  const ofUsers = users.map((listed): Step => {
    const id = userIdOf(listed);
    const stored = found.users.get(id);
    const step = { kind: 'user', id, listed, stored } as const;
    if (stored === undefined) return { ...step, ...absent('user', id) };
    return { ...step, state: 'overruled', differences: userDifferences(stored, listed) };
  });
  const isSame = (step: Step) =>
    step.state !== 'unlisted' && step.stored !== undefined && step.differences.length === 0;
  return [
    ...[...ofClients, ...ofUsers].filter((step) => !isSame(step)),
    ...found.unlisted.map(({ kind, id }): Unlisted => ({ kind, id, state: 'unlisted' })),
  ];
}
