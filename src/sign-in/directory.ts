// Where people who sign in at our login page are kept: in the store, or in a table of the app's.

import { passwordMark } from '../protocol/password-hashes.ts';
import { rehashPassword, verifyPassword } from '../protocol/passwords.ts';
import { isDisabled } from '../store/clients-and-users.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../types.ts';
import type { SessionUser } from './session-data.ts';

/** The person whom a typed name means, if there is one, and the passwords that are tried for them. */
interface Candidate {
  readonly user: User | undefined;
  /** Whether a password is theirs. If it is not, or there is nobody, the work is the same. */
  isRight(password: string): Promise<boolean>;
  /** The user, once the right password was given. */
  admit(password: string): Promise<User>;
}

export interface Directory {
  /** Whether people and passwords are in the store. */
  readonly isStore: boolean;
  look(typed: string): Promise<Candidate>;
  /** The person of a session as they are now; `undefined` if they are no longer there, or disabled. */
  find(signedIn: Pick<SessionUser, 'id' | 'username'>): Promise<User | undefined>;
}

/**
 * A value that changes with the password, or when the person is disabled and enabled again.
 * Sessions and known browsers go by it: an app may keep the sessions, where nobody can end them. An app
 * that keeps the passwords says when one was changed.
 */
export function markOf({ passwordHash, passwordChangedAt, enabledAt }: User): string {
  const mark = passwordMark(passwordHash ?? String(passwordChangedAt ?? ''));
  return enabledAt === undefined ? mark : `${mark} ${enabledAt}`;
}

/** The people in the store. */
export function storeDirectory({ users }: Pick<Store, 'users'>): Directory {
  return {
    isStore: true,
    async look(typed) {
      const [user, kinds] = await Promise.all([
        users.findByTypedName(typed),
        users.passwordKinds(),
      ]);
      return {
        user,
        isRight: (password) => verifyPassword(user?.passwordHash, password, kinds),
        admit: (password) => hashedAsToday(users, user!, password),
      };
    },
    async find({ id }) {
      const user = await users.find(id);
      return isDisabled(user) ? undefined : user;
    },
  };
}

/** The user, with the password hashed as new ones are; sessions and known browsers stay valid. */
async function hashedAsToday(users: Store['users'], user: User, password: string): Promise<User> {
  const from = user.passwordHash!;
  const to = await rehashPassword(from, password);
  if (to === undefined) return user;
  // If another sign-in was first, it stored the same. If the person has changed it, that stays.
  await users.changePassword(user.id, from, to);
  return { ...user, passwordHash: to };
}
