// Who is signed in to a browser session.

import type { Request, Response } from 'express';
import { type CookieSite, clearCookie } from '../http/cookies.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import { randomToken } from '../protocol/secrets.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import { markOf } from './directory.ts';
import type { RepeatedForms } from './repeated-forms.ts';
import { type SessionUser, userOf } from './session-data.ts';
import { holderOf, SESSION_COOKIE, save, settled } from './session-holder.ts';
import { userAgentOf } from './session-store.ts';

/** The hash of this session in our store; `undefined` if an app around us keeps it. */
export function sessionHash(req: Request): string | undefined {
  return holderOf(req).hash();
}

/** Who has signed in to this session, and when; nobody once that is too long ago. */
export function signedInUser(req: Request, ttl: number): SessionUser | undefined {
  const user = holderOf(req).part()?.user;
  return user !== undefined && Date.now() < user.authTime + ttl * 1000 ? user : undefined;
}

/**
 * Whether a person signed in with the password they have now. A session is over with the password
 * that opened it, also one that was being opened while the password changed.
 */
export function hasPasswordOf(user: User, signedIn: SessionUser): boolean {
  return signedIn.password === markOf(user);
}

/** Whether a session in the store was opened by the password that its person has now. */
export function isOpenTo(user: User, session: Session): boolean {
  const signedIn = userOf(session);
  return signedIn !== undefined && hasPasswordOf(user, signedIn);
}

/** How a person signs in. */
interface SignInOptions {
  /** Whether the session has the username, by which an app finds its people. */
  readonly hasUsername: boolean;
  /** Whether they have just changed the password, so that the session goes on with the new one. */
  readonly hasNewPassword: boolean;
  /** Seconds after which they have to sign in again. */
  readonly ttl: number;
  readonly sessionEnds: SessionEnds;
  readonly repeatedForms: RepeatedForms;
}

/**
 * Signs a person in, under a new session id; a form that comes once more brings the same session. What
 * an app around us keeps in the session stays. If somebody else is signed in, or the session has ended
 * with its password, its clients are told so.
 *
 * @param user with the hash of the password that was given
 * @returns what is in the session
 */
export async function signIn(
  req: Request,
  user: User,
  { hasUsername, hasNewPassword, ttl, sessionEnds, repeatedForms }: SignInOptions,
): Promise<SessionUser> {
  const { name, open, part, renew, endOthers } = holderOf(req);
  const opened = await open();
  const { cookie: _cookie, [name]: ours, ...others } = opened.session;
  const before = ours?.user;
  const goesOn = before?.id === user.id && (hasNewPassword || hasPasswordOf(user, before));
  const signedIn: SessionUser = {
    id: user.id,
    authTime: Date.now(),
    sid: goesOn ? before.sid : randomToken(16),
    password: markOf(user),
    ...(hasUsername && { username: user.username }),
    userAgent: userAgentOf(req),
  };
  const begin = async () => {
    const form = repeatedForms.of(req, user);
    await renew(form.sessionId);
    // The secret is made now, so that no page changes the session later. A page that is still on its
    // way while the person signs out would bring the session back to life.
    Object.assign(opened.session, others, {
      [name]: { csrfSecret: randomToken(), user: signedIn },
    });
    await save(opened);
    await Promise.all([
      form.settle(),
      goesOn && sessionEnds.prolong(before.sid, signedIn.authTime + ttl * 1000),
    ]);
    // Last, so that the same form finds either the session that it came with or the one it has begun.
    await endOthers();
  };
  if (before === undefined || goesOn) await begin();
  else await sessionEnds.around({ sid: before.sid }, begin);
  return part()!.user!;
}

/** Signs the person out: ends the session, or our part of it if an app around us keeps it. */
export async function signOut(req: Request, res: Response, site: CookieSite): Promise<void> {
  const { name, open, isOurs } = holderOf(req);
  const opened = await open();
  if (isOurs) {
    await settled((done) => opened.session.destroy(done));
    clearCookie(res, site, SESSION_COOKIE);
    return;
  }
  delete opened.session[name];
  await save(opened);
}
