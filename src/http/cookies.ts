// Cookies of our own, beside that of the session.

import type { Request } from 'express';
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
