// The store port: what the server asks of a place that remembers things. Its verbs, each with what it
// guarantees, are here and in five files: store-clients-and-users.ts, store-grants.ts, store-sessions.ts,
// store-logouts.ts, store-tickets.ts.
//
// Every verb is atomic: another caller sees all of its effect or none. What must happen once
// is one verb that says who won; there is no read-then-write to get wrong. Times are passed in,
// in milliseconds since the epoch. A record past its `expiresAt` is as good as absent from the
// moment `now` reaches it, whether or not it has been purged. Verbs reject if the store cannot
// answer, with StoreUnavailable if it may later; they never answer wrongly.

import { OperatorError } from '../operator-error.ts';
import type { StoredKey } from '../types.ts';
import type { Clients, Users } from './store-clients-and-users.ts';
import type {
  AccessTokens,
  Codes,
  Consents,
  Grants,
  RefreshTokens,
  Tokens,
} from './store-grants.ts';
import type { Logouts } from './store-logouts.ts';
import type { Requests, Sessions } from './store-sessions.ts';
import type { Tickets } from './store-tickets.ts';

/**
 * The store cannot answer now: it cannot be reached, is too slow, or is full. What was asked for may
 * have been done anyway.
 */
export class StoreUnavailable extends OperatorError {
  override readonly name = 'StoreUnavailable';
}

/** The tables are not those that this release works with; the message says what to do. */
export class SchemaError extends OperatorError {
  override readonly name = 'SchemaError';
}

/** The database is there, and cannot be worked with; the message says why, and what to do. */
export class UnsuitableDatabase extends OperatorError {
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

export interface Store {
  readonly clients: Clients;
  readonly users: Users;

  /** What people have allowed, remembered. */
  readonly consents: Consents;
  /** Approvals in force, each the hub of its codes and tokens. */
  readonly grants: Grants;
  readonly codes: Codes;
  /** What a response of the token endpoint issues. */
  readonly tokens: Tokens;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;

  /** Browser sessions, by the hash of the id in the cookie. */
  readonly sessions: Sessions;
  /** Authorization requests that were answered, and forms that may come twice. */
  readonly requests: Requests;
  /** What is made once, and taken once. */
  readonly tickets: Tickets;
  /** Clients that are to be told that a session has ended. */
  readonly logouts: Logouts;

  readonly replays: {
    /**
     * Takes an id that may be used once until it expires: an assertion's `jti`. True for the one
     * caller who was first. An id of another kind is another id.
     */
    claim(kind: string, id: string, until: number, now: number): Promise<boolean>;
  };

  readonly keys: {
    /** Every signing key that has not expired. */
    list(now: number): Promise<readonly StoredKey[]>;
    /**
     * Adds the key, unless there is one for its period and `alg`.
     *
     * @returns the one that is there now
     */
    ensure(key: StoredKey): Promise<StoredKey>;
  };

  readonly constants: {
    /**
     * A value that stays what it is for as long as the store is there. The first that is offered
     * under a name is kept; nothing changes or removes it, and it does not expire.
     *
     * @param value text, which is kept as it is
     * @returns the one that is there now
     */
    ensure(name: string, value: string): Promise<string>;
  };

  readonly limits: {
    /**
     * Counts an attempt under a key. Of any number of callers in one window at most `max` are
     * allowed; one that is refused is not counted. A window starts with its first attempt and
     * lasts `window` milliseconds.
     *
     * @returns whether the attempt is allowed, and when its window ends
     */
    take(
      key: string,
      max: number,
      window: number,
      now: number,
    ): Promise<{ readonly allowed: boolean; readonly resetAt: number }>;
    /** Takes one attempt off the count: that of somebody who turned out to be welcome. */
    giveBack(key: string, now: number): Promise<void>;
  };

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

  /** Ends the work of the store; it may be called twice. */
  close(): Promise<void>;
}
