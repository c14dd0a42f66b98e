// Which stores are ours, with verbs of ours: of these the server knows more than the port promises.

import type { Store } from './store.ts';

/** Our own stores and their verbs, which answer strings anyway. */
const builtIn = new WeakSet<object>();

const lasting = new WeakSet<object>();

/** A store of ours that is there after a restart. */
export function markLasting<Kind extends Store>(store: Kind): Kind {
  lasting.add(store);
  return markBuiltIn(store);
}

/** Whether a store is known to be there after a restart. Of somebody else's nobody knows. */
export function isLasting(store: Store): boolean {
  return lasting.has(store);
}

/** A store of ours, whose answers need not be looked through. */
export function markBuiltIn<Kind extends Store>(store: Kind): Kind {
  for (const part of [store, ...verbsOf(store)]) builtIn.add(part);
  return store;
}

/** Whether a store is one of ours, with none of its verbs replaced. */
export function isBuiltIn(store: Store): boolean {
  return builtIn.has(store) && verbsOf(store).every((verb) => builtIn.has(verb));
}

/** Whether a store is ours except for a replaced look-up of clients. */
export function hasOtherClientFind({ clients, tokens }: Store): boolean {
  return builtIn.has(tokens.issueIfUnchanged) && !builtIn.has(clients.find);
}

function verbsOf(store: Store): object[] {
  return Object.values(store).flatMap((noun: object) =>
    typeof noun === 'function' ? [noun] : Object.values(noun),
  );
}
