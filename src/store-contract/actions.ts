// What the parts of the contract do to a store before they look at it.

import assert from 'node:assert/strict';
import type { AuthorizationCode, IssuedTokens } from '../issued.ts';
import type { Store } from '../store/store.ts';
import type { Grant } from '../types.ts';
import { strained } from './promised.ts';
import {
  aCode,
  aGrant,
  anAccessToken,
  aRefreshToken,
  NOW,
  type UnusedRefreshToken,
  unique,
} from './records.ts';
import { same } from './same.ts';

/** The store that a part of the contract is about, and what it does to it. */
export interface Contract extends ReturnType<typeof actionsOn> {
  /** Has a client for whatever is saved in it. */
  readonly store: Store;
  /** The same one, as it was opened. */
  readonly bare: Store;
  /** Another one, with nothing in it. */
  open(): Promise<Store>;
}

export function scribble(record: object | undefined): void {
  strained(
    'The test changes objects that it has brought or got: a store keeps and gives out copies.',
  );
  assert.ok(record, 'the store found nothing');
  for (const [field, value] of Object.entries(record)) {
    try {
      if (Array.isArray(value)) value.push('scribbled');
    } catch {}
    try {
      (record as Record<string, unknown>)[field] = 'scribbled';
    } catch {}
  }
}

/** What a JWT says of itself as far as a store asks; it is not kept. */
export const aJwt = ({
  clientId,
  grantId,
  issuedAt = NOW,
}: {
  clientId: string;
  grantId?: string | undefined;
  issuedAt?: number;
}) => ({
  hash: unique(),
  clientId,
  grantId,
  issuedAt,
});
export const aJwtOf = ({ id, clientId }: Grant) => aJwt({ clientId, grantId: id });

/** Whether a store knows whose a JWT is: it is in force only then. */
export async function isInForce(
  store: Store,
  token: ReturnType<typeof aJwt>,
  now: number,
): Promise<boolean> {
  return (await store.accessTokens.findOwner(token, now)) !== undefined;
}

/** @param storeOf the store, once it is open */
export function actionsOn(storeOf: () => Store) {
  async function savedCode(codeChanges: Partial<AuthorizationCode> = {}, grant = aGrant()) {
    const code = aCode(grant, codeChanges);
    const isSaved = await storeOf().codes.save(code, grant);
    return { code, grant, isSaved };
  }

  /** A family past its code: the grant, and one access and one refresh token. */
  async function savedFamily(
    refreshChanges: Partial<UnusedRefreshToken> = {},
    grant: Grant = aGrant(),
  ) {
    const { code } = await savedCode({}, grant);
    const accessToken = anAccessToken(grant);
    const refreshToken = aRefreshToken(grant, refreshChanges);
    const answer = await storeOf().codes.redeem(code.hash, NOW, { accessToken, refreshToken });
    assert.equal(answer.outcome, 'redeemed');
    return { code, grant, accessToken, refreshToken };
  }

  /** The ids of the grants of a user that are in force. */
  const grantIdsOf = async (userId: string, now = NOW) =>
    (await storeOf().grants.listByUser(userId, now)).map(({ id }) => id).sort();

  async function assertStored(tokens: IssuedTokens): Promise<void> {
    const { accessToken, refreshToken } = tokens;
    same((await storeOf().accessTokens.find(accessToken.hash, NOW))?.token, accessToken);
    if (refreshToken !== undefined) {
      const found = await storeOf().refreshTokens.find(refreshToken.hash, NOW);
      // What came before it was not brought with it.
      same(found?.token, { ...refreshToken, previous: found?.token.previous });
    }
  }

  async function assertAbsent(tokens: IssuedTokens): Promise<void> {
    const { accessToken, refreshToken } = tokens;
    assert.equal(await storeOf().accessTokens.find(accessToken.hash, NOW), undefined);
    if (refreshToken !== undefined) {
      const found = await storeOf().refreshTokens.find(refreshToken.hash, NOW);
      assert.notEqual(found?.token.tokenHash, refreshToken.tokenHash);
    }
  }

  /** Purges until there is nothing left to forget; answers how many were forgotten. */
  async function drain(now: number, limit = 1000): Promise<number> {
    let forgotten = 0;
    for (;;) {
      const step = await storeOf().purge(now, limit);
      assert.ok(
        step >= 0 && step <= limit,
        `purge forgot ${step}, and was asked to forget ${limit} at most`,
      );
      if (step === 0) return forgotten;
      forgotten += step;
    }
  }

  return { savedCode, savedFamily, grantIdsOf, assertStored, assertAbsent, drain };
}
