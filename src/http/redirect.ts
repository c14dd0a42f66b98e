// Redirects, none of which is longer than a proxy can take.
//
// What a stranger sends comes back in `Location`: a `state`, or a request on its way to the login page.
// nginx reads the headers of an answer into 4 kB. If they are longer, it answers with 502 and sends
// nothing more to that server for ten seconds: two links would take the service down for everybody.

import type { Response } from 'express';
import { OAuthError } from '../errors.ts';

/** Longest `Location`, in bytes: with all other headers of a redirect it stays below 3,500. */
export const MAX_LOCATION = 2480;

/**
 * Answers with a 303.
 *
 * @throws OAuthError for the person, if the URL is longer than a redirect may be
 */
export function redirect(res: Response, url: string): void {
  if (!fits(res, url)) {
    throw new OAuthError(
      'invalid_request',
      `The answer would be a redirect to a URL of more than ${MAX_LOCATION} bytes, and is not sent.`,
    );
  }
  res.redirect(303, url);
}

/** Whether an answer may redirect to a URL. */
export function fits(res: Response, url: string): boolean {
  // As Express writes it, which may encode some of it once more.
  const { length } = res.location(url).get('Location') ?? '';
  res.removeHeader('Location');
  return length <= MAX_LOCATION;
}
