// What is about to be issued: the lifetimes that it gets, the access token's value, and the records
// that the store keeps of it.

import type { Client, IssuedTokens } from '../types.ts';
import type { createAccessTokens } from './access-tokens.ts';
import type { Add } from './additions.ts';
import {
  asGrant,
  recordsOf,
  type Subject,
  type TokenClient,
  type TokenDraft,
  type TokenRequest,
} from './tokens.ts';

/** What a client asks for. */
export interface Asked {
  readonly scope: readonly string[];
  /** RFC 8707: the resources the token is for; the server itself if there are none. */
  readonly resource: readonly string[];
}

/** What a grant type wants issued. */
export interface Wanted extends Asked {
  /** RFC 6749 section 4: what was asked by. */
  readonly grantType: string;
}

/** In seconds. */
export type Lifetimes = {
  readonly [Name in 'accessTokenTtl' | 'refreshTokenTtl' | 'grantTtl']: number;
};

export type Drafts = ReturnType<typeof createDrafts>;

/**
 * What makes drafts of tokens, by the lifetimes of the server and of the client.
 *
 * @param add asks the app around the server what it adds, if it adds anything
 */
export function createDrafts(
  accessTokens: ReturnType<typeof createAccessTokens>,
  { accessTokenTtl, refreshTokenTtl, grantTtl }: Lifetimes,
  add: Add,
) {
  /** What is wanted, with the lifetimes that this client's tokens have. */
  function requested({ scope, resource }: Wanted, client: Client, now: number): TokenRequest {
    const { accessTokenLifetime, refreshTokenLifetime } = client;
    return {
      scope,
      resource,
      accessTokenExpiresAt: new Date(now + (accessTokenLifetime ?? accessTokenTtl) * 1000),
      refreshTokenExpiresAt: new Date(now + (refreshTokenLifetime ?? refreshTokenTtl) * 1000),
    };
  }

  /** Nothing outlives the grant's absolute lifetime. */
  function clamp<T extends TokenRequest>(token: T, user: Subject): T {
    const grant = asGrant(user);
    if (grant === undefined) return token;
    const end = grant.createdAt + grantTtl * 1000;
    const sooner = (date: Date) => (date.getTime() > end ? new Date(end) : date);
    const { accessTokenExpiresAt, refreshTokenExpiresAt } = token;
    return {
      ...token,
      accessTokenExpiresAt: sooner(accessTokenExpiresAt),
      ...(refreshTokenExpiresAt && { refreshTokenExpiresAt: sooner(refreshTokenExpiresAt) }),
    };
  }

  return {
    clamp,

    /**
     * A draft of the tokens that were asked for: an access token, and the refresh token if one is given.
     *
     * @throws HostError if the app cannot say what it adds
     */
    make(
      wanted: Wanted,
      client: Client,
      user: Subject,
      now: number,
      refreshToken?: string,
    ): Promise<TokenDraft> {
      const request = clamp({ ...requested(wanted, client, now), refreshToken }, user);
      if (add === undefined) return accessTokens.mint(request, client, user, now);
      return add(wanted, client, asGrant(user), wanted.grantType).then((added) =>
        accessTokens.mint({ ...request, ...added }, client, user, now),
      );
    },

    /** What the store keeps of a draft. */
    records(draft: TokenDraft, client: TokenClient, user: Subject, now: number): IssuedTokens {
      return recordsOf(draft, client.id, user, accessTokens.audienceOf(draft), now);
    },
  };
}
