// A process of its own, for processes.test.ts: it opens the store that it is told of, makes the calls
// that it is told of, all at once, and says what came of each.

import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';

/** To open the store at a URL, or to call one of its verbs, `codes.redeem`, with these arguments. */
export type Order =
  | { readonly url: string }
  | { readonly verb: string; readonly calls: readonly (readonly unknown[])[] };

/** What a call answered, or the name of the error that it rejected with. */
export interface Outcome {
  readonly answer?: unknown;
  readonly error?: string;
}

type Verb = (...args: readonly unknown[]) => Promise<unknown>;

let store: Store | undefined;

async function open(url: string): Promise<void> {
  await store?.close();
  store = undefined;
  store = await openStore(url);
}

function verbOf(path: string): Verb {
  let found: unknown = store;
  for (const name of path.split('.')) found = (found as Record<string, unknown>)[name];
  return found as Verb;
}

async function outcomeOf(act: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await act() };
  } catch (error) {
    return { error: (error as Error).name };
  }
}

process.on('message', async (order: Order) => {
  const acts =
    'url' in order
      ? [() => open(order.url)]
      : order.calls.map((args) => () => verbOf(order.verb)(...args));
  process.send!(await Promise.all(acts.map(outcomeOf)));
});
process.on('disconnect', () => void store?.close());
process.send!('here');
