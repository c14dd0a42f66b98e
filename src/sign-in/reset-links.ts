// Links by which people set a new password without the old one.
//
// A user has one at the most: its ticket is under their id, so a new link takes the place of the one
// before. The link itself is sealed, so that nobody can tell whose it is, and a made-up one is refused
// before the store is asked. It stops working as soon as the password changes, whoever changed it.

import type { Events } from '../events.ts';
import type { Params } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import type { Site } from '../http/site.ts';
import { withQuery } from '../http/with-query.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import { endSessions } from '../logout/sessions.ts';
import { hashPassword } from '../protocol/passwords.ts';
import {
  decrypt,
  deriveKey,
  encrypt,
  equal,
  mac,
  randomToken,
  sha256,
} from '../protocol/secrets.ts';
import { isDisabled } from '../store/clients-and-users.ts';
import type { Store } from '../store/store.ts';
import type { ResetLink, Ticket, User } from '../types.ts';
import { markOf } from './directory.ts';
import { type NewPasswordFault, newPasswordFault } from './password-change.ts';
import { inLine } from './waiting-line.ts';

/** Longest text that is looked at as the token of a link; an id has 255 characters, of four bytes at most. */
export const MAX_TOKEN = 2048;

export interface ResetLinks {
  /**
   * Makes a link, and ends the one that the user has.
   *
   * @param user who has a password, and is not disabled
   * @param ttl seconds
   * @returns `undefined` if the user was disabled meanwhile
   */
  create(user: User, ttl: number): Promise<ResetLink | undefined>;
  /** The user of a link that works. It still does afterwards. */
  find(token: string): Promise<User | undefined>;
  /**
   * Sets the new password that a form has, and ends all sessions. Of any number of forms with one link
   * exactly one sets theirs.
   *
   * @throws OAuthError with status 503 if too many passwords are hashed just now
   */
  use(token: string, params: Params, address: string): Promise<Reset>;
}

/** The outcome of a form. */
type Reset =
  /** It is set, perhaps by this very form a moment ago: somebody may have clicked twice. */
  | { readonly outcome: 'set' }
  /** The link no longer works. */
  | { readonly outcome: 'over' }
  /** It still works. */
  | { readonly outcome: 'refused'; readonly user: User; readonly fault: NewPasswordFault };

interface Parts {
  readonly store: Store;
  readonly site: Site;
  readonly events: Events;
  readonly sessionEnds: SessionEnds;
  /** The server's secret. */
  readonly secret: string;
}

/** A link whose ticket is in force. */
interface Link {
  readonly ticket: Ticket;
  readonly code: string;
  /** Not disabled. */
  readonly user: User;
  /** Whether the user has the password that they had when the link was made. */
  readonly isAsBefore: boolean;
  /** What the password was, if one was given: a MAC, whose key only the holder of the link has. */
  readonly given: string | undefined;
}

const SET = { outcome: 'set' } as const;
const OVER = { outcome: 'over' } as const;

const KIND = 'password_reset';

/** Characters of a random token. */
const CODE_LENGTH = randomToken().length;

/** Milliseconds in which the form may come again, by a double click. */
const REPEAT_WINDOW = 10_000;

/** How often something begins anew because somebody else was faster. */
const ATTEMPTS = 50;

export function createResetLinks({ store, site, events, sessionEnds, secret }: Parts): ResetLinks {
  const key = deriveKey(secret, 'password reset links');
  const { tickets, users } = store;

  async function read(token: string): Promise<Link | undefined> {
    const named = opened(key, token);
    if (named === undefined) return undefined;
    const { code, userId } = named;
    const [ticket, user] = await Promise.all([
      tickets.find(KIND, sha256(userId), Date.now()),
      users.find(userId),
    ]);
    const { code: hash, mark, given } = (ticket?.payload ?? {}) as Record<string, string>;
    if (ticket === undefined || hash === undefined || !equal(hash, sha256(code))) return undefined;
    if (user?.passwordHash === undefined || isDisabled(user)) return undefined;
    return { ticket, code, user, given, isAsBefore: markOf(user) === mark };
  }

  /** Marks a link as used. True for the one caller who did it. */
  function claim({ ticket }: Link, given: string): Promise<boolean> {
    const now = Date.now();
    const expiresAt = Math.min(ticket.expiresAt, now + REPEAT_WINDOW);
    const used = { ...ticket, payload: { ...ticket.payload, given }, expiresAt };
    return tickets.change(ticket, used, now);
  }

  /** @returns whether the user still had the password that was read */
  async function replace(user: User, passwordHash: string): Promise<boolean> {
    const { answer } = await sessionEnds.around({ userId: user.id }, async () => {
      const before = user.passwordHash!;
      if (!(await users.changePassword(user.id, before, passwordHash, Date.now()))) return false;
      await endSessions(store, user.id);
      return true;
    });
    return answer;
  }

  return {
    async create(user, ttl) {
      const now = Date.now();
      const code = randomToken();
      const hash = sha256(user.id);
      const expiresAt = now + ttl * 1000;
      const payload = { code: sha256(code), mark: markOf(user) };
      const ticket = { kind: KIND, hash, userId: user.id, payload, expiresAt };
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const before = await tickets.find(KIND, hash, now);
        const isStored = await (before === undefined
          ? tickets.create(ticket, now)
          : tickets.change(before, ticket, now));
        if (!isStored) {
          if (isDisabled(await users.find(user.id))) return undefined;
          continue;
        }
        events.emit('password_reset_link_created', { userId: user.id, expiresAt });
        const token = encrypt(key, code + user.id);
        return { url: withQuery(`${site.issuer}${PATHS.resetPassword}`, { token }), expiresAt };
      }
      throw new Error(`Too many make a link for the user ${user.id} at once.`);
    },

    async find(token) {
      const link = await read(token);
      const works = link?.isAsBefore && link.given === undefined;
      return works ? link.user : undefined;
    },

    async use(token, params, address) {
      const fresh = params.get('new_password') ?? '';
      let passwordHash: string | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const link = await read(token);
        if (link === undefined) return OVER;
        const { user, code, isAsBefore } = link;
        const given = mac(Buffer.from(code), fresh);
        const isOurs = link.given === given;
        if (!isAsBefore) return isOurs ? SET : OVER;
        if (link.given !== undefined && !isOurs) return OVER;
        const fault = newPasswordFault(params, user);
        if (fault !== undefined) return { outcome: 'refused', user, fault };
        passwordHash ??= await inLine(true, () => hashPassword(fresh));
        if (!isOurs && !(await claim(link, given))) continue;
        // The same form may come again, if this process ends now.
        if (!(await replace(user, passwordHash))) continue;
        events.emit('password_reset', { userId: user.id, address });
        return SET;
      }
      return OVER;
    },
  };
}

/** @returns `undefined` if this server has not made it */
function opened(key: Buffer, token: string) {
  try {
    const text = decrypt(key, token).toString();
    return { code: text.slice(0, CODE_LENGTH), userId: text.slice(CODE_LENGTH) };
  } catch {
    return undefined;
  }
}
