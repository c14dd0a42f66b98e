// ID tokens (OpenID Connect Core section 2): made beside an access token whose scope has `openid`, and
// recognised when a client sends one back as a hint.

import {
  ID_TOKEN_TYPE,
  type IdTokenHint,
  idTokenClaims,
  readIdTokenHint,
} from '../protocol/id-token.ts';
import { keyAlgorithm, keyIdOf, signJwt, verifyJwt } from '../protocol/jwt.ts';
import type { Client, Grant, IdTokenAlgorithm, JsonObject } from '../types.ts';
import type { Keys } from './keys.ts';
import type { KnownClaims } from './person-claims.ts';
import type { TokenDraft } from './tokens.ts';

interface Parts {
  readonly issuer: string;
  readonly keys: Keys;
  readonly personClaims: Pick<KnownClaims, 'of'>;
  /** Seconds, if the client's record has none of its own. */
  readonly idTokenTtl: number;
}

export type IdTokens = ReturnType<typeof createIdTokens>;

export function createIdTokens({ issuer, keys, personClaims, idTokenTtl }: Parts) {
  return {
    /**
     * Finds out what an ID token tells of the person.
     *
     * @throws HostError if the app cannot say what it knows
     */
    tell(grant: Grant, scope: readonly string[], client: Client): Promise<JsonObject> {
      return personClaims.of(grant, scope, 'id_token', client);
    },

    /**
     * Makes the ID token that goes with an access token.
     *
     * @param person what `tell` has found
     * @param nonce of the authorization request, for the first one
     */
    async mint(
      { accessToken, claims }: TokenDraft,
      client: Client,
      grant: Grant,
      person: JsonObject,
      now: number,
      nonce?: string,
    ): Promise<string> {
      const named = signedWith(client);
      const alg = keyAlgorithm(named);
      const key = await keys.of(alg, now);
      const lifetime = (client.idTokenLifetime ?? idTokenTtl) * 1000;
      // As with access tokens, none outlives the key that verifies it.
      const expiresAt = Math.min(now + lifetime, key.expiresAt);
      const content = { grant, nonce, accessToken, alg, issuedAt: now, expiresAt, person, claims };
      return signJwt(key, ID_TOKEN_TYPE, idTokenClaims(issuer, content), named);
    },

    /**
     * Reads an ID token that a client has sent back; it may have expired.
     *
     * @returns `undefined` if this server did not issue it, or can no longer verify it
     */
    async verify(token: string, now = Date.now()): Promise<IdTokenHint | undefined> {
      const key = await keys.find(keyIdOf(token) ?? '', now);
      const claims = key && verifyJwt(token, ID_TOKEN_TYPE, key);
      return claims && readIdTokenHint(claims, issuer);
    },
  };
}

/**
 * OpenID Connect Registration section 2, and Back-Channel Logout section 2.4: what a client's ID tokens
 * and logout tokens are signed with, as their header calls it.
 */
export function signedWith({
  idTokenSignedResponseAlg = 'RS256',
}: Pick<Client, 'idTokenSignedResponseAlg'>): IdTokenAlgorithm {
  return idTokenSignedResponseAlg;
}
