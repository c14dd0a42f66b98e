// One process of the running server: store, seed, listen, and an orderly end.

import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { memoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import { type App, createApp } from './app.ts';
import { type Applied, applySeed } from './apply-seed.ts';
import { type Config, ConfigError } from './config.ts';
import { listen, warnOfSettings } from './listening.ts';
import { logEvents, logRequests } from './log.ts';
import { PATIENCE, type Patiently, patienceOf } from './patience.ts';
import { readSeed, type Seed, SeedError, UnreadableSeed } from './seed.ts';
import { stoppableServer } from './stopping.ts';
import type { Env } from './variables.ts';

/** The most warnings of one kind. */
const MAX_WARNINGS = 10;

/** What a server serves from. */
export interface Serving {
  readonly store: Store;
  readonly seed: Seed;
}

export interface Prepared extends Serving {
  readonly applied: Applied;
}

/** A server that serves. */
export interface Running {
  /** From the next request on, the server is what another seed says. Requests under way are finished. */
  takeOver(seed: Seed): Promise<void>;
}

/**
 * The store, with its tables and the seed in it. Outside production the tables are brought to the
 * version of this release; in production somebody decides when: `npm run migrate`.
 *
 * @param patience milliseconds that the database may be away, or may only be read
 * @throws StoreUnavailable if it is still so after that
 * @throws SchemaError, SeedError
 * @throws ConfigError if the database is a file that is not there, and is not made
 * @throws SecretError if the store was used with another secret; nothing is changed then
 */
export async function prepare(config: Config, patience = PATIENCE): Promise<Prepared> {
  const seed = await fittingSeed(config);
  const patiently = patienceOf(patience);
  const store = await open(config, config.production ? 'as it is' : 'migrated', patiently);
  const applied = await patiently(async () => {
    if (config.databaseUrl !== undefined) {
      // A secret that is not the database's is found here, before something is encrypted with it.
      const { ready, close } = createApp(config, store, seed);
      // First, so that no background work runs at the same time.
      await close();
      await ready();
    }
    return apply(config, store, seed);
  });
  return { store, seed, applied };
}

/** What `prepare` does, for one of several processes. @param seed that is in the store already */
export async function prepareWorker(config: Config, seed: Seed): Promise<Serving> {
  return { store: await open(config, 'beside', patienceOf()), seed };
}

/**
 * Reads the seed file again, and puts it into the store. What is in the store and does not fit is found
 * before anything is written.
 *
 * @param given the store; it is opened, and closed again, if it is absent
 * @throws as `prepare` does
 */
export async function prepareAgain(
  config: Config,
  given: Store | undefined,
  log: Logger,
): Promise<Omit<Prepared, 'store'>> {
  const seed = await fittingSeed(config);
  const patiently = patienceOf(PATIENCE, (message) => log.error(message));
  const store = given ?? (await open(config, 'beside', patiently));
  try {
    const applied = await patiently(() => apply(config, store, seed));
    return { seed, applied };
  } finally {
    if (given === undefined) await store.close();
  }
}

async function apply(config: Config, store: Store, seed: Seed): Promise<Applied> {
  if (config.seedFile === undefined) return { leftAlone: [], unlisted: [] };
  return applySeed(store, seed, config.secret, config.demo ? 'demo' : 'seed');
}

/**
 * The seed for these settings.
 *
 * @param env has the variables that the file names
 * @throws SeedError as `seedOf` does; ConfigError if SELF_REGISTERED_SCOPES names a scope that the seed lacks
 */
export async function fittingSeed(config: Config, env: Env = process.env): Promise<Seed> {
  const seed = await seedOf(config, env);
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
 * @param env has the variables that the file names
 * @throws SeedError if the file cannot be read, or if anything in it is wrong
 */
export async function seedOf(
  config: Pick<Config, 'seedFile' | 'production' | 'demo' | 'issuer'>,
  env: Env = process.env,
): Promise<Seed> {
  const { seedFile, production, demo, issuer } = config;
  if (seedFile === undefined) return { scopes: {}, resources: {}, clients: [], users: [] };
  const seed = await readSeed(seedFile, { production, env }).catch((error: unknown) => {
    throw error instanceof UnreadableSeed ? new SeedError(`SEED_FILE: ${error.message}`) : error;
  });
  if (demo) {
    const { settleDemo } = await import('../demo/demo.ts');
    settleDemo(seed, issuer);
  }
  return seed;
}

/** @param how the tables are wanted; `beside` is for a server whose processes work with them already */
async function open(
  { databaseUrl, databaseConnections: connections }: Config,
  how: 'migrated' | 'as it is' | 'beside',
  patiently: Patiently,
): Promise<Store> {
  if (databaseUrl === undefined) return memoryStore();
  const { fileOf, openBeside, openStore } = await import('../store/open.ts');
  if (how !== 'migrated') assertThere(fileOf(databaseUrl));
  const opened = () =>
    how === 'beside'
      ? openBeside(databaseUrl, connections)
      : openStore(databaseUrl, { migrate: how === 'migrated', connections });
  // A file that cannot be opened now cannot be opened later. A database server may be starting.
  return databaseUrl.startsWith('sqlite:') ? opened() : patiently(opened);
}

/**
 * To open a file that is not there would make it, with nothing in it, and hide that the path is wrong.
 *
 * @throws ConfigError
 */
function assertThere(file: string | undefined): void {
  if (file === undefined || existsSync(file)) return;
  throw new ConfigError(
    `There is no database at ${file}, where DATABASE_URL has it. A path is relative to the folder in which the server is started. In production a start makes no database. If there is to be one, run: npm run migrate (or npx express-authorization-server migrate)`,
  );
}

/**
 * Serves until a signal ends it.
 *
 * @returns once it listens
 * @throws ListenError
 */
export async function serve(
  config: Config,
  { store, seed }: Serving,
  log: Logger,
): Promise<Running> {
  const patiently = patienceOf();
  /** The one that answers, and those before it that have not answered everything yet. */
  const apps = new Set<App>();
  const created = (of: Seed) => {
    const one = createApp(config, store, of);
    logEvents(log, one.events);
    apps.add(one);
    return one;
  };
  let app = created(seed);
  // In memory there is nothing to find out, and its keys are made for the first who asks for them.
  const untilReady = async (one: App) => {
    if (config.databaseUrl !== undefined) await patiently(one.ready);
  };
  await untilReady(app);
  await patiently(() => warnOfSharedIds(store, log));

  const { server, stop, answered } = stoppableServer(
    logRequests(log, (req, res) => app.app(req, res)),
    config.brand,
  );
  warnOfSettings(config, server, log);
  await listen(server, config);

  let stopping = false;
  const end = async (signal: string) => {
    // The signal may come twice: to the whole group of processes, and again from npm or the process
    // that started this one. The second must not cut off the requests in flight.
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    app.announceStop();
    try {
      await stop(config.shutdownDelay * 1000);
      await Promise.all([...apps].map((one) => one.close()));
      await store.close();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, 'failure');
      process.exit(1);
    }
  };
  process.on('SIGTERM', end).on('SIGINT', end);

  const drop = async (one: App) => {
    await one.close();
    apps.delete(one);
  };
  return {
    async takeOver(given) {
      const next = created(given);
      try {
        await untilReady(next);
      } catch (error) {
        await drop(next);
        throw error;
      }
      if (stopping) return;
      const before = app;
      app = next;
      answered()
        .then(() => drop(before))
        .catch((error: unknown) => log.error({ err: error }, 'failure'));
    },
  };
}

/** Warns of ids in the store that tokens cannot tell apart. */
async function warnOfSharedIds(store: Store, log: Logger): Promise<void> {
  for (const id of await store.clients.listShared(MAX_WARNINGS)) {
    log.warn({ id }, 'a client and a user share this id: rename one, for tokens call both by it');
  }
}
