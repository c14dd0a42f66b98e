// What OpenID Connect adds to a grant: what its client is told of the person and how they signed in.

import { sharedClaims } from '../protocol/shared-claims.ts';
import { sidFor } from '../protocol/subject.ts';
import type { ClaimsRequest, JsonObject, OpenIdGrant } from '../types.ts';

/**
 * What is known of a sign-in, and what an app around the server said about the person; see `SignedIn`.
 */
export interface OfSignIn {
  readonly sid?: string | undefined;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly claims?: JsonObject | undefined;
}

/** What a client asks to be told. */
interface Wish {
  readonly scope: readonly string[];
  readonly claims?: ClaimsRequest | undefined;
}

/** @returns `undefined` if the client does not ask who the person is */
export function openIdGrant(
  clientId: string,
  { sid, acr, amr, claims: known }: OfSignIn,
  wish: Wish,
): OpenIdGrant | undefined {
  const { scope, claims } = wish;
  if (!scope.includes('openid')) return undefined;
  const userClaims = sharedClaims(known, wish);
  return {
    ...(sid !== undefined && { sid: sidFor(sid, clientId) }),
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
    ...(claims !== undefined && { claims }),
    ...(userClaims !== undefined && { userClaims }),
  };
}
