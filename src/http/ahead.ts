// What is looked up for a request before anybody knows that it is needed, beside something else that is
// looked up: to a database in another place, two ways at once take as long as one.

/** Makes a function that does its work once for each request, or for its parameters. */
export function oncePer<Key extends object, Result>(
  work: (key: Key) => Result,
): (key: Key) => Result {
  const done = new WeakMap<Key, Result>();
  return (key) => {
    let result = done.get(key);
    if (result === undefined) {
      result = work(key);
      done.set(key, result);
    }
    return result;
  };
}

/**
 * A look-up for which perhaps nobody will wait: if it fails, that is for those who do.
 *
 * @returns the same promise
 */
export function begun<Found>(lookUp: Promise<Found>): Promise<Found> {
  lookUp.catch(() => {});
  return lookUp;
}

/** Makes a look-up that is begun once for each request, by whoever asks for it first. */
export function lookedUpOnce<Key extends object, Found>(
  find: (key: Key) => Promise<Found>,
): (key: Key) => Promise<Found> {
  return oncePer((key) => begun(find(key)));
}
