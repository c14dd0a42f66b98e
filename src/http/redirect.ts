// Redirects, none of which is longer than a proxy can take.
//
// What a stranger sends comes back in `Location`: a `state`, or a request on its way to the login page.
// nginx reads the headers of an answer into 4 kB. If they are longer, it answers with 502 and sends
// nothing more to that server for ten seconds: two links would take the service down for everybody.

import type { Response } from 'express';
import { OAuthError } from '../errors.ts';
import { isReadAlike } from '../protocol/web-url.ts';
import { send } from './answer.ts';

/** Longest `Location`, in bytes: with all other headers of a redirect it stays below 3,500. */
export const MAX_LOCATION = 2480;

/**
 * Answers with a 303.
 *
 * @param url a path of this host, or a URL that leads to the same place from any page
 * @throws OAuthError for the person, if the URL is longer than a redirect may be
 */
export function redirect(res: Response, url: string): void {
  const location = encoded(url);
  if (!isPlace(location)) throw new Error('The answer would be a redirect to no whole URL.');
  if (location.length > MAX_LOCATION) {
    throw new OAuthError(
      'invalid_request',
      `The answer would be a redirect to a URL of more than ${MAX_LOCATION} bytes, and is not sent.`,
    );
  }
  res.statusCode = 303;
  res.setHeader('Location', location);
  // RFC 9110 section 15.4.4: a short note, for whoever does not follow.
  send(res, 'text/plain; charset=utf-8', 'See Other');
}

/** Whether an answer may redirect to a URL. */
export function fits(url: string): boolean {
  const location = encoded(url);
  return isPlace(location) && location.length <= MAX_LOCATION;
}

/** Browsers take // and /\ for another host. */
function isPlace(location: string): boolean {
  return /^\/(?![/\\])/.test(location) || isReadAlike(location);
}

/** What a URL may not have in it (RFC 3986), and a `%` that encodes nothing. */
const OUTSIDE_OF_URLS = /(?:[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a\x7c\x7e]|%(?![0-9A-Fa-f]{2}))+/g;

/** A URL with all that may not stand in a header percent-encoded; the rest is left as it is. */
function encoded(url: string): string {
  return url.toWellFormed().replaceAll(OUTSIDE_OF_URLS, encodeURI);
}
