// What the server issues and exchanges: authorization codes, access tokens and refresh tokens. Each
// verb does in one atomic operation of the store what has to happen together.

import { OAuthError } from '../errors.ts';
import { createEvents, type Events } from '../events.ts';
import { DEFAULTS } from '../options.ts';
import { allowedResources, readResources, remainingResources } from '../protocol/resource.ts';
import { deriveKey, mac, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { AccessToken, Client, Consent, Grant, IssuedTokens, RefreshToken } from '../types.ts';
import { type AccessTokenOptions, createAccessTokens } from './access-tokens.ts';
import {
  type ActiveToken,
  asGrant,
  type CodeDraft,
  NO_USER,
  recordsOf,
  type Subject,
  type Token,
  type TokenClient,
  type TokenDraft,
  type TokenRequest,
  tokenOf,
} from './tokens.ts';

export interface IssuingOptions extends AccessTokenOptions {
  /** Seconds, if the client's record has none of its own. */
  readonly accessTokenTtl?: number;
  /** Seconds without use, likewise. */
  readonly refreshTokenTtl?: number;
  /** Seconds after a rotation in which the same refresh token gets the same successor. */
  readonly refreshRetryWindow?: number;
  /** Seconds a grant lasts at the most, however often its tokens are refreshed. */
  readonly grantTtl?: number;
  /** The server's secret; without one it makes its own, good for this process alone. */
  readonly secret?: string;
  readonly events?: Events;
}

/** What a grant type wants issued. */
export interface Wanted {
  readonly scope: readonly string[];
  /** RFC 8707: the resources the token is for; the server itself if there are none. */
  readonly resource: readonly string[];
}

export type Issuing = ReturnType<typeof createIssuing>;

export function createIssuing(store: Store, options: IssuingOptions = {}) {
  const { accessTokenTtl, refreshTokenTtl, grantTtl, refreshRetryWindow } = {
    ...DEFAULTS,
    ...options,
  };
  const { events = createEvents() } = options;
  const accessTokens = createAccessTokens(store, options);
  const successorKey = deriveKey(options.secret ?? randomToken(), 'refresh token successor');

  return {
    /**
     * Stores a code and the grant it opens.
     *
     * @param consents that the approval rests on
     * @throws OAuthError `access_denied` if the person has just taken one of them back
     */
    async saveCode(
      code: CodeDraft,
      clientId: string,
      grant: Grant,
      consents: readonly Consent[] = [],
    ): Promise<void> {
      const expiresAt = code.expiresAt.getTime();
      const stored = {
        hash: sha256(code.authorizationCode),
        grantId: grant.id,
        clientId,
        redirectUri: code.redirectUri,
        scope: code.scope ?? [],
        codeChallenge: code.codeChallenge,
        expiresAt,
      };
      // Until it is redeemed there is nothing to the grant but the code.
      if (!(await store.codes.save(stored, { ...grant, expiresAt }, consents))) {
        throw new OAuthError('access_denied', 'The person has just taken the access back.');
      }
    },

    /** The code that was presented, whether or not it was redeemed, and its grant. */
    findCode(code: string) {
      return store.codes.find(sha256(code), Date.now());
    },

    /**
     * Redeems a code and stores the tokens it is exchanged for, both or neither. A second
     * redemption ends the grant (RFC 6749 section 4.1.2), unless it comes so soon that it may be of
     * a client that lost the answer. So call this only for a caller who has proved to be the client
     * and to hold the verifier.
     *
     * @throws OAuthError `invalid_grant` for all but the first caller
     */
    async redeemCode(code: string, wanted: Wanted, client: Client, grant: Grant): Promise<Token> {
      const now = Date.now();
      const request = {
        ...requested(wanted, client, now),
        refreshToken: mayRefresh(client) ? randomToken() : undefined,
      };
      const draft = await accessTokens.mint(clamp(request, grant), client, grant, now);
      const records = recorded(draft, client, grant, now);
      const redemption = await store.codes.redeem(sha256(code), now, records);
      switch (redemption.outcome) {
        case 'redeemed':
          return tokenOf(draft, client, grant);
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

    /** Issues a token to a client that acts for itself. */
    async issueToClient(wanted: Wanted, client: Client): Promise<Token> {
      const now = Date.now();
      const draft = await accessTokens.mint(requested(wanted, client, now), client, NO_USER, now);
      await store.tokens.issue(recorded(draft, client, NO_USER, now), now);
      return tokenOf(draft, client, NO_USER);
    },

    /**
     * Exchanges a refresh token for an access token and a successor. The successor is derived from
     * the presented token and its salt with the server's key, so a client that lost the answer can
     * be given the same one again though it was never kept. Presented later, or after the successor
     * was used, it is held by two parties, and the grant ends (RFC 9700 section 4.14.2).
     *
     * @throws OAuthError `invalid_grant`
     */
    async refresh(
      presented: RefreshToken & { readonly value: string },
      wanted: Wanted,
      client: Client,
      grant: Grant,
    ): Promise<Token> {
      const now = Date.now();
      const successor = mac(successorKey, `${presented.salt}.${presented.value}`);
      const request = { ...requested(wanted, client, now), refreshToken: successor };
      const draft = await accessTokens.mint(clamp(request, grant), client, grant, now);
      const { accessToken, refreshToken } = recorded(draft, client, grant, now);
      // The scope of the refresh token stays what it was, though this access token may have less of
      // it (RFC 6749 section 6).
      const next = { ...refreshToken!, scope: presented.scope };
      const window = refreshRetryWindow * 1000;
      const rotation = await store.refreshTokens.rotate(presented.hash, now, window, {
        accessToken,
        refreshToken: next,
      });
      switch (rotation.outcome) {
        case 'rotated':
          return tokenOf(draft, client, grant);
        case 'retried': {
          const refreshTokenExpiresAt = new Date(rotation.successor.expiresAt);
          return tokenOf({ ...draft, refreshTokenExpiresAt }, client, grant);
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

    /**
     * Stores tokens that somebody else has made.
     *
     * @throws OAuthError `invalid_grant` if the grant is over
     */
    async saveTokens(draft: TokenDraft, client: TokenClient, user: Subject): Promise<Token> {
      const now = Date.now();
      const clamped = { ...draft, ...clamp(draft, user) };
      const isStored = await store.tokens.issue(recorded(clamped, client, user, now), now);
      if (!isStored) throw grantIsOver();
      return tokenOf(clamped, client, user);
    },

    /** The record of an access token, opaque or JWT, that is in force. */
    findAccessToken(accessToken: string): Promise<AccessToken | undefined> {
      return accessTokens.find(accessToken, Date.now());
    },

    /** The same, as a protected route is handed it. */
    async findActiveToken(accessToken: string): Promise<ActiveToken | undefined> {
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

    /** What is known of a presented refresh token, rotated or not. */
    findRefreshToken(refreshToken: string) {
      return store.refreshTokens.find(sha256(refreshToken), Date.now());
    },

    /**
     * The resources a token is for (RFC 8707 section 2.2): those that the token request names, out
     * of those that were granted and that the client may still ask for; all of these if it names
     * none.
     *
     * @param granted by the person: who was asked about none has approved the server itself, and no
     *   other resource; absent if the client acts for itself
     * @throws OAuthError `invalid_target`; `invalid_grant` if nothing is left of what was granted
     */
    resourcesFor(
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
  };

  /** What is wanted, with the lifetimes of this client. */
  function requested(wanted: Wanted, client: Client, now: number): TokenRequest {
    const { accessTokenLifetime, refreshTokenLifetime } = client;
    return {
      scope: [...wanted.scope],
      resource: wanted.resource,
      accessTokenExpiresAt: new Date(now + (accessTokenLifetime ?? accessTokenTtl) * 1000),
      refreshTokenExpiresAt: new Date(now + (refreshTokenLifetime ?? refreshTokenTtl) * 1000),
    };
  }

  function recorded(
    draft: TokenDraft,
    client: TokenClient,
    user: Subject,
    now: number,
  ): IssuedTokens {
    return recordsOf(draft, client.id, user, accessTokens.audienceOf(draft), now);
  }

  /** Nothing outlives the grant's absolute lifetime. */
  function clamp(token: TokenRequest, user: Subject): TokenRequest {
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
}

/** Whether a client gets refresh tokens: its record has the grant type. */
export function mayRefresh(client: Pick<Client, 'grants'>): boolean {
  return client.grants.includes('refresh_token');
}

function grantIsOver(): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'The authorization this token came of has ended: ask the person to sign in again.',
  );
}
