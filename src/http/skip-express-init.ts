// The server in somebody else's app, or called by node:http: a request is answered as it comes.

import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Middleware before what a function or a handler of the program around the server is given: makes of a
 * request and its response what Express does, as their types promise. Where an app of Express is around
 * the server, that has done it, perhaps another version.
 */
export const asInExpress: RequestHandler = (req, res, next) => {
  // The types say that it is always there; without an app of Express around us it is not.
  if (typeof (req as Partial<Request>).get !== 'function') {
    const { request, response } = req.app as unknown as { request: Request; response: Response };
    req.res = res;
    res.req = req;
    Object.setPrototypeOf(req, request);
    Object.setPrototypeOf(res, response);
    res.locals ??= Object.create(null);
  }
  next();
};

/**
 * The path at which the server is mounted, as a request says it; `undefined` if nothing does. Frameworks
 * other than Express have no `baseUrl`, and say by `originalUrl` what the URL was before they mounted
 * anything.
 */
export function mountPathOf(req: Request): string | undefined {
  const { baseUrl, originalUrl, url } = req as Partial<Request>;
  if (baseUrl !== undefined || originalUrl === undefined) return baseUrl;
  const [original = '', inside = ''] = [originalUrl, url].map((one) => one?.split('?', 1)[0]);
  if (original.endsWith(inside)) return original.slice(0, original.length - inside.length);
  return inside === '/' ? original : undefined;
}

type Handle = (req: Request, res: Response, next?: NextFunction) => void;

/**
 * Has an Express app answer without making each request its own first. Express does that by changing
 * the prototypes of a request and its response, and everything that node:http does with them afterwards
 * is slower: that was a seventh of a token request. What our handlers want of Express they take from it
 * by themselves (http/request-headers.ts), and what the program around the server brings gets them as
 * Express makes them (`asInExpress`).
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
      plain(req, res, () => {
        req.baseUrl ??= mountPathOf(req) ?? '';
        handle(req, res, next);
      });
      return;
    }
    // Set on the server itself: whoever did that meant it.
    const hasOwnSetting =
      Object.hasOwn(app.settings, 'trust proxy') && app.settings['trust proxy'] !== false;
    if (hasOwnSetting) handle(req, res, next);
    else all(req, res, next);
  };
}
