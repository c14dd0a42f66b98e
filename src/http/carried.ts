// What a request, its response or something else carries from one handler to the next, under a name that
// nobody else has: `res.locals` belongs to the app around us.
//
// It is a property and no entry of a WeakMap. When V8 collects young objects alone, it keeps whatever the
// values in a WeakMap refer to. A value that refers to its own key, as a request's session does, would
// keep each request in memory until all objects are collected.

interface Carried<On extends object, Value> {
  get(on: On): Value | undefined;
  set(on: On, value: Value): void;
}

/** Makes a place that each object of a kind has. */
export function carried<On extends object, Value>(): Carried<On, Value> {
  const name = Symbol();
  type Carrying = { [name]?: Value };
  return {
    get: (on) => (on as Carrying)[name],
    set(on, value) {
      (on as Carrying)[name] = value;
    },
  };
}
