// SIGHUP: somebody means that the seed file is to be read again. It comes, too, when the terminal or the
// connection is closed from which the server was started, so it never ends the server.

import type { Logger } from 'pino';

export interface Hangup {
  /**
   * From now on this is done at each signal, and at once if one has come before. It is done once at a
   * time; if signals come meanwhile, once more.
   *
   * @param log is told why it failed
   */
  does(work: () => Promise<void>, log: Logger): void;
}

export function listenForHangup(): Hangup {
  let work: (() => Promise<void>) | undefined;
  let isDue = false;
  let isBusy = false;

  async function run(): Promise<void> {
    if (work === undefined || isBusy) return;
    isBusy = true;
    while (isDue) {
      isDue = false;
      await work();
    }
    isBusy = false;
  }

  process.on('SIGHUP', () => {
    isDue = true;
    void run();
  });
  return {
    does(given, log) {
      work = () => given().catch((error: unknown) => log.error({ err: error }, 'failure'));
      void run();
    },
  };
}
