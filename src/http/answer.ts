// How every answer of ours leaves, apart from redirects: by node:http alone. In somebody else's app,
// `res.json`, `res.send` and `res.render` do what that app has set or has put in their place: another
// engine, a layout, a replacer, an ETag, a wrapper around every answer.

import type { Response } from 'express';

/**
 * Answers with a body of this media type. It is left out if the request was HEAD, or the status has none. No
 * browser takes the body for anything else, and no cache keeps an answer that says nothing of caches.
 */
export function send(res: Response, type: string, body: string | Buffer): void {
  res.setHeader('Content-Type', type);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** Answers with JSON, as `JSON.stringify` writes it. */
export function sendJson(res: Response, body: unknown): void {
  send(res, 'application/json; charset=utf-8', JSON.stringify(body));
}

export function setHeaders(res: Response, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) res.setHeader(name, headers[name]!);
}

/**
 * Adds a name to a header that is a list of names, such as `Vary` or `Access-Control-Expose-Headers`,
 * unless it is there, or the list is `*`.
 */
export function addName(res: Response, header: string, name: string): void {
  const named = String(res.getHeader(header) ?? '');
  const known = named.toLowerCase().split(/ *, */);
  if (known.includes('*') || known.includes(name.toLowerCase())) return;
  res.setHeader(header, named === '' ? name : `${named}, ${name}`);
}

/** Adds a request header to `Vary`, on which the answer depends. */
export function vary(res: Response, name: string): void {
  addName(res, 'Vary', name);
}
