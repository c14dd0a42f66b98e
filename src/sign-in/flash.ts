// What the next page says about what has just been done. It travels in a cookie that the page takes
// away, so a reload does not repeat it, and no link can put words on the page.

import type { Request, Response } from 'express';
import { type CookieSite, clearCookie, cookieName, cookieOf, setCookie } from '../http/cookies.ts';
import { csrfToken, isOwnToken } from './own-forms.ts';

interface Flash {
  readonly name:
    | 'app_removed'
    | 'session_ended'
    | 'others_ended'
    | 'password_changed'
    | 'password_reset'
    | 'out_of_date';
  /** The id of the client, if it is about one. */
  readonly clientId?: string;
}

const NAME = 'oauth_notice';

/** Milliseconds in which the next page has to come. */
const MAX_AGE = 60_000;

/** Leaves a notice for the next page of this session. */
export async function leaveFlash(
  req: Request,
  res: Response,
  site: CookieSite,
  notice: Flash,
): Promise<void> {
  const text = Buffer.from(JSON.stringify(notice)).toString('base64url');
  const mac = await csrfToken(req, 'notice', text);
  setCookie(res, site, NAME, `${text}.${mac}`, MAX_AGE);
}

/** The notice that was left for this session, if any. */
export function takeFlash(req: Request, res: Response, site: CookieSite): Flash | undefined {
  const [text, mac] = cookieOf(req, cookieName(NAME, site))?.split('.') ?? [];
  if (text === undefined || mac === undefined) return undefined;
  clearCookie(res, site, NAME);
  if (!isOwnToken(req, mac, 'notice', text)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}
