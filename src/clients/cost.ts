// What is kept in memory, in bytes: text that unfolds to objects takes many times its own length.

/** Bytes of an object or a list, of each of its members, and of each string beside its characters. */
const OBJECT = 64;
const MEMBER = 16;
const STRING = 24;

/**
 * Estimates how many bytes of memory a value takes. The true number is never much higher.
 *
 * @param value JSON values, sets, and buffers that share their memory with no other, nested in any way
 */
export function costOf(value: unknown): number {
  // A character may have two bytes.
  if (typeof value === 'string') return STRING + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if (Buffer.isBuffer(value)) return OBJECT + value.buffer.byteLength;
  const members: unknown[] = value instanceof Set ? [...value] : Object.values(value);
  return members.reduce<number>((sum, member) => sum + MEMBER + costOf(member), OBJECT);
}
