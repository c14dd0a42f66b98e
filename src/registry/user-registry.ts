// Users that a program registers, changes and removes while the server runs.

import type { Events } from '../events.ts';
import type { SessionEnds } from '../logout/session-ends.ts';
import { endSessions } from '../logout/sessions.ts';
import { boundsProblem, RESET_LINK_LIFETIME } from '../protocol/bounds.ts';
import { assertOptions, isPlainObject } from '../protocol/checks.ts';
import type { AppId } from '../protocol/names.ts';
import { hashPassword } from '../protocol/passwords.ts';
import { randomId } from '../protocol/secrets.ts';
import { isDisabled } from '../store/clients-and-users.ts';
import { SubjectTaken } from '../store/store.ts';
import type { ResetLink, User } from '../types.ts';
import { assertId, named, withoutNull } from './changed-entry.ts';
import type { RegistryOptions } from './client-registry.ts';
import { Refusal, refusal } from './refusal.ts';
import {
  claimsOf,
  type FurtherClaims,
  readUserEntry,
  toUser,
  type UserEntry,
  type UserInput,
} from './user-entries.ts';
import { removal } from './user-removal.ts';

/** What of a user is to be changed; `null` is what it is if it is left out. */
export type UserChanges = {
  [Field in keyof Omit<UserInput, 'id'>]?: UserInput[Field] | null;
};

/** A user, without the password. */
export interface UserInformation extends FurtherClaims {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly email?: string;
  /** True if they may not sign in; otherwise absent. */
  readonly disabled?: boolean;
}

/**
 * @param ttl seconds
 * @returns `undefined` if the user was disabled meanwhile
 */
export type MakeResetLink = (user: User, ttl: number) => Promise<ResetLink | undefined>;

export interface UserRegistry {
  /**
   * Registers a user. One without an `id` gets a random one, so that nobody is ever taken for somebody
   * who had the username before.
   *
   * @param user with a `password`, or a `password_hash`, as in a seed
   * @throws TypeError with a line for each problem
   * @throws UsernameTaken
   * @throws SubjectTaken if a user or a client has the id
   */
  register(user: UserInput): Promise<UserInformation>;
  /**
   * Changes what is named. With another password the sessions of the user end, and with them the tokens
   * of apps without `offline_access`. Apps are told, and what they were allowed is remembered. A new
   * `email` or `phone_number` is not verified unless the change says so.
   *
   * With `disabled: true` the user is signed out everywhere and every code and token of theirs ends, those
   * with `offline_access` too. They cannot sign in until `disabled: false`; what has ended stays so.
   *
   * @returns the user as they are now; `undefined` if there is none with the id
   * @throws TypeError with a line for each problem
   * @throws UsernameTaken
   */
  update(id: string, changes: UserChanges): Promise<UserInformation | undefined>;
  /**
   * Removes a user, and with them their sessions, all that they have allowed, and every code and token.
   * Apps are told. If people are those of the app around the server (`authenticate`, `findUser`), it ends
   * the same of one of them. Nobody that the app still lets in is kept from beginning anew.
   *
   * @param id a whole number is the string that it becomes in `authenticate` and `findUser`
   * @returns whether there was anything of theirs
   * @throws TypeError if the user is in the option `users`, or if it is not an id
   */
  remove(id: AppId): Promise<boolean>;
  /** A user, without the password; `undefined` if there is none with the id. */
  find(id: string): Promise<UserInformation | undefined>;
  /**
   * Makes a link to a page on which the user sets a new password. It works once, and no longer once the
   * password has changed. A new link ends the one before.
   *
   * @param options `ttl` is how long it works, in seconds from 60 to 604,800 (a week); an hour if it is
   *   left out
   * @returns `undefined` if there is no user with the id
   * @throws TypeError that says what is wrong with the options, or that the user is disabled, or has no
   *   password here
   */
  createResetLink(id: string, options?: { readonly ttl?: number }): Promise<ResetLink | undefined>;
}

/** How often a change begins anew because somebody else was faster. */
const ATTEMPTS = 20;

const HOUR = 3600;

const RESET_CHECKS = { ttl: (value: unknown) => boundsProblem(value, RESET_LINK_LIFETIME) };

/** Stands for the password of a user who keeps theirs, where an entry has to have one. */
const KEPT = { password: 'kept' };

export function userRegistry({
  by,
  store,
  declared,
  sessionEnds,
  createResetLink,
  events,
}: Pick<RegistryOptions, 'by' | 'store' | 'declared'> & {
  readonly sessionEnds: SessionEnds;
  readonly createResetLink: MakeResetLink;
  readonly events: Events;
}): UserRegistry {
  /** Changes a user whose sessions are over with that. @returns as `users.change` does */
  async function changeAndSignOut(user: User, changed: User): Promise<boolean> {
    const { answer } = await sessionEnds.around({ userId: user.id }, async () => {
      const isChanged = await store.users.change(user, changed);
      if (isChanged) await endSessions(store, user.id);
      return isChanged;
    });
    return answer;
  }

  const registry: UserRegistry = {
    ...removal({ store, declared, sessionEnds }),

    async register(given) {
      const entry = isPlainObject(given) ? { ...given, id: given.id ?? randomId() } : given;
      const user = await toUser(checked(entry, 'The user cannot be registered'));
      if (!(await store.users.add({ ...user, source: by }))) {
        throw new SubjectTaken(`There is a user with the id ${user.id} already.`);
      }
      return informationOf(user);
    },

    async update(id, changes) {
      assertId('users.update()', id);
      const what = `The user ${id} cannot be changed`;
      let passwordHash: string | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const user = await store.users.find(id);
        if (user === undefined) return undefined;
        const entry = checked(changedEntry(user, changes), what);
        if (entry.id !== id) throw refusal(what, [{ field: 'id', problem: 'stays what it is' }]);
        passwordHash ??= await hashOf(entry, changes);
        const { username, name = username, email } = entry;
        const known = { username, name, email, claims: claimsOf(entry) };
        const disabledAt = entry.disabled ? (user.disabledAt ?? Date.now()) : undefined;
        const changed = {
          ...user,
          ...known,
          disabledAt,
          ...(isDisabled(user) && disabledAt === undefined && { enabledAt: Date.now() }),
          ...(passwordHash && { passwordHash }),
        };
        const isShutOut = isDisabled(changed) && !isDisabled(user);
        const isChanged = await (passwordHash === undefined && !isShutOut
          ? store.users.change(user, changed)
          : changeAndSignOut(user, changed));
        if (!isChanged) continue;
        if (isShutOut) events.emit('user_disabled', { userId: id });
        if (isDisabled(user) && !isDisabled(changed)) events.emit('user_enabled', { userId: id });
        return informationOf(changed);
      }
      throw new Error(`Too many changes to the user ${id} at once: try again.`);
    },

    async find(id) {
      assertId('users.find()', id);
      const user = await store.users.find(id);
      return user && informationOf(user);
    },

    async createResetLink(id, options = {}) {
      assertId('users.createResetLink()', id);
      assertOptions('users.createResetLink()', RESET_CHECKS, options);
      const user = await store.users.find(id);
      if (user === undefined) return undefined;
      if (isDisabled(user)) throw new Refusal(`The user ${id} is disabled.`);
      if (user.passwordHash === undefined) {
        throw new Refusal(`The user ${id} has no password here: they sign in somewhere else.`);
      }
      const link = await createResetLink(user, options.ttl ?? HOUR);
      return link ?? registry.createResetLink(id, options);
    },
  };
  return registry;
}

function checked(entry: unknown, what: string): UserEntry {
  const { value, problems } = readUserEntry(entry);
  if (value === undefined) throw refusal(what, problems);
  return value;
}

/** A user's entry with some of it changed. */
function changedEntry(user: User, given: unknown): unknown {
  if (!isPlainObject(given)) return given;
  const changes = named(given);
  const before: Record<string, unknown> = { ...informationOf(user) };
  for (const name of ['email', 'phone_number']) {
    if ((changes[name] ?? before[name]) !== before[name]) delete before[`${name}_verified`];
  }
  const { password, password_hash } = changes;
  const kept = (password ?? password_hash ?? undefined) === undefined ? KEPT : {};
  return withoutNull({ ...before, ...changes, ...kept });
}

/** The hash of the password that is to be the new one, if there is to be one. */
async function hashOf(entry: UserEntry, changes: UserChanges): Promise<string | undefined> {
  if (entry.password_hash !== undefined) return entry.password_hash;
  return (changes.password ?? undefined) === undefined ? undefined : hashPassword(entry.password!);
}

function informationOf(user: User): UserInformation {
  const { id, username, name, email, claims = {} } = user;
  const further = claimsOf(claims as FurtherClaims);
  return {
    id,
    username,
    name,
    ...(email !== undefined && { email }),
    ...(isDisabled(user) && { disabled: true }),
    ...further,
  };
}
