// What OpenID Connect adds to a grant: what its client is told of how the person signed in.

import { sidFor } from '../protocol/subject.ts';
import type { JsonObject, OpenIdGrant } from '../types.ts';

/** What is known of a sign-in and, from an app around the server, of the person; see `SignedIn`. */
export interface OfSignIn {
  readonly sid?: string | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly claims?: JsonObject | undefined;
}

/** @returns `undefined` if the client does not ask who the person is */
export function openIdGrant(
  clientId: string,
  { sid, acr, amr, claims }: OfSignIn,
  scope: readonly string[],
): OpenIdGrant | undefined {
  if (!scope.includes('openid')) return undefined;
  return {
    ...(sid !== undefined && { sid: sidFor(sid, clientId) }),
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
    ...(claims !== undefined && { userClaims: claims }),
  };
}
