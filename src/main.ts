#!/usr/bin/env node
// npm start, npm run migrate and npm run registration-token: what the environment and the command line ask for.
//
// The rest of the program is loaded once the settings are right: a mistake in them is reported at once,
// and migrating needs no server.

import cluster from 'node:cluster';
import { OperatorError } from './operator-error.ts';
import { reportToSupervisor } from './program/complaint.ts';
import { readConfig, readDatabaseUrl } from './program/config.ts';
import { loadEnvFile } from './program/env-file.ts';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const { createLog, ignoreHangup } = await import('./program/log.ts');
  const log = createLog(config.logLevel);
  // Before anything is waited for: a database may be away.
  ignoreHangup(log);
  if (config.workers > 1 && cluster.isPrimary) {
    const { supervise } = await import('./program/workers.ts');
    return supervise(config, log);
  }
  const { prepare, prepareWorker, serve } = await import('./program/serve.ts');
  if (cluster.isWorker) return serve(config, await prepareWorker(config), log);
  const prepared = await prepare(config);
  await serve(config, prepared, log);
  const { greeting } = await import('./program/greeting.ts');
  process.stdout.write(await greeting(config, prepared.seed));
}

async function command(args: readonly string[]): Promise<void> {
  const { runCommand } = await import('./commands/program.ts');
  process.exitCode = await runCommand(args, process.env);
}

async function migrate(): Promise<void> {
  const url = readDatabaseUrl(process.env);
  const { migrateDatabase } = await import('./store/open.ts');
  const { from, to } = await migrateDatabase(url);
  process.stdout.write(
    from === to
      ? `The tables of the database are of version ${to} already.\n`
      : `The tables of the database are of version ${to} now; they were of version ${from}.\n`,
  );
}

async function registrationToken(args: readonly string[]): Promise<void> {
  const { makeRegistrationToken } = await import('./program/registration-token.ts');
  process.stdout.write(`${await makeRegistrationToken(process.env, args)}\n`);
}

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) return start();
  if (name === 'migrate') return migrate();
  if (name === 'registration-token') return registrationToken(args);
  return command([name, ...args]);
}

try {
  await loadEnvFile('.env', process.env);
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  const { message } = error;
  if (!reportToSupervisor(message)) process.stderr.write(`${message}\n`);
  // Connections to a database may still be open.
  process.exitCode = 1;
  setImmediate(() => process.exit());
}
