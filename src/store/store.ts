// The store port: what the server asks of a place that remembers things.
//
// Every verb is atomic: a caller beside it sees all of its effect or none. What must happen once
// is one verb that says who won; there is no read-then-write to get wrong. Times are passed in,
// in milliseconds since the epoch. A record past its `expiresAt` is as good as absent from the
// moment `now` reaches it, whether or not it has been purged. Verbs reject when the store cannot
// answer, with StoreUnavailable where it may later; they never answer wrongly.

import type {
  AccessToken,
  AuthorizationCode,
  Client,
  Consent,
  Grant,
  IssuedTokens,
  RefreshToken,
  Source,
  StoredKey,
  User,
} from '../types.ts';

/**
 * The store cannot answer now: it cannot be reached, is too slow, or is full. What was asked for may
 * have been done all the same.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The database is there, and cannot be worked with; the message says why, and what to do. */
export class UnsuitableDatabase extends Error {
  override readonly name = 'UnsuitableDatabase';
}

/** A user was to be saved under a username that another has. */
export class UsernameTaken extends Error {
  override readonly name = 'UsernameTaken';
}

/**
 * A client was to be saved under the id of a user, or a user under that of a client. Either id is the
 * `sub` of tokens, and nobody could tell the two apart (RFC 9068 section 5).
 */
export class SubjectTaken extends Error {
  override readonly name = 'SubjectTaken';
}

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

export interface Attempt {
  readonly allowed: boolean;
  /** When the window ends and attempts are allowed again. */
  readonly resetAt: number;
}

/** Something only the server itself reads; `data` is JSON. */
export interface Document {
  readonly data: string;
  readonly expiresAt: number;
}

/** Documents by the SHA-256 of the secret that stands for each. */
export interface Documents {
  find(hash: string, now: number): Promise<Document | undefined>;
  /** Adds the document, or replaces the one under its hash. */
  save(hash: string, document: Document): Promise<void>;
  delete(hash: string): Promise<void>;
}

/** Documents of which some are written once. */
export interface Requests extends Documents {
  /**
   * Adds the document, unless there is one under its hash, and with it what is to be remembered (see
   * `consents.add`). Of any number of callers exactly one is answered `undefined`; all others get
   * the document of that one, and nothing of theirs is stored.
   *
   * @param consents of one user and one client
   */
  add(
    hash: string,
    document: Document,
    now: number,
    consents?: readonly Consent[],
  ): Promise<Document | undefined>;
}

/** Who is signed in to a browser session, and what the person can tell it by. */
export interface SessionOwner {
  readonly userId: string;
  /** When the person signed in. */
  readonly createdAt: number;
  /** When it was last used, or some minutes before. */
  readonly seenAt: number;
  /** The header `User-Agent`, cut to a length. */
  readonly userAgent: string;
}

/** A browser session; without an owner as long as nobody has signed in. */
export interface Session extends Document, Partial<SessionOwner> {}

export interface Sessions {
  find(hash: string, now: number): Promise<Session | undefined>;
  /**
   * Adds the session, or replaces the one under its hash. Of its owner, where the store has that user,
   * the newest MOST sessions are left, however many begin at once; those that began before end.
   */
  save(hash: string, session: Session): Promise<void>;
  /**
   * Replaces data and expiry of a session that is there. False, and nothing stored, where it has
   * ended: a request that is still on its way does not bring it back.
   */
  update(hash: string, document: Document, now: number): Promise<boolean>;
  /** Notes whose a session is, and that it was used; nothing where it has ended. */
  note(hash: string, owner: SessionOwner, now: number): Promise<void>;
  delete(hash: string): Promise<void>;
  /** The sessions of a user, in no order. */
  listByUser(
    userId: string,
    now: number,
  ): Promise<readonly (Session & { readonly hash: string })[]>;
  /** Ends a session of this user, and nobody else's. True for the one caller who ended it. */
  end(hash: string, userId: string, now: number): Promise<boolean>;
  /**
   * Ends all sessions of a user but the one to keep, and answers how many. Where that one is not the
   * user's, or has ended, it ends none: of two that would each end the other, one is left.
   */
  endOthers(userId: string, keep: string, now: number): Promise<number>;
}

export interface Store {
  readonly clients: {
    find(id: string): Promise<Client | undefined>;
    /**
     * Adds the client, or replaces the one with its id. Here and below, records of the demo give way
     * to one of any other source that wants their id or username: they are forgotten, with all that
     * came of them.
     *
     * @throws SubjectTaken
     */
    save(client: Client): Promise<void>;
    /**
     * Removes a client, and with it, at once, every consent and every grant, with all codes and
     * tokens of these, whatever is approved, issued, refreshed or redeemed meanwhile. One that is
     * registered later under the same id inherits none of them. What was issued to the client for
     * itself is dead as long as nobody has the id, and is not kept in mind: under the same id it is
     * good again until it expires. True for the one caller who removed it.
     */
    remove(id: string): Promise<boolean>;
    /** The clients from a source, in no order. */
    listBySource(source: Source): Promise<readonly Client[]>;
    /**
     * Ids that a user has as well, at most `limit` of them: somebody wrote them past these verbs. It
     * looks at every client.
     */
    listShared(limit: number): Promise<readonly string[]>;
  };

  readonly users: {
    find(id: string): Promise<User | undefined>;
    findByUsername(username: string): Promise<User | undefined>;
    /**
     * The user that somebody means who types a name: the one with exactly this username, otherwise
     * the one whose username differs in nothing but spelling (`foldName`), if only one does. The work
     * is the same whoever exists.
     */
    findByTypedName(typed: string): Promise<User | undefined>;
    /**
     * Adds the user, unless there is one with its id. True for the one caller who added it; the others
     * change nothing.
     *
     * @throws UsernameTaken, SubjectTaken
     */
    add(user: User): Promise<boolean>;
    /**
     * Adds the user, or replaces the one with its id.
     *
     * @throws UsernameTaken, SubjectTaken
     */
    save(user: User): Promise<void>;
    /** The users from a source, in no order. */
    listBySource(source: Source): Promise<readonly User[]>;
    /**
     * Replaces the hash of a password, where it is still the one that was checked. True for the one
     * caller who replaced it; of two who checked the same one, the second changes nothing.
     *
     * @param from the hash that was checked
     * @param to the new hash
     * @param changedAt when the person changed the password; absent where it is the same one, only
     *   hashed anew
     */
    changePassword(id: string, from: string, to: string, changedAt?: number): Promise<boolean>;
    /**
     * The kinds of password hashes that users have, each as it stands before the salt
     * (`$argon2id$v=19$m=19456,t=2,p=1$`); 16 at the most.
     */
    passwordKinds(): Promise<readonly string[]>;
  };

  readonly consents: {
    find(userId: string, clientId: string, resource: string): Promise<Consent | undefined>;
    /**
     * Adds scopes to what is remembered for a resource; two callers at once lose none of either.
     * Several are added together: whoever takes them back finds all or none. For a client that is
     * not registered it adds nothing: it was removed at that moment. Of a user and a client the
     * newest MOST are remembered, and in any case those that are added.
     *
     * @param consents of one user and one client
     */
    add(...consents: Consent[]): Promise<void>;
    /** What a user has allowed, in no order. */
    listByUser(userId: string): Promise<readonly Consent[]>;
    /**
     * Takes everything back that a user has allowed a client: forgets the consents, for all
     * resources, and ends every grant with all that carries its id. No code and no token outlives
     * this, whatever is issued, refreshed or redeemed meanwhile, and none comes of a consent that
     * was read before (see `codes.save`). True for the one caller who found something to take back.
     */
    withdraw(userId: string, clientId: string): Promise<boolean>;
  };

  readonly grants: {
    find(id: string, now: number): Promise<Grant | undefined>;
    /** The grants of a user that are in force, in no order. */
    listByUser(userId: string, now: number): Promise<readonly Grant[]>;
    /**
     * Ends a grant, and with it, at once, every code and token that carries its id. True for the
     * one caller who ended it.
     */
    end(id: string): Promise<boolean>;
  };

  readonly codes: {
    /**
     * Stores a code and the grant it opens. False, and nothing stored, where a consent that the
     * approval rests on is not remembered, or with less scope: it was taken back at that moment.
     * The same if the client is not registered. Of a user and a client at most MOST grants are in
     * force; for one more another ends, by preference one that no token came of, and then the one
     * whose tokens are the oldest.
     *
     * @param consents of one user and one client
     */
    save(code: AuthorizationCode, grant: Grant, consents?: readonly Consent[]): Promise<boolean>;
    /** The code, redeemed or not, with its grant; `undefined` once either is over. */
    find(
      hash: string,
      now: number,
    ): Promise<{ readonly code: AuthorizationCode; readonly grant: Grant } | undefined>;
    /**
     * Redeems a code. Of any number of callers exactly one is told `redeemed`, and with that the
     * tokens it brought are stored and the grant lasts at least as long as they do. Of the others
     * those are told `repeated` who come within the window of `redemptionOf` (rules.ts). Here and
     * below, a grant notes when tokens were last issued by it.
     */
    redeem(hash: string, now: number, tokens?: IssuedTokens): Promise<Redemption>;
  };

  readonly tokens: {
    /**
     * Stores what a response issues; a grant lasts at least as long as its tokens. False, and
     * nothing stored, where the tokens carry a grant that is over.
     */
    issue(tokens: IssuedTokens, now: number): Promise<boolean>;
  };

  readonly accessTokens: {
    /**
     * The token, unless it has expired, its grant is over, or its client is not registered.
     */
    find(hash: string, now: number): Promise<AccessToken | undefined>;
    /** Ends one token. Of a JWT, which is not kept, it keeps the hash of its `jti` until then. */
    revoke(hash: string, until: number): Promise<void>;
    /**
     * Whether a JWT is in force: neither it nor its grant has been ended, and its client is
     * registered.
     */
    isInForce(
      token: Pick<AccessToken, 'hash' | 'clientId' | 'grantId'>,
      now: number,
    ): Promise<boolean>;
  };

  readonly refreshTokens: {
    /** The token, rotated or not, with its grant; `undefined` once either is over. */
    find(
      hash: string,
      now: number,
    ): Promise<{ readonly token: RefreshToken; readonly grant: Grant } | undefined>;
    /**
     * Exchanges a refresh token for a successor. Of any number of callers exactly one is told
     * `rotated`; then, and when told `retried`, the access token it brought is stored, and the
     * grant lasts at least as long as the successor and the access token. A `retried` caller's
     * `successor` is not stored: the one already there, returned, is the only one.
     *
     * A token that brings itself as its successor is renewed, and nothing else: it stays in force
     * until the new `expiresAt`, and every caller is told `rotated`. One that was exchanged before
     * is `reused` here, too.
     *
     * @param retryWindow milliseconds after the rotation in which presenting the token again is a
     *   retry, as long as its successor is in force, has not itself been rotated and is the same as
     *   the one brought; 0 for never.
     */
    rotate(
      hash: string,
      now: number,
      retryWindow: number,
      tokens: { readonly accessToken: AccessToken; readonly refreshToken: RefreshToken },
    ): Promise<Rotation>;
    /**
     * Marks a refresh token used up, with no successor. True for the one caller who did it; a
     * token presented again after that is `reused`.
     */
    retire(hash: string, now: number): Promise<boolean>;
  };

  readonly replays: {
    /**
     * Takes an id that may be used once until it expires: an assertion's `jti`. True for the one
     * caller who was first; ids of another kind are another matter.
     */
    claim(kind: string, id: string, until: number, now: number): Promise<boolean>;
  };

  readonly keys: {
    /** Every signing key that has not expired. */
    list(now: number): Promise<readonly StoredKey[]>;
    /** Adds the key, unless there is one for its period and `alg` already. @returns the one there is */
    ensure(key: StoredKey): Promise<StoredKey>;
  };

  readonly limits: {
    /**
     * Counts an attempt under a key. Of any number of callers in one window at most `max` are
     * allowed; one that is refused is not counted. A window starts with its first attempt and
     * lasts `window` milliseconds.
     */
    take(key: string, max: number, window: number, now: number): Promise<Attempt>;
    /** Un-counts one attempt, that of somebody who turned out to be welcome. */
    giveBack(key: string, now: number): Promise<void>;
  };

  /** Browser sessions, by the id in the cookie. */
  readonly sessions: Sessions;

  /** Authorization requests that were answered, and forms that may come twice. */
  readonly requests: Requests;

  /**
   * Forgets at most `limit` records that are over, and answers how many: less than `limit` means
   * that nothing is left. It may leave what has only just expired for later.
   */
  purge(now: number, limit: number): Promise<number>;

  /**
   * Resolves if the store can answer, and says whether it can be written to as far as it knows.
   *
   * @throws StoreUnavailable if it cannot answer
   */
  ping(): Promise<{ readonly isWritable: boolean }>;

  close(): Promise<void>;
}
