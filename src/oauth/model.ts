// The model of @node-oauth/oauth2-server over a store, for a plain `new OAuth2Server({ model:
// createModel() })` and a plain express-oauth-server, as the tutorials build them. The methods keep
// the library's contract and are in the order it calls them. This server itself issues by
// issuing.ts, which does in one operation what the library does in two.

import type OAuth2Server from '@node-oauth/oauth2-server';
import { assertConfidential, secretMatches } from '../protocol/client.ts';
import { isRegisteredRedirectUri } from '../protocol/redirect-uri.ts';
import { covers, formatScope, grantScope, remainingScope } from '../protocol/scope.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import { memoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import type { Client } from '../types.ts';
import { createIssuing, type IssuingOptions } from './issuing.ts';
import {
  type ActiveToken,
  asGrant,
  type CodeDraft,
  mayRefresh,
  NO_USER,
  newGrant,
  type Subject,
  type Token,
  type TokenClient,
  type TokenDraft,
} from './tokens.ts';

export type ModelOptions = IssuingOptions;

export type Model = ReturnType<typeof createModel>;

/**
 * The model over a store.
 *
 * @param store in memory if none is given
 */
export function createModel(store: Store = memoryStore(), options: ModelOptions = {}) {
  const issuing = createIssuing(store, options);

  return {
    /** Where clients and users are added: `model.store.clients.save(client)`. */
    store,

    /**
     * The client with an id. The library passes the secret it was sent. It passes `null` at the
     * authorization endpoint, where there is none, and `undefined` if a token request has none: that
     * is enough for a public client only.
     */
    async getClient(clientId: string, clientSecret?: string | null): Promise<Client | undefined> {
      const client = await store.clients.find(clientId);
      if (client === undefined || clientSecret === null) return client;
      return secretMatches(client, clientSecret ?? '') ? client : undefined;
    },

    /** A client that acts for itself has no user; a public one may not (RFC 6749 section 4.4). */
    async getUserFromClient(client: Client): Promise<Subject> {
      assertConfidential(client);
      return NO_USER;
    },

    /** @throws OAuthError `invalid_scope` if the client asks for more than it may have */
    async validateScope(_user: unknown, client: Client, scope?: string[]): Promise<string[]> {
      return grantScope(scope && formatScope(scope), client.scope);
    },

    async validateRedirectUri(redirectUri: string, client: Client): Promise<boolean> {
      return isRegisteredRedirectUri(client, redirectUri);
    },

    async generateAuthorizationCode(): Promise<string> {
      return randomToken();
    },

    async saveAuthorizationCode(
      code: CodeDraft,
      client: { id: string },
      user: OAuth2Server.User,
    ): Promise<OAuth2Server.AuthorizationCode> {
      const grant =
        asGrant(user) ?? newGrant(client.id, String(user['id']), { scope: code.scope ?? [] });
      await issuing.codes.save(code, client.id, grant);
      return { ...code, client: { id: client.id, grants: [] }, user: grant };
    },

    /** The code, whether or not it was redeemed: only `revokeAuthorizationCode` says who is first. */
    async getAuthorizationCode(authorizationCode: string) {
      const found = await issuing.codes.find(authorizationCode);
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

    /** Only for a client whose record has the grant type; the others get none. */
    async generateRefreshToken(client: Pick<Client, 'grants'>): Promise<string | undefined> {
      return mayRefresh(client) ? randomToken() : undefined;
    },

    /** Stores what was issued. @throws OAuthError `invalid_grant` if the grant is over */
    async saveToken(token: TokenDraft, client: TokenClient, user: Subject): Promise<Token> {
      return issuing.saveTokens(token, client, user);
    },

    async getAccessToken(accessToken: string): Promise<ActiveToken | undefined> {
      return issuing.findActiveToken(accessToken);
    },

    async verifyScope(token: { scope?: string[] }, scope: readonly string[]): Promise<boolean> {
      return covers(token.scope ?? [], scope);
    },

    /** The token, unless it was rotated: whoever presents a rotated one may have stolen it. */
    async getRefreshToken(refreshToken: string) {
      const found = await issuing.refreshTokens.find(refreshToken);
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
  };
}
