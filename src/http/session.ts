// Browser sessions: express-session over the store, and what we keep in one.

import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { OAuthError } from '../errors.ts';
import type { AuthorizationRequest } from '../protocol/authorization-request.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Params } from './params.ts';

/** An authorization request that waits for the person: to sign in, or to decide. */
export interface PendingRequest {
  readonly request: AuthorizationRequest;
  readonly createdAt: number;
  expiresAt: number;
  /** Whose consent the page asked for. */
  shownTo?: string;
  /** When the person was sent to a login page that is not ours. */
  sentToLoginAt?: number;
}

declare module 'express-session' {
  interface SessionData {
    /** Proves that a form came from a page of this session. */
    csrfToken: string;
    user: { readonly id: string; readonly authTime: number };
    pending: Record<string, PendingRequest>;
  }
}

/** How long a person may take over the login or consent page. */
const PENDING_TTL = 30 * 60 * 1000;

/** Tabs of one browser that may wait at the same time; the oldest gives way. */
const MAX_PENDING = 20;

/** How long a decision may be sent again: by a double click, or a reload. */
const REPEAT_WINDOW = 10 * 1000;

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
    const expiresAt =
      data.user === undefined ? Date.now() + PENDING_TTL : data.user.authTime + this.#ttl;
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

/** Middleware for browser routes. A session starts when something is put in it, not before. */
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

/** The token that the forms of this session carry. */
export function csrfToken(req: Request): string {
  req.session.csrfToken ??= randomToken();
  return req.session.csrfToken;
}

/** Whether a form came from a page of this session. */
export function isOwnForm(req: Request, params: Params): boolean {
  const { csrfToken } = req.session;
  return csrfToken !== undefined && equal(params.get('csrf_token') ?? '', csrfToken);
}

/** Keeps a request until the person has decided. @returns the handle that stands for it in URLs */
export function keepPending(req: Request, request: AuthorizationRequest): string {
  const now = Date.now();
  const others = Object.entries(req.session.pending ?? {})
    .filter(([, pending]) => pending.expiresAt > now)
    .slice(1 - MAX_PENDING);
  const handle = randomToken(16);
  const pending: PendingRequest = { request, createdAt: now, expiresAt: now + PENDING_TTL };
  req.session.pending = Object.fromEntries([...others, [handle, pending]]);
  return handle;
}

/**
 * The request a handle stands for.
 *
 * @throws OAuthError where this browser has no such request, or no longer
 */
export function findPending(req: Request, handle: string): PendingRequest {
  const pending = Object.hasOwn(req.session.pending ?? {}, handle)
    ? req.session.pending?.[handle]
    : undefined;
  if (pending === undefined || pending.expiresAt <= Date.now()) {
    throw new OAuthError(
      'invalid_request',
      'This browser has no such sign-in under way: it was finished, it took too long, or cookies are blocked. Start again from the app.',
    );
  }
  return pending;
}

/** Marks a request as decided. A double click still gets the answer, a page found by Back does not. */
export function settlePending(pending: PendingRequest): void {
  pending.expiresAt = Math.min(pending.expiresAt, Date.now() + REPEAT_WINDOW);
}

/** Signs a person in, under a new session id; what waits in the session goes along. */
export function signIn(req: Request, userId: string): Promise<void> {
  const { pending } = req.session;
  return new Promise((resolve, reject) => {
    req.session.regenerate((error: unknown) => {
      if (error) return reject(error);
      req.session.user = { id: userId, authTime: Date.now() };
      if (pending !== undefined) req.session.pending = pending;
      resolve();
    });
  });
}

/** Ends the session here and in the browser. */
export function signOut(req: Request, res: Response, https: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => {
      if (error) return reject(error);
      res.clearCookie(sessionCookieName(https), {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: https,
      });
      resolve();
    });
  });
}
