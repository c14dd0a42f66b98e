// A real server on a real port.

import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { after, mock } from 'node:test';
import type { Events } from '../../src/events.ts';
import { createApp } from '../../src/program/app.ts';
import { applySeed } from '../../src/program/apply-seed.ts';
import { readConfig } from '../../src/program/config.ts';
import { parseSeed } from '../../src/program/seed.ts';
import type { UserRegistry } from '../../src/registry/user-registry.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from './databases.ts';
import { SEED } from './seeds.ts';

export interface TestServer {
  /** `http://127.0.0.1:<port>`; the issuer is this and the path of the settings, if any. */
  readonly origin: string;
  readonly issuer: string;
  readonly store: Store;
  readonly events: Events;
  readonly users: UserRegistry;
  /** What the program waits for before it listens. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the whole app on a free port of loopback; it stops when the test file ends.
 *
 * @param env settings as a person would give them; `path` is appended to the issuer, and `store` is
 *   an empty one of the kind that TEST_STORE names
 */
export async function startServer(
  env: Record<string, string> = {},
  {
    seed = SEED,
    path = '',
    store: given,
  }: { readonly seed?: object; readonly path?: string; readonly store?: Store | undefined } = {},
): Promise<TestServer> {
  // First of all, for with a server that listens a seed that is wrong would be a test without end.
  const parsed = parseSeed('the test seed', JSON.stringify(seed), false);
  const store = given ?? (await emptyStore());
  const server = createServer();
  const origin = await listenAnew(server);
  server.unref();
  const config = readConfig({
    ISSUER: `${origin}${path}`,
    DEMO: 'off',
    LOG_LEVEL: 'silent',
    ...env,
  });
  await applySeed(store, parsed, config.secret, config.demo ? 'demo' : 'seed');
  const { app, users, ...parts } = createApp(config, store, parsed);
  const { events, ready, close: endBackgroundWork } = parts;
  // Another test may have moved the clock: then all that a server here has would be forgotten.
  void endBackgroundWork();
  server.on('request', app);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    // A sign-out has woken what tells clients.
    await endBackgroundWork();
    if (given === undefined) await store.close();
  };
  after(close);
  return { origin, issuer: config.issuer, store, events, users, ready, close };
}

/**
 * Runs with a clock that stands still and can be moved; the servers are in this process.
 *
 * @param start a whole second where none is given, as the times in JWTs are
 */
export async function withClock(
  run: (advance: (ms: number) => void) => Promise<void>,
  start = Math.floor(Date.now() / 1000) * 1000,
): Promise<void> {
  let now = start;
  mock.timers.enable({ apis: ['Date'], now });
  try {
    await run((ms) => {
      now += ms;
      mock.timers.setTime(now);
    });
  } finally {
    mock.timers.reset();
  }
}

export function listen(server: NetServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** Ports of servers there were in this process: what it remembers of one is no other's. */
const known = new Set<number>();

/** Has a server listen on a port that none in this process had: connections to that may be kept. @returns its origin */
export async function listenAnew(server: Server): Promise<string> {
  // On a busy machine a connection that is kept may be closed while a request is on its way to it.
  server.keepAliveTimeout = 60_000;
  await listen(server);
  const { port } = server.address() as AddressInfo;
  if (!known.has(port)) {
    known.add(port);
    return `http://127.0.0.1:${port}`;
  }
  await new Promise((resolve) => server.close(resolve));
  return listenAnew(server);
}

/** A server on a free port of loopback, which stops when the test ends, or the test file. */
export async function openServer(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer();
  const origin = await listenAnew(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, origin };
}
