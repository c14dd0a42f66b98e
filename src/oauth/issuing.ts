// What the server issues and exchanges: authorization codes, access tokens and refresh tokens. Each
// verb does in one atomic operation of the store what has to happen together.

import { createSecretKey } from 'node:crypto';
import { createClientUse } from '../clients/client-use.ts';
import { OAuthError } from '../errors.ts';
import { createEvents, type Events } from '../events.ts';
import type { AccessToken, IssuedTokens } from '../issued.ts';
import { DEFAULTS, given } from '../option-defaults.ts';
import { newRefreshToken } from '../protocol/refresh-token.ts';
import {
  allowedResources,
  isSameResource,
  readResources,
  remainingResources,
} from '../protocol/resource.ts';
import { deriveKey, randomToken } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { FoundWithPerson } from '../store/store-grants.ts';
import type { Client, Grant, Ticket, User } from '../types.ts';
import { type AccessTokenOptions, createAccessTokens } from './access-tokens.ts';
import { type AdditionOptions, createAdditions } from './additions.ts';
import { createCodes } from './codes.ts';
import { createDeviceCodes } from './device-codes.ts';
import { createDrafts, type Wanted } from './drafts.ts';
import type { IdTokens } from './id-tokens.ts';
import { createPairwiseSubjects } from './pairwise-subjects.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import {
  type ActiveToken,
  activeTokenOf,
  asGrant,
  grantIsOver,
  issuedToken,
  type LibraryUser,
  mayRefresh,
  NO_USER,
  type Token,
  type TokenClient,
  type TokenDraft,
} from './tokens.ts';

export interface IssuingOptions extends AccessTokenOptions, AdditionOptions {
  /** Seconds, if the client's record has none of its own. */
  readonly accessTokenTtl?: number | undefined;
  /** Seconds without use, likewise. */
  readonly refreshTokenTtl?: number | undefined;
  /** Seconds after a rotation in which the same refresh token gets the same successor. */
  readonly refreshRetryWindow?: number | undefined;
  /** Seconds a grant lasts at the most, however often its tokens are refreshed. */
  readonly grantTtl?: number | undefined;
  /** The server's secret; without one it makes its own, good for this process alone. */
  readonly secret?: string | undefined;
  /** Makes ID tokens; if it is absent, none are issued. */
  readonly idTokens?: IdTokens | undefined;
  readonly events?: Events | undefined;
  /** Makes sure that a client belongs to its sector (OpenID Connect Core section 8.1). */
  readonly assertSector?: ((client: Client) => Promise<void>) | undefined;
}

export type Issuing = ReturnType<typeof createIssuing>;

/**
 * @param findUser looks a person up; absent if they are those of an app around the server
 */
export function createIssuing(
  store: Store,
  options: IssuingOptions = {},
  findUser?: (id: string) => Promise<User | undefined>,
) {
  const settings = { ...DEFAULTS, ...given(options) };
  const { events = createEvents(), refreshRetryWindow } = settings;
  const accessTokens = createAccessTokens(store, options);
  const add = createAdditions(options, findUser);
  const subjects = createPairwiseSubjects(store, options.assertSector);
  const drafts = createDrafts(accessTokens, settings, add, options.idTokens);
  const noteUse = createClientUse({ store });
  const secret = options.secret ?? randomToken();
  const successorKey = createSecretKey(deriveKey(secret, 'refresh token successor'));
  const userCodeKey = createSecretKey(deriveKey(secret, 'user code'));

  /**
   * Makes a token of a client that acts for itself.
   *
   * @param save stores it, or answers false: then there is no token
   */
  async function issueOwn(
    wanted: Wanted,
    client: Client,
    save: (records: IssuedTokens, now: number) => Promise<boolean>,
  ): Promise<Token | undefined> {
    const now = Date.now();
    const draft = await drafts.make(wanted, client, NO_USER, now);
    const isStored = await save(drafts.records(draft, client, NO_USER, now), now);
    return isStored ? issuedToken(draft, client, NO_USER) : undefined;
  }

  return {
    subjects,

    /** Whether the app around the server is asked what it adds to tokens. */
    asksApp: add !== undefined,

    codes: createCodes(store, drafts, { noteUse, events }),
    deviceCodes: createDeviceCodes(store, userCodeKey),
    refreshTokens: createRefreshTokens(store, drafts, {
      successorKey,
      refreshRetryWindow,
      noteUse,
      events,
    }),

    /**
     * Issues a token to a client that acts for itself.
     *
     * @param ticket as `issueFirst` has it
     * @throws OAuthError `invalid_grant` if the ticket is no longer there as it was read
     */
    async issueToClient(wanted: Wanted, client: Client, ticket?: Ticket): Promise<Token> {
      const token = await issueOwn(wanted, client, (records, now) =>
        store.tokens.issue(records, now, ticket && { ticket }),
      );
      if (token === undefined) throw ticketIsOver();
      return token;
    },

    /**
     * Issues a token to a client that acts for itself, if the client is still as it was read, however long
     * ago that was.
     *
     * @throws OAuthError `invalid_client` if it is not
     */
    async issueIfUnchanged(wanted: Wanted, client: Client): Promise<Token> {
      const token = await issueOwn(wanted, client, ({ accessToken }) =>
        store.tokens.issueIfUnchanged(accessToken, client),
      );
      if (token === undefined) {
        throw new OAuthError('invalid_client', 'The client is no longer as it was read.');
      }
      return token;
    },

    /**
     * Issues the first tokens of an approval, and stores its grant with them, in one operation.
     *
     * @param opened the new grant (`newGrant`); it lasts as long as what is issued, and gets the `sub` that
     *   the client knows the person by
     * @param ticket what the tokens are given for, as it was read: it is taken in the same operation,
     *   so one caller gets tokens for it, and none is taken for nothing
     * @throws OAuthError `invalid_grant` if the ticket is no longer there as it was read, the client has
     *   been removed, or the grant is older than a grant may be; then nothing is stored, and no ticket taken
     */
    async issueFirst(
      wanted: Wanted,
      client: Client,
      opened: Grant,
      ticket?: Ticket,
    ): Promise<Token> {
      const grant = await subjects.withSubject(client, opened);
      const now = Date.now();
      const refreshToken = mayRefresh(client) ? newRefreshToken() : undefined;
      const draft = await drafts.make(wanted, client, grant, now, refreshToken);
      const records = drafts.records(draft, client, grant, now);
      await noteUse(client);
      if (await store.tokens.issue(records, now, { grant, ticket })) {
        return issuedToken(draft, client, grant);
      }
      throw ticketIsOver();
    },

    /**
     * Stores tokens that somebody else has made.
     *
     * @throws OAuthError `invalid_grant` if the grant is over
     * @throws HostError if the app cannot say what it adds
     */
    async saveTokens(made: TokenDraft, client: TokenClient, user: LibraryUser): Promise<Token> {
      const now = Date.now();
      const { scope = [], resource = [] } = made;
      // The library hands on the whole record that it was given.
      const added = add && (await add({ scope, resource }, client as Client, asGrant(user)));
      const draft = { ...drafts.clamp(made, user, now), ...added };
      const isStored = await store.tokens.issue(drafts.records(draft, client, user, now), now);
      if (!isStored) throw grantIsOver();
      return issuedToken(draft, client, user);
    },

    /** The record of an access token, opaque or JWT, that is in force. */
    async findAccessToken(accessToken: string): Promise<AccessToken | undefined> {
      return (await accessTokens.find(accessToken, Date.now()))?.token;
    },

    /** The same record, with what is known of the person for whom it was issued. */
    findWithPerson(accessToken: string): Promise<FoundWithPerson | undefined> {
      return accessTokens.findWithPerson(accessToken, Date.now());
    },

    isOpaque: accessTokens.isOpaque,

    /** The access token that is in force, as a protected route is handed it. */
    async findActiveToken(accessToken: string): Promise<ActiveToken | undefined> {
      const found = await accessTokens.find(accessToken, Date.now());
      return found && activeTokenOf(found, accessToken);
    },

    resourcesFor: (asked: readonly string[], client: Client, granted?: readonly string[]) =>
      resourcesFor(options, asked, client, granted),
  };
}

function ticketIsOver(): OAuthError {
  return new OAuthError('invalid_grant', 'What was presented was used a moment ago, or is over.');
}

/**
 * The resources a token is for (RFC 8707 section 2.2): those that the token request names, out of
 * those that were granted and that the client may still ask for; all of these if it names none.
 *
 * @param granted by the person. If the person was asked about none, only the server itself was approved;
 *   absent if the client acts for itself
 * @throws OAuthError `invalid_target`; `invalid_grant` if nothing is left of what was granted
 */
function resourcesFor(
  { issuer, resources = {} }: IssuingOptions,
  asked: readonly string[],
  client: Client,
  granted: readonly string[] | undefined,
): readonly string[] {
  const allowed = allowedResources(client, { issuer, resources: Object.keys(resources) });
  const remaining = granted && remainingResources(granted, allowed);
  if (asked.length === 0) return remaining ?? [];
  const names = readResources(asked, allowed);
  if (remaining === undefined || (remaining.length === 0 && issuer === undefined)) return names;
  const approved = remaining.length > 0 ? remaining : [issuer!];
  if (names.every((name) => approved.some((one) => isSameResource(one, name)))) return names;
  throw new OAuthError(
    'invalid_target',
    'The person has not approved this resource: name it in the authorization request, too.',
  );
}
