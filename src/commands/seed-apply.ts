// Making the database what a seed file says, one record at a time. A record that somebody changes at the
// same time is left to them.

import { notedOf } from '../protocol/client.ts';
import type { Step } from '../registry/plan.ts';
import { isRefusal } from '../registry/refusal.ts';
import { claimsOf, FURTHER_CLAIMS, toUser } from '../registry/user-entries.ts';
import { givesWay } from '../store/clients-and-users.ts';
import type { Client, User } from '../types.ts';
import { type Changed, ofClient, ofUser } from './changing.ts';
import type { Workplace } from './operator.ts';

/** @returns what was done, and a line for each record that stays as it is */
export async function applySteps(place: Workplace, steps: readonly Step[]) {
  const done: Step[] = [];
  const refused: string[] = [];
  for (const step of steps) {
    const reason = await refusalOf(place, step);
    if (reason === undefined) done.push(step);
    else refused.push(`The ${step.kind} ${step.id} is not as the seed file says: ${reason}`);
  }
  return { done, refused };
}

/** Why a step was not done; `undefined` if it was. */
async function refusalOf(place: Workplace, step: Step): Promise<string | undefined> {
  try {
    const isDone = await place.changing(changedBy(step), () => isApplied(place, step));
    return isDone ? undefined : 'somebody has changed it at the same time. See "seed diff".';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.message;
  }
}

function changedBy(step: Step): Changed {
  const whose = step.kind === 'client' ? ofClient(step.id) : ofUser(step.id);
  if (step.state === 'unlisted' || step.stored === undefined) return whose;
  return { ...whose, fields: step.differences.map(({ field }) => field) };
}

/** @returns whether it was done; it is not, if the record is no longer what it was */
async function isApplied(place: Workplace, step: Step): Promise<boolean> {
  const { store } = place;
  if (step.state === 'unlisted') return isPruned(place, step);
  if (step.kind === 'client') {
    const { stored, listed, state } = step;
    const isNew = stored === undefined || givesWay(stored, listed);
    const noted = isNew ? { registeredAt: Date.now() } : notedOf(stored);
    const client = { ...listed, ...noted };
    return stored === undefined
      ? isAdded(store.clients, client, state === 'removed')
      : store.clients.change(stored, client);
  }
  const { stored, listed, state, id } = step;
  if (stored === undefined) {
    return isAdded(store.users, { ...(await toUser(listed)), source: 'seed' }, state === 'removed');
  }
  const { username, name = username, email = null, disabled } = listed;
  const none = Object.fromEntries(FURTHER_CLAIMS.map((claim) => [claim, null]));
  const changes = { ...none, ...claimsOf(listed), username, name, email };
  return (await place.users.update(id, { ...changes, disabled })) !== undefined;
}

interface Records<Kind> {
  find(id: string): Promise<Kind | undefined>;
  add(record: Kind): Promise<boolean>;
  change(from: Kind, to: Kind): Promise<boolean>;
}

/**
 * What was removed comes back by an operator's hand, for a seed does not bring it back, and is the seed's
 * from then on.
 */
async function isAdded<Kind extends Client | User>(
  records: Records<Kind>,
  record: Kind,
  wasRemoved: boolean,
): Promise<boolean> {
  if (!wasRemoved) return records.add(record);
  const first = { ...record, source: 'command' as const };
  return (await records.add(first)) && records.change(first, record);
}

/** It is not noted as removed: if it is in the file again one day, a start adds it. */
async function isPruned(
  { store, clients, users }: Workplace,
  { kind, id }: Pick<Step, 'kind' | 'id'>,
): Promise<boolean> {
  const isOurs = async <Kind extends Client | User>(records: Records<Kind>) => {
    const there = await records.find(id);
    if (there?.source !== 'seed') return false;
    return records.change(there, { ...there, source: 'code' });
  };
  return kind === 'client'
    ? (await isOurs<Client>(store.clients)) && clients.remove(id)
    : (await isOurs<User>(store.users)) && users.remove(id);
}
