// A password that somebody gives, at the login page or to change it: looked at under limits.

import type { Request } from 'express';
import { rehashPassword, verifyPassword } from '../protocol/passwords.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../types.ts';
import { knowsAccount } from './device.ts';
import { addressOf, countAttempt, type Limits } from './rate-limit.ts';

interface Options {
  readonly store: Store;
  readonly limits: Limits;
  readonly https: boolean;
  readonly deviceKey: Buffer;
}

export type PasswordAttempt =
  | { readonly isRight: true; readonly user: User }
  | { readonly isRight: false; readonly user: User | undefined };

/**
 * Whether a password is that of an account, as it is kept now.
 *
 * @throws OAuthError with status 429 where there were too many that were not
 */
export async function tryPassword(
  req: Request,
  options: Options,
  username: string,
  password: string,
): Promise<PasswordAttempt> {
  const { store, limits } = options;
  const address = addressOf(req);
  const account = sha256(username);
  const perAccount = { key: `login:${account}:${address}`, max: limits.loginsPerAccount };
  const perAddress = { key: `login:${address}`, max: limits.loginsPerAddress };
  // Whoever guesses from many addresses meets this one. The owner does not, on a browser that has
  // signed in before.
  const everywhere = { key: `login:${account}`, max: limits.loginsPerAccount * 10 };
  const quotas = knowsAccount(req, options, username)
    ? [perAccount, perAddress]
    : [perAccount, perAddress, everywhere];
  const giveBack = await countAttempt(store, limits, quotas);
  const [user, kinds] = await Promise.all([
    store.users.findByUsername(username),
    store.users.passwordKinds(),
  ]);
  const isRight = await verifyPassword(user?.passwordHash, password, kinds);
  if (!isRight || user === undefined) return { isRight: false, user };
  await giveBack();
  return { isRight, user: await hashedAsToday(store, user, password) };
}

/** The user, with the password hashed as new ones are; sessions know it still. */
async function hashedAsToday(store: Store, user: User, password: string): Promise<User> {
  const from = user.passwordHash!;
  const to = await rehashPassword(from, password);
  if (to === undefined) return user;
  // Where another sign-in was first, it stored the same; where the person has changed it, that stays.
  await store.users.changePassword(user.id, from, to);
  return { ...user, passwordHash: to };
}
