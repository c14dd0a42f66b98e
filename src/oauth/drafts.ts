// What is about to be issued: the lifetimes that it gets, the access token's value, and the records
// that the store keeps of it.

import type { IssuedTokens } from '../issued.ts';
import type { Client, Grant } from '../types.ts';
import type { createAccessTokens } from './access-tokens.ts';
import type { Add } from './additions.ts';
import type { IdTokens } from './id-tokens.ts';
import {
  asGrant,
  grantIsOver,
  type LibraryUser,
  recordsOf,
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
  /** The `grant_type` of the request (RFC 6749 section 4). */
  readonly grantType: string;
  /** The `nonce` of the authorization request, for the first ID token. */
  readonly nonce?: string | undefined;
}

/** In seconds. */
type Lifetimes = {
  readonly [Name in 'accessTokenTtl' | 'refreshTokenTtl' | 'grantTtl']: number;
};

export type Drafts = ReturnType<typeof createDrafts>;

/**
 * What makes drafts of tokens, by the lifetimes of the server and of the client.
 *
 * @param add asks the app around the server what it adds, if it adds anything
 * @param idTokens makes ID tokens; if it is absent, no draft has one
 */
export function createDrafts(
  accessTokens: ReturnType<typeof createAccessTokens>,
  { accessTokenTtl, refreshTokenTtl, grantTtl }: Lifetimes,
  add: Add,
  idTokens?: IdTokens,
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

  /**
   * Nothing outlives the grant's absolute lifetime.
   *
   * @throws OAuthError `invalid_grant` if that is over: the token would have expired before it is issued
   */
  function clamp<T extends TokenRequest>(token: T, user: LibraryUser, now: number): T {
    const grant = asGrant(user);
    if (grant === undefined) return token;
    const end = grant.createdAt + grantTtl * 1000;
    if (end <= now) throw grantIsOver();
    const sooner = (date: Date) => (date.getTime() > end ? new Date(end) : date);
    const { accessTokenExpiresAt, refreshTokenExpiresAt } = token;
    return {
      ...token,
      accessTokenExpiresAt: sooner(accessTokenExpiresAt),
      ...(refreshTokenExpiresAt && { refreshTokenExpiresAt: sooner(refreshTokenExpiresAt) }),
    };
  }

  /** Adds what the app around the server adds, and gives the access token its value. */
  function mint(
    request: TokenRequest,
    wanted: Wanted,
    client: Client,
    user: LibraryUser,
    now: number,
  ): Promise<TokenDraft> {
    if (add === undefined) return accessTokens.mint(request, client, user, now);
    return add(wanted, client, asGrant(user), wanted.grantType).then((added) =>
      accessTokens.mint({ ...request, ...added }, client, user, now),
    );
  }

  /** Mints an access token, as `mint` does, and an ID token beside it. */
  async function mintBoth(
    makes: IdTokens,
    request: TokenRequest,
    wanted: Wanted,
    client: Client,
    grant: Grant,
    now: number,
  ): Promise<TokenDraft> {
    const [draft, person] = await Promise.all([
      mint(request, wanted, client, grant, now),
      makes.tell(grant, wanted.scope, client),
    ]);
    const idToken = await makes.mint(draft, client, grant, person, now, wanted.nonce);
    return { ...draft, idToken };
  }

  return {
    clamp,

    /**
     * A draft of the tokens that were asked for: an access token, the refresh token if one is given, and an
     * ID token if the scope has `openid`.
     *
     * @throws HostError if the app cannot say what it adds
     * @throws OAuthError `invalid_grant` if the absolute lifetime of the grant is over
     */
    async make(
      wanted: Wanted,
      client: Client,
      user: LibraryUser,
      now: number,
      refreshToken?: string,
    ): Promise<TokenDraft> {
      const request = clamp({ ...requested(wanted, client, now), refreshToken }, user, now);
      const grant = asGrant(user);
      const isSignIn = grant !== undefined && wanted.scope.includes('openid');
      return idTokens !== undefined && isSignIn
        ? mintBoth(idTokens, request, wanted, client, grant, now)
        : mint(request, wanted, client, user, now);
    },

    /** What the store keeps of a draft. */
    records(draft: TokenDraft, client: TokenClient, user: LibraryUser, now: number): IssuedTokens {
      return recordsOf(draft, client, user, accessTokens.audienceOf(draft), now);
    },
  };
}
