// The server, once the settings are right: in this process, or in several.

import cluster from 'node:cluster';
import type { Config } from './config.ts';
import { greeting } from './greeting.ts';
import type { Hangup } from './hangup.ts';
import { createLog } from './log.ts';
import { logApplied, reread } from './reread.ts';
import { prepare, serve } from './serve.ts';
import { work } from './worker.ts';
import { supervise } from './workers.ts';

/**
 * Starts what the settings ask for, and greets whoever started it.
 *
 * @throws as `prepare` does, and ListenError
 */
export async function start(config: Config, hangup: Hangup): Promise<void> {
  const log = createLog(config.logLevel);
  if (cluster.isWorker) return work(config, log);
  if (config.workers > 1) return supervise(config, log, hangup);
  const prepared = await prepare(config);
  const { takeOver } = await serve(config, prepared, log);
  logApplied(log, prepared.applied);
  hangup.does(() => reread(config, prepared.store, log, takeOver), log);
  process.stdout.write(await greeting(config, prepared.seed));
}
