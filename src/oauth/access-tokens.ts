// Access tokens of both kinds, random strings that the store knows and JWTs (RFC 9068): how one
// gets its value, and how one that is presented is recognised.

import { HostError } from '../host-error.ts';
import type { AccessToken } from '../issued.ts';
import {
  ACCESS_TOKEN_TYPE,
  accessTokenClaims,
  type DescribedToken,
  readAccessTokenClaims,
} from '../protocol/access-token.ts';
import { keyIdOf, looksLikeJwt, MAX_JWT, signJwt, verifyJwt } from '../protocol/jwt.ts';
import { resourceKey } from '../protocol/resource.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { FoundAccessToken, FoundWithPerson, TokenOwner } from '../store/store-grants.ts';
import type { AccessTokenFormat } from '../types.ts';
import type { Keys } from './keys.ts';
import {
  asGrant,
  issuedAtOf,
  type LibraryUser,
  type TokenClient,
  type TokenDraft,
  type TokenRequest,
} from './tokens.ts';

/** What access tokens are made and recognised with. */
export interface AccessTokenOptions {
  /** The URL of the server: who issues, and what a token is for that names no resource. */
  readonly issuer?: string | undefined;
  /** What JWTs are signed with. Without it, or the issuer, every token is opaque. */
  readonly keys?: Keys | undefined;
  /** If neither the resource nor the client says otherwise; opaque if this is absent. */
  readonly accessTokenFormat?: AccessTokenFormat | undefined;
  readonly resources?: Readonly<Record<string, Resource>> | undefined;
  /** Whether the tokens of a client or user count for nothing, though they are in force. */
  readonly refuses?: ((token: AccessToken) => boolean) | undefined;
}

/** RFC 8707: a resource that tokens are issued for. */
export interface Resource {
  readonly accessTokenFormat?: AccessTokenFormat | undefined;
}

export function createAccessTokens(store: Store, options: AccessTokenOptions) {
  const { issuer, keys, refuses } = options;
  const formatOf = createFormatOf(options);
  // One for all tokens: a store in memory keeps as many as there are.
  const ownAudience = Object.freeze(issuer === undefined ? [] : [issuer]);
  const isOpaque = (value: string) =>
    issuer === undefined || keys === undefined || !looksLikeJwt(value);

  /** What a JWT says itself to be, if it is one of ours; it may have been ended. */
  async function read(value: string, now: number): Promise<DescribedToken | undefined> {
    if (issuer === undefined || keys === undefined) return undefined;
    const key = await keys.find(keyIdOf(value) ?? '', now);
    const claims = key && verifyJwt(value, ACCESS_TOKEN_TYPE, key);
    return claims && readAccessTokenClaims(claims, issuer, now);
  }

  /** Looks a token up together with how its person signed in. */
  async function look(value: string, now: number): Promise<FoundAccessToken | undefined> {
    if (isOpaque(value)) return store.accessTokens.find(sha256(value), now);
    const described = await read(value, now);
    const owner = described && (await store.accessTokens.findOwner(described, now));
    return owner && { token: tokenOfOwner(described, owner), grant: described.signIn };
  }

  /** Looks a token up together with its grant and what is known of the person. */
  async function lookAtPerson(value: string, now: number): Promise<FoundWithPerson | undefined> {
    if (isOpaque(value)) return store.accessTokens.findWithPerson(sha256(value), now);
    const described = await read(value, now);
    if (described === undefined) return undefined;
    const { grantId, sub } = described;
    const [owner, grant, likely] = await Promise.all([
      store.accessTokens.findOwner(described, now),
      grantId === undefined ? undefined : store.grants.find(grantId, now),
      grantId === undefined ? undefined : store.users.find(sub),
    ]);
    if (owner === undefined) return undefined;
    const { userId } = owner;
    // Only a pairwise `sub` is not the user's id.
    const user = userId === undefined || userId === sub ? likely : await store.users.find(userId);
    return { token: tokenOfOwner(described, owner), grant, user };
  }

  /** What a token is good for: the resources it was asked for; the server itself if there are none. */
  function audienceOf({ resource = [] }: TokenRequest): readonly string[] {
    return resource.length > 0 ? resource : ownAudience;
  }

  return {
    audienceOf,

    /** Gives a token its value. */
    async mint(
      request: TokenRequest,
      client: TokenClient,
      user: LibraryUser,
      now: number,
    ): Promise<TokenDraft> {
      if (issuer === undefined || keys === undefined || formatOf(request, client) === 'opaque') {
        return { ...request, accessToken: randomToken() };
      }
      const key = await keys.current(now);
      // No token outlives the key that verifies it.
      const expiresAt = Math.min(request.accessTokenExpiresAt.getTime(), key.expiresAt);
      const jti = randomToken(16);
      const claims = accessTokenClaims(issuer, jti, {
        clientId: client.id,
        grant: asGrant(user),
        scope: request.scope ?? [],
        audience: audienceOf(request),
        issuedAt: issuedAtOf(client, user, now),
        expiresAt,
        claims: request.claims,
      });
      const accessToken = signJwt(key, ACCESS_TOKEN_TYPE, claims);
      if (request.claims !== undefined && accessToken.length > MAX_JWT) {
        throw new HostError(
          `The option claims makes a token of ${accessToken.length} characters, and it may have ${MAX_JWT}.`,
        );
      }
      return { ...request, accessTokenExpiresAt: new Date(expiresAt), jti, accessToken };
    },

    /** The record of a presented token that is in force, with how its person signed in, or `undefined`. */
    async find(value: string, now: number): Promise<FoundAccessToken | undefined> {
      const found = await look(value, now);
      return found !== undefined && refuses?.(found.token) ? undefined : found;
    },

    /** What `find` answers, with what is known of the person for whom it was issued. */
    async findWithPerson(value: string, now: number): Promise<FoundWithPerson | undefined> {
      const found = await lookAtPerson(value, now);
      return found !== undefined && refuses?.(found.token) ? undefined : found;
    },

    /** Whether a presented token is looked up by its hash alone, and needs no signature verified. */
    isOpaque,
  };
}

/** A JWT that is in force, and whose it is. */
function tokenOfOwner(
  { sub: _, signIn: __, ...token }: DescribedToken,
  { userId }: TokenOwner,
): AccessToken {
  return { ...token, userId };
}

/** What says which format a token gets. */
function createFormatOf({ resources = {}, accessTokenFormat }: AccessTokenOptions) {
  const formats = new Map(
    Object.entries(resources).map(([name, resource]) => [
      resourceKey(name),
      resource.accessTokenFormat,
    ]),
  );
  /**
   * What the resource says counts before what the client's record says, and that before the server's
   * setting. If one of several resources wants a JWT, the token is one: that resource may not be able
   * to read anything else.
   */
  return ({ resource = [] }: TokenRequest, client: TokenClient): AccessTokenFormat => {
    const ofResources = resource.map((name) => formats.get(resourceKey(name)));
    return (
      ofResources.find((format) => format === 'jwt') ??
      ofResources.find((format) => format !== undefined) ??
      client.accessTokenFormat ??
      accessTokenFormat ??
      'opaque'
    );
  };
}
