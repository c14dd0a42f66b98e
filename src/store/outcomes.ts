// What becomes of a code or a refresh token that is presented, and of its grant: decided here for
// every store. A store sees to it that nothing changes between the reading and the writing.

import { covers } from '../protocol/scope.ts';
import type { AuthorizationCode, Consent, Grant, IssuedTokens, RefreshToken } from '../types.ts';
import type { Redemption, Rotation } from './store.ts';

/**
 * How many sessions a person may have, and how many consents and grants at one client. What a script
 * can begin without end would otherwise have to be read, and shown, as a whole.
 */
export const MOST = 100;

/**
 * Milliseconds after its redemption in which a code that comes again ends nothing. An answer can be
 * lost after the commit: then the client hears 503 up to 7 s later, and is told to come again after
 * 5. It has to be well under the 30 s after which OpenID's conformance suite (oidcc-codereuse-30seconds)
 * wants the access token revoked.
 */
export const CODE_REPEAT_WINDOW = 15_000;

/**
 * What the redemption of a code comes to. A code without a challenge has no window: there whoever
 * has seen the code and is the client can present it, without a verifier that nobody else has seen.
 *
 * @param code and
 * @param grant where they have not expired
 */
export function redemptionOf(
  code: AuthorizationCode | undefined,
  grant: Grant | undefined,
  now: number,
): Redemption {
  if (code === undefined || grant === undefined) return { outcome: 'unknown' };
  if (code.redeemedAt === undefined) return { outcome: 'redeemed' };
  const inWindow = code.codeChallenge !== undefined && now < code.redeemedAt + CODE_REPEAT_WINDOW;
  return inWindow ? { outcome: 'repeated' } : { outcome: 'already_redeemed', grantId: grant.id };
}

/**
 * What the rotation of a refresh token comes to.
 *
 * @param presented the token and its grant, where neither has expired
 * @param successor the stored token with the hash of the one brought, where it has not expired
 * @param brought the hash of the token that would take over
 * @param retryWindow milliseconds
 */
export function rotationOf(
  presented: { readonly token: RefreshToken; readonly grant: Grant } | undefined,
  successor: RefreshToken | undefined,
  brought: string,
  now: number,
  retryWindow: number,
): Rotation {
  if (presented === undefined) return { outcome: 'unknown' };
  const { token, grant } = presented;
  if (token.rotatedAt === undefined) return { outcome: 'rotated', grant };

  // With a window of 0 a clock that is behind must not turn a reuse into a retry.
  const inWindow = retryWindow > 0 && now < token.rotatedAt + retryWindow;
  const isSame = token.successorHash === brought;
  if (inWindow && isSame && successor !== undefined && successor.rotatedAt === undefined) {
    return { outcome: 'retried', grant, successor };
  }
  return { outcome: 'reused', grantId: grant.id };
}

/** The grant that tokens were just issued by; it lasts at least as long as they do. */
export function extended(grant: Grant, { accessToken, refreshToken }: IssuedTokens): Grant {
  const { expiresAt, lastUsedAt = 0 } = grant;
  return {
    ...grant,
    expiresAt: Math.max(expiresAt, accessToken.expiresAt, refreshToken?.expiresAt ?? 0),
    // The clock of another process may be ahead.
    lastUsedAt: Math.max(lastUsedAt, accessToken.issuedAt),
  };
}

/** Whether what is remembered is enough for an approval that rests on it. */
export function isRemembered(
  remembered: Pick<Consent, 'scope'> | undefined,
  needed: Consent,
): boolean {
  return remembered !== undefined && covers(remembered.scope, needed.scope);
}
