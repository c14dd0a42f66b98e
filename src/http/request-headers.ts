// What the headers of a request say. Express reads them, but by its own functions and not by those of
// the request: an app around us may have put others in their place.

import express, { type Request } from 'express';

// Taken as they are when this is loaded, before anybody gets to change them.
const { is, accepts, acceptsLanguages } = express.request;

/** Whether a request has a body of this media type. */
export function hasBodyOf(req: Request, type: string): boolean {
  const { 'content-type': sent, 'content-length': length } = req.headers;
  // What nearly every client sends; to read the header as Express does takes longer than the rest.
  if (sent === type && length !== undefined) return true;
  return typeof Reflect.apply(is, req, [type]) === 'string';
}

/** Which of these media types the caller would rather have; `undefined` if it wants none of them. */
export function preferredType(req: Request, ...types: string[]): string | undefined {
  return Reflect.apply(accepts, req, [types]) || undefined;
}

/** The languages that the browser asks for, the best one first. */
export function acceptedLanguages(req: Request): readonly string[] {
  return Reflect.apply(acceptsLanguages as () => string[], req, []);
}
