// Part of the store port: what people have allowed, and the codes and tokens issued for it.

import type {
  AccessToken,
  AuthorizationCode,
  IssuedTokens,
  RefreshToken,
  RefreshTokenHashes,
} from '../issued.ts';
import type { Client, Consent, Grant, PendingLogout, Ticket, User } from '../types.ts';

/** Who won the one redemption of a code. */
export type Redemption =
  /** This caller, the first. */
  | { readonly outcome: 'redeemed' }
  /** Somebody a moment ago: it may be the same client, which has lost the answer. */
  | { readonly outcome: 'repeated' }
  /** Somebody before; the grant is the one that came of it. */
  | { readonly outcome: 'already_redeemed'; readonly grantId: string }
  /** No such code, it has expired, or its grant is over. */
  | { readonly outcome: 'unknown' };

/** What a presented refresh token turned out to be. */
export type Rotation =
  /** This caller exchanged it; the successor is stored. */
  | { readonly outcome: 'rotated'; readonly grant: Grant }
  /** It was exchanged a moment ago and the successor is untouched: the answer was lost. */
  | { readonly outcome: 'retried'; readonly grant: Grant; readonly successor: RefreshToken }
  /** It was exchanged before, and this is not a retry: two parties hold it. */
  | { readonly outcome: 'reused'; readonly grantId: string }
  /** No such token, it has expired, or its grant is over. */
  | { readonly outcome: 'unknown' };

/** A code, redeemed or not, with its grant; both are in force. */
export interface FoundCode {
  readonly code: AuthorizationCode;
  readonly grant: Grant;
}

/** An access token that is in force. */
export interface FoundAccessToken {
  readonly token: AccessToken;
  /** Its grant, or no more of it than this. Absent if the client acts for itself. */
  readonly grant?: Pick<Grant, 'authTime' | 'acr' | 'amr'> | undefined;
}

/** An access token that is in force, with what is known of the person for whom it was issued. */
export interface FoundWithPerson extends FoundAccessToken {
  readonly grant?: Grant | undefined;
  /** Absent if there is no such user: people may be those of an app around the server. */
  readonly user?: User | undefined;
}

/** Whose a JWT is: it need not say so itself (OpenID Connect Core section 8). */
export interface TokenOwner {
  /** The person of its grant; absent if the client acts for itself. */
  readonly userId?: string | undefined;
}

/** What is known of a family of refresh tokens, with its grant; both are in force. */
export interface FoundRefreshToken {
  readonly token: RefreshToken;
  readonly grant: Grant;
}

/** What a refresh brings: a new access token, and the refresh token that would be the successor. */
export interface Successors extends IssuedTokens {
  readonly refreshToken: RefreshToken;
}

export interface Consents {
  find(userId: string, clientId: string, resource: string): Promise<Consent | undefined>;
  /**
   * Adds scopes to what is remembered for a resource; two callers at once lose none of either.
   * Several are added together: whoever takes them back finds all or none. For a client that is
   * not registered it adds nothing: it was removed at that moment. Of a user and a client the
   * newest MAX_HELD are remembered, and in any case those that are added.
   *
   * @param consents of one user and one client
   */
  add(...consents: Consent[]): Promise<void>;
  /** The consents of a user, in no order. */
  listByUser(userId: string): Promise<readonly Consent[]>;
  /**
   * Takes back everything that a user has allowed a client: forgets the consents, for all resources, and
   * ends every grant with all that carries its id. No code and no token outlives this, whatever is issued,
   * refreshed or redeemed meanwhile, and none is issued for a consent that was read before (see `codes.save`),
   * or a ticket of that user and client. True for the one caller who found something to take back.
   */
  withdraw(userId: string, clientId: string): Promise<boolean>;
}

/** What happens to a grant when its session ends. */
export interface LeavingGrant {
  readonly grantId: string;
  /** Whether it goes on without the session. Otherwise it ends. */
  readonly stays: boolean;
  /** What its client is to be told. */
  readonly logout?: PendingLogout | undefined;
}

export interface Grants {
  find(id: string, now: number): Promise<Grant | undefined>;
  /** The grants of a user that are in force, in no order. */
  listByUser(userId: string, now: number): Promise<readonly Grant[]>;
  /** The grants that are sign-ins of a session (`Grant.session`) and in force, in no order. */
  listBySession(session: string, now: number): Promise<readonly Grant[]>;
  /**
   * Takes grants out of their sessions. Each grant ends, or goes on without `session`, `sessionEndsAt`
   * and `openid.sid`. What its client is to be told is added (see `logouts`), and replaces what has the same
   * id. All of this is one operation. A grant that is no longer in a session is left alone: of
   * any number of callers who name the same grant, one takes it out.
   *
   * @returns the ids of the grants that this caller took out
   */
  leaveSession(leaving: readonly LeavingGrant[], now: number): Promise<readonly string[]>;
  /**
   * Notes that a session goes on until `endsAt`, if that is later than what its grants say. Only those
   * that have a `sessionEndsAt` change; those of them that tokens were issued by last as long.
   */
  prolongSession(session: string, endsAt: number): Promise<void>;
  /**
   * Ends a grant, and with it, at once, every code and token that carries its id. True for the
   * one caller who ended it.
   */
  end(id: string): Promise<boolean>;
}

export interface Codes {
  /**
   * Stores a code and the grant it opens. False, and nothing stored, if a consent that the
   * approval rests on is not remembered, or with less scope: it was taken back at that moment. False, too,
   * if the client is not registered, if the user is disabled (`disabledAt`), or if the browser session in
   * which it was approved is over at the grant's `createdAt` (see `sessions`): none ends between the look at
   * it and the storing.
   *
   * For a user and a client, at most MAX_HELD grants are in force that have brought no token yet (the
   * newest), and MAX_HELD others (those used last). Neither kind displaces the other: sign-ins that nobody
   * completes end none that are in use, and whoever has many in use can still begin another. If no consent
   * and no session is named, those that begin at the same instant need not see one another: there may be
   * as many more, until the next one begins.
   *
   * @param consents of one user and one client
   * @param session the hash of the browser session; absent if an app around the server keeps it
   */
  save(
    code: AuthorizationCode,
    grant: Grant,
    consents?: readonly Consent[],
    session?: string,
  ): Promise<boolean>;
  /** `undefined` once the code or its grant is over; a redeemed code has the `expiresAt` that it has then. */
  find(hash: string, now: number): Promise<FoundCode | undefined>;
  /**
   * Redeems a code. Of any number of callers exactly one is told `redeemed`, and with that the
   * tokens it brought are stored and the grant lasts at least as long as they do, and as its session
   * (`sessionEndsAt`). Of the others, those are told `repeated` who come within CODE_REPEAT_WINDOW
   * (outcomes.ts). A redeemed code is known for a day, however soon it would have expired, if its grant
   * lasts as long. Here and below, a grant notes when tokens were last issued by it.
   *
   * @param found what `find` answered of this code a moment ago, for a store that need not read it
   *   again if nothing has changed
   */
  redeem(hash: string, now: number, tokens?: IssuedTokens, found?: FoundCode): Promise<Redemption>;
}

/** What else happens when tokens are issued, in the same operation. */
export interface Issuance {
  /** A new grant, which the tokens carry: it is stored. */
  readonly grant?: Grant | undefined;
  /** What the tokens are given for, as it was read: it is taken. */
  readonly ticket?: Ticket | undefined;
}

export interface Tokens {
  /**
   * Stores what a response issues; a grant lasts at least as long as its tokens. False, and nothing stored,
   * if the tokens carry a grant that is over, if the client of a new grant is not registered or its user is
   * disabled, or if the ticket is no longer as it was read: of any number of callers who bring the same
   * ticket, exactly one is told true. Of a user and a client MAX_HELD grants in use are left, as `codes.save`
   * has it without a consent and a session.
   */
  issue(tokens: IssuedTokens, now: number, issuance?: Issuance): Promise<boolean>;
  /**
   * Stores what a client gets for itself; of a JWT, nothing. False, and nothing stored, if the client is no
   * longer as it was read: what it may do was decided by that record, which may be an old one.
   *
   * @param client what `clients.find` has answered, at any time
   */
  issueIfUnchanged(accessToken: AccessToken, client: Client): Promise<boolean>;
}

export interface AccessTokens {
  /**
   * The token and how its person signed in, unless it has expired, its grant is over, or its client is not
   * registered, or was registered later than a token without a grant was issued (`isHeld`).
   */
  find(hash: string, now: number): Promise<FoundAccessToken | undefined>;
  /** What `find` answers, with the whole grant and the user of the token. */
  findWithPerson(hash: string, now: number): Promise<FoundWithPerson | undefined>;
  /** Ends one token. Of a JWT, which is not kept, it keeps the hash of its `jti` until `until`. */
  revoke(hash: string, until: number): Promise<void>;
  /**
   * The owner of a JWT that is in force: neither it nor its grant has been ended, and its client is registered,
   * as `find` has it. Otherwise `undefined`.
   */
  findOwner(
    token: Pick<AccessToken, 'hash' | 'clientId' | 'grantId' | 'issuedAt'>,
    now: number,
  ): Promise<TokenOwner | undefined>;
}

export interface RefreshTokens {
  /**
   * The token of a family that is in force, or was the last; `undefined` once it or its grant is over.
   *
   * @param hash of what all tokens of the family begin with
   */
  find(hash: string, now: number): Promise<FoundRefreshToken | undefined>;
  /**
   * Exchanges a refresh token for a successor of its family. Of any number of callers exactly one is told
   * `rotated`; then, and when told `retried`, the access token it brought is stored, and the grant lasts at
   * least as long as the successor and the access token. What a `retried` caller brought as a successor is not
   * stored: the one that is there, and is answered, is the only one. Whoever presents anything else of a family
   * that is in force is told `reused`: all tokens of a family begin with the same secret.
   *
   * A token that brings itself as its successor is renewed, and nothing else: it stays in force until
   * the new `expiresAt`, and every caller is told `rotated`. One that was exchanged before is `reused`
   * here, too.
   *
   * @param presented the hashes of what was presented
   * @param retryWindow milliseconds after the rotation in which presenting the token again is a
   *   retry, as long as its successor is in force, has not been rotated itself and is the same as
   *   the one brought; 0 for never
   * @param found what `find` answered of this token a moment ago, as `codes.redeem` has it
   */
  rotate(
    presented: RefreshTokenHashes,
    now: number,
    retryWindow: number,
    tokens: Successors,
    found?: FoundRefreshToken,
  ): Promise<Rotation>;
  /**
   * Marks a refresh token used up, with no successor. True for the one caller who did it; a
   * token presented again after that is `reused`.
   */
  retire(presented: RefreshTokenHashes, now: number): Promise<boolean>;
}
