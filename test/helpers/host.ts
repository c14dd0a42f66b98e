// An Express app around the server, on a free port of loopback.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import express, { type Express } from 'express';
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

/**
 * Starts an app with the server in it, at its root, on an empty store with the clients of the tests.
 *
 * @param options besides the issuer and the store
 * @param before what the app does before the server is mounted
 */
export async function serveHost(
  options: AnyOptions = {},
  before: (app: Express) => void = () => {},
): Promise<Host> {
  const store = await emptyStore();
  await applySeed(store, parseSeed('the seed', JSON.stringify(SEED), false));
  const listener = createServer();
  await listen(listener);
  const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const server = authorizationServer({
    issuer: origin,
    store,
    ...(options as Partial<AuthorizationServerOptions>),
  });
  const app = express();
  before(app);
  app.use(server.handler);
  app.get('/notes', server.protect('read'), (_req, res) => {
    res.json({ sub: res.locals['oauth'].token.user.id });
  });
  listener.on('request', app);
  after(async () => {
    server.close();
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
    await store.close();
  });
  return { origin, issuer: origin, store, server };
}
