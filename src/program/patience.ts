// A database that is away may come back: whoever starts waits for it.

import { setTimeout as wait } from 'node:timers/promises';
import { StoreUnavailable } from '../store/store.ts';

/** Milliseconds that a database may be away when the server starts, and between two attempts. */
export const PATIENCE = 30_000;
const RETRY_INTERVAL = 1000;

/** Does something again and again until the database is there for it. */
export type Patiently = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * @param ms how long it tries, for everything that is done with it together
 * @param tell says why it has to
 */
export function patienceOf(ms = PATIENCE, tell = toStderr): Patiently {
  const deadline = performance.now() + ms;
  let said = '';
  return async (work) => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const left = deadline - performance.now();
        if (!(error instanceof StoreUnavailable) || left <= 0) throw error;
        if (error.message !== said) {
          said = error.message;
          tell(`${said}\nTrying again for ${Math.ceil(left / 1000)} s.`);
        }
        await wait(RETRY_INTERVAL);
      }
    }
  };
}

function toStderr(message: string): void {
  process.stderr.write(`${message}\n`);
}
