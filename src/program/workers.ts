// WORKERS: several processes on one port. The process here starts them, replaces one that has died,
// and ends them. It serves nothing itself.

import cluster, { type Worker } from 'node:cluster';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Complaint } from './complaint.ts';
import type { Config } from './config.ts';
import { greeting } from './greeting.ts';
import type { Hangup } from './hangup.ts';
import { logApplied, reread } from './reread.ts';
import { prepare } from './serve.ts';
import { quietInstant } from './stopping.ts';
import type { Order } from './worker.ts';

/** Milliseconds from the death of a process to the start of the next. */
const RESTART_DELAY = 1000;

/**
 * Starts the processes, and keeps them until a signal ends this one. If one of them cannot start in
 * the first place, all end, with exit code 1. So they do if none is left, and the next cannot start.
 */
export async function supervise(config: Config, log: Logger, hangup: Hangup): Promise<void> {
  // What would make every process fail is found here, and reported once.
  const { store, seed, applied } = await prepare(config);
  await store.close();
  logApplied(log, applied);
  let order: Order = { seed };

  const welcome = await greeting(config, seed);
  /** How many have ever listened, and those that do. */
  let listening = 0;
  const serving = new Set<Worker>();
  let ending: number | undefined;
  const workers = new Map<Worker, Handover>();

  const end = async (code: number) => {
    if (ending !== undefined) return;
    ending = code;
    if (workers.size === 0) process.exit(ending);
    for (const worker of workers.keys()) worker.process.kill('SIGTERM');
    if (code === 0) await wait(config.shutdownDelay * 1000);
    // No connection waits to be handed over while a process is free.
    const all = () => [...workers.values()];
    await quietInstant(
      () => all().reduce((sum, { count }) => sum + count, 0),
      () => all().some(({ pending }) => pending === 0),
    );
    // This closes the port for all at once. They still answer what has been handed over to them.
    for (const worker of workers.keys()) worker.disconnect();
  };

  // One that has just died takes no order, and the next one gets the newest.
  const give = (worker: Worker) => worker.isConnected() && worker.send(order, () => {});

  const fork = () => {
    const worker = cluster.fork();
    workers.set(worker, watchHandover(worker));
    give(worker);
    worker.once('listening', () => {
      listening += 1;
      serving.add(worker);
      if (listening === config.workers) process.stdout.write(welcome);
    });
    worker.on('message', ({ complaint }: Complaint) => {
      if (complaint === undefined || ending !== undefined) return;
      if (listening < config.workers) {
        process.stderr.write(`${complaint}\n`);
        return void end(1);
      }
      const problems = complaint.split('\n');
      log.error(
        { pid: worker.process.pid, problems },
        'a process cannot take the place of another',
      );
      // Nobody is served, and whoever watches this process can do more than it can.
      if (serving.size === 0) void end(1);
    });
  };

  cluster.on('exit', (worker: Worker, code, signal) => {
    workers.delete(worker);
    serving.delete(worker);
    if (ending !== undefined) {
      if (workers.size === 0) process.exit(ending);
      return;
    }
    // Once all have been listening, what ended this one may not happen again.
    if (listening < config.workers) return void end(1);
    const { pid } = worker.process;
    log.error({ pid, code, signal }, 'a process has died, another takes its place');
    setTimeout(() => {
      if (ending === undefined) fork();
    }, RESTART_DELAY);
  });

  process.on('SIGTERM', () => end(0)).on('SIGINT', () => end(0));
  hangup.does(
    () =>
      reread(config, undefined, log, async (read) => {
        order = { seed: read };
        for (const worker of workers.keys()) give(worker);
      }),
    log,
  );
  for (let count = 0; count < config.workers; count += 1) fork();
}

interface Handover {
  /** Connections handed to the process. */
  readonly count: number;
  /** Connections that the process has not acknowledged yet. */
  readonly pending: number;
}

/**
 * Watches how node:cluster hands connections to a process. If the process dies, node:cluster forgets
 * the connection that is on its way to it. That would stay open, and its client would wait for ever,
 * so it is closed here.
 */
function watchHandover(worker: Worker): Handover {
  const send = worker.process.send.bind(worker.process) as (...args: unknown[]) => boolean;
  // It hands over one at a time. The one before is closed already, and closing it again does no harm.
  let handed: { close(): void } | undefined;
  let count = 0;
  let pending = 0;
  worker.process.send = (...args: unknown[]) => {
    // A message of ours has a function there, if anything.
    if (typeof args[1] === 'object' && args[1] !== null) {
      handed = args[1] as typeof handed;
      count += 1;
      pending += 1;
    }
    return send(...args);
  };
  worker.process.on('internalMessage', ({ ack }: { ack?: number }) => {
    if (ack !== undefined) pending -= 1;
  });
  worker.once('exit', () => handed?.close());
  return {
    get count() {
      return count;
    },
    get pending() {
      return pending;
    },
  };
}
