// Refresh tokens that are exchanged, as the parts about them do it.

import assert from 'node:assert/strict';
import type { AccessToken, RefreshToken } from '../../issued.ts';
import type { Grant } from '../../types.ts';
import type { Contract } from '../actions.ts';
import { anAccessToken, NOW, someTokens, type UnusedRefreshToken, WINDOW } from '../records.ts';
import { same } from '../same.ts';

export function rotatingOn(the: Contract) {
  const rotate = (
    token: UnusedRefreshToken,
    tokens: { accessToken: AccessToken; refreshToken: UnusedRefreshToken },
    now = NOW,
    window = WINDOW,
  ) => the.store.refreshTokens.rotate(token, now, window, tokens);

  /** A family whose first refresh token was exchanged for the successor at NOW. */
  async function rotatedFamily() {
    const { grant, refreshToken: token } = await the.savedFamily();
    const { accessToken, refreshToken: successor } = someTokens(grant, token);
    const answer = await rotate(token, { accessToken, refreshToken: successor });
    assert.equal(answer.outcome, 'rotated');
    return { grant, token, successor };
  }

  /** What a client brings that asks again: the successor is derived, the access token new. */
  const retryWith = (grant: Grant, successor: UnusedRefreshToken) => ({
    accessToken: anAccessToken(grant),
    refreshToken: successor,
  });

  /** That it is this one, whatever came before it. */
  function assertIs(actual: RefreshToken | undefined, expected: UnusedRefreshToken): void {
    same(actual, { ...expected, previous: actual?.previous });
  }

  async function assertInForce(token: UnusedRefreshToken): Promise<void> {
    assertIs((await the.store.refreshTokens.find(token.hash, NOW))?.token, token);
  }

  async function assertReused(
    token: UnusedRefreshToken,
    tokens: { accessToken: AccessToken; refreshToken: UnusedRefreshToken },
    now = NOW,
    window = WINDOW,
  ): Promise<void> {
    const answer = await rotate(token, tokens, now, window);
    same(answer, { outcome: 'reused', grantId: token.grantId });
    await the.assertAbsent({ accessToken: tokens.accessToken });
  }

  return { rotate, rotatedFamily, retryWith, assertIs, assertInForce, assertReused };
}
