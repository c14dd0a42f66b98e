// The endpoints of a server as an Express app: which request goes to which, and where the app may be
// mounted.

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Endpoint } from './context.ts';
import { OAuthError } from './errors.ts';
import { Routes } from './http/routes.ts';
import type { Site } from './http/site.ts';
import { mountPathOf, skipExpressInit } from './http/skip-express-init.ts';

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
  const answers = answering(endpoints, onError, gate);
  const inPlace = onlyInPlace(path, answers.has, onError);
  const [plain, all] = [inPlace(answers.plain), inPlace(answers.all)];
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
  return { plain, all, has: (url: string) => paths.has(url) };
}

/**
 * Has requests answered with what is wrong if the server is mounted where its issuer does not say: every
 * link would lead somewhere else. The process warns of it once. `app.use()` cannot know it: a router, or an
 * app that is mounted later, may add to the path. A proxy may also take the path away, and then no request
 * has it.
 *
 * @param path of the issuer
 * @param has whether there is an endpoint of a URL
 */
function onlyInPlace(path: string, has: (url: string) => boolean, onError: ErrorRequestHandler) {
  let isWarned = false;
  /** @param place where the server is mounted */
  const problem = (place: string) => {
    const message = misplaced(place, path);
    if (!isWarned) process.emitWarning(message, { type: 'MountWarning' });
    isWarned = true;
    return new OAuthError('server_error', message);
  };
  const isPath = (place: string) => place === path || place.toLowerCase() === path.toLowerCase();
  // A proxy may take away the beginning of the path.
  const fits = (place: string) => path.toLowerCase().endsWith(place.toLowerCase());
  return (answer: RequestHandler): RequestHandler =>
    (req, res, next) => {
      const place = mountPathOf(req) || '';
      if (place !== '' && !fits(place)) return onError(problem(place), req, res, next);
      answer(req, res, (error?: unknown) => {
        const { url } = req;
        const isBelow = place !== path && isPath(url.slice(0, path.length));
        const inside = isBelow ? url.slice(path.length) : '';
        const isOurs = inside.startsWith(WELL_KNOWN) || (inside !== '' && has(inside));
        if (error === undefined && isOurs) onError(problem(place || '/'), req, res, next);
        else next(error);
      });
    };
}

/** How the paths of both discovery documents begin: `oauth-authorization-server`, `openid-configuration`. */
const WELL_KNOWN = '/.well-known/o';

/** A wrong path would break every link, some only at the third step of a login. */
function checkMountPath(handler: Express, path: string): void {
  const { mountpath } = handler;
  if (typeof mountpath !== 'string' || mountpath === '/' || path.endsWith(mountpath)) return;
  throw new TypeError(misplaced(mountpath, path));
}

function misplaced(place: string, path: string): string {
  return `The server is mounted at ${place}, but the path of its issuer is ${path || '/'}: they have to be the same.`;
}
