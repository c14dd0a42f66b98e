// createApp(config, store, seed): the server with a home page and a protected route.

import express, { type Express } from 'express';
import type { Context } from '../context.ts';
import { health } from '../endpoints/health.ts';
import type { Events } from '../events.ts';
import type { AuthorizationServerOptions } from '../options.ts';
import { load } from '../package-files.ts';
import { errorHandler } from '../pages/error-handler.ts';
import type { Translate } from '../pages/translate.ts';
import type { RegisteredBy } from '../registry/registry.ts';
import { type AuthorizationServer, createServer } from '../server.ts';
import type { Store } from '../store/store.ts';
import type { Config } from './config.ts';
import { home } from './home.ts';
import { notFound } from './not-found.ts';
import { secret } from './secret.ts';
import type { Seed } from './seed.ts';

export interface App extends Omit<AuthorizationServer, 'handler'> {
  readonly app: Express;
  /** What the server is made of. */
  readonly context: Context;
  /** From here on `/health` says that no more requests should come. */
  announceStop(): void;
}

/** The scope that `/secret` asks for, if the server has it. */
const SECRET_SCOPE = 'read';

/**
 * What `npm start` runs.
 *
 * @param store has the seed's clients and users already
 * @param by the `source` of the records that the server's `clients` and `users` write
 */
export function createApp(
  config: Config,
  store: Store,
  seed: Seed,
  by: RegisteredBy = 'code',
): App {
  const { pathname } = new URL(config.issuer);
  const demo = config.demo ? demoParts(config.issuer, seed) : undefined;
  let stopping = false;
  let made: Context | undefined;
  const options: AuthorizationServerOptions = {
    ...optionsOf(config),
    store,
    scopes: seed.scopes,
    resources: seed.resources,
    homeUrl: `${pathname.replace(/\/$/, '')}/`,
    ...(demo && { locals: { login: { demo: demo.user } }, explainErrors: true }),
    endpoints: (context) => {
      made = context;
      context.oauth.keys.want(seed.clients);
      return [
        health(store, () => stopping),
        secret(context, Object.hasOwn(seed.scopes, SECRET_SCOPE) ? [SECRET_SCOPE] : []),
        home(context, demo?.guide),
        ...(demo?.endpoints(context) ?? []),
        notFound(context),
      ];
    },
  };
  const { handler, ...server } = createServer(options, by);
  const app = pathname === '/' ? handler : mounted(handler, pathname, config, server.events);
  app.set('trust proxy', config.trustProxy);
  return {
    app,
    context: made!,
    ...server,
    announceStop: () => {
      stopping = true;
    },
  };
}

/** The server below the path of its issuer. A proxy may strip that, or leave it on. */
function mounted(handler: Express, path: string, { issuer }: Config, events: Events): Express {
  const app = express().disable('x-powered-by').disable('etag');
  for (const root of [path, '/']) app.use(root, handler);
  return app.use(errorHandler(issuer, events));
}

/** What only a demo has; it is loaded only for one. */
function demoParts(issuer: string, seed: Seed) {
  const { demoEndpoints, demoOf, guideOf } = load(
    './demo/demo',
  ) as typeof import('../demo/demo.ts');
  const demo = demoOf(seed);
  return {
    user: demo.users[0],
    guide: (t: Translate) => guideOf(issuer, demo, t),
    endpoints: (context: Context) => demoEndpoints(context, demo),
  };
}

/** The settings that are options of the server as well; the others are of the program alone. */
function optionsOf(config: Config) {
  const {
    host: _host,
    port: _port,
    databaseUrl: _databaseUrl,
    databaseConnections: _databaseConnections,
    workers: _workers,
    seedFile: _seedFile,
    trustProxy: _trustProxy,
    shutdownDelay: _shutdownDelay,
    logLevel: _logLevel,
    ...options
  } = config;
  return options;
}
