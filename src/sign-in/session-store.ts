// What express-session keeps its sessions in: our store, under the hash of the session's id.

import type { Request } from 'express';
import session from 'express-session';
import { isPlainObject } from '../protocol/checks.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Session } from '../store/store-sessions.ts';
import type { OAuthSession, SessionUser } from './session-data.ts';

declare module 'express-session' {
  interface SessionData {
    oauth: OAuthSession;
    /** In the session of an app around us, which may have several servers of ours. */
    [ofOne: `oauth_${string}`]: OAuthSession | undefined;
  }
}

/** Milliseconds that a session lasts if nobody has signed in to it. */
const ANONYMOUS_TTL = 30 * 60 * 1000;

/** Milliseconds in which it is noted once, and not more often, that a session is in use. */
const NOTE_INTERVAL = 5 * 60 * 1000;

/** Characters of a `User-Agent` that are kept; the names of browsers are near its beginning. */
const USER_AGENT_LENGTH = 256;

/** A session, as it was read. */
export interface Read {
  /** The hash of its id. */
  readonly hash: string;
  readonly row: Session;
  readonly data: session.SessionData;
}

export class SessionStore extends session.Store {
  /** Express-session puts it here. */
  declare generate: (req: Request) => void;
  readonly #sessions: Store['sessions'];
  readonly #ttl: number;
  /** The sessions that the store has, as they were read there, by the object express-session holds. */
  readonly #rows = new WeakMap<object, Session>();

  /** @param ttl seconds after which a person has to sign in again */
  constructor(sessions: Store['sessions'], ttl: number) {
    super();
    this.#sessions = sessions;
    this.#ttl = ttl * 1000;
  }

  override get(
    id: string,
    done: (error: unknown, data?: session.SessionData | null) => void,
  ): void {
    this.read(id).then(
      (found) => done(null, found?.data ?? null),
      (error: unknown) => done(error),
    );
  }

  /** The session with an id, as the store has it. */
  async read(id: string): Promise<Read | undefined> {
    const hash = sha256(id);
    const row = await this.#sessions.find(hash, Date.now());
    const data = row && dataOf(row);
    if (row === undefined || data === undefined) return undefined;
    this.#rows.set(data, row);
    return { hash, row, data };
  }

  override createSession(req: Request, data: session.SessionData) {
    const created = super.createSession(req, data);
    const row = this.#rows.get(data);
    if (row !== undefined) this.#rows.set(created, row);
    return created;
  }

  /** Begins a session for a request; the one before it is ended by its holder, see `endOthers` there. */
  override regenerate(req: Request, done: (error?: unknown) => void): void {
    this.generate(req);
    done();
  }

  /** Whether the store has what is in an object of express-session. */
  has(session: object): boolean {
    return this.#rows.has(session);
  }

  /** Puts what was read of a session into the object that express-session holds. */
  fill(session: Partial<session.SessionData>, { row, data: { cookie: _, ...data } }: Read): void {
    Object.assign(session, data);
    this.#rows.set(session, row);
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

  /** Notes that the person is there whose session this is, if that was not noted lately. */
  async note(req: Request, { hash, row, data }: Read): Promise<void> {
    const now = Date.now();
    const user = data.oauth?.user;
    if (user === undefined || now < (row.seenAt ?? 0) + NOTE_INTERVAL) return;
    await this.#sessions.note(hash, ownerOf({ ...user, userAgent: userAgentOf(req) }, now), now);
  }
}

/** What a row has; `undefined` if nobody could work with it, for then it is as if there were none. */
function dataOf(row: Session): session.SessionData | undefined {
  try {
    const data = JSON.parse(row.data);
    return isPlainObject(data) && isPlainObject(data['cookie']) ? (data as never) : undefined;
  } catch {
    return undefined;
  }
}

function ownerOf({ id, authTime, userAgent = '' }: SessionUser, now: number) {
  return { userId: id, createdAt: authTime, seenAt: now, userAgent };
}

export function userAgentOf(req: Request): string {
  const all = req.headers['user-agent'] ?? '';
  return all.replaceAll(/[^\x20-\x7e]/g, '').slice(0, USER_AGENT_LENGTH);
}
