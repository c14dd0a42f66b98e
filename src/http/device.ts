// A cookie that says which accounts have signed in from this browser, so that a flood of wrong
// passwords from all over the world does not shut out the owner (OWASP, "device cookies").

import type { Request, Response } from 'express';
import { equal, mac } from '../protocol/secrets.ts';
import { cookieName, cookieOf, cookieOptions } from './cookies.ts';

interface Options {
  readonly https: boolean;
  readonly deviceKey: Buffer;
}

const ONE_YEAR = 365 * 24 * 3600 * 1000;

const NAME = 'oauth_device';

/** Whether somebody who knew the account's password has used this browser. */
export function knowsAccount(
  req: Request,
  { https, deviceKey }: Options,
  username: string,
): boolean {
  const value = cookieOf(req, cookieName(NAME, https));
  return value !== undefined && equal(value, mac(deviceKey, username));
}

/** Remembers that the account's password was given on this browser. */
export function markDevice(res: Response, { https, deviceKey }: Options, username: string): void {
  res.cookie(cookieName(NAME, https), mac(deviceKey, username), {
    ...cookieOptions(https),
    maxAge: ONE_YEAR,
  });
}
