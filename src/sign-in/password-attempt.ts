// A password that somebody gives, at the login page or to change it: it is looked at under limits.

import type { KeyObject } from 'node:crypto';
import type { Request } from 'express';
import { secondsUntil } from '../errors.ts';
import type { CookieSite } from '../http/cookies.ts';
import {
  addressOf,
  addressQuotas,
  type Counted,
  type Counting,
  count,
  countAttempt,
  refusedUntil,
} from '../http/rate-limit.ts';
import { mac, sha256 } from '../protocol/secrets.ts';
import { foldName } from '../protocol/typed-names.ts';
import { isDisabled } from '../store/clients-and-users.ts';
import type { User } from '../types.ts';
import { type Directory, markOf } from './directory.ts';
import { type KnownBrowser, knownBrowserOf } from './known-browser.ts';
import { inLine } from './waiting-line.ts';

interface Options extends Counting {
  readonly site: CookieSite;
  readonly knownBrowserKey: KeyObject;
  readonly directory: Directory;
}

/** The outcome of an attempt. */
export type PasswordAttempt =
  /** With the stored hash, already of the current kind. */
  | { readonly outcome: 'right'; readonly user: User }
  /** It is right, and the user may not sign in. */
  | { readonly outcome: 'disabled'; readonly user: User }
  /** The user is the one whose password it is not, if there is one. */
  | { readonly outcome: 'wrong'; readonly user: User | undefined }
  /** There were too many wrong ones. */
  | {
      readonly outcome: 'limited';
      /** Seconds after which it may be tried again. */
      readonly retryAfter: number;
    };

/** How many times as many failures are allowed to an account everywhere. */
const WIDER = 10;

/**
 * Unknown names share this many buckets, so strangers fill only so many rows. Two names that one guesser
 * tries are hardly ever in the same one.
 */
const NOBODYS_BUCKETS = 65_536;

/**
 * Looks at a password that is said to be that of an account.
 *
 * @param username as it was typed
 * @throws OAuthError with status 503 if too many passwords are looked at just now
 */
export async function tryPassword(
  req: Request,
  options: Options,
  username: string,
  password: string,
): Promise<PasswordAttempt> {
  const { directory } = options;
  const browser = knownBrowserOf(req, options, username);
  const addresses = addressQuotas('login', addressOf(req), options.limits.loginsPerAddress);
  const names = namesOf(req, username);
  const refused = refusedUntil(options, [
    ...addresses.map(({ key }) => key),
    names.here,
    ...(browser === undefined ? [names.everywhere] : []),
  ]);
  if (refused !== undefined) return limited(refused);
  return inLine(browser !== undefined, async () => {
    // Not given back if the account refuses: an address that goes on and on meets its own limit.
    const ofAddress = await countAttempt(options, addresses);
    if ('resetAt' in ofAddress) return limited(ofAddress.resetAt);
    const { user, isRight, admit } = await directory.look(username);
    const ofAccount = await countForAccount(req, options, username, user, browser);
    if ('resetAt' in ofAccount) return limited(ofAccount.resetAt);
    if (!(await isRight(password)) || user === undefined) return { outcome: 'wrong', user };
    await Promise.all([ofAddress.giveBack(), ofAccount.giveBack()]);
    // Only now: nobody else is to learn who is disabled.
    if (isDisabled(user)) return { outcome: 'disabled', user };
    return { outcome: 'right', user: await admit(password) };
  });
}

function limited(resetAt: number): PasswordAttempt {
  return { outcome: 'limited', retryAfter: secondsUntil(resetAt) };
}

/**
 * What refusals of an account are remembered under, whether or not there is one. Another spelling of
 * the name is not a new account, and gives no new guesses.
 */
function namesOf(req: Request, username: string) {
  const everywhere = `login:${sha256(foldName(username))}`;
  return { everywhere, here: `${everywhere}:${addressOf(req)}` };
}

/**
 * Counts an attempt at an account. Whoever guesses from many addresses meets the limit for the
 * account everywhere. The owner does not, on a browser that has signed in before, unless the failures
 * of that browser are too many themselves: its cookie may belong to somebody else now.
 */
async function countForAccount(
  req: Request,
  options: Options,
  username: string,
  user: User | undefined,
  browser: KnownBrowser | undefined,
): Promise<Counted> {
  const max = options.limits.loginsPerAccount;
  const names = namesOf(req, username);
  const account =
    user === undefined
      ? `login:nobody:${bucketOf(options, username)}`
      : // An app may find one person by several names. Failures no longer count once the
        // password has changed: who has forgotten theirs may have tried all they could think of.
        `${namesOf(req, user.username).everywhere}:${markOf(user)}`;
  const here = { key: `${account}:${addressOf(req)}`, max, alias: names.here };
  const everywhere = { key: account, max: max * WIDER, alias: names.everywhere };

  if (browser === undefined || user === undefined || !browser.knows(user)) {
    return countAttempt(options, [everywhere, here]);
  }
  // Not given back if the account refuses, as with the address.
  const ofBrowser = await count(options, { key: `login:browser:${browser.id}`, max }, Date.now());
  if ('resetAt' in ofBrowser) return countAttempt(options, [everywhere, here]);
  const ofHere = await countAttempt(options, [here]);
  if ('resetAt' in ofHere) return ofHere;
  return {
    giveBack: async () => {
      await Promise.all([ofBrowser.giveBack(), ofHere.giveBack()]);
    },
  };
}

/** With a key: otherwise a guesser could look for names that share a bucket. */
function bucketOf({ knownBrowserKey }: Options, username: string): number {
  const name = JSON.stringify(['nobody', foldName(username)]);
  const digest = Buffer.from(mac(knownBrowserKey, name), 'base64url');
  return digest.readUInt32BE() % NOBODYS_BUCKETS;
}
