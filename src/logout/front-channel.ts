// OpenID Connect Front-Channel Logout 1.0: clients are told by frames, which the signed-out page loads
// in the browser that was signed out. In a browser that keeps cookies from frames they have no effect.

import { withQuery } from '../http/with-query.ts';
import { vouchingSources } from '../protocol/sources.ts';
import { policyOrigin, webUrlProblem } from '../protocol/web-url.ts';
import type { Client, Source } from '../types.ts';

/**
 * The sources of clients that somebody vouches for. A page of one that registered itself is never loaded
 * in ours.
 */
const TRUSTED: ReadonlySet<Source> = new Set(vouchingSources);

/** The most frames that a page has. */
const MAX_FRAMES = 20;

/** The most bytes of frames' origins in a header: a proxy takes 4 kB of headers (http/redirect.ts). */
const MAX_SHARE_OF_HEADER = 1500;

/**
 * The URL that signs a person out of a client in a frame (section 2), or `undefined` if it has none. A
 * store may have URLs that nobody checked, so it has to have the origin of a redirect URI here, too.
 *
 * @param sid what the client knows the session by; without it, the client is told of no session
 */
export function frameUrl(
  { frontchannelLogoutUri: uri, redirectUris, source = 'code' }: Client,
  issuer: string,
  sid: string | undefined,
): string | undefined {
  if (uri === undefined || !TRUSTED.has(source)) return undefined;
  if (webUrlProblem(uri) !== undefined || policyOrigin(uri) === undefined) return undefined;
  if (!redirectUris.some((redirectUri) => isSameOrigin(redirectUri, uri))) return undefined;
  return sid === undefined ? uri : withQuery(uri, { iss: issuer, sid });
}

/** As many frames as a page has, and a header that names their origins has room for. */
export function loadable(urls: readonly string[]): readonly string[] {
  const some: string[] = [];
  for (const url of urls.slice(0, MAX_FRAMES)) {
    if (originsOf([...some, url]).join(' ').length <= MAX_SHARE_OF_HEADER) some.push(url);
  }
  return some;
}

/** The origins of URLs, each once. */
function originsOf(urls: readonly string[]): readonly string[] {
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

function isSameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).origin === new URL(other).origin;
}
