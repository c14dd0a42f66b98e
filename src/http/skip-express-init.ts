// The server in somebody else's app, or called by node:http: a request is answered as it comes.

import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';

type Handle = (req: Request, res: Response, next?: NextFunction) => void;

/**
 * Has an Express app answer without making each request its own first. Express does that by changing
 * the prototypes of a request and its response, and everything that node:http does with them afterwards
 * is slower: that was a seventh of a token request. What our handlers want of Express they take from it
 * by themselves (http/request-headers.ts).
 *
 * In an app around this one, what that has set counts, its `trust proxy` above all. Express passes that
 * on only if one app is mounted in the other, and not if there is a Router in between.
 *
 * @param plain answers what has a plain path, and hands on everything else
 * @param all answers everything there is, and hands on what is not for this app
 */
export function skipExpressInit(app: Express, plain: RequestHandler, all: RequestHandler): void {
  const own = app as unknown as { handle: Handle };
  const handle = own.handle.bind(app);
  own.handle = (req, res, next) => {
    const mutable = req as unknown as { app?: Express };
    if (mutable.app === undefined || next === undefined) {
      mutable.app = app;
      plain(req, res, () => handle(req, res, next));
      return;
    }
    // Set on the server itself: whoever did that meant it.
    const hasOwnSetting =
      Object.hasOwn(app.settings, 'trust proxy') && app.settings['trust proxy'] !== false;
    if (hasOwnSetting) handle(req, res, next);
    else all(req, res, next);
  };
}
