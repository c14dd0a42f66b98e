// What we keep in a session, whoever keeps that.

import type { Session } from '../store/store-sessions.ts';

/** What we keep in a session, under one name: it may be that of an app around us. */
export interface OAuthSession {
  /** What the tokens in this session's forms are made from. */
  csrfSecret: string;
  user?: SessionUser;
}

/** Who signed in. */
export interface SessionUser {
  readonly id: string;
  readonly authTime: number;
  /** Random; stays the same if the person signs in again in this browser, though the id changes. */
  readonly sid: string;
  /** What an app finds the person by, if they are in a table of its own. */
  readonly username?: string;
  /** The mark of the password, see `markOf`. */
  readonly password: string;
  /** The header `User-Agent`. */
  readonly userAgent?: string;
}

/** Who signed in to a session in the store; `undefined` as long as nobody has. */
export function userOf({ data }: Session): SessionUser | undefined {
  return (JSON.parse(data) as { readonly oauth?: OAuthSession }).oauth?.user;
}

/** The `sid` of the same. */
export function sidOf(session: Session): string | undefined {
  return userOf(session)?.sid;
}
