// A password that somebody gives, at the login page or to change it: looked at under limits.

import type { KeyObject } from 'node:crypto';
import type { Request } from 'express';
import {
  addressOf,
  assertNotRefused,
  type Counting,
  count,
  countAttempt,
  type GiveBack,
  neighbourhoodOf,
  type Quota,
} from '../http/rate-limit.ts';
import { rehashPassword, verifyPassword } from '../protocol/passwords.ts';
import { mac, sha256 } from '../protocol/secrets.ts';
import type { User } from '../types.ts';
import { type Device, deviceOf } from './device-cookie.ts';
import { inLine } from './waiting-line.ts';

interface Options extends Counting {
  readonly https: boolean;
  readonly deviceKey: KeyObject;
}

export type PasswordAttempt =
  | { readonly isRight: true; readonly user: User }
  | { readonly isRight: false; readonly user: User | undefined };

/** How often as many failures a wider circle may have: an account everywhere, a neighbourhood. */
const WIDER = 10;

/**
 * Buckets that names which nobody has are counted in, each in one of them: rows that strangers may
 * fill, and so many that two of one guesser's names hardly ever meet.
 */
const NOBODYS_BUCKETS = 65_536;

/**
 * Whether a password is that of an account, as it is kept now.
 *
 * @returns the user with the hash that is kept, which is of today's kind by then if it was right
 * @throws OAuthError with status 429 where there were too many that were not, and 503 where too many
 *   are looked at
 */
export async function tryPassword(
  req: Request,
  options: Options,
  username: string,
  password: string,
): Promise<PasswordAttempt> {
  const { store } = options;
  const device = deviceOf(req, options, username);
  const addresses = addressQuotas(req, options);
  const names = namesOf(req, username);
  assertNotRefused(options, [
    ...addresses.map(({ key }) => key),
    names.here,
    ...(device === undefined ? [names.everywhere] : []),
  ]);
  return inLine(device !== undefined, async () => {
    // Not given back where the account refuses: an address that goes on and on meets its own limit.
    const ofAddress = await countAttempt(options, addresses);
    const [user, kinds] = await Promise.all([
      store.users.findByUsername(username),
      store.users.passwordKinds(),
    ]);
    const ofAccount = await countForAccount(req, options, username, user, device);
    const isRight = await verifyPassword(user?.passwordHash, password, kinds);
    if (!isRight || user === undefined) return { isRight: false, user };
    await Promise.all([ofAddress(), ofAccount()]);
    return { isRight, user: await hashedAsToday(options, user, password) };
  });
}

function addressQuotas(req: Request, { limits }: Options): Quota[] {
  const neighbourhood = neighbourhoodOf(req);
  const max = limits.loginsPerAddress;
  const quotas = [{ key: `login:${addressOf(req)}`, max }];
  return neighbourhood === undefined
    ? quotas
    : [...quotas, { key: `login:${neighbourhood}`, max: max * WIDER }];
}

/** What refusals of an account are remembered under, whether or not there is one. */
function namesOf(req: Request, username: string) {
  const everywhere = `login:${sha256(username)}`;
  return { everywhere, here: `${everywhere}:${addressOf(req)}` };
}

/**
 * Counts an attempt at an account. Whoever guesses from many addresses meets the limit for the
 * account everywhere. The owner does not, on a browser that has signed in before, unless the failures
 * of that browser are too many themselves: its cookie may be somebody else's by now.
 */
async function countForAccount(
  req: Request,
  options: Options,
  username: string,
  user: User | undefined,
  device: Device | undefined,
): Promise<GiveBack> {
  const max = options.limits.loginsPerAccount;
  const names = namesOf(req, username);
  const account =
    user === undefined ? `login:nobody:${bucketOf(options, username)}` : names.everywhere;
  const here = { key: `${account}:${addressOf(req)}`, max, alias: names.here };
  const everywhere = { key: account, max: max * WIDER, alias: names.everywhere };

  if (device === undefined || user === undefined || !device.knows(user)) {
    return countAttempt(options, [everywhere, here]);
  }
  // Like the address, it pays also where the account refuses.
  const ofDevice = await count(options, { key: `login:device:${device.id}`, max }, Date.now());
  if ('resetAt' in ofDevice) return countAttempt(options, [everywhere, here]);
  const ofHere = await countAttempt(options, [here]);
  return async () => {
    await Promise.all([ofDevice.giveBack(), ofHere()]);
  };
}

/** Under a key, or a guesser could look for names that share a bucket with another. */
function bucketOf({ deviceKey }: Options, username: string): number {
  const digest = Buffer.from(mac(deviceKey, JSON.stringify(['nobody', username])), 'base64url');
  return digest.readUInt32BE() % NOBODYS_BUCKETS;
}

/** The user, with the password hashed as new ones are; sessions and devices know it still. */
async function hashedAsToday({ store }: Options, user: User, password: string): Promise<User> {
  const from = user.passwordHash!;
  const to = await rehashPassword(from, password);
  if (to === undefined) return user;
  // Where another sign-in was first, it stored the same; where the person has changed it, that stays.
  await store.users.changePassword(user.id, from, to);
  return { ...user, passwordHash: to };
}
