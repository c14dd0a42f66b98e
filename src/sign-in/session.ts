// Browser sessions: express-session over the store, and what we keep in one.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { cookieName, cookieOptions } from '../http/cookies.ts';
import type { Params } from '../http/params.ts';
import { passwordMark } from '../protocol/passwords.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';
import type { User } from '../types.ts';

/** What we keep in a session, under one name: it may be that of an app around us. */
interface OAuthSession {
  /** What the tokens in this session's forms are made from. */
  csrfSecret: string;
  user?: SessionUser;
}

/** Who signed in. */
export interface SessionUser {
  readonly id: string;
  readonly authTime: number;
  /** The mark of the password, see `passwordMark`. */
  readonly password: string;
  /** The header `User-Agent`. */
  readonly userAgent?: string;
}

declare module 'express-session' {
  interface SessionData {
    oauth: OAuthSession;
  }
}

/** Milliseconds that a session lasts in which nobody has signed in. */
const ANONYMOUS_TTL = 30 * 60 * 1000;

/** Milliseconds in which it is noted once that a session is in use. */
const NOTE_INTERVAL = 5 * 60 * 1000;

/** Characters of a `User-Agent` that are kept; names of browsers stand further to the front. */
const USER_AGENT_LENGTH = 256;

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
  /** Of what express-session holds, the sessions that the store has, as they were read there. */
  readonly #rows = new WeakMap<object, Session>();

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
      (found) => {
        const data = found && JSON.parse(found.data);
        if (found !== undefined) this.#rows.set(data, found);
        done(null, data);
      },
      (error: unknown) => done(error),
    );
  }

  override createSession(req: Request, data: session.SessionData) {
    const created = super.createSession(req, data);
    const row = this.#rows.get(data);
    if (row !== undefined) this.#rows.set(created, row);
    return created;
  }

  override set(
    id: string,
    data: session.SessionData,
    done: (error?: unknown) => void = () => {},
  ): void {
    this.#save(sha256(id), data).then(
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

  async #save(hash: string, data: session.SessionData): Promise<void> {
    const now = Date.now();
    const user = data.oauth?.user;
    const expiresAt = user === undefined ? now + ANONYMOUS_TTL : user.authTime + this.#ttl;
    const document = { data: JSON.stringify(data), expiresAt };
    if (this.#rows.has(data)) {
      // Never added again: it may have been ended elsewhere since it was read.
      await this.#sessions.update(hash, document, now);
      return;
    }
    const row = { ...document, ...(user && ownerOf(user, now)) };
    await this.#sessions.save(hash, row);
    this.#rows.set(data, row);
  }

  /** Notes that the person in front of this session is there, where that was not noted lately. */
  async note(req: Request): Promise<void> {
    const now = Date.now();
    const { id, oauth } = req.session;
    const { seenAt = 0 } = this.#rows.get(req.session) ?? { seenAt: now };
    if (oauth?.user === undefined || now < seenAt + NOTE_INTERVAL) return;
    const userAgent = userAgentOf(req);
    await this.#sessions.note(sha256(id), ownerOf({ ...oauth.user, userAgent }, now), now);
  }
}

function ownerOf({ id, authTime, userAgent = '' }: SessionUser, now: number) {
  return { userId: id, createdAt: authTime, seenAt: now, userAgent };
}

function userAgentOf(req: Request): string {
  const all = req.headers['user-agent'] ?? '';
  return all.replaceAll(/[^\x20-\x7e]/g, '').slice(0, USER_AGENT_LENGTH);
}

const NAME = 'oauth_session';

/**
 * Middleware for browser routes. A session starts when something is put in it, not before. Where an
 * app around us has express-session already, that is used.
 */
export function sessions(options: SessionOptions): RequestHandler {
  const { secret, https, ttl } = options;
  const handler = session({
    store: new SessionStore(options),
    secret,
    name: cookieName(NAME, https),
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookieOptions(https), maxAge: ttl * 1000 },
  });
  return (req, res, next) => {
    // The issuer says that browsers come by https; that a proxy in between did not say so is no
    // reason to lose the session.
    if (https) Object.defineProperty(req, 'secure', { value: true, configurable: true });
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

/** The hash of this session in our store; `undefined` where an app around us keeps it. */
export function sessionHash(req: Request): string | undefined {
  return isOurs(req) ? sha256(req.session.id) : undefined;
}

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, where it must not be used for anything else
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
 * Saves the session now. Left to the end of the answer, it is saved after the headers are out: the
 * browser may be back before, and it is too late to say that it could not be saved.
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
      // With the secret made now, no page changes the session later: one that is still on its way
      // while the person signs out would bring it back to life.
      Object.assign(req.session, others, {
        oauth: { csrfSecret: randomToken(), user: signedIn },
      });
      save(req).then(resolve, reject);
    });
  });
}

/** Signs the person out: ends the session, or our part of it where it is of an app around us. */
export function signOut(req: Request, res: Response, https: boolean): Promise<void> {
  const ours = isOurs(req);
  return new Promise((resolve, reject) => {
    const done = (error: unknown) => {
      if (error) return reject(error);
      if (ours) res.clearCookie(cookieName(NAME, https), cookieOptions(https));
      resolve();
    };
    if (ours) return req.session.destroy(done);
    delete req.session.oauth;
    req.session.save(done);
  });
}
