// Response headers that are the same for every answer of a kind.

import type { RequestHandler, Response } from 'express';
import { setHeaders } from './answer.ts';
import { markAsPage } from './as-page.ts';

/** For an answer that carries a secret, or speaks of one (RFC 6749 section 5.1). */
export const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** For an answer that says to come again: the store was away, or had too much to do. */
export const RETRY_LATER = { 'Retry-After': '5' } as const;

/**
 * For a page. No `form-action`: Chromium holds it against the whole chain of redirects, and the
 * answer to the consent form ends at the client. No `Cross-Origin-Opener-Policy`: a client that
 * opens the login in a popup would lose it.
 */
const PAGE = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  // With no-referrer a browser sends `Origin: null` even to its own site.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'X-DNS-Prefetch-Control': 'off',
  ...NO_STORE,
} as const;

/**
 * For a page with a script of ours, which may call our own endpoints and no others. Whatever would
 * make markup or code of a text fails there.
 */
const SCRIPTED = `${PAGE['Content-Security-Policy']}; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`;

const JSON_ANSWER = { ...NO_STORE, 'X-Content-Type-Options': 'nosniff' } as const;

const ONE_YEAR = 365 * 24 * 3600;

/**
 * Middleware of pages: their headers, and errors as pages.
 *
 * @param https whether the issuer is https, and so a browser may be told to insist on it
 */
export function pageHeaders(https: boolean): RequestHandler {
  const headers = https ? { ...PAGE, 'Strict-Transport-Security': `max-age=${ONE_YEAR}` } : PAGE;
  return (_req, res, next) => {
    markAsPage(res);
    setHeaders(res, headers);
    next();
  };
}

/** Lets this one page run scripts of ours; no other does. */
export function allowOwnScripts(res: Response): void {
  res.setHeader('Content-Security-Policy', SCRIPTED);
}

export const jsonHeaders: RequestHandler = (_req, res, next) => {
  setHeaders(res, JSON_ANSWER);
  next();
};

/**
 * CORS for an endpoint that browser clients call with no cookies, so any origin may. Answers the
 * preflight itself.
 */
export function cors(...methods: string[]): RequestHandler {
  const preflight = {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, MCP-Protocol-Version',
    'Access-Control-Max-Age': '86400',
  };
  return (req, res, next) => {
    res.setHeader('Access-Control-Allow-Origin', '*');
    if (req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined) {
      setHeaders(res, preflight);
      res.statusCode = 204;
      res.end();
      return;
    }
    res.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, Retry-After');
    next();
  };
}
