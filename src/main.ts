#!/usr/bin/env node
// npm start and every command: what the environment and the command line ask for.
//
// The rest of the program is loaded once the settings are right: a mistake in them is reported at once,
// and most commands need no server.

import { OperatorError } from './operator-error.ts';
import { reportToSupervisor } from './program/complaint.ts';
import { readConfig } from './program/config.ts';
import { loadEnvFile } from './program/env-file.ts';
import { listenForHangup } from './program/hangup.ts';

async function server(): Promise<void> {
  const config = readConfig(process.env);
  // Before anything is waited for: a database may be away.
  const hangup = listenForHangup();
  const { start } = await import('./program/start.ts');
  await start(config, hangup);
}

async function command(args: readonly string[], fromFile: ReadonlySet<string>): Promise<void> {
  const { runCommand } = await import('./commands/program.ts');
  process.exitCode = await runCommand(args, { env: process.env, fromFile });
}

try {
  const fromFile = await loadEnvFile('.env', process.env);
  const args = process.argv.slice(2);
  await (args.length === 0 ? server() : command(args, fromFile));
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  const { message } = error;
  if (!reportToSupervisor(message)) process.stderr.write(`${message}\n`);
  // Connections to a database may still be open.
  process.exitCode = 1;
  setImmediate(() => process.exit());
}
