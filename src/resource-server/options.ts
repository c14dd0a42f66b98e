// What requireToken() and resourceMetadata() are given, checked where they are called.

import { boundsProblem } from '../protocol/bounds.ts';
import { assertOptions, type Check, listOf } from '../protocol/checks.ts';
import { issuerProblem } from '../protocol/issuer.ts';
import { idProblem } from '../protocol/names.ts';
import { metadataUrlOf, resourceProblem } from '../protocol/resource.ts';
import { parseScope, scopeTokenProblem } from '../protocol/scope.ts';
import { shown } from '../protocol/shown.ts';
import { STEP_UP_CHECKS } from '../protocol/step-up.ts';

const isString = (value: unknown): value is string => typeof value === 'string';

const issuer: Check = (value) =>
  // Some servers have an issuer that ends in a slash.
  isString(value) ? issuerProblem(value.replace(/\/$/, '')) : 'is not a string';

/** Words separated by spaces, or a list of them. A list with nothing in it would need nothing. */
const scope: Check = (value) => {
  const words = isString(value) ? parseScope(value) : value;
  if (Array.isArray(words) && words.length === 0) return 'has no scope in it';
  return listOf('scopes', scopeTokenProblem)(words);
};

const SHARED = { issuer, resource: resourceProblem, scope };

const REQUIRE_TOKEN: Readonly<Record<string, Check>> = {
  ...SHARED,
  internalUrl: issuer,
  ...STEP_UP_CHECKS,
  clientId: idProblem,
  clientSecret: (value) =>
    isString(value) && value !== '' ? undefined : 'is not a string, or empty',
  introspectionTtl: (value) => boundsProblem(value, { min: 0, max: 300, unit: 'seconds' }),
};

/**
 * @param whose the function that was called, for the message
 * @throws TypeError that names the option and its value
 */
export function assertTokenOptions(whose: string, options: unknown): void {
  assertOptions(whose, REQUIRE_TOKEN, options);
  const given = options as Record<string, unknown>;
  assertThere(whose, given);
  if ((given['clientId'] === undefined) !== (given['clientSecret'] === undefined)) {
    throw new TypeError(`The options clientId and clientSecret of ${whose} go together.`);
  }
  if (given['introspectionTtl'] !== undefined && given['clientId'] === undefined) {
    throw new TypeError(
      `The option introspectionTtl of ${whose} needs clientId and clientSecret: without them no token is introspected.`,
    );
  }
}

/** @throws TypeError likewise */
export function assertMetadataOptions(options: unknown): void {
  const whose = 'resourceMetadata()';
  assertOptions(whose, SHARED, options);
  assertThere(whose, options as Record<string, unknown>);
  const { resource: name } = options as { resource: string };
  if (metadataUrlOf(name) === undefined) {
    throw new TypeError(
      `The option resource of ${whose} is ${shown(name)}, which is no http or https URL: only those have metadata.`,
    );
  }
}

function assertThere(whose: string, options: Record<string, unknown>): void {
  for (const name of ['issuer', 'resource']) {
    if (options[name] === undefined) {
      throw new TypeError(`The option ${name} of ${whose} is missing.`);
    }
  }
}

/** The words of a scope as it is given. */
export function scopeWords(given: string | readonly string[] = []): readonly string[] {
  return typeof given === 'string' ? parseScope(given) : [...new Set(given)];
}
