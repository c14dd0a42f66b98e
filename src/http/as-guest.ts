// The server as a guest in somebody else's app: what that app has set for its requests counts for ours.

import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';

type Handle = (req: Request, res: Response, next: NextFunction) => void;

/**
 * Has an Express app answer the requests of an app around it as that app has made them: with its
 * `trust proxy`, for `req.ip`, `req.host` and so on. Express would make them the inner app's, which takes
 * on the settings of the outer one only if it is mounted in that directly, and not if there is a Router
 * in between. It would also leave them so to the routes that come after, and it takes time.
 *
 * @param answer what the app answers with
 */
export function asGuest(app: Express, answer: RequestHandler): void {
  const own = app as unknown as { handle: Handle };
  const handle = own.handle.bind(app);
  own.handle = (req, res, next) => {
    // Without an app around it, it is called by node:http, and gets no `next` either.
    const isGuest = (req.app as Express | undefined) !== undefined && typeof next === 'function';
    // Set on the server itself: whoever did that meant it.
    const hasOwnSetting =
      Object.hasOwn(app.settings, 'trust proxy') && app.settings['trust proxy'] !== false;
    if (isGuest && !hasOwnSetting) answer(req, res, next);
    else handle(req, res, next);
  };
}
