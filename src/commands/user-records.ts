// How commands find users, and what they show of them.

import type { UserInformation } from '../registry/user-registry.ts';
import { allUsers } from '../store/pages.ts';
import type { User } from '../types.ts';
import { CommandError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Workplace } from './operator.ts';

type Users = Pick<Workplace, 'store'>;

/**
 * The user whom an operator means.
 *
 * @param named an id, or a username; what is both is the id
 * @throws CommandError if there is none
 */
export async function userMeant({ store }: Users, named: string): Promise<User> {
  const found = (await store.users.find(named)) ?? (await store.users.findByUsername(named));
  if (found !== undefined) return found;
  throw new CommandError(`There is no user ${named}.${await didYouMean(named, namesOf(store))}`);
}

async function* namesOf(store: Users['store']): AsyncGenerator<string> {
  for await (const { id, username } of allUsers(store)) {
    yield username;
    if (id !== username) yield id;
  }
}

export interface UserFilter {
  readonly search?: string;
  readonly source?: string;
  readonly disabled?: boolean;
}

/** The users that a filter leaves, as a list shows them. */
export async function* userRows(
  store: Users['store'],
  { search, source, disabled }: UserFilter,
): AsyncGenerator<object> {
  const wanted = search?.toLowerCase();
  const has = (text = '') => wanted === undefined || text.toLowerCase().includes(wanted);
  for await (const user of allUsers(store)) {
    if (source !== undefined && (user.source ?? 'code') !== source) continue;
    if (disabled === true && user.disabledAt === undefined) continue;
    if (![user.id, user.username, user.name, user.email].some(has)) continue;
    yield {
      id: user.id,
      username: user.username,
      name: user.name,
      email: user.email,
      disabled: user.disabledAt !== undefined,
      source: user.source ?? 'code',
    };
  }
}

/** All that is known of a user, but for the password. */
export function shownUser(known: UserInformation, user: User): object {
  const { passwordHash, passwordChangedAt, disabledAt, source = 'code' } = user;
  return {
    ...known,
    ...(disabledAt !== undefined && { disabled_at: new Date(disabledAt) }),
    has_password: passwordHash !== undefined,
    ...(passwordChangedAt !== undefined && { password_changed_at: new Date(passwordChangedAt) }),
    source,
  };
}
