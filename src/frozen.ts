// Records that more than one caller is given.

/** A copy that nobody can change: neither the caller who brought it nor one who is given it. */
export function frozen<Value extends object>(value: Value): Value {
  const copy = { ...value };
  for (const name in copy) {
    const part = copy[name];
    if (Array.isArray(part) && !Object.isFrozen(part)) {
      copy[name] = Object.freeze([...part]) as typeof part;
    }
  }
  return Object.freeze(copy);
}
