// RFC 9068 section 2.2.1 and OpenID Connect Core section 2: what a token says of how a person signed in.

import type { AuthenticationContext } from '../types.ts';
import type { Claims } from './jwt.ts';

/**
 * The claims of any token or answer about it that speaks for a person. What is not known is `undefined`, and
 * so it is not in the JSON.
 *
 * @param grant absent if a client acts for itself: then there are none
 */
export function authenticationClaims(grant: AuthenticationContext | undefined) {
  const { authTime, acr, amr } = grant ?? {};
  return { auth_time: authTime && Math.floor(authTime / 1000), acr, amr };
}

/** What such claims say, of this server or another. Malformed values are ignored. */
export function readAuthenticationClaims({ auth_time, acr, amr }: Claims): AuthenticationContext {
  return {
    authTime: typeof auth_time === 'number' ? auth_time * 1000 : undefined,
    acr: typeof acr === 'string' ? acr : undefined,
    amr: Array.isArray(amr) && amr.every((one) => typeof one === 'string') ? amr : undefined,
  };
}
