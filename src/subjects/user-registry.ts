// Users that a program registers, changes and removes while the server runs.

import { loadWithZod } from '../clients/zod.ts';
import { endSessions } from '../logout/sessions.ts';
import type { SignOuts } from '../logout/sign-outs.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { hashPassword } from '../protocol/passwords.ts';
import { randomToken } from '../protocol/secrets.ts';
import { SubjectTaken } from '../store/store.ts';
import type { User } from '../types.ts';
import { assertId, named, withoutNull } from './changed-entry.ts';
import type { RegistryOptions } from './client-registry.ts';
import { Refusal, refusal } from './refusal.ts';
import type { FurtherClaims, UserEntry, UserInput } from './user-entries.ts';

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
}

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
   * of apps without `offline_access`. Apps are told, and what they were allowed is remembered. Another `email` or `phone_number` is not verified unless the change says so.
   *
   * @returns the user as they are now; `undefined` if there is none with the id
   * @throws TypeError with a line for each problem
   * @throws UsernameTaken
   */
  update(id: string, changes: UserChanges): Promise<UserInformation | undefined>;
  /**
   * Removes a user, and with them their sessions, all that they have allowed, and every code and token.
   * Apps are told.
   *
   * @returns whether there was one
   * @throws TypeError if the user is in the option `users`
   */
  remove(id: string): Promise<boolean>;
  /** A user, without the password; `undefined` if there is none with the id. */
  find(id: string): Promise<UserInformation | undefined>;
}

/** How often a change begins anew because somebody else was faster. */
const ATTEMPTS = 20;

/** Stands for the password of a user who keeps theirs, where an entry has to have one. */
const KEPT = { password: 'kept' };

const entries = () => loadWithZod('./subjects/user-entries') as typeof import('./user-entries.ts');

export function userRegistry({
  by,
  store,
  declared,
  signOuts,
}: Pick<RegistryOptions, 'by' | 'store' | 'declared'> & {
  readonly signOuts: SignOuts;
}): UserRegistry {
  /** Changes a user, whose sessions are over with the password. @returns as `users.change` does */
  async function changePassword(user: User, changed: User): Promise<boolean> {
    const { answer } = await signOuts.around({ userId: user.id }, async () => {
      const isChanged = await store.users.change(user, changed);
      if (isChanged) await endSessions(store, user.id);
      return isChanged;
    });
    return answer;
  }

  return {
    async register(given) {
      const { toUser } = entries();
      const entry = isPlainObject(given) ? { ...given, id: given.id ?? randomToken(16) } : given;
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
        const known = { username, name, email, claims: entries().claimsOf(entry) };
        const changed = { ...user, ...known, ...(passwordHash && { passwordHash }) };
        const isChanged = await (passwordHash === undefined
          ? store.users.change(user, changed)
          : changePassword(user, changed));
        if (isChanged) return informationOf(changed);
      }
      throw new Error(`The user ${id} is changed by too many at once.`);
    },

    async remove(id) {
      assertId('users.remove()', id);
      if (declared.has(id)) {
        throw new Refusal(`The user ${id} is in the option users: take it out there.`);
      }
      const { answer } = await signOuts.around({ userId: id }, () => store.users.remove(id));
      return answer;
    },

    async find(id) {
      assertId('users.find()', id);
      const user = await store.users.find(id);
      return user && informationOf(user);
    },
  };
}

function checked(entry: unknown, what: string): UserEntry {
  const { value, problems } = entries().readUserEntry(entry);
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

function informationOf({ id, username, name, email, claims = {} }: User): UserInformation {
  const further = entries().claimsOf(claims as FurtherClaims);
  return { id, username, name, ...(email !== undefined && { email }), ...further };
}
