// An Express app around the server, on a free port of loopback.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import express, { type Express, type RequestHandler } from 'express';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  applySeed,
  authorizationServer,
  parseSeed,
  type Store,
} from '../../src/index.ts';
import { emptyStore } from './databases.ts';
import { listen } from './harness.ts';
import { SEED } from './seeds.ts';

export interface Host {
  readonly origin: string;
  readonly issuer: string;
  readonly store: Store;
  readonly server: AuthorizationServer;
}

/** Options as a program in JavaScript may give them. */
export type AnyOptions = { readonly [Name in keyof AuthorizationServerOptions]?: unknown };

/** Sets an app up around the server, and mounts it. */
export type SetUp = (app: Express, server: AuthorizationServer) => void;

/** An app of three lines. */
export const plain: SetUp = (app, { handler }) => app.use(handler);

/** Middleware in front of the server. */
export const behind =
  (...middleware: RequestHandler[]): SetUp =>
  (app, { handler }) =>
    app.use(...middleware, handler);

/**
 * Starts an app with the server in it, at its root, on an empty store with the clients of the tests.
 *
 * @param options besides the issuer and the store
 * @param before what the app does before the server is mounted
 */
export function serveHost(
  options: AnyOptions = {},
  before: (app: Express) => void = () => {},
): Promise<Host> {
  return serveAround((app, { handler }) => {
    before(app);
    app.use(handler);
  }, options);
}

/**
 * The same with an app that mounts the server where it wants it.
 *
 * @param make another version of Express, if it is to be one
 */
export async function serveAround(
  setUp: SetUp,
  options: AnyOptions = {},
  make: () => Express = express,
): Promise<Host> {
  const store = await emptyStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));
  const listener = createServer();
  await listen(listener);
  // Options that are wrong would otherwise be a test without end.
  listener.unref();
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const server = authorizationServer({
    issuer: origin,
    store,
    secret: 'of-all-servers-in-these-tests-alone',
    ...(options as Partial<AuthorizationServerOptions>),
  });
  const app = make();
  setUp(app, server);
  app.get('/notes', server.protect('read'), (_req, res) => {
    res.json({ sub: res.locals['oauth'].token.user.id });
  });
  // Express 4 and 5 are both what node:http takes for a listener.
  listener.on('request', app as RequestListener);
  after(async () => {
    await server.close();
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
    await store.close();
  });
  return { origin, issuer: origin, store, server };
}
