// The server as a guest in somebody else's app: what that app has set for its requests counts for ours.

import type { Express, NextFunction, Request, Response } from 'express';

type Handle = (req: Request, res: Response, next: NextFunction) => void;

/**
 * Has an Express app take `trust proxy` from whatever app it is called by, for `req.ip`, `req.host`
 * and so on. Express itself sees to that only if one app is mounted in another, and not if there is a
 * Router in between. It would also leave the request as one of ours to the routes that come after.
 */
export function asGuest(app: Express): void {
  const own = app as unknown as { handle: Handle };
  const handle = own.handle.bind(app);
  own.handle = (req, res, next) => {
    const host = req.app as Express | undefined;
    // Without an app around it, it is called by node:http, and gets no `next` either.
    if (host === undefined || typeof next !== 'function') return handle(req, res, next);
    // Set on the server itself: whoever did that meant it.
    if (Object.hasOwn(app.settings, 'trust proxy') && app.settings['trust proxy'] !== false) {
      return handle(req, res, next);
    }
    const before = [Object.getPrototypeOf(req), Object.getPrototypeOf(res)];
    const saved = Object.getOwnPropertyDescriptor(req, 'app');
    Object.defineProperty(req, 'app', { value: host, configurable: true, writable: true });
    handle(req, res, (error?: unknown) => {
      Object.setPrototypeOf(req, before[0]);
      Object.setPrototypeOf(res, before[1]);
      if (saved === undefined) delete (req as Partial<Request>).app;
      else Object.defineProperty(req, 'app', saved);
      next(error);
    });
  };
}
