// Of the store port: browser sessions, and requests that were answered.

import type { Consent } from '../types.ts';

/** Something only the server itself reads; `data` is JSON. */
export interface Document {
  readonly data: string;
  readonly expiresAt: number;
}

/** Documents by the SHA-256 of the secret that stands for each; some of them are written once. */
export interface Requests {
  find(hash: string, now: number): Promise<Document | undefined>;
  /** Adds the document, or replaces the one under its hash. */
  save(hash: string, document: Document): Promise<void>;
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

/** Sessions by the SHA-256 of their id. */
export interface Sessions {
  find(hash: string, now: number): Promise<Session | undefined>;
  /**
   * Adds the session, or replaces the one under its hash. If the store has its owner as a user, the
   * newest MAX_HELD sessions of that user are left, however many begin at once; those that began before
   * them end. If that user is disabled (`disabledAt`) there is no session under the hash afterwards.
   */
  save(hash: string, session: Session): Promise<void>;
  /**
   * Replaces data and expiry of a session that is there. False, and nothing stored, if it has
   * ended: a request that is still on its way does not bring it back.
   */
  update(hash: string, document: Document, now: number): Promise<boolean>;
  /** Notes whose a session is, and that it was used; nothing if it has ended. */
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
   * Ends all sessions of a user but the one to keep, and answers how many. If that one is not the
   * user's, or has ended, it ends none: of two that would each end the other, one is left.
   */
  endOthers(userId: string, keep: string, now: number): Promise<number>;
}
