// Cookies of our own, beside that of the session.

import type { Request } from 'express';

/** The value of a cookie as the browser sent it, with nothing decoded. */
export function cookieOf(req: Request, name: string): string | undefined {
  const cookies = (req.headers.cookie ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** A cookie's name: `__Host-` binds it to this very host, which needs https. */
export function cookieName(name: string, https: boolean): string {
  return https ? `__Host-${name}` : name;
}

/** What every cookie of ours has: no script reads it, and no other site makes a browser send it. */
export function cookieOptions(https: boolean) {
  return { httpOnly: true, sameSite: 'lax', secure: https, path: '/' } as const;
}
