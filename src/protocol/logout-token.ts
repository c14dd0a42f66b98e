// OpenID Connect Back-Channel Logout section 2.4: the claims of a logout token.

import type { PendingLogout } from '../types.ts';
import type { Claims } from './jwt.ts';

/** Section 2.4: a type of its own, so that no other JWT passes for one, and it for no other. */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt';

/** What has happened: the name is the specification's, and nothing is at the URL. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Milliseconds that a logout token lasts: section 4 has two minutes at the most. */
export const LOGOUT_TOKEN_TTL = 120_000;

/**
 * What tells a client that a session has ended. Without a `sid`, all sessions of the person that it has.
 * There is never a `nonce`: with one it could pass for an ID token.
 *
 * @param jti that no other token has
 * @param issuedAt milliseconds since the epoch, as `expiresAt`
 */
export function logoutTokenClaims(
  issuer: string,
  { clientId, subject, sid }: Pick<PendingLogout, 'clientId' | 'subject' | 'sid'>,
  jti: string,
  issuedAt: number,
  expiresAt: number,
): Claims {
  return {
    iss: issuer,
    sub: subject,
    aud: clientId,
    iat: Math.floor(issuedAt / 1000),
    exp: Math.floor(expiresAt / 1000),
    jti,
    events: { [EVENT]: {} },
    // What is undefined is not in the JSON.
    sid,
  };
}
