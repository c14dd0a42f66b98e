#!/usr/bin/env node
// npm start, and npm run migrate: what the environment and the command line ask for.

import cluster from 'node:cluster';
import { SecretError } from './oauth/keys.ts';
import { ConfigError, readConfig, readDatabaseUrl } from './program/config.ts';
import { greeting } from './program/greeting.ts';
import { SeedError } from './program/seed.ts';
import { ListenError, prepare, prepareWorker, serve } from './program/serve.ts';
import { loadEnvFile } from './program/text-file.ts';
import { reportToSupervisor, supervise } from './program/workers.ts';
import { migrateDatabase } from './store/open.ts';
import { SchemaError } from './store/schema.ts';
import { StoreUnavailable, UnsuitableDatabase } from './store/store.ts';

/** Errors that a person can do something about: the message says what. */
const EXPECTED = [
  ConfigError,
  ListenError,
  SchemaError,
  SecretError,
  SeedError,
  StoreUnavailable,
  UnsuitableDatabase,
] as const;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  if (cluster.isWorker) return serve(config, await prepareWorker(config));
  if (config.workers > 1) return supervise(config);
  const prepared = await prepare(config);
  await serve(config, prepared);
  process.stdout.write(greeting(config, prepared.seed));
}

async function migrate(): Promise<void> {
  const { from, to } = await migrateDatabase(readDatabaseUrl(process.env));
  process.stdout.write(
    from === to
      ? `The tables of the database are of version ${to} already.\n`
      : `The tables of the database are of version ${to} now; they were of version ${from}.\n`,
  );
}

async function run(command: string | undefined): Promise<void> {
  if (command === undefined) return start();
  if (command === 'migrate') return migrate();
  throw new ConfigError(
    `There is no command ${command}. There is migrate; without one, the server starts.`,
  );
}

try {
  loadEnvFile('.env', process.env);
  await run(process.argv[2]);
} catch (error) {
  if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
  const { message } = error as Error;
  if (!reportToSupervisor(message)) process.stderr.write(`${message}\n`);
  // Connections to a database may still be open.
  process.exitCode = 1;
  setImmediate(() => process.exit());
}
