// A cookie that says that somebody has signed in to an account from this browser, so that a flood of
// wrong passwords from all over the world does not lock the owner out (OWASP, "device cookies").

import type { KeyObject } from 'node:crypto';
import type { Request, Response } from 'express';
import { type CookieSite, cookieName, cookieOf, setCookie } from '../http/cookies.ts';
import { equal, mac, randomToken } from '../protocol/secrets.ts';
import { foldName } from '../protocol/typed-names.ts';
import type { User } from '../types.ts';
import { markOf } from './directory.ts';

interface Options {
  readonly site: CookieSite;
  readonly knownBrowserKey: KeyObject;
}

/** A browser from which somebody has signed in to the account that was asked about. */
export interface KnownBrowser {
  /** Random, of this browser and this sign-in. */
  readonly id: string;
  /** Whether the account still has the password that was given then. */
  knows(user: User): boolean;
}

const ONE_YEAR = 365 * 24 * 3600 * 1000;

const NAME = 'oauth_browser';

/**
 * The known browser that a request comes from; `undefined` if nobody has signed in to that account from it.
 *
 * @param username as it was typed
 */
export function knownBrowserOf(
  req: Request,
  options: Options,
  username: string,
): KnownBrowser | undefined {
  const value = cookieOf(req, cookieName(NAME, options.site));
  if (value === undefined) return undefined;
  const [id = '', password = '', proof = ''] = value.split('.');
  if (!equal(proof, proofOf(options, id, password, foldName(username)))) return undefined;
  return { id, knows: (user) => equal(password, passwordOf(options, user)) };
}

/** Remembers that the account's password was given on this browser. */
export function markKnownBrowser(res: Response, options: Options, user: User): void {
  const [id, password] = [randomToken(16), passwordOf(options, user)];
  const proof = proofOf(options, id, password, foldName(user.username));
  setCookie(res, options.site, NAME, `${id}.${password}.${proof}`, ONE_YEAR);
}

function passwordOf({ knownBrowserKey }: Options, user: User): string {
  return mac(knownBrowserKey, JSON.stringify(['password', markOf(user)]));
}

function proofOf({ knownBrowserKey }: Options, ...parts: string[]): string {
  return mac(knownBrowserKey, JSON.stringify(['browser', ...parts]));
}
