// http and https URLs that somebody names: a client, a seed, an option. `URL` takes more for one than RFC
// 9110 section 4.2 does. Alone it reads `https:/transfer` as the host `transfer`. On a page of ours a browser
// reads it as a path of this host, because the scheme is the same (WHATWG URL).

/**
 * A host of DNS, or an address, after `URL` has decoded it. Whatever else `URL` lets pass is nobody's host.
 */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])$/;

/**
 * What a Content-Security-Policy can name (CSP3 section 2.3.1). Any other character could end a directive.
 */
const POLICY_ORIGIN = /^https?:\/\/[\w.-]+(:\d+)?$/;

/** What stands between `//` and the path. */
const AUTHORITY = /^https?:\/\/([^/?#\\]*)/i;

/** Pages of ours, by either scheme. */
const PAGES = ['http://page.invalid/a/b', 'https://page.invalid/a/b'];

/**
 * Why a text is not a URL that everybody reads alike, as the end of the sentence "it ...", or `undefined`.
 */
export function webUrlProblem(url: string): string | undefined {
  if (!isWeb(url)) return 'is not an http or https URL';
  return characterProblem(url) ?? authorityProblem(url);
}

/** Whether `URL` reads a text as an http or https URL, however it is written. */
export function isWeb(url: string): boolean {
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '');
}

/** What a parser leaves out or replaces, as the end of the sentence "it ...", or `undefined`. */
export function characterProblem(uri: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x20\x7f]/.test(uri)) return 'has a space or a control character';
  return uri.isWellFormed() ? undefined : 'has half of a character in it';
}

/**
 * Likewise, what is wrong with the host, or with how it is written. RFC 9110 section 4.2.4 wants a user name
 * to be treated as an error: it may look like the host.
 *
 * @param url that `URL` reads as http or https
 */
export function authorityProblem(url: string): string | undefined {
  const [, authority = ''] = AUTHORITY.exec(url) ?? [];
  if (authority === '') return 'has no // and host after its scheme (RFC 9110 section 4.2)';
  // Browsers take it for a slash, and others for a part of a user name.
  if (url.includes('\\')) return 'has a backslash in it';
  if (authority.includes('@')) return 'has a user name or password in it';
  return HOST.test(new URL(url).hostname) ? undefined : 'has a host that is no name and no address';
}

/** Whether a browser on a page of ours, by http or https, goes where the URI alone says. */
export function isReadAlike(uri: string): boolean {
  // With `//` behind its scheme it is read the same from every page (WHATWG URL, "scheme state").
  if (/^https?:\/\//i.test(uri)) return URL.canParse(uri);
  const alone = URL.parse(uri)?.href;
  return alone !== undefined && PAGES.every((page) => URL.parse(uri, page)?.href === alone);
}

/** The origin of a URL, or `undefined` if a Content-Security-Policy cannot name it. */
export function policyOrigin(url: string): string | undefined {
  const { origin = '' } = URL.parse(url) ?? {};
  return POLICY_ORIGIN.test(origin) ? origin : undefined;
}
