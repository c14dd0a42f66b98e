// Browser sessions: express-session over the store, and what we keep in one.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Params } from './params.ts';

/** What we keep in a session, under one name: it may be that of an app around us. */
interface OAuthSession {
  /** What the tokens in this session's forms are made from. */
  csrfSecret: string;
  user?: { readonly id: string; readonly authTime: number };
}

declare module 'express-session' {
  interface SessionData {
    oauth: OAuthSession;
  }
}

/** Milliseconds that a session lasts in which nobody has signed in. */
const ANONYMOUS_TTL = 30 * 60 * 1000;

export interface SessionOptions {
  readonly store: Store;
  readonly secret: string;
  /** Whether the issuer is https. */
  readonly https: boolean;
  /** Seconds after which a person has to sign in again. */
  readonly ttl: number;
}

class SessionStore extends session.Store {
  readonly #sessions: Store['sessions'];
  readonly #ttl: number;

  constructor({ store, ttl }: SessionOptions) {
    super();
    this.#sessions = store.sessions;
    this.#ttl = ttl * 1000;
  }

  override get(
    id: string,
    done: (error: unknown, data?: session.SessionData | null) => void,
  ): void {
    this.#sessions.find(sha256(id), Date.now()).then(
      (found) => done(null, found && JSON.parse(found.data)),
      (error: unknown) => done(error),
    );
  }

  override set(
    id: string,
    data: session.SessionData,
    done: (error?: unknown) => void = () => {},
  ): void {
    const user = data.oauth?.user;
    const expiresAt = user === undefined ? Date.now() + ANONYMOUS_TTL : user.authTime + this.#ttl;
    this.#sessions.save(sha256(id), { data: JSON.stringify(data), expiresAt }).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }

  override destroy(id: string, done: (error?: unknown) => void = () => {}): void {
    this.#sessions.delete(sha256(id)).then(
      () => done(),
      (error: unknown) => done(error),
    );
  }
}

/** The cookie's name: `__Host-` binds it to this very host, which needs https. */
export function sessionCookieName(https: boolean): string {
  return https ? '__Host-oauth_session' : 'oauth_session';
}

/**
 * Middleware for browser routes. A session starts when something is put in it, not before. Where an
 * app around us has express-session already, that is used.
 */
export function sessions(options: SessionOptions): RequestHandler {
  const { secret, https, ttl } = options;
  const handler = session({
    store: new SessionStore(options),
    secret,
    name: sessionCookieName(https),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: ttl * 1000 },
  });
  if (!https) return handler;
  return (req, res, next) => {
    // The issuer says that browsers come by https; that a proxy in between did not say so is no
    // reason to lose the session.
    Object.defineProperty(req, 'secure', { value: true, configurable: true });
    handler(req, res, next);
  };
}

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, where it must not be used for anything else
 */
export async function csrfToken(req: Request, ...subject: string[]): Promise<string> {
  if (req.session.oauth === undefined) {
    req.session.oauth = { csrfSecret: randomToken() };
    // Saved now: left to the end of the answer, it is saved after the page is out, which nobody could
    // use where that fails.
    await save(req);
  }
  return formToken(req.session.oauth, subject);
}

/** Whether a form came from a page of this session, and was about this subject. */
export function isOwnForm(req: Request, params: Params, ...subject: string[]): boolean {
  const { oauth } = req.session;
  return oauth !== undefined && equal(params.get('csrf_token') ?? '', formToken(oauth, subject));
}

function formToken({ csrfSecret }: OAuthSession, subject: string[]): string {
  return sha256(JSON.stringify([csrfSecret, ...subject]));
}

function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((failed: unknown) => (failed ? reject(failed) : resolve()));
  });
}

/** Who has signed in to this session, and when; nobody once that is too long ago. */
export function signedInUser(req: Request, ttl: number): OAuthSession['user'] {
  const user = req.session.oauth?.user;
  return user !== undefined && Date.now() < user.authTime + ttl * 1000 ? user : undefined;
}

/** Signs a person in, under a new session id. What an app around us keeps in the session stays. */
export function signIn(req: Request, userId: string): Promise<void> {
  const { cookie: _cookie, oauth: _oauth, ...others } = req.session;
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => {
      if (error) return reject(error);
      // With the secret made now, no page changes the session later: one that is still on its way
      // while the person signs out would bring it back to life.
      const oauth = { csrfSecret: randomToken(), user: { id: userId, authTime: Date.now() } };
      Object.assign(req.session, others, { oauth });
      // Saved now: left to the end of the answer, it is saved after the headers are out, and the
      // browser that follows the redirect may come before.
      save(req).then(resolve, reject);
    });
  });
}

/** Signs the person out: ends the session, or our part of it where it is of an app around us. */
export function signOut(req: Request, res: Response, https: boolean): Promise<void> {
  const isOurs = req.sessionStore instanceof SessionStore;
  return new Promise((resolve, reject) => {
    const done = (error: unknown) => {
      if (error) return reject(error);
      if (isOurs) {
        res.clearCookie(sessionCookieName(https), {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: https,
        });
      }
      resolve();
    };
    if (isOurs) return req.session.destroy(done);
    delete req.session.oauth;
    req.session.save(done);
  });
}
