// Cookies of our own, besides that of the session. They are set without `res.cookie`: in somebody else's
// app that may add a domain, and then a browser takes no cookie whose name begins with `__Host-`.

import type { Request, Response } from 'express';
import type { Site } from './site.ts';

/** The value of a cookie as the browser sent it, with nothing decoded. */
export function cookieOf(req: Request, name: string): string | undefined {
  const cookies = (req.headers.cookie ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** What the name of a cookie depends on. */
export type CookieSite = Pick<Site, 'https' | 'mark'>;

/**
 * A cookie's name: `__Host-` binds it to this very host, which needs https. The mark keeps two servers
 * on one host from taking each other's.
 */
export function cookieName(name: string, { https, mark }: CookieSite): string {
  return `${https ? '__Host-' : ''}${name}_${mark}`;
}

/** What every cookie of ours has: no script reads it, and no other site makes a browser send it. */
export function cookieOptions({ https }: Pick<Site, 'https'>) {
  return { httpOnly: true, sameSite: 'lax', secure: https, path: '/' } as const;
}

/**
 * Sets a cookie of ours; its value has no characters that would have to be encoded.
 *
 * @param name without what `cookieName` adds
 * @param maxAge in milliseconds; without it the cookie ends with the browser
 */
export function setCookie(
  res: Response,
  site: CookieSite,
  name: string,
  value: string,
  maxAge?: number,
): void {
  const attributes = [
    `${cookieName(name, site)}=${value}`,
    ...(maxAge === undefined ? [] : [`Max-Age=${Math.floor(maxAge / 1000)}`]),
    'Path=/',
    'HttpOnly',
    ...(site.https ? ['Secure'] : []),
    'SameSite=Lax',
  ];
  res.appendHeader('Set-Cookie', attributes.join('; '));
}

/** Takes a cookie of ours away from the browser. */
export function clearCookie(res: Response, site: CookieSite, name: string): void {
  setCookie(res, site, name, '', 0);
}
