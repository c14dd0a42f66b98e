// A value of any kind in a message: what a developer gave, so that they find it.

/** Longest value in a message, in characters. */
const MAX_SHOWN = 60;

/**
 * A value as a message shows it: a string in quotation marks, and the beginning of it if it is long. Of
 * an object only its kind: there may be a password in it.
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value);
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(+value) ? 'an invalid Date' : value.toISOString();
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const { name = '' } = (value.constructor ?? {}) as { name?: unknown };
  return typeof name === 'string' && !['', 'Object'].includes(name)
    ? `an object of the class ${name}`
    : 'an object';
}
