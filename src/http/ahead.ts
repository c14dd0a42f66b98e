// What is looked up for a request before anybody knows that it is needed, together with something that is
// looked up: to a database in another place, two ways at once take as long as one.

import { carried } from './carried.ts';

/**
 * Makes a function that does its work once for each request, or for its parameters. Its other arguments
 * have to be the same each time.
 */
export function oncePer<Key extends object, More extends unknown[], Result>(
  work: (key: Key, ...more: More) => Result,
): (key: Key, ...more: More) => Result {
  const done = carried<Key, Result>();
  return (key, ...more) => {
    let result = done.get(key);
    if (result === undefined) {
      result = work(key, ...more);
      done.set(key, result);
    }
    return result;
  };
}

/**
 * Starts a look-up that perhaps nobody awaits: a failure is reported only to those who do.
 *
 * @returns the same promise
 */
export function begun<Found>(lookUp: Promise<Found>): Promise<Found> {
  lookUp.catch(() => {});
  return lookUp;
}

/** Makes a look-up that is begun once for each request, by whoever asks for it first. */
export function lookedUpOnce<Key extends object, More extends unknown[], Found>(
  find: (key: Key, ...more: More) => Promise<Found>,
): (key: Key, ...more: More) => Promise<Found> {
  return oncePer((key, ...more) => begun(find(key, ...more)));
}
