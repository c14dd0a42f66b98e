// Routes by their path, each found at once. Express's router tries one route after the other, and a
// request passes through a router inside of a router: that took a tenth of a token request.

import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { shown } from '../protocol/shown.ts';

type Handler = RequestHandler | RequestHandler[];

/** What answers at one path. */
interface Chain {
  /** What a request passes, in order. */
  readonly handlers: RequestHandler[];
  /** What an error passes that was thrown by one of them, before the server answers it. */
  readonly errorHandlers: ErrorRequestHandler[];
}

/** What answers at a path that is not ours. */
const NOTHING: Chain = { handlers: [], errorHandlers: [] };

/** The handlers of a path, added one by one, as with Express's `router.route`. */
export interface Route {
  /** For every method. */
  all(...handlers: Handler[]): Route;
  /** For GET, and for HEAD. */
  get(...handlers: Handler[]): Route;
  post(...handlers: Handler[]): Route;
  /** What all of these throw passes it before the server answers it. */
  onError(handler: ErrorRequestHandler): Route;
}

/**
 * Routes whose paths are plain strings. A letter may be of either case and one slash may follow, as in
 * Express. The handlers are Express's, and may be asynchronous.
 */
export class Routes {
  readonly #chains = new Map<string, Chain>();

  /**
   * @param several to be found as if they were one; no two have the same path
   * @param first what a request passes before the handlers of its path
   */
  static merge(several: readonly Routes[], first?: RequestHandler): Routes {
    const all = new Routes();
    for (const routes of several) {
      for (const [path, chain] of routes.#chains) {
        const handlers = first === undefined ? chain.handlers : [first, ...chain.handlers];
        all.#chains.set(path, { ...chain, handlers });
      }
    }
    return all;
  }

  /** Every path there is, as it is registered. */
  get paths(): readonly string[] {
    return [...this.#chains.keys()];
  }

  /** Whether one of these answers at the path of a URL. */
  has(url: string): boolean {
    return this.#find(url) !== undefined;
  }

  /**
   * The route of a path.
   *
   * @throws TypeError if the path does not begin with a slash or has a route already, or for what is no
   *   handler
   */
  route(path: string): Route {
    const chain: Chain = { handlers: [], errorHandlers: [] };
    const key = newPath(path, this.#chains);
    this.#chains.set(key, chain);
    const add = (isFor: (method: string) => boolean, several: readonly Handler[]) => {
      for (const handler of handlersOf(path, several)) {
        chain.handlers.push((req, res, next) =>
          isFor(req.method) ? handler(req, res, next) : next(),
        );
      }
      return route;
    };
    const route: Route = {
      all(...handlers) {
        chain.handlers.push(...handlersOf(path, handlers));
        return route;
      },
      get: (...handlers) => add((method) => method === 'GET' || method === 'HEAD', handlers),
      post: (...handlers) => add((method) => method === 'POST', handlers),
      onError(handler) {
        chain.errorHandlers.push(handler);
        return route;
      },
    };
    return route;
  }

  /** The route of a path that is answered for every method. */
  all(path: string, ...handlers: Handler[]): Route {
    return this.route(path).all(...handlers);
  }

  /**
   * Answers a request, if its path is one of these.
   *
   * @param next gets what is thrown, once the handlers of errors have seen it; and the request, if its
   *   path is none of these
   */
  answer(req: Request, res: Response, next: (error?: unknown) => void): void {
    const { handlers, errorHandlers } = this.#find(req.url) ?? NOTHING;
    pass(handlers, req, res, (error) => {
      if (error === undefined) return next();
      const told = errorHandlers.map(
        (handler): RequestHandler =>
          (req, res, next) =>
            handler(error, req, res, next),
      );
      pass(told, req, res, (another) => next(another ?? error));
    });
  }

  #find(url: string): Chain | undefined {
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    return this.#chains.get(path) ?? this.#chains.get(canonical(path));
  }
}

/** A path as it is registered, if it was spelt otherwise; a whole URL may stand in a request, too. */
function canonical(path: string): string {
  const local = path.startsWith('/') || !URL.canParse(path) ? path : new URL(path).pathname;
  return local.toLowerCase().replace(/(?<=.)\/$/, '');
}

/** A new path as it is registered. @throws TypeError */
function newPath(path: unknown, known: { has(path: string): boolean }): string {
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw new TypeError(
      `The path of a route is ${shown(path)}, which does not begin with a slash.`,
    );
  }
  const key = canonical(path);
  if (!known.has(key)) return key;
  throw new TypeError(`The path ${path} has a route already: add the handlers to that one.`);
}

/** @throws TypeError for what is not a function, such as an import that does not exist */
function handlersOf(path: string, several: readonly Handler[]): RequestHandler[] {
  const handlers = several.flat();
  for (const handler of handlers) {
    if (typeof handler === 'function') continue;
    throw new TypeError(`A handler of ${path} is ${shown(handler)}, which is not a function.`);
  }
  return handlers;
}

/** Hands a request from one handler to the next, until one of them answers or fails. */
function pass(
  handlers: readonly RequestHandler[],
  req: Request,
  res: Response,
  out: (error?: unknown) => void,
): void {
  let at = 0;
  const fail = (error: unknown) =>
    out(error ?? new Error('A handler failed with no reason given.'));
  const next = (error?: unknown) => {
    const handler = handlers[at];
    at += 1;
    if (error !== undefined || handler === undefined) return out(error);
    try {
      const done: unknown = handler(req, res, next as NextFunction);
      if (done instanceof Promise) done.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  };
  next();
}
