// RFC 6750 section 2.1: the access token in the header `Authorization`.

import { OAuthError } from '../errors.ts';

const MALFORMED =
  'Send the access token once, in the header Authorization: Bearer <token>, and never in the URL.';

/**
 * The access token that a request carries. Another scheme than Bearer counts as no token, and the
 * scheme may be in any case (RFC 9110 section 11.1).
 *
 * @param authorization the header, if there is one
 * @param url of the request, in which a token may not be
 * @returns the token, or `undefined` if there is none
 * @throws OAuthError `invalid_request` if it is malformed, or if one is in the URL
 */
export function readBearerToken(
  authorization: string | undefined,
  url: string,
): string | undefined {
  if (url.includes('?') && new URLSearchParams(url.slice(url.indexOf('?'))).has('access_token')) {
    throw new OAuthError('invalid_request', MALFORMED);
  }
  const [, scheme, credentials = ''] = /^(\S+) *(.*)$/.exec(authorization ?? '') ?? [];
  if (scheme?.toLowerCase() !== 'bearer') return undefined;
  if (!/^[\w.~+/-]+=*$/.test(credentials)) throw new OAuthError('invalid_request', MALFORMED);
  return credentials;
}
