// How the contract opens stores, and what it asks of `open` itself before anything else fails of it.

import type { Store } from '../store/store.ts';
import { missingVerbsProblem } from '../store/verbs.ts';
import { aClient } from './records.ts';

/** The client that shows that the contract has had a store before. */
const MARK = 'a client of the store contract';

/**
 * The same function, held to what it has to answer: each time another store, with all its verbs and
 * with nothing in it.
 *
 * @throws TypeError if it is not a function
 */
export function opening(open: () => Promise<Store>): () => Promise<Store> {
  if (typeof open !== 'function') {
    throw new TypeError('storeContract() takes a name, and a function that opens an empty store.');
  }
  return async () => {
    const store = await open();
    const problem =
      typeof store === 'object' && store !== null ? missingVerbsProblem(store) : 'is none';
    if (problem !== undefined) throw new TypeError(`The store that open() answered ${problem}.`);
    if ((await store.clients.find(MARK)) !== undefined) {
      throw new Error(
        'open() has to answer an empty store, and another one each time it is called.',
      );
    }
    await store.clients.save(aClient({ id: MARK }));
    return store;
  };
}
