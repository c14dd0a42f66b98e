// WORKERS: several processes on one port. This is the one that starts them, replaces one that has
// died, and ends them; it serves nothing itself.

import cluster, { type Worker } from 'node:cluster';
import type { Config } from './config.ts';
import { greeting } from './greeting.ts';
import { createLog } from './log.ts';
import { prepare } from './serve.ts';

/** Milliseconds from the death of a process to the start of the next. */
const RESTART_DELAY = 1000;

/** What a process says that cannot start: why. */
interface Complaint {
  readonly complaint: string;
}

/** Tells the process that started this one why it ends; answers whether there is one. */
export function reportToSupervisor(complaint: string): boolean {
  if (!cluster.isWorker) return false;
  process.send?.({ complaint } satisfies Complaint);
  return true;
}

/**
 * Starts the processes, and keeps them until a signal ends this one. Where one cannot start in the
 * first place all end, with exit code 1.
 */
export async function supervise(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  // What makes every process fail is found here, and said once.
  const { store, seed } = await prepare(config);
  await store.close();

  let listening = 0;
  let ending: number | undefined;

  const end = (code: number) => {
    ending ??= code;
    const workers = Object.values(cluster.workers ?? {});
    for (const worker of workers) worker?.process.kill('SIGTERM');
    if (workers.length === 0) process.exit(ending);
  };

  const fork = () => {
    const worker = cluster.fork();
    closeWhatIsLost(worker);
    worker.once('listening', () => {
      listening += 1;
      if (listening === config.workers) process.stdout.write(greeting(config, seed));
    });
    worker.on('message', ({ complaint }: Complaint) => {
      if (complaint !== undefined && ending === undefined) process.stderr.write(`${complaint}\n`);
      if (listening < config.workers) end(1);
    });
  };

  cluster.on('exit', ({ process: { pid } }: Worker, code, signal) => {
    if (ending !== undefined) {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(ending);
      return;
    }
    // Where all have been listening once, what ended this one may not be there the next time.
    if (listening < config.workers) return end(1);
    log.error({ pid, code, signal }, 'a process has died, another takes its place');
    setTimeout(() => {
      if (ending === undefined) fork();
    }, RESTART_DELAY);
  });

  process.on('SIGTERM', () => end(0)).on('SIGINT', () => end(0));
  for (let count = 0; count < config.workers; count += 1) fork();
}

/**
 * The connection that node:cluster is handing to a process when that dies it forgets: it would stay
 * open, served by nobody, and its client would wait for ever.
 */
function closeWhatIsLost(worker: Worker): void {
  const send = worker.process.send.bind(worker.process) as (...args: unknown[]) => boolean;
  // It hands over one at a time, and has closed the one before, which may be closed again.
  let handed: { close(): void } | undefined;
  worker.process.send = (...args: unknown[]) => {
    handed = (args[1] as typeof handed) ?? handed;
    return send(...args);
  };
  worker.once('exit', () => handed?.close());
}
