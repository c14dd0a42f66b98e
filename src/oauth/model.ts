// The model of @node-oauth/oauth2-server over a store.
//
// The methods that library defines stand in the order it calls them and keep its contract, so the
// model serves a plain `new OAuth2Server({ model: createModel() })` safely too. What goes beyond
// the contract stands last: it does in one atomic operation what the library does in two.

import type OAuth2Server from '@node-oauth/oauth2-server';
import { OAuthError } from '../errors.ts';
import { createEvents, type Events } from '../events.ts';
import { isPublicClient, secretMatches } from '../protocol/client.ts';
import { isRegisteredRedirectUri } from '../protocol/redirect-uri.ts';
import { allowedResources, readResources, remainingResources } from '../protocol/resource.ts';
import { covers, formatScope, grantScope, remainingScope } from '../protocol/scope.ts';
import { deriveKey, mac, randomToken, sha256 } from '../protocol/secrets.ts';
import { memoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import type {
  AccessToken,
  AuthorizationCode,
  Client,
  Consent,
  Grant,
  IssuedTokens,
  RefreshToken,
} from '../types.ts';
import { type AccessTokenOptions, createAccessTokens, type TokenClient } from './access-tokens.ts';
import {
  type ActiveToken,
  answer,
  asGrant,
  newGrant,
  records,
  type Subject,
  type Token,
  type TokenDraft,
  type TokenRequest,
} from './tokens.ts';

export interface ModelOptions extends AccessTokenOptions {
  /** Seconds after a rotation in which the same refresh token gets the same successor. */
  readonly refreshRetryWindow?: number;
  /** Seconds a grant lasts at the most, however often its tokens are refreshed. */
  readonly grantTtl?: number;
  /** The server's secret; without one the model makes its own, good for this process alone. */
  readonly secret?: string;
  readonly events?: Events;
}

export type Model = ReturnType<typeof createModel>;

const NOBODY: Subject = Object.freeze({});

/**
 * The model over a store.
 *
 * @param store in memory where none is given
 */
export function createModel(store: Store = memoryStore(), options: ModelOptions = {}) {
  const { refreshRetryWindow = 30, grantTtl = 90 * 24 * 3600, events = createEvents() } = options;
  const accessTokens = createAccessTokens(store, options);
  const successorKey = deriveKey(options.secret ?? randomToken(), 'refresh token successor');

  return {
    /** Where clients and users are added: `model.store.clients.save(client)`. */
    store,

    /**
     * The client with an id. The library passes the secret it was sent; `null` at the authorization
     * endpoint, where there is none; `undefined` where a token request has none, which is enough
     * for a public client only.
     */
    async getClient(clientId: string, clientSecret?: string | null): Promise<Client | undefined> {
      const client = await store.clients.find(clientId);
      if (client === undefined || clientSecret === null) return client;
      return secretMatches(client, clientSecret ?? '') ? client : undefined;
    },

    /** A client that acts for itself has no user; a public one may not (RFC 6749 section 4.4). */
    async getUserFromClient(client: Client): Promise<Subject> {
      if (isPublicClient(client)) {
        throw new OAuthError(
          'unauthorized_client',
          'The grant type client_credentials is for clients that authenticate.',
        );
      }
      return NOBODY;
    },

    /** @throws OAuthError `invalid_scope` where the client asks for more than it may have */
    async validateScope(_user: unknown, client: Client, scope?: string[]): Promise<string[]> {
      return grantScope(scope && formatScope(scope), client.scope);
    },

    async validateRedirectUri(redirectUri: string, client: Client): Promise<boolean> {
      return isRegisteredRedirectUri(client, redirectUri);
    },

    async generateAuthorizationCode(): Promise<string> {
      return randomToken();
    },

    /**
     * @param consents that the approval rests on; the library knows of none
     * @throws OAuthError `access_denied` where the person has just taken one of them back
     */
    async saveAuthorizationCode(
      code: Pick<
        OAuth2Server.AuthorizationCode,
        'authorizationCode' | 'expiresAt' | 'redirectUri' | 'scope' | 'codeChallenge'
      >,
      client: { id: string },
      user: OAuth2Server.User,
      consents: readonly Consent[] = [],
    ): Promise<OAuth2Server.AuthorizationCode> {
      const expiresAt = code.expiresAt.getTime();
      const grant =
        asGrant(user) ?? newGrant(client.id, String(user['id']), { scope: code.scope ?? [] });
      const stored: AuthorizationCode = {
        hash: sha256(code.authorizationCode),
        grantId: grant.id,
        clientId: client.id,
        redirectUri: code.redirectUri,
        scope: code.scope ?? [],
        codeChallenge: code.codeChallenge,
        expiresAt,
      };
      // Until it is redeemed there is nothing to the grant but the code.
      if (!(await store.codes.save(stored, { ...grant, expiresAt }, consents))) {
        throw new OAuthError('access_denied', 'The person has just taken the access back.');
      }
      return { ...code, client: { id: client.id, grants: [] }, user: grant };
    },

    /** The code, whether or not it was redeemed: only `revokeAuthorizationCode` says who is first. */
    async getAuthorizationCode(authorizationCode: string) {
      const found = await store.codes.find(sha256(authorizationCode), Date.now());
      return (
        found && {
          authorizationCode,
          expiresAt: new Date(found.code.expiresAt),
          redirectUri: found.code.redirectUri,
          scope: [...found.code.scope],
          client: { id: found.code.clientId, grants: [] as string[] },
          user: found.grant,
          ...(found.code.codeChallenge !== undefined && {
            codeChallenge: found.code.codeChallenge,
            codeChallengeMethod: 'S256',
          }),
        }
      );
    },

    /** True for the one caller who redeemed the code. */
    async revokeAuthorizationCode(code: { authorizationCode: string }): Promise<boolean> {
      const { outcome } = await store.codes.redeem(sha256(code.authorizationCode), Date.now());
      return outcome === 'redeemed';
    },

    async generateAccessToken(): Promise<string> {
      return randomToken();
    },

    /** Only for a client whose record has the grant; the others get none. */
    async generateRefreshToken(client: Pick<Client, 'grants'>): Promise<string | undefined> {
      return client.grants.includes('refresh_token') ? randomToken() : undefined;
    },

    /** Stores what was issued. @throws OAuthError `invalid_grant` where the grant is over */
    async saveToken(token: TokenDraft, client: TokenClient, user: Subject): Promise<Token> {
      const now = Date.now();
      const clamped = { ...token, ...clamp(token, user) };
      if (!(await store.tokens.issue(recorded(clamped, client, user, now), now))) {
        throw grantIsOver();
      }
      return answer(clamped, client, user);
    },

    async getAccessToken(accessToken: string): Promise<ActiveToken | undefined> {
      const found = await accessTokens.find(accessToken, Date.now());
      return (
        found && {
          accessToken,
          accessTokenExpiresAt: new Date(found.expiresAt),
          audience: found.audience,
          scope: [...found.scope],
          client: { id: found.clientId, grants: [] },
          user: found.userId === undefined ? {} : { id: found.userId },
        }
      );
    },

    async verifyScope(token: { scope?: string[] }, scope: readonly string[]): Promise<boolean> {
      return covers(token.scope ?? [], scope);
    },

    /** The token, unless it was rotated: whoever presents one of those has something to explain. */
    async getRefreshToken(refreshToken: string) {
      const found = await store.refreshTokens.find(sha256(refreshToken), Date.now());
      if (found === undefined || found.token.rotatedAt !== undefined) return undefined;
      const client = await store.clients.find(found.token.clientId);
      if (client === undefined) return undefined;
      return {
        refreshToken,
        refreshTokenExpiresAt: new Date(found.token.expiresAt),
        // The library grants what it finds here without another look at the client.
        scope: remainingScope(found.token.scope, client.scope),
        client: { id: found.token.clientId, grants: [] as string[] },
        user: found.grant,
      };
    },

    /** True for the one caller who used the refresh token up. */
    async revokeToken(token: { refreshToken: string }): Promise<boolean> {
      return store.refreshTokens.retire(sha256(token.refreshToken), Date.now());
    },

    /**
     * Redeems a code and stores the tokens it is exchanged for, both or neither. A second
     * redemption ends the grant (RFC 6749 section 4.1.2), but for one so soon that it may be of a
     * client that lost the answer. So call this only for a caller who has proved to be the client
     * and to hold the verifier.
     *
     * @throws OAuthError `invalid_grant` for all but the first caller
     */
    async exchangeAuthorizationCode(
      authorizationCode: string,
      request: TokenRequest,
      client: TokenClient,
      grant: Grant,
    ): Promise<Token> {
      const now = Date.now();
      const draft = await accessTokens.mint(clamp(request, grant), client, grant, now);
      const redemption = await store.codes.redeem(
        sha256(authorizationCode),
        now,
        recorded(draft, client, grant, now),
      );
      switch (redemption.outcome) {
        case 'redeemed':
          return answer(draft, client, grant);
        case 'repeated':
          throw new OAuthError(
            'invalid_grant',
            'The authorization code was used a moment ago; a code works once. The tokens issued for it are in force.',
          );
        case 'already_redeemed':
          await store.grants.end(redemption.grantId);
          events.emit('code_replayed', { clientId: client.id, grantId: redemption.grantId });
          throw new OAuthError(
            'invalid_grant',
            'The authorization code was used before; a code works once, and the tokens issued for it have been revoked.',
          );
        case 'unknown':
          throw grantIsOver();
      }
    },

    /**
     * The resources a token is for (RFC 8707 section 2.2): those that the token request names, out
     * of those that were granted and that the client may still ask for; all of these where it names
     * none.
     *
     * @param granted by the person: who was asked about none has approved the server itself, and no
     *   other resource; absent where the client acts for itself
     * @throws OAuthError `invalid_target`; `invalid_grant` if nothing is left of what was granted
     */
    validateResource(
      asked: readonly string[],
      client: Client,
      granted?: readonly string[],
    ): readonly string[] {
      const { issuer, resources = {} } = options;
      const allowed = allowedResources(client, { issuer, resources: Object.keys(resources) });
      const remaining = granted && remainingResources(granted, allowed);
      if (asked.length === 0) return remaining ?? [];
      if (remaining !== undefined && (remaining.length > 0 || issuer !== undefined)) {
        return readResources(asked, remaining.length > 0 ? remaining : [issuer ?? '']);
      }
      return readResources(asked, allowed);
    },

    /** Issues a token to a client that acts for itself. */
    async issueClientToken(request: TokenRequest, client: Client): Promise<Token> {
      const now = Date.now();
      const draft = await accessTokens.mint(request, client, NOBODY, now);
      await store.tokens.issue(recorded(draft, client, NOBODY, now), now);
      return answer(draft, client, NOBODY);
    },

    /** The record of an access token, opaque or JWT, that is in force. */
    findAccessToken(accessToken: string): Promise<AccessToken | undefined> {
      return accessTokens.find(accessToken, Date.now());
    },

    /** What is known of a presented refresh token, rotated or not. */
    async findRefreshToken(refreshToken: string) {
      return store.refreshTokens.find(sha256(refreshToken), Date.now());
    },

    /**
     * Exchanges a refresh token for an access token and a successor. The successor is derived from
     * the presented token and its salt with the server's key, so a client that lost the answer can
     * be given the same one again though it was never kept. Presented later, or after the successor
     * was used, it is held by two parties, and the grant ends (RFC 9700 section 4.14.2).
     *
     * @throws OAuthError `invalid_grant`
     */
    async exchangeRefreshToken(
      presented: RefreshToken & { readonly value: string },
      request: TokenRequest,
      client: TokenClient,
      grant: Grant,
    ): Promise<Token> {
      const now = Date.now();
      const successor = mac(successorKey, `${presented.salt}.${presented.value}`);
      const wanted = clamp({ ...request, refreshToken: successor }, grant);
      const draft = await accessTokens.mint(wanted, client, grant, now);
      const { accessToken, refreshToken } = recorded(draft, client, grant, now);
      const rotation = await store.refreshTokens.rotate(
        presented.hash,
        now,
        refreshRetryWindow * 1000,
        {
          accessToken,
          // The scope of the refresh token stays what it was, though this access token may have less
          // of it (RFC 6749 section 6).
          refreshToken: { ...refreshToken!, scope: presented.scope },
        },
      );
      switch (rotation.outcome) {
        case 'rotated':
          return answer(draft, client, grant);
        case 'retried':
          return answer(
            { ...draft, refreshTokenExpiresAt: new Date(rotation.successor.expiresAt) },
            client,
            grant,
          );
        case 'reused':
          await store.grants.end(rotation.grantId);
          events.emit('refresh_token_reused', { clientId: client.id, grantId: rotation.grantId });
          throw new OAuthError(
            'invalid_grant',
            'The refresh token was used before. It may have been stolen, so all tokens that came of the same sign-in have been revoked.',
          );
        case 'unknown':
          throw grantIsOver();
      }
    },
  };

  function recorded(
    draft: TokenDraft,
    client: TokenClient,
    user: Subject,
    now: number,
  ): IssuedTokens {
    return records(draft, client.id, user, accessTokens.audienceOf(draft), now);
  }

  /** Nothing outlives the grant's absolute lifetime. */
  function clamp(token: TokenRequest, user: Subject): TokenRequest {
    const grant = asGrant(user);
    if (grant === undefined) return token;
    const end = grant.createdAt + grantTtl * 1000;
    const sooner = (date: Date) => (date.getTime() > end ? new Date(end) : date);
    return {
      ...token,
      accessTokenExpiresAt: sooner(token.accessTokenExpiresAt),
      ...(token.refreshTokenExpiresAt && {
        refreshTokenExpiresAt: sooner(token.refreshTokenExpiresAt),
      }),
    };
  }
}

function grantIsOver(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The authorization this token came of has ended: ask the person to sign in again.',
  );
}
