// What an app adds to tokens and answers has to be JSON (RFC 8259), and not what JSON.stringify makes of
// anything: it leaves out functions, and turns a Date into a string and NaN into null.

import { shown } from './shown.ts';

/** How deep objects and lists may lie in each other. */
const MAX_DEPTH = 16;

/**
 * What in a value is not JSON, as the end of the sentence "it has ...", or `undefined`.
 *
 * @param name of the value, if it is a part of another
 */
export function jsonProblem(value: unknown, name = '', depth = 0): string | undefined {
  const place = name === '' ? 'the whole' : name;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : `half of a character in ${place}`;
  }
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  if (typeof value !== 'object' || !isPlain(value)) {
    return `${typeof value === 'bigint' ? 'a BigInt' : shown(value)} for ${place}, which JSON has no place for`;
  }
  if (depth === MAX_DEPTH) {
    return `a value for ${place} that is nested deeper than ${MAX_DEPTH} levels, or holds itself`;
  }
  if (Array.isArray(value)) {
    // By the index: a hole in a list is undefined, too.
    for (let index = 0; index < value.length; index += 1) {
      const problem = jsonProblem(value[index], `${name}[${index}]`, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  for (const [key, part] of Object.entries(value)) {
    if (!key.isWellFormed()) return `half of a character in a name in ${place}`;
    const problem = jsonProblem(part, name === '' ? key : `${name}.${key}`, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A list, or an object of no class, as JSON.parse makes them. */
function isPlain(value: object): boolean {
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value)
    ? prototype === Array.prototype
    : prototype === null || prototype === Object.prototype;
}
