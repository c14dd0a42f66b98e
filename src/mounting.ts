// The endpoints of a server as an Express app: which request goes to which, and where the app may be
// mounted.

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Endpoint } from './context.ts';
import { Routes } from './http/routes.ts';
import type { Site } from './http/site.ts';
import { skipExpressInit } from './http/skip-express-init.ts';

/** What a server offers to be mounted; server.ts explains both. */
interface Mountable {
  readonly handler: Express;
  readonly wellKnown: RequestHandler;
}

/**
 * Makes an Express app of endpoints.
 *
 * @param known the endpoints whose URLs begin with `/.well-known`
 * @param gate what each request passes first, if anything
 */
export function mountable(
  { path }: Site,
  endpoints: readonly Endpoint[],
  known: readonly Endpoint[],
  onError: ErrorRequestHandler,
  gate?: RequestHandler,
): Mountable {
  const handler = express();
  handler.disable('x-powered-by').disable('etag');
  const { plain, all } = answering(endpoints, onError, gate);
  skipExpressInit(handler.use(all), plain, all);
  const wellKnown = answering(known, onError).all;
  handler.on('mount', (parent) => {
    checkMountPath(handler, path);
    // RFC 8414 section 3.1: the document of an issuer with a path stands outside of that path.
    if (path !== '') parent.use(wellKnown);
  });
  return { handler, wellKnown };
}

/** What answers the requests for some endpoints, and each error of theirs: plain paths, and all. */
function answering(
  endpoints: readonly Endpoint[],
  onError: ErrorRequestHandler,
  gate?: RequestHandler,
) {
  const isPlain = (routes: Endpoint['routes']) => routes instanceof Routes;
  const each = endpoints.map(({ routes }) => routes);
  const paths = Routes.merge(each.filter(isPlain), gate);
  const others = express.Router();
  for (const routes of each) if (!isPlain(routes)) others.use(routes);

  const plain: RequestHandler = (req, res, next) =>
    paths.answer(req, res, (error) =>
      error === undefined ? next() : onError(error, req, res, next),
    );
  const all: RequestHandler = (req, res, next) =>
    plain(req, res, () =>
      others(req, res, (error) => (error === undefined ? next() : onError(error, req, res, next))),
    );
  return { plain, all };
}

/** A wrong path would break every link, some only at the third step of a login. */
function checkMountPath(handler: Express, path: string): void {
  const { mountpath } = handler;
  if (typeof mountpath !== 'string' || mountpath === '/' || path.endsWith(mountpath)) return;
  throw new TypeError(
    `The server is mounted at ${mountpath}, but the path of its issuer is ${path || '/'}: they have to be the same.`,
  );
}
