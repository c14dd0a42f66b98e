// Redirect URIs: RFC 6749 section 3.1.2, RFC 8252 sections 7 and 8, RFC 9700 section 4.1.3.

import type { Client } from '../types.ts';
import { isPublicClient } from './client.ts';
import { authorityProblem, characterProblem, isWeb } from './web-url.ts';

// Host, port, path with query. The pieces are compared as they were written. A parsed URL has been
// normalised, and two strings that are equal only after that are two different redirect URIs.
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)((?::\d{1,5})?)((?:[/?][^#]*)?)$/;

/** Characters, so that a redirect has room for a code and a state (http/redirect.ts). */
const MAX_LENGTH = 1024;

const DANGEROUS_SCHEMES = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
]);

/** Of the browser, the system, mail, telephones and other protocols. */
const OTHERS_SCHEMES = new Set(
  `android-app callto chrome cid content devtools dict edge facetime facetime-audio feed filesystem ftp
  ftps geo git gopher help imap intent irc ircs itms itms-apps itms-services jar ldap ldaps magnet mailto maps
  market mid mms mmsto news nfs nntp pop rdp resource rtsp search search-ms sftp shell sip sips sms smsto smb
  ssh svn tel telnet view-source vnc webcal webcals ws wss`
    .split(/\s+/)
    .map((scheme) => `${scheme}:`),
);
/**
 * By these a browser opens whatever address is behind them: the ones for iOS that apps offer to open links in,
 * those that Windows has for Edge and Firefox for itself, and Safari's.
 */
const BROWSERS =
  /^(alook|brave|com-apple-mobilesafari-tab|ddgquicklink|dolphin|fennec|firefox|googlechromes?|microsoft-edge|opera|ucbrowser|vivaldi|x-safari|x-web-search|yandexbrowser)(?![a-z\d.+])/;
/**
 * What begins with `http`, or ends in it, would pass for the web or opens an address of it: `touch-https:` is of
 * Opera. What begins with `ms-` is of Windows and Office, but for an app of its store (`ms-app:`).
 */
const OTHERS_FAMILIES = /^(http(?!s?:$)|ms-(?!app:$))|^[^.]+https?:$/;

/** Whether a URI leads to the person's own machine by http. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri);
}

/**
 * Whether a client may be sent to a URI: it is one of the registered ones, character by character. There
 * are two exceptions on the person's own machine. `http://localhost` and `http://localhost/` are the
 * same, which RFC 6749 does not say: HTTP libraries add the slash by themselves. And a public client, or
 * one whose record says so, may use any port (RFC 8252 section 7.3), because it cannot know beforehand
 * which one is free.
 */
export function isRegisteredRedirectUri(client: Client, uri: string): boolean {
  if (client.redirectUris.includes(uri)) return true;
  const asked = LOOPBACK.exec(uri);
  if (asked === null || !URL.canParse(uri)) return false;
  const [, host, port, path] = asked;
  const anyPort = client.allowAnyLoopbackPort === true || isPublicClient(client);
  return client.redirectUris.some((registered) => {
    const known = LOOPBACK.exec(registered);
    if (known === null || known[1] !== host) return false;
    return (anyPort || known[2] === port) && slashed(known[3]) === slashed(path);
  });
}

/** What follows the host, with the slash that HTTP libraries add. */
function slashed(path = ''): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * Why a text cannot be a URI that a browser, or this server, can go to, as the end of the sentence "it
 * ...", or `undefined`. A fragment is not allowed by RFC 6749 section 3.1.2, nor by any specification of
 * logout.
 */
export function uriProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  if (uri.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const problem = characterProblem(uri);
  if (problem !== undefined) return problem;
  if (uri.includes('#')) return 'has a fragment';
  if (isWeb(uri)) return authorityProblem(uri);
  const { username, password } = new URL(uri);
  return username !== '' || password !== '' ? 'has a user name or password in it' : undefined;
}

/**
 * Likewise, why a URI cannot be registered as one that people are sent to.
 *
 * @param httpsOnly refuse http for any host but the person's own machine
 */
export function redirectUriProblem(uri: string, httpsOnly: boolean): string | undefined {
  const problem = uriProblem(uri);
  if (problem !== undefined) return problem;
  const { protocol } = new URL(uri);
  if (protocol === 'urn:') {
    return 'is not a place to be sent to: an app on the person’s machine uses http://127.0.0.1 instead, with any port (RFC 8252 section 7.3)';
  }
  if (DANGEROUS_SCHEMES.has(protocol)) return `has the scheme ${protocol}, which runs code`;
  if (protocol === 'http:' && httpsOnly && !isLoopback(uri)) {
    return 'is http for a host that is not loopback: use https';
  }
  return undefined;
}

/**
 * Likewise, why a client that speaks for itself cannot register a URI that people are sent to: its scheme is
 * known to be something else than an app's own (RFC 8252 section 7.1). That section wants a domain name in
 * reverse, but well-known apps have a word (`cursor:`).
 *
 * @param uri that can be parsed
 */
export function schemeProblem(uri: string): string | undefined {
  const { protocol } = new URL(uri);
  const isOthers = [BROWSERS, OTHERS_FAMILIES].some((family) => family.test(protocol));
  if (!OTHERS_SCHEMES.has(protocol) && !isOthers) return undefined;
  return `has the scheme ${protocol}, which is no app’s own: use https, or a scheme such as com.example.app: (RFC 8252 section 7.1)`;
}

/**
 * The place a person returns to, in the words they would know: a host, or an app's own scheme, with its colon,
 * because a scheme may look like the name of a host.
 */
export function redirectHost(uri: string): string {
  const { protocol, host } = new URL(uri);
  return isWeb(uri) ? host : protocol;
}

/**
 * RFC 8252 section 8.6: any app on the device may claim a private-use scheme or listen on loopback,
 * so whoever sends such a URI may be another than the client it says it is.
 */
export function canAnyAppClaim(uri: string): boolean {
  return new URL(uri).protocol !== 'https:';
}
