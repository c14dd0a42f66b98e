// The login form's proof that it comes from a page of ours: a cookie, and its MAC in the form. Nothing
// is kept for people who have not signed in; a session begins with the sign-in.

import type { KeyObject } from 'node:crypto';
import type { Request, Response } from 'express';
import { type CookieSite, cookieName, cookieOf, setCookie } from '../http/cookies.ts';
import type { Params } from '../http/params.ts';
import { equal, mac, randomToken } from '../protocol/secrets.ts';

const NAME = 'oauth_login';

interface Options {
  readonly site: CookieSite;
  readonly loginFormKey: KeyObject;
}

/** The token that the login form carries; the answer brings the cookie, if it is not there yet. */
export function loginToken(req: Request, res: Response, { site, loginFormKey }: Options): string {
  const known = cookieOf(req, cookieName(NAME, site));
  if (known !== undefined && /^[\w-]{22}$/.test(known)) return mac(loginFormKey, known);
  const value = randomToken(16);
  setCookie(res, site, NAME, value);
  return mac(loginFormKey, value);
}

/** What a browser to which the form was shown sends with it. */
export function loginCookieOf(req: Request, site: CookieSite): string | undefined {
  return cookieOf(req, cookieName(NAME, site));
}

/** Whether a login form came from a page that this browser was shown. */
export function isLoginForm(
  req: Request,
  params: Params,
  { site, loginFormKey }: Options,
): boolean {
  const value = loginCookieOf(req, site);
  return value !== undefined && equal(params.get('csrf_token') ?? '', mac(loginFormKey, value));
}
