// What is wrong with a plain object, such as a part of a JSON file or the body of a request: a
// sentence for each field.

export interface Problem {
  /** By its path: `redirect_uris[0]`, `jwks.keys[0].kty`; empty for the object as a whole. */
  readonly field: string;
  /** The end of a sentence that begins with the field. */
  readonly problem: string;
}

export interface Checked<Value> {
  /** The object with its defaults; absent if there are problems. */
  readonly value?: Value;
  readonly problems: readonly Problem[];
}

/** The problems in a table, in which each row begins with whether the problem is there. */
export function those(
  ...rows: readonly (readonly [boolean, field: string, problem: string])[]
): Problem[] {
  return rows.filter(([applies]) => applies).map(([, field, problem]) => ({ field, problem }));
}
