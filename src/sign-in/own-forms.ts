// The tokens of the forms that belong to a browser session: nobody else's form is taken for one.

import type { Request } from 'express';
import type { Params } from '../http/params.ts';
import { equal, randomToken, sha256 } from '../protocol/secrets.ts';
import { holderOf, save } from './session-holder.ts';

/**
 * The token that a form of this session carries.
 *
 * @param subject what the form is about, if it must not be used for anything else
 */
export async function csrfToken(req: Request, ...subject: string[]): Promise<string> {
  const { name, part, open } = holderOf(req);
  const known = part();
  if (known !== undefined) return tokenOf(known.csrfSecret, subject);
  const begun = { csrfSecret: randomToken() };
  const opened = await open();
  opened.session[name] = begun;
  await save(opened);
  return tokenOf(begun.csrfSecret, subject);
}

/** Whether a form came from a page of this session, and was about this subject. */
export function isOwnForm(req: Request, params: Params, ...subject: string[]): boolean {
  return isOwnToken(req, params.get('csrf_token') ?? '', ...subject);
}

/** Whether `csrfToken` made this for this session and this subject; no session begins by asking. */
export function isOwnToken(req: Request, token: string, ...subject: string[]): boolean {
  const secret = holderOf(req).part()?.csrfSecret;
  return secret !== undefined && equal(token, tokenOf(secret, subject));
}

function tokenOf(secret: string, subject: readonly string[]): string {
  return sha256(JSON.stringify([secret, ...subject]));
}
