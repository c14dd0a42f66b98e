// Reading objects of which nobody knows what is in them.

import { isPlainObject } from '../protocol/checks.ts';

/** An object of a file, of which nothing is known yet. */
export type Plain = Readonly<Record<string, unknown>>;

/** The objects in a list; whatever else is in it was not written by Keycloak. */
export function listOf(plain: Plain, name: string): Plain[] {
  const list = plain[name];
  return Array.isArray(list) ? list.filter(isPlainObject) : [];
}

export function textsOf(plain: Plain, name: string): string[] {
  const list = plain[name];
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

export function textOf(plain: Plain, name: string): string | undefined {
  const text = plain[name];
  return typeof text === 'string' && text !== '' ? text : undefined;
}
