// One process of the running server: store, seed, listen, and an orderly end.

import type { IncomingMessage, Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { loadWithZod } from '../clients/zod.ts';
import { OperatorError } from '../operator-error.ts';
import { memoryStore } from '../store/memory.ts';
import { type Store, StoreUnavailable } from '../store/store.ts';
import { createApp } from './app.ts';
import { type Config, ConfigError } from './config.ts';
import { logEvents, logRequests } from './log.ts';
import type { Seed } from './seed.ts';
import { stoppableServer } from './stopping.ts';

/** Milliseconds that a database may be away when the server starts, and between two attempts. */
const PATIENCE = 30_000;
const RETRY_INTERVAL = 1000;

/** The most warnings of one kind at the start. */
const MAX_WARNINGS = 10;

/** The server cannot listen; the message says what to do about it. */
export class ListenError extends OperatorError {
  override readonly name = 'ListenError';
}

/** What a server serves from. */
export interface Prepared {
  readonly store: Store;
  readonly seed: Seed;
}

/**
 * The store, with its tables and the seed in it. Outside production the tables are brought to the
 * version of this release; in production somebody decides when: `npm run migrate`.
 *
 * @param patience milliseconds that the database may be away, or may only be read
 * @throws StoreUnavailable if it is still so after that
 * @throws SchemaError, SeedError
 * @throws SecretError if the store was used with another secret; nothing is changed then
 */
export async function prepare(config: Config, patience = PATIENCE): Promise<Prepared> {
  const seed = await fittingSeed(config);
  const patiently = patienceOf(patience);
  const store = await open(config, !config.production, patiently);
  await patiently(async () => {
    if (config.databaseUrl !== undefined) {
      // A secret that is not the database's is found here, before something is encrypted with it.
      const { ready, close } = createApp(config, store, seed);
      await close();
      await ready();
    }
    if (config.seedFile === undefined) return;
    const { applySeed } = await import('./apply-seed.ts');
    await applySeed(store, seed, config.secret, config.demo ? 'demo' : 'seed');
  });
  return { store, seed };
}

/** The same for one of several processes, once somebody has prepared the store. */
export async function prepareWorker(config: Config): Promise<Prepared> {
  const seed = await fittingSeed(config);
  return { store: await open(config, false, patienceOf(PATIENCE)), seed };
}

/** The same, for these settings. @throws ConfigError too, if they name a scope that it does not have */
async function fittingSeed(config: Config): Promise<Seed> {
  const seed = await seedOf(config);
  const unknown = config.selfRegisteredScopes?.filter((word) => !Object.hasOwn(seed.scopes, word));
  if (!unknown?.length) return seed;
  throw new ConfigError(
    `SELF_REGISTERED_SCOPES has ${unknown.join(' and ')}, which the seed does not have. Set it to scopes of the seed file, separated by spaces.`,
  );
}

/**
 * The seed that the settings name, and an empty one if they name none. The demo's gets what depends
 * on where it runs.
 *
 * @throws SeedError if the file cannot be read, or if anything in it is wrong
 */
export async function seedOf(
  config: Pick<Config, 'seedFile' | 'production' | 'demo' | 'issuer'>,
): Promise<Seed> {
  const { seedFile, production, demo, issuer } = config;
  if (seedFile === undefined) return { scopes: {}, resources: {}, clients: [], users: [] };
  const { readSeed } = loadWithZod('./program/seed') as typeof import('./seed.ts');
  const seed = await readSeed(seedFile, { production });
  if (demo) {
    const { settleDemo } = await import('../demo/demo.ts');
    settleDemo(seed, issuer);
  }
  return seed;
}

/** Does something again and again until the database is there for it. */
type Patiently = <T>(work: () => Promise<T>) => Promise<T>;

/** @param ms how long it tries, for everything that is done with it together */
function patienceOf(ms: number): Patiently {
  const deadline = performance.now() + ms;
  let said = '';
  return async (work) => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const left = deadline - performance.now();
        if (!(error instanceof StoreUnavailable) || left <= 0) throw error;
        if (error.message !== said) {
          said = error.message;
          process.stderr.write(`${said}\nTrying again for ${Math.ceil(left / 1000)} s.\n`);
        }
        await wait(RETRY_INTERVAL);
      }
    }
  };
}

async function open(
  { databaseUrl, databaseConnections: connections }: Config,
  migrate: boolean,
  patiently: Patiently,
): Promise<Store> {
  if (databaseUrl === undefined) return memoryStore();
  const { openStore } = await import('../store/open.ts');
  // A file that cannot be opened now cannot be opened later. A database server may be starting.
  if (databaseUrl.startsWith('sqlite:')) return openStore(databaseUrl, { migrate });
  return patiently(() => openStore(databaseUrl, { migrate, connections }));
}

/**
 * Serves until a signal ends it.
 *
 * @returns once it listens
 * @throws ListenError
 */
export async function serve(config: Config, { store, seed }: Prepared, log: Logger): Promise<void> {
  const { app, events, ready, announceStop, close } = createApp(config, store, seed);
  logEvents(log, events);
  const patiently = patienceOf(PATIENCE);
  // In memory there is nothing to find out, and its keys are made for the first who asks for them.
  if (config.databaseUrl !== undefined) await patiently(ready);
  await patiently(() => warnOfRecords(config, { store, seed }, log));

  const { server, stop } = stoppableServer(logRequests(log, app));
  warn(config, server, log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(config, error)));
    server.listen(config.port, config.host, resolve);
  });

  let stopping = false;
  const end = async (signal: string) => {
    // The signal may come twice: to the whole group of processes, and again from npm or the process
    // that started this one. The second must not cut off the requests in flight.
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    announceStop();
    try {
      await stop(config.shutdownDelay * 1000);
      await close();
      await store.close();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'failure');
      process.exit(1);
    }
  };
  process.on('SIGTERM', end).on('SIGINT', end);
}

/** Warns of records in the store that the settings do not explain. */
async function warnOfRecords(
  config: Config,
  { store, seed }: Prepared,
  log: Logger,
): Promise<void> {
  for (const id of await store.clients.listShared(MAX_WARNINGS)) {
    log.warn({ id }, 'a client and a user share this id: rename one, for tokens call both by it');
  }
  if (!config.demo) {
    const known = new Set(seed.clients.map((client) => client.client_id));
    const left = await store.clients.listBySource('seed');
    for (const { id: clientId } of left.filter(({ id }) => !known.has(id)).slice(0, MAX_WARNINGS)) {
      log.warn({ clientId }, 'a client that is no longer in the seed file still works');
    }
  }
}

/** Warns of settings that may be meant, but hardly in production. Each warning comes once. */
function warn(config: Config, server: Server, log: Logger): void {
  if (!config.production) return;
  if (config.databaseUrl === undefined) {
    log.warn('everything is kept in memory and gone after a restart: set DATABASE_URL');
  }
  if (config.trustProxy !== false) return;
  const look = ({ headers }: IncomingMessage) => {
    if (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined) return;
    server.off('request', look);
    log.warn(
      'a request came through a proxy, or says so, but TRUST_PROXY is off: set it if there is a proxy, whose address otherwise counts as that of everybody',
    );
  };
  server.on('request', look);
}

/** Why the server cannot listen, and what to do about it. */
function cannotListen({ host, port }: Config, error: NodeJS.ErrnoException): ListenError {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} on ${host} is in use, perhaps by another copy of this server. Stop that, or set PORT.`,
        cause,
      );
    case 'EACCES':
      return new ListenError(
        `Port ${port} is not for ordinary users. Set PORT to one above 1023.`,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `${host} is not an address of this machine. Set HOST to one, or to 0.0.0.0 for all.`,
        cause,
      );
    default:
      return new ListenError(
        `The server cannot listen on ${host}:${port}: ${error.message}`,
        cause,
      );
  }
}
