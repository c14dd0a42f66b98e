// Browser sessions: their middleware, the tokens of their forms, and who is signed in to one.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { type CookieSite, clearCookie, cookieName, cookieOptions } from '../http/cookies.ts';
import type { Params } from '../http/params.ts';
import { passwordMark } from '../protocol/passwords.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';
import { type OAuthSession, SessionStore, type SessionUser, userAgentOf } from './session-store.ts';

export interface SessionOptions {
  readonly store: Store;
  readonly secret: string;
  readonly site: CookieSite;
  /** Seconds after which a person has to sign in again. */
  readonly ttl: number;
}

const NAME = 'oauth_session';

/**
 * A request with its session. It is the request itself if an app around us has express-session, and
 * otherwise one that stands in front of it: what is at `req.session` of the app's own request may be
 * anything, and stays there for the app.
 */
type Holder = Pick<Request, 'session' | 'sessionStore' | 'sessionID' | 'headers'>;

const holders = new WeakMap<Request, Holder>();

/** The name of our part of the session of an app around us, by the request. */
const parts = new WeakMap<Request, `oauth_${string}`>();

function partName(req: Request) {
  return parts.get(req) ?? 'oauth';
}

/** What this server keeps in the session of a request. */
function partOf(req: Request): OAuthSession | undefined {
  return sessionOf(req)[partName(req)];
}

/** The session of a request that has passed `sessions`. */
export function sessionOf(req: Request): Holder['session'] {
  return holderOf(req).session;
}

function holderOf(req: Request): Holder {
  return holders.get(req) ?? req;
}

/**
 * Whether the session of a request is one of express-session, in any version. Others have the same
 * name and methods that look alike, and keep their data in a cookie, or answer with promises.
 */
function hasExpressSession(req: Request): boolean {
  const { session: found, sessionStore, sessionID } = req as Partial<Holder>;
  const takesCallback = (method: unknown) => typeof method === 'function' && method.length === 1;
  return (
    typeof sessionStore?.generate === 'function' &&
    typeof sessionID === 'string' &&
    found?.id === sessionID &&
    typeof found.save === 'function' &&
    // Of `save` it does not show: express-session puts one without parameters in its place.
    [found.regenerate, found.destroy].every(takesCallback)
  );
}

/**
 * Middleware for browser routes. A session starts when something is put in it, not before. If an app
 * around us has express-session already, that is used.
 */
export function sessions({ store, secret, site, ttl }: SessionOptions): RequestHandler {
  const ours = new SessionStore(store.sessions, ttl);
  const handler = session({
    store: ours,
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
    if (holders.get(req)?.sessionStore === (ours as session.Store)) return next();
    if (hasExpressSession(req)) {
      parts.set(req, `oauth_${site.mark}`);
      return next();
    }
    // In between, so that no session of the app shows through once ours is deleted.
    const without = Object.create(req, { session: { value: undefined, writable: true } });
    const holder: Request = Object.create(without);
    holders.set(req, holder);
    handler(holder, res, (error: unknown) => {
      if (error) return next(error);
      ours.note(holder).then(
        () => next(),
        (failed: unknown) => next(failed),
      );
    });
  };
}

/** Whether the session is kept by us, and not by an app around us. */
function isOurs(req: Request): boolean {
  return holderOf(req).sessionStore instanceof SessionStore;
}

/** The hash of this session in our store; `undefined` if an app around us keeps it. */
export function sessionHash(req: Request): string | undefined {
  return isOurs(req) ? sha256(sessionOf(req).id) : undefined;
}

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, if it must not be used for anything else
 */
export async function csrfToken(req: Request, ...subject: string[]): Promise<string> {
  const part = partOf(req) ?? { csrfSecret: randomToken() };
  if (partOf(req) === undefined) {
    sessionOf(req)[partName(req)] = part;
    await save(req);
  }
  return tokenOf(part.csrfSecret, subject);
}

/** Whether a form came from a page of this session, and was about this subject. */
export function isOwnForm(req: Request, params: Params, ...subject: string[]): boolean {
  const secret = partOf(req)?.csrfSecret;
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
  return settled((done) => sessionOf(req).save(done));
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
  const user = partOf(req)?.user;
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
export async function signIn(req: Request, user: User): Promise<void> {
  const name = partName(req);
  const { cookie: _cookie, [name]: _before, ...others } = sessionOf(req);
  const signedIn: SessionUser = {
    id: user.id,
    authTime: Date.now(),
    password: passwordMark(user.passwordHash),
    userAgent: userAgentOf(req),
  };
  await settled((done) => sessionOf(req).regenerate(done));
  // The secret is made now, so that no page changes the session later. A page that is still on its
  // way while the person signs out would bring the session back to life.
  Object.assign(sessionOf(req), others, {
    [name]: { csrfSecret: randomToken(), user: signedIn },
  });
  await save(req);
}

/** Signs the person out: ends the session, or our part of it if an app around us keeps it. */
export async function signOut(req: Request, res: Response, site: CookieSite): Promise<void> {
  if (isOurs(req)) {
    await settled((done) => sessionOf(req).destroy(done));
    clearCookie(res, site, NAME);
    return;
  }
  delete (sessionOf(req) as Partial<Holder['session']>)[partName(req)];
  await save(req);
}
