// RFC 9470: routes that want the person behind a token to have signed in lately, or in a certain way.

import { OAuthError } from '../errors.ts';
import type { AuthenticationContext } from '../types.ts';
import { boundsProblem, MAX_TTL } from './bounds.ts';
import { type Check, listOf } from './checks.ts';
import { scopeTokenProblem } from './scope.ts';

/** What a route needs of the person's sign-in. */
export interface StepUp {
  /** The most seconds since then. */
  readonly maxAge?: number | undefined;
  /** How it may have been, as `acr` names it; one of them is enough, and any if there are none. */
  readonly acrValues: readonly string[];
}

/** Seconds that the clocks of an API and of the server, or of two of its machines, may differ. */
export const LEEWAY = 5;

const STEP_UP = 'The person has to sign in again, as max_age and acr_values say.';

export const STEP_UP_CHECKS = {
  maxAge: (value) => boundsProblem(value, { min: 1, max: MAX_TTL, unit: 'seconds' }),
  acrValues: (value) =>
    Array.isArray(value) && value.length === 0
      ? 'has no value in it'
      : // A challenge has them as it has scopes: between quotes, with spaces between them.
        listOf('values', scopeTokenProblem)(value),
} satisfies Record<string, Check>;

/** The options of a route that say what it needs. */
export interface StepUpOptions {
  /** RFC 9470: the most seconds since the person signed in. */
  readonly maxAge?: number | undefined;
  /** RFC 9470: how the person may have signed in; one of them is enough. */
  readonly acrValues?: readonly string[] | undefined;
}

/** What options that were checked say, or `undefined` if the route takes any sign-in. */
export function stepUpOf({ maxAge, acrValues }: StepUpOptions): StepUp | undefined {
  if (maxAge === undefined && acrValues === undefined) return undefined;
  return { maxAge, acrValues: [...(acrValues ?? [])] };
}

/**
 * @param signIn what the token says of how its person signed in; nothing if a client acts for itself
 * @param now milliseconds since the epoch
 * @throws OAuthError `insufficient_user_authentication` (section 3) if that is not what the route needs, or
 *   not known
 */
export function assertSignedIn(signIn: AuthenticationContext, needed: StepUp, now: number): void {
  const { authTime, acr = '' } = signIn;
  const { maxAge, acrValues } = needed;
  const isInTime =
    maxAge === undefined || (authTime !== undefined && now <= authTime + (maxAge + LEEWAY) * 1000);
  if (isInTime && (acrValues.length === 0 || acrValues.includes(acr))) return;
  throw new OAuthError('insufficient_user_authentication', STEP_UP);
}
