// Which session a request has: one of express-session in an app around us, or ours. Ours is read from
// the store, and given to express-session once something in it is to change: most requests only read
// it, and express-session would take as long for that as everything else together.

import { createHmac, type KeyObject } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { carried } from '../http/carried.ts';
import { type CookieSite, cookieName, cookieOf, cookieOptions } from '../http/cookies.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import { lostCookieWarning } from './lost-cookie.ts';
import type { OAuthSession } from './session-data.ts';
import { type Read, SessionStore } from './session-store.ts';

interface SessionOptions {
  readonly store: Store;
  /** What the ids in cookies are signed with. */
  readonly secret: KeyObject;
  readonly site: CookieSite;
  /** Seconds after which a person has to sign in again. */
  readonly ttl: number;
}

/** The name of our cookie, without what `cookieName` adds. */
export const SESSION_COOKIE = 'oauth_session';

/** A request with a session of express-session. */
type WithSession = Pick<Request, 'session' | 'sessionStore' | 'sessionID'>;

/** The session of a request, as far as it is this server's business. */
interface Holder {
  /** The name of our part: in an app around us that may have several servers of ours. */
  readonly name: 'oauth' | `oauth_${string}`;
  /** What is in our part. */
  part(): OAuthSession | undefined;
  /** The session, to be changed. */
  open(): Promise<WithSession>;
  /**
   * Begins a session with nothing in it. The one before it is over: now if it is an app's, and otherwise
   * with `endOthers`.
   *
   * @param id of the session that begins, if it is ours; an app around us has ids of its own
   */
  renew(id: string): Promise<WithSession>;
  /**
   * Goes on with another session of ours, to which the browser is admitted. False, and nothing done, if
   * nobody is signed in there, or if the sessions are an app's.
   */
  join(id: string): Promise<boolean>;
  /** Ends the sessions that this request had before the one that it has now. */
  endOthers(): Promise<void>;
  /** Whether the session is kept by us, and not by an app around us. */
  readonly isOurs: boolean;
  /** The id in the browser's cookie, if we signed it, whether or not that session is still there. */
  readonly sentId: string | undefined;
  /** Its hash in our store; `undefined` if there is none. */
  hash(): string | undefined;
}

/** The id of the session that is to begin for a request. */
const nextIds = carried<Request, string>();

const holders = carried<Request, Holder & { readonly of: object }>();

/** The session of a request that has passed `sessions`. */
export function holderOf(req: Request): Holder {
  return holders.get(req)!;
}

/** Middleware for browser routes. A session starts when something is put in it, not before. */
export function sessions({ store, secret, site, ttl }: SessionOptions): RequestHandler {
  const ours = new SessionStore(store.sessions, ttl);
  const name = cookieName(SESSION_COOKIE, site);
  const start = session({
    store: ours,
    // It may be a key, though its types do not say so: to make one of a string each time takes long.
    secret: secret as unknown as string,
    name,
    genid: (req) => nextIds.get(req) ?? randomToken(),
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookieOptions(site), maxAge: ttl * 1000 },
  });
  const warnIfLost = lostCookieWarning();
  return async (req, res, next) => {
    // The issuer says that browsers come by https. If a proxy in between does not say so, that is no
    // reason to lose the session.
    if (site.https) Object.defineProperty(req, 'secure', { value: true, configurable: true });
    if (holders.get(req)?.of === ours) return next();
    if (hasExpressSession(req)) {
      holders.set(req, { ...holderOfApp(req, `oauth_${site.mark}`, warnIfLost), of: ours });
      return next();
    }
    const id = signedId(cookieOf(req, name), secret);
    const found = id === undefined ? undefined : await ours.read(id);
    holders.set(req, { ...ownHolder(req, res, id, found, { start, ours }), of: ours });
    if (found !== undefined) await ours.note(req, found);
    next();
  };
}

/** @param warnIfLost warns if the browser will not get the cookie of a session that begins */
function holderOfApp(
  req: Request,
  name: Holder['name'],
  warnIfLost: (req: Request) => void,
): Holder {
  return {
    name,
    isOurs: false,
    sentId: undefined,
    part: () => req.session[name],
    open: async () => req,
    async renew() {
      await settled((done) => req.session.regenerate(done));
      warnIfLost(req);
      return req;
    },
    join: async () => false,
    endOthers: async () => {},
    hash: () => undefined,
  };
}

/**
 * @param sentId the id in its cookie
 * @param found the session of the request, if there is one
 * @param kept `start` is express-session, and `ours` what it keeps sessions in
 */
function ownHolder(
  req: Request,
  res: Response,
  sentId: string | undefined,
  found: Read | undefined,
  { start, ours }: { readonly start: RequestHandler; readonly ours: SessionStore },
): Holder {
  let opened: Request | undefined;
  let opening: Promise<Request> | undefined;
  const others: string[] = [];

  const read = async (): Promise<Request> => {
    // It stands in front of the request: at `req.session` there may be anything, which stays there for
    // the app around us. What is in between keeps that from showing through once ours is deleted.
    const without = Object.create(req, { session: { value: undefined, writable: true } });
    const holder: Request = Object.create(without);
    await new Promise<void>((resolve, reject) => {
      start(holder, res, (error: unknown) => (error ? reject(error) : resolve()));
    });
    opened = holder;
    return holder;
  };

  const open = () => {
    opening ??= read();
    return opening;
  };

  const renew = async (id: string) => {
    const holder = await open();
    if (ours.has(holder.session)) others.push(holder.sessionID);
    nextIds.set(holder, id);
    await settled((done) => holder.session.regenerate(done));
    return holder;
  };

  return {
    name: 'oauth',
    isOurs: true,
    sentId,
    part: () => (opened === undefined ? found?.data : opened.session)?.oauth,
    open,
    renew,
    async join(id) {
      const other = await ours.read(id);
      if (other?.data.oauth?.user === undefined) return false;
      const holder = await renew(id);
      ours.fill(holder.session, other);
      await save(holder);
      return true;
    },
    async endOthers() {
      const ids = others.splice(0);
      await Promise.all(ids.map((id) => settled((done) => ours.destroy(id, done))));
    },
    hash: () => (opened === undefined ? found?.hash : sha256(opened.sessionID)),
  };
}

/**
 * Whether the session of a request is one of express-session, in any version. Others have the same
 * name and methods that look alike, and keep their data in a cookie, or answer with promises.
 */
function hasExpressSession(req: Request): boolean {
  const { session: found, sessionStore, sessionID } = req as Partial<WithSession>;
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

/** The id in a cookie of express-session: `s:`, the id, a dot and its HMAC, percent-encoded. */
function signedId(cookie: string | undefined, secret: KeyObject): string | undefined {
  const [, id, signature] = /^s%3A([\w-]+)\.([\w%-]+)$/.exec(cookie ?? '') ?? [];
  if (id === undefined || signature === undefined) return undefined;
  const expected = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
  return equal(signature, encodeURIComponent(expected)) ? id : undefined;
}

/**
 * Saves the session now. express-session would save it at the end of the answer, after the headers
 * are out. The browser may be back before that, and nobody could be told that it was not saved.
 */
export function save({ session }: WithSession): Promise<void> {
  return settled((done) => session.save(done));
}

/** Waits for a method of a session, whether it calls back or answers with a promise. */
export function settled(call: (done: (error?: unknown) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = call((error) => (error ? reject(error) : resolve()));
    // Not every promise is one of this language: some libraries have their own.
    if (typeof (answer as PromiseLike<void> | null)?.then === 'function') {
      (answer as PromiseLike<void>).then(() => resolve(), reject);
    }
  });
}
