// Bodies that the app around this server has read before it.

import type { Request } from 'express';

/** Whether somebody has begun to read the body of a request. */
export function isBegun(req: Request): boolean {
  // If an encoding is set, somebody else is reading the body now.
  return req.readableDidRead || req.readableEncoding !== null;
}

/**
 * The failure of an app that has read a body, and has left nothing of it: whoever sent it can do nothing
 * about that.
 *
 * @param what has the body: `a form`, `a request`
 */
export function nothingLeft(what: string): Error {
  return new Error(
    `The app around this server has read the body of ${what}, and left nothing at req.body. Mount the server before the middleware that reads it.`,
  );
}
