// A password that somebody gives, at the login page or to change it: looked at under limits.

import type { Request } from 'express';
import { verifyPassword } from '../protocol/passwords.ts';
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
  const user = await store.users.findByUsername(username);
  const isRight = await verifyPassword(user?.passwordHash, password);
  if (!isRight || user === undefined) return { isRight: false, user };
  await giveBack();
  return { isRight, user };
}
