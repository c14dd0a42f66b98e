// Response headers that are the same for every answer of a kind.

import type { RequestHandler, Response } from 'express';
import { policyOrigin } from '../protocol/web-url.ts';
import { addName, setHeaders } from './answer.ts';
import { markAsPage } from './as-page.ts';
import { READABLE } from './cors.ts';

/** For an answer that carries a secret, or speaks of one (RFC 6749 section 5.1). */
export const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** For an answer that says to come again: the store was away, or had too much to do. */
export const RETRY_LATER = { 'Retry-After': '5' } as const;

const FRAMED_BY_NOBODY = "frame-ancestors 'none'";

/**
 * For a page. No `form-action`: Chromium holds it against the whole chain of redirects, and the
 * answer to the consent form ends at the client. No `Cross-Origin-Opener-Policy`: a client that
 * opens the login in a popup would lose it.
 */
const PAGE = {
  'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; ${FRAMED_BY_NOBODY}`,
  'X-Frame-Options': 'DENY',
  // Not the whole address: with a long `state` in it, it would make the next request too long. With
  // no-referrer a browser sends `Origin: null` even to its own site.
  'Referrer-Policy': 'strict-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'X-DNS-Prefetch-Control': 'off',
  ...NO_STORE,
} as const;

/** For a page with a script of ours. A script cannot turn text into markup or code there. */
const SCRIPTED = `${PAGE['Content-Security-Policy']}; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`;

const ONE_YEAR = 365 * 24 * 3600;

/** Headers by which an app around us may have described its own answer. */
const OF_AN_ANSWER = new Set([
  'cache-control',
  'cdn-cache-control',
  'clear-site-data',
  'cloudflare-cdn-cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'netlify-cdn-cache-control',
  'no-vary-search',
  'pragma',
  'refresh',
  'surrogate-control',
  'vercel-cdn-cache-control',
  'www-authenticate',
  'x-accel-expires',
]);

/**
 * What an app around us may have set for its own answers, and what would change ours. Helmet's opener
 * policy takes a sign-in in a popup away from its client, `Access-Control-Allow-Credentials` beside `*`
 * is refused by browsers, a report of a page has its URL in it, and Express keeps a `Content-Type` that
 * is there. What is not in the list stays, such as `Vary`, cookies and `Strict-Transport-Security`,
 * which is about the host as a whole.
 */
const NOT_OURS = new Set([
  ...OF_AN_ANSWER,
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age',
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-embedder-policy-report-only',
  'cross-origin-opener-policy',
  'cross-origin-opener-policy-report-only',
  'cross-origin-resource-policy',
  'document-isolation-policy',
  'document-policy',
  'feature-policy',
  'integrity-policy',
  'integrity-policy-report-only',
  'permissions-policy',
  'permissions-policy-report-only',
  'referrer-policy',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-frame-options',
  'x-powered-by',
  'x-xss-protection',
]);

/** Makes an answer ours, whatever an app around us has begun. It is the first thing of every route. */
function begin(res: Response, theirs = NOT_OURS): void {
  res.statusCode = 200;
  // node:http then takes the words of the status that it sends. HTTP/2 has none, and Node warns of them.
  if (res.req.httpVersionMajor < 2) res.statusMessage = '';
  for (const name of res.getHeaderNames()) if (theirs.has(name)) res.removeHeader(name);
}

/**
 * Begins the refusal of a request to a route of the app around us. What the app says of its answers is
 * not true of this one. Its policies stay: without its CORS, a script could not read the refusal. A
 * browser shows a script no challenge unless the answer says so, and the app does not know of it.
 */
export function beginRefusal(res: Response): void {
  begin(res, OF_AN_ANSWER);
  for (const name of READABLE) addName(res, 'Access-Control-Expose-Headers', name);
}

/**
 * Middleware of pages: their headers, and errors as pages.
 *
 * @param https whether the issuer is https, and so a browser may be told to insist on it
 */
export function pageHeaders(https: boolean): RequestHandler {
  const transport = 'Strict-Transport-Security';
  return (_req, res, next) => {
    begin(res);
    markAsPage(res);
    setHeaders(res, PAGE);
    if (https && !res.hasHeader(transport)) res.setHeader(transport, `max-age=${ONE_YEAR}`);
    next();
  };
}

/** Lets this one page run scripts of ours; no other does. */
export function allowOwnScripts(res: Response): void {
  res.setHeader('Content-Security-Policy', SCRIPTED);
}

/** Lets this one page run scripts of ours, which may call our own endpoints and no others. */
export function allowOwnCalls(res: Response): void {
  res.setHeader('Content-Security-Policy', `${SCRIPTED}; connect-src 'self'`);
}

/** Lets this one page be in a frame of the origin of a URL; no other page may be in any. */
export function allowFramingBy(res: Response, url: string): void {
  const origin = policyOrigin(url);
  if (origin === undefined) return;
  const policy = String(res.getHeader('Content-Security-Policy'));
  res.setHeader(
    'Content-Security-Policy',
    policy.replace(FRAMED_BY_NOBODY, `frame-ancestors ${origin}`),
  );
  // X-Frame-Options cannot name another origin, and would forbid what the policy allows.
  res.removeHeader('X-Frame-Options');
}

/** Lets this one page load frames from the origins of some URLs; no other page may load any. */
export function allowFrames(res: Response, urls: readonly string[]): void {
  const origins = new Set(urls.map(policyOrigin).filter((origin) => origin !== undefined));
  if (origins.size === 0) return;
  const policy = res.getHeader('Content-Security-Policy');
  res.setHeader('Content-Security-Policy', `${policy}; frame-src ${[...origins].join(' ')}`);
}

/** Middleware for endpoints that only clients call. */
export const jsonHeaders: RequestHandler = (_req, res, next) => {
  begin(res);
  setHeaders(res, NO_STORE);
  next();
};

/** Middleware for responses that caches may keep: documents, the stylesheet, the logo. */
export const publicHeaders: RequestHandler = (_req, res, next) => {
  begin(res);
  next();
};
