// Ids in what a store answers. Tables of somebody's own often count, and give out whole numbers; here an
// id is a string, as the `sub` and `client_id` of tokens are, and 7 is not '7'.

import type { Store } from './store.ts';

const IDS = ['id', 'userId', 'clientId'] as const;

/** What an answer of the store may have in it that has ids as well. */
const PARTS = ['grant', 'code', 'token'] as const;

/** An answer of a store with strings for its ids; the same object if they are strings already. */
export function withStringIds<Answer>(answer: Answer): Answer {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map(withStringIds) as Answer;
  const record = answer as Record<string, unknown>;
  const changes: Record<string, unknown> = {};
  for (const name of IDS) {
    const id = record[name];
    if (Number.isSafeInteger(id) || typeof id === 'bigint') changes[name] = String(id);
  }
  for (const name of PARTS) {
    const part = withStringIds(record[name]);
    if (part !== record[name]) changes[name] = part;
  }
  for (const _changed in changes) return { ...answer, ...changes };
  return answer;
}

/** Our own stores and their verbs, which answer strings anyway. */
const answering = new WeakSet<object>();

/** A store of ours, whose answers need not be looked through. */
export function answeringStrings<Kind extends Store>(store: Kind): Kind {
  for (const part of [store, ...verbsOf(store)]) answering.add(part);
  return store;
}

/** Whether a store is one of ours, and nobody has put other verbs in the place of some. */
export function answersStrings(store: Store): boolean {
  return answering.has(store) && verbsOf(store).every((verb) => answering.has(verb));
}

/** Whether a store is one of ours but for the look-up of clients, which somebody has put another one for. */
export function findsOtherClients({ clients, tokens }: Store): boolean {
  return answering.has(tokens.issueToClient) && !answering.has(clients.find);
}

function verbsOf(store: Store): object[] {
  return Object.values(store).flatMap((noun: object) =>
    typeof noun === 'function' ? [noun] : Object.values(noun),
  );
}
