// The parameters that a grant type of the app around this server reads.

import { OAuthError } from '../errors.ts';
import { HostError } from '../host-error.ts';
import type { Lengths, Params } from '../http/params.ts';
import { shown } from '../protocol/shown.ts';

export type DeclaredParams = Pick<Params, 'get' | 'getAll'>;

/** What it may read without declaring it. */
export const COMMON: Lengths = { scope: 2048, resource: 2048 };

/** The parameters that a grant type declares, each no longer than it says. */
export function declared(option: string, params: Params, lengths: Lengths): DeclaredParams {
  const all = (name: string): readonly string[] => {
    if (!Object.hasOwn(lengths, name)) {
      throw new HostError(
        `The option ${option} reads the parameter ${shown(name)}, which is not among its parameters.`,
      );
    }
    const values = params.getAll(name);
    const longest = lengths[name]!;
    if (values.every((value) => value.length <= longest)) return values;
    throw new OAuthError(
      'invalid_request',
      `The parameter ${name} is too long: it may have ${longest} characters.`,
    );
  };
  return { get: (name) => all(name)[0], getAll: all };
}

/** The names of parameters that say who the client is, and what it wants. */
const TAKEN = [
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
];

/** What keeps a name from being that of a parameter of a grant type; RFC 6749 section A.17 names the characters. */
export function isParameterName(name: string): boolean {
  return /^[\w.-]{1,64}$/.test(name) && !TAKEN.includes(name);
}
