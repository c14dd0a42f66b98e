// Browser sessions: the tokens of their forms, and who is signed in to one.

import type { Request, Response } from 'express';
import type session from 'express-session';
import { type CookieSite, clearCookie } from '../http/cookies.ts';
import type { Params } from '../http/params.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import { markOf } from './directory.ts';
import { holderOf, SESSION_COOKIE, type WithSession } from './session-holder.ts';
import { type SessionUser, userAgentOf } from './session-store.ts';

/** The hash of this session in our store; `undefined` if an app around us keeps it. */
export function sessionHash(req: Request): string | undefined {
  return holderOf(req).hash();
}

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, if it must not be used for anything else
 */
export async function csrfToken(req: Request, ...subject: string[]): Promise<string> {
  const { name, part, open } = holderOf(req);
  const known = part();
  if (known !== undefined) return tokenOf(known.csrfSecret, subject);
  const begun = { csrfSecret: randomToken() };
  const opened = await open();
  opened.session[name] = begun;
  await save(opened);
  return tokenOf(begun.csrfSecret, subject);
}

/** Whether a form came from a page of this session, and was about this subject. */
export function isOwnForm(req: Request, params: Params, ...subject: string[]): boolean {
  const secret = holderOf(req).part()?.csrfSecret;
  return secret !== undefined && equal(params.get('csrf_token') ?? '', tokenOf(secret, subject));
}

function tokenOf(secret: string, subject: readonly string[]): string {
  return sha256(JSON.stringify([secret, ...subject]));
}

/**
 * Saves the session now. express-session would save it at the end of the answer, after the headers
 * are out. The browser may be back before that, and nobody could be told that it was not saved.
 */
function save({ session }: WithSession): Promise<void> {
  return settled((done) => session.save(done));
}

/** Waits for a method of a session, whether it calls back or answers with a promise. */
function settled(call: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = call((error) => (error ? reject(error) : resolve()));
    // Not every promise is one of this language: some libraries have their own.
    if (typeof (answer as PromiseLike<void> | null)?.then === 'function') {
      (answer as PromiseLike<void>).then(() => resolve(), reject);
    }
  });
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

/** The same of a session in the store. */
export function isOpenTo(user: User, { data }: Session): boolean {
  const signedIn = (JSON.parse(data) as Partial<session.SessionData>).oauth?.user;
  return signedIn !== undefined && hasPasswordOf(user, signedIn);
}

/**
 * Signs a person in, under a new session id. What an app around us keeps in the session stays.
 *
 * @param user with the hash of the password that was given
 * @param isKept whether the session has the username, by which an app finds its people
 */
export async function signIn(req: Request, user: User, isKept: boolean): Promise<void> {
  const { name, open } = holderOf(req);
  const opened = await open();
  const { cookie: _cookie, [name]: _before, ...others } = opened.session;
  const signedIn: SessionUser = {
    id: user.id,
    authTime: Date.now(),
    password: markOf(user),
    ...(isKept && { username: user.username }),
    userAgent: userAgentOf(req),
  };
  await settled((done) => opened.session.regenerate(done));
  // The secret is made now, so that no page changes the session later. A page that is still on its
  // way while the person signs out would bring the session back to life.
  Object.assign(opened.session, others, {
    [name]: { csrfSecret: randomToken(), user: signedIn },
  });
  await save(opened);
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
