#!/usr/bin/env node
// npm start and every command: what the environment and the command line ask for.
//
// The rest of the program is loaded once the settings are right: a mistake in them is reported at once,
// and most commands need no server.

import cluster from 'node:cluster';
import { OperatorError } from './operator-error.ts';
import { reportToSupervisor } from './program/complaint.ts';
import { readConfig } from './program/config.ts';
import { loadEnvFile } from './program/env-file.ts';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const { createLog } = await import('./program/log.ts');
  const { listenForHangup } = await import('./program/hangup.ts');
  const log = createLog(config.logLevel);
  // Before anything is waited for: a database may be away.
  const hangup = listenForHangup(log);
  if (config.workers > 1 && cluster.isPrimary) {
    const { supervise } = await import('./program/workers.ts');
    return supervise(config, log, hangup);
  }
  if (cluster.isWorker) {
    const { work } = await import('./program/worker.ts');
    return work(config, log);
  }
  const { prepare, serve } = await import('./program/serve.ts');
  const { logApplied, reread } = await import('./program/reread.ts');
  const prepared = await prepare(config);
  const { takeOver } = await serve(config, prepared, log);
  logApplied(log, prepared.applied);
  hangup.does(() => reread(config, prepared.store, log, takeOver));
  const { greeting } = await import('./program/greeting.ts');
  process.stdout.write(await greeting(config, prepared.seed));
}

async function command(args: readonly string[], fromFile: ReadonlySet<string>): Promise<void> {
  const { runCommand } = await import('./commands/program.ts');
  const { processTerminal } = await import('./commands/terminal.ts');
  process.exitCode = await runCommand(args, {
    env: process.env,
    fromFile,
    terminal: processTerminal(),
  });
}

try {
  const fromFile = await loadEnvFile('.env', process.env);
  const args = process.argv.slice(2);
  await (args.length === 0 ? start() : command(args, fromFile));
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  const { message } = error;
  if (!reportToSupervisor(message)) process.stderr.write(`${message}\n`);
  // Connections to a database may still be open.
  process.exitCode = 1;
  setImmediate(() => process.exit());
}
