// What the headers of a request say. Express reads them, but by its own functions and not by those of
// the request: it may have none, and an app around us may have put others in their place.

import express, { type Request } from 'express';

// Taken as they are when this is loaded, before anybody gets to change them.
const { is, accepts, acceptsLanguages } = express.request;
const ip = Object.getOwnPropertyDescriptor(express.request, 'ip')!.get!;

/**
 * The host and port that a request is for, as a proxy says them if the app around us trusts it. In
 * Express 4 `req.host` has no port.
 */
export function hostOf({ app, headers, socket }: Request): string {
  const [first = ''] = String(headers['x-forwarded-host'] ?? '').split(',');
  const trusts: unknown = app?.get('trust proxy fn');
  const isSaid = typeof trusts === 'function' && first !== '' && trusts(socket.remoteAddress, 0);
  return isSaid ? first.trim() : (headers.host ?? '');
}

/** The address that a request comes from, as far as the app around us trusts its proxies. */
export function addressOfSender(req: Request): string | undefined {
  return req.ip ?? Reflect.apply(ip, req, []);
}

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
