// Browser sessions: their middleware, the tokens of their forms, and who is signed in to one.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { type CookieSite, cookieName, cookieOptions } from '../http/cookies.ts';
import type { Params } from '../http/params.ts';
import { passwordMark } from '../protocol/passwords.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import { SessionStore, type SessionUser, userAgentOf } from './session-store.ts';

export interface SessionOptions {
  readonly store: Store;
  readonly secret: string;
  readonly site: CookieSite;
  /** Seconds after which a person has to sign in again. */
  readonly ttl: number;
}

const NAME = 'oauth_session';

/**
 * Middleware for browser routes. A session starts when something is put in it, not before. If an app
 * around us has express-session already, that is used.
 */
export function sessions({ store, secret, site, ttl }: SessionOptions): RequestHandler {
  const handler = session({
    store: new SessionStore(store.sessions, ttl),
    secret,
    name: cookieName(NAME, site),
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookieOptions(site), maxAge: ttl * 1000 },
  });
  return (req, res, next) => {
    // The issuer says that browsers come by https. If a proxy in between does not say so, that is no
    // reason to lose the session.
    if (site.https) Object.defineProperty(req, 'secure', { value: true, configurable: true });
    handler(req, res, (error: unknown) => {
      if (error) return next(error);
      if (!isOurs(req)) return next();
      req.sessionStore.note(req).then(
        () => next(),
        (failed: unknown) => next(failed),
      );
    });
  };
}

/** Whether the session is kept by us, and not by an app around us. */
function isOurs(req: Request): req is Request & { readonly sessionStore: SessionStore } {
  return req.sessionStore instanceof SessionStore;
}

/** The hash of this session in our store; `undefined` if an app around us keeps it. */
export function sessionHash(req: Request): string | undefined {
  return isOurs(req) ? sha256(req.session.id) : undefined;
}

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, if it must not be used for anything else
 */
export async function csrfToken(req: Request, ...subject: string[]): Promise<string> {
  if (req.session.oauth === undefined) {
    req.session.oauth = { csrfSecret: randomToken() };
    await save(req);
  }
  return tokenOf(req.session.oauth.csrfSecret, subject);
}

/** Whether a form came from a page of this session, and was about this subject. */
export function isOwnForm(req: Request, params: Params, ...subject: string[]): boolean {
  const secret = req.session.oauth?.csrfSecret;
  return secret !== undefined && equal(params.get('csrf_token') ?? '', tokenOf(secret, subject));
}

function tokenOf(secret: string, subject: readonly string[]): string {
  return sha256(JSON.stringify([secret, ...subject]));
}

/**
 * Saves the session now. express-session would save it at the end of the answer, after the headers
 * are out. The browser may be back before that, and nobody could be told that it was not saved.
 */
function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Who has signed in to this session, and when; nobody once that is too long ago. */
export function signedInUser(req: Request, ttl: number): SessionUser | undefined {
  const user = req.session.oauth?.user;
  return user !== undefined && Date.now() < user.authTime + ttl * 1000 ? user : undefined;
}

/**
 * Whether a person signed in with the password they have now. A session is over with the password
 * that opened it, also one that was being opened while the password changed.
 */
export function hasPasswordOf(user: User, signedIn: SessionUser): boolean {
  return signedIn.password === passwordMark(user.passwordHash);
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
 */
export function signIn(req: Request, user: User): Promise<void> {
  const { cookie: _cookie, oauth: _oauth, ...others } = req.session;
  const signedIn: SessionUser = {
    id: user.id,
    authTime: Date.now(),
    password: passwordMark(user.passwordHash),
    userAgent: userAgentOf(req),
  };
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => {
      if (error) return reject(error);
      // The secret is made now, so that no page changes the session later. A page that is still on
      // its way while the person signs out would bring the session back to life.
      Object.assign(req.session, others, {
        oauth: { csrfSecret: randomToken(), user: signedIn },
      });
      save(req).then(resolve, reject);
    });
  });
}

/** Signs the person out: ends the session, or our part of it if an app around us keeps it. */
export function signOut(req: Request, res: Response, site: CookieSite): Promise<void> {
  const ours = isOurs(req);
  return new Promise((resolve, reject) => {
    const done = (error: unknown) => {
      if (error) return reject(error);
      if (ours) res.clearCookie(cookieName(NAME, site), cookieOptions(site));
      resolve();
    };
    if (ours) return req.session.destroy(done);
    delete req.session.oauth;
    req.session.save(done);
  });
}
