// Refresh tokens (RFC 6749 section 6), rotated at each use (RFC 9700 section 4.14.2) but for clients
// whose record says that they keep theirs.

import type { KeyObject } from 'node:crypto';
import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { RefreshTokenHashes } from '../issued.ts';
import { isPublicClient } from '../protocol/client.ts';
import { hashesOf, successorOf } from '../protocol/refresh-token.ts';
import { mac } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { FoundRefreshToken } from '../store/store-grants.ts';
import type { Client } from '../types.ts';
import type { Drafts, Wanted } from './drafts.ts';
import { grantIsOver, issuedToken, type Token } from './tokens.ts';

interface Options {
  /** What successors are derived with. */
  readonly successorKey: KeyObject;
  /** Seconds after a rotation in which the same refresh token gets the same successor. */
  readonly refreshRetryWindow: number;
  /** Notes that a client gets tokens for a person. */
  readonly noteUse: (client: Client) => Promise<void>;
  readonly events: Events;
}

/** A refresh token that was presented, and what is known of its family. */
export interface PresentedRefreshToken extends FoundRefreshToken {
  readonly presented: RefreshTokenHashes;
  /** Whether it is no longer the one in force. */
  readonly isUsed: boolean;
}

/** What is done with refresh tokens. */
export function createRefreshTokens(store: Store, drafts: Drafts, options: Options) {
  const { successorKey, refreshRetryWindow, noteUse, events } = options;
  return {
    /** What is known of a presented refresh token, rotated or not. */
    async find(refreshToken: string): Promise<PresentedRefreshToken | undefined> {
      const presented = hashesOf(refreshToken);
      const found = await store.refreshTokens.find(presented.hash, Date.now());
      return (
        found && { ...found, presented, isUsed: found.token.tokenHash !== presented.tokenHash }
      );
    },

    /**
     * Exchanges a refresh token for an access token and a successor. The successor is derived from
     * the presented token and its salt with the server's key, so a client that lost the answer can
     * be given the same one again though it was never kept. Presented later, or after the successor
     * was used, it is held by two parties, and the grant ends (RFC 9700 section 4.14.2).
     *
     * A client whose tokens are not rotated gets an access token alone, and may keep the presented
     * token for as long again.
     *
     * @param found what `find` has answered of it
     * @throws OAuthError `invalid_grant`
     */
    async exchange(
      presented: string,
      found: PresentedRefreshToken,
      wanted: Wanted,
      client: Client,
    ): Promise<Token> {
      const { token, grant } = found;
      const now = Date.now();
      const rotates = client.rotateRefreshTokens !== false || isPublicClient(client);
      // A retry is given what was derived before.
      const { salt } = found.isUsed ? (token.previous ?? token) : token;
      const successor = rotates
        ? successorOf(presented, mac(successorKey, `${salt}.${presented}`))
        : presented;
      const draft = await drafts.make(wanted, client, grant, now, successor);
      const { accessToken, refreshToken } = drafts.records(draft, client, grant, now);
      // The scope of the refresh token stays what it was, though this access token may have less of
      // it (RFC 6749 section 6).
      const next = {
        ...refreshToken!,
        scope: token.scope,
        ...(!rotates && { salt: token.salt }),
      };
      const window = refreshRetryWindow * 1000;
      const successors = { accessToken, refreshToken: next };
      await noteUse(client);
      const rotation = await store.refreshTokens.rotate(
        found.presented,
        now,
        window,
        successors,
        found,
      );
      switch (rotation.outcome) {
        case 'rotated':
          return issuedToken(
            rotates ? draft : { ...draft, refreshToken: undefined },
            client,
            grant,
          );
        case 'retried': {
          const refreshTokenExpiresAt = new Date(rotation.successor.expiresAt);
          return issuedToken({ ...draft, refreshTokenExpiresAt }, client, grant);
        }
        case 'unknown':
          throw grantIsOver();
        case 'reused':
          await store.grants.end(rotation.grantId);
          events.emit('refresh_token_reused', { clientId: client.id, grantId: rotation.grantId });
          throw new OAuthError(
            'invalid_grant',
            'The refresh token was used before. It may have been stolen, so all tokens that came of the same sign-in have been revoked.',
          );
      }
    },
  };
}
