// One of several processes (WORKERS). The process that started it reads the seed file, and sends what is
// in it, at the start and after each SIGHUP: so all of them serve the same.

import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Seed } from './seed.ts';
import { prepareWorker, serve } from './serve.ts';

/** What such a process is sent. */
export interface Order {
  /** Checked, and in the store already. */
  readonly seed: Seed;
}

/**
 * Serves until a signal ends it.
 *
 * @returns once it listens
 * @throws ListenError, StoreUnavailable
 */
export async function work(config: Config, log: Logger): Promise<void> {
  let newest: Seed | undefined;
  let tell = () => {};
  process.on('message', ({ seed }: Order) => {
    newest = seed;
    tell();
  });
  if (newest === undefined) await new Promise<void>((resolve) => (tell = resolve));
  let served = newest!;
  const { takeOver } = await serve(config, await prepareWorker(config, served), log);
  let isBusy = false;
  tell = async () => {
    if (isBusy) return;
    isBusy = true;
    while (newest !== served) {
      served = newest!;
      await takeOver(served).catch((error: unknown) => log.error({ err: error }, 'failure'));
    }
    isBusy = false;
  };
  tell();
}
