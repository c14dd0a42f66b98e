// OpenID Connect Back-Channel Logout section 2.4: the claims of a logout token.

import type { PendingLogout } from '../types.ts';
import type { Claims } from './jwt.ts';

/** Section 2.4: a type of its own, so that no other JWT passes for one, and it for no other. */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt';

/** What has happened: the name is the specification's, and nothing is at the URL. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Seconds that a logout token lasts: section 4 has two minutes at the most. */
const TTL = 120;

/**
 * The claims that tell a client that a session has ended; without a `sid`, that all of the person's
 * sessions have. There is never a `nonce`: with one it could pass for an ID token.
 *
 * @param jti an id that no other token has
 * @param now milliseconds since the epoch, as everywhere but in the claims
 */
export function logoutTokenClaims(
  issuer: string,
  { clientId, subject, sid }: Pick<PendingLogout, 'clientId' | 'subject' | 'sid'>,
  jti: string,
  now: number,
): Claims {
  const issuedAt = Math.floor(now / 1000);
  return {
    iss: issuer,
    sub: subject,
    aud: clientId,
    iat: issuedAt,
    exp: issuedAt + TTL,
    jti,
    events: { [EVENT]: {} },
    // What is undefined is not in the JSON.
    sid,
  };
}
