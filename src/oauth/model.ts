// The model of @node-oauth/oauth2-server over a store, for a plain `new OAuth2Server({ model:
// createModel() })` and a plain express-oauth-server, as the tutorials build them. The methods keep
// the library's contract and are in the order it calls them. This server itself issues by
// issuing.ts, which does in one operation what the library does in two.

import type OAuth2Server from '@node-oauth/oauth2-server';
import { createEvents } from '../events.ts';
// biome-ignore lint/style/noRestrictedImports: createModel() is called by apps, as authorizationServer() is, and checks its options by the same rules
import { assertModelOptions } from '../option-rules.ts';
import { MAX_TTL } from '../protocol/bounds.ts';
import { assertConfidential, secretMatches } from '../protocol/client.ts';
import { userIdProblem } from '../protocol/names.ts';
import { isRegisteredRedirectUri } from '../protocol/redirect-uri.ts';
import { hashesOf, newRefreshToken } from '../protocol/refresh-token.ts';
import {
  covers,
  formatScope,
  grantScope,
  grantScopeWithoutPerson,
  remainingScope,
} from '../protocol/scope.ts';
import { randomToken, sha256 } from '../protocol/secrets.ts';
import { shown } from '../protocol/shown.ts';
import { memoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import { vetting } from '../store/vetting.ts';
import type { Client } from '../types.ts';
import { createIssuing, type IssuingOptions } from './issuing.ts';
import {
  type ActiveToken,
  asGrant,
  type CodeDraft,
  type LibraryUser,
  mayRefresh,
  NO_USER,
  newGrant,
  type Token,
  type TokenClient,
  type TokenDraft,
} from './tokens.ts';

/** The library makes the answer of the token endpoint itself, so nothing can be added to that. */
export type ModelOptions = Omit<IssuingOptions, 'tokenResponse'>;

/** A token as the types of the library have it. */
interface ModelToken extends ActiveToken {
  /** Nothing looks at the grant types of a client that presents a token. */
  readonly client: ActiveToken['client'] & { readonly grants: string[] };
  readonly user: ActiveToken['user'] & { readonly username?: string };
}

/** An interface, so that declarations of an app name it, and not what is in it. */
export interface Model extends ReturnType<typeof makeModel> {}

/**
 * The model over a store.
 *
 * @param store in memory if none is given
 * @throws TypeError if the store lacks a verb, or an option is unknown or wrong
 */
export function createModel(store: Store = memoryStore(), options: ModelOptions = {}): Model {
  return makeModel(store, options);
}

function makeModel(store: Store, options: ModelOptions) {
  assertModelOptions(store, options);
  const { events = createEvents() } = options;
  // Every client counts, whoever stored it and whatever its URLs, if there is a whole record of it.
  const vetted = vetting(store, { demo: true, production: false, ownUsers: true, events }).store;
  const issuing = createIssuing(store, { ...options, events }, (id) => vetted.users.find(id));

  return {
    /** Where clients and users are added: `model.store.clients.save(client)`. */
    store,

    /**
     * The client with an id. The library passes the secret it was sent. It passes `null` at the
     * authorization endpoint, where there is none, and `undefined` if a token request has none: that
     * is enough for a public client only.
     */
    async getClient(clientId: string, clientSecret?: string | null): Promise<Client | undefined> {
      const client = await vetted.clients.find(clientId);
      if (client === undefined || clientSecret === null) return client;
      return secretMatches(client, clientSecret ?? '') ? client : undefined;
    },

    /** A client that acts for itself has no user; a public one may not (RFC 6749 section 4.4). */
    async getUserFromClient(client: Client): Promise<LibraryUser> {
      assertConfidential(client);
      return NO_USER;
    },

    /** @throws OAuthError `invalid_scope` if the client asks for more than it may have */
    async validateScope(user: unknown, client: Client, scope?: string[]): Promise<string[]> {
      const asked = scope && formatScope(scope);
      return user === NO_USER
        ? [...grantScopeWithoutPerson(asked, client)]
        : [...grantScope(asked, client.scope, client.defaultScope)];
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
        asGrant(user) ??
        (await issuing.subjects.withSubject(
          // The library hands on the whole record that it was given.
          client as Client,
          newGrant(client.id, userIdOf(user), { scope: code.scope ?? [] }),
        ));
      assertTime('authorizationCodeLifetime', code.expiresAt);
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
      return mayRefresh(client) ? newRefreshToken() : undefined;
    },

    /**
     * Stores what was issued.
     *
     * @throws OAuthError `invalid_grant` if the grant is over
     * @throws TypeError if a time is too far away, because a lifetime that the library was given has no end,
     *   or if the user is a person without a grant: the token would be the client's own
     */
    async saveToken(token: TokenDraft, client: TokenClient, user: LibraryUser): Promise<Token> {
      assertTime('accessTokenLifetime', token.accessTokenExpiresAt);
      assertTime('refreshTokenLifetime', token.refreshTokenExpiresAt);
      if (asGrant(user) === undefined && Object.hasOwn(user, 'id')) {
        throw new TypeError(
          'saveToken takes the user that this model answered with. For a person there has to be a grant, which saveAuthorizationCode makes.',
        );
      }
      return issuing.saveTokens(token, client, user);
    },

    /** The token, with the username of its person if the store has that user: tutorials show it. */
    async getAccessToken(accessToken: string): Promise<ModelToken | undefined> {
      const token = await issuing.findActiveToken(accessToken);
      if (token === undefined) return undefined;
      const { client, user } = token;
      const known = user.id === undefined ? undefined : await vetted.users.find(user.id);
      return {
        ...token,
        client: { ...client, grants: [] },
        user: known === undefined ? user : { ...user, username: known.username },
      };
    },

    async verifyScope(token: { scope?: string[] }, scope: readonly string[]): Promise<boolean> {
      return covers(token.scope ?? [], scope);
    },

    /** The token, unless it was rotated: whoever presents a rotated one may have stolen it. */
    async getRefreshToken(refreshToken: string) {
      const found = await issuing.refreshTokens.find(refreshToken);
      if (found === undefined || found.isUsed) return undefined;
      const client = await vetted.clients.find(found.token.clientId);
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
      return store.refreshTokens.retire(hashesOf(token.refreshToken), Date.now());
    },
  };
}

/** The id of a person whom the app around the library has found. */
function userIdOf(user: OAuth2Server.User): string {
  const given: unknown = user['id'];
  const id = Number.isSafeInteger(given) ? String(given) : given;
  const problem = userIdProblem(id);
  if (problem === undefined) return id as string;
  throw new TypeError(
    `The user that authenticateHandler answered with has the id ${shown(given)}, which ${problem}.`,
  );
}

/** A date that is too far away is not valid, and no database takes it. */
function assertTime(option: string, date: Date | undefined): void {
  if (date === undefined || date.getTime() <= Date.now() + MAX_TTL * 1000) return;
  throw new TypeError(
    `The option ${option} of the library leads to ${shown(date)}: it may be at most ${MAX_TTL} seconds.`,
  );
}
