// What OpenID Connect adds to a grant: what its client is told of the person and their session.

import { sharedClaims } from '../protocol/shared-claims.ts';
import { sidFor } from '../protocol/subject.ts';
import type { ClaimsRequest, JsonObject, OpenIdGrant } from '../types.ts';

/**
 * What is known of a session, and what an app around the server said about the person; see `SignedIn`.
 */
export interface OfSignIn {
  readonly sid?: string | undefined;
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
  { sid, claims: known }: OfSignIn,
  wish: Wish,
): OpenIdGrant | undefined {
  const { scope, claims } = wish;
  if (!scope.includes('openid')) return undefined;
  const userClaims = sharedClaims(known, wish);
  return {
    ...(sid !== undefined && { sid: sidFor(sid, clientId) }),
    ...(claims !== undefined && { claims }),
    ...(userClaims !== undefined && { userClaims }),
  };
}
