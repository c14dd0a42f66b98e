// How commands find users, and what they show of them.

import { isRandomPasswordHash } from '../protocol/passwords.ts';
import { userFields, userProblems } from '../registry/user-entries.ts';
import type { UserInformation } from '../registry/user-registry.ts';
import { allUsers } from '../store/pages.ts';
import type { User } from '../types.ts';
import { CommandError } from './errors.ts';
import type { Fields } from './fields.ts';
import { didYouMean } from './nearest.ts';
import type { Workplace } from './operator.ts';

type Users = Pick<Workplace, 'store'>;

/**
 * The user whom an operator means.
 *
 * @param named an id, or a username; or `id=` and an id
 * @throws CommandError if there is none, or if it is the id of one and the username of another
 */
export async function userMeant({ store }: Users, named: string): Promise<User> {
  const byId = await store.users.find(named);
  const byName = await store.users.findByUsername(named);
  if (byId !== undefined && byName !== undefined && byId.id !== byName.id) {
    throw new CommandError(
      `There are two users whom ${named} could mean: it is the id of ${byId.username}, and the username of the user with the id ${byName.id}. Name them by id=${byId.id} or id=${byName.id}.`,
    );
  }
  const found = byId ?? byName ?? (await withId(store, named));
  if (found !== undefined) return found;
  throw new CommandError(`There is no user ${named}.${await didYouMean(named, namesOf(store))}`);
}

async function withId({ users }: Users['store'], named: string): Promise<User | undefined> {
  return named.startsWith('id=') ? users.find(named.slice('id='.length)) : undefined;
}

/**
 * Keeps a word from being the id of one user and the username of another. What is added at the same time
 * is not looked for: `userMeant` finds it.
 *
 * @param id of the user who is to have the username; absent if it will be a random one
 * @throws CommandError
 */
export async function assertUnmistakable(
  { store: { users } }: Users,
  { id, username }: { readonly id?: unknown; readonly username?: unknown },
): Promise<void> {
  if (typeof username === 'string' && username !== id) {
    const other = await users.find(username);
    if (other !== undefined && other.username !== username) {
      throw new CommandError(
        `${username} is the id of the user ${other.username}, so it cannot be the username of another.`,
      );
    }
  }
  if (typeof id !== 'string') return;
  const other = await users.findByUsername(id);
  if (other !== undefined && other.id !== id) {
    throw new CommandError(
      `${id} is the username of the user ${other.id}, so it cannot be the id of another.`,
    );
  }
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
    has_password: passwordHash !== undefined && !isRandomPasswordHash(passwordHash),
    ...(passwordChangedAt !== undefined && { password_changed_at: new Date(passwordChangedAt) }),
    source,
  };
}

/**
 * All that a user has in a seed.
 *
 * @param password how a password is given, as nobody may type one
 * @param password_hash likewise
 */
export function userFieldsWith(password: string, password_hash = password): Fields {
  return {
    names: userFields,
    example: 'email=alice@example.com',
    secret: { password, password_hash },
    problems: userProblems,
  };
}
