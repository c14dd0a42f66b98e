// Servers that are ready to be measured, and the load that measures them.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Browser } from './browser.ts';
import { checkServer } from './checks.ts';
import type { Measured, Order } from './load.ts';
import { answering, launchLoad, type Running } from './running.ts';
import { PATHS, personName, type Row } from './target.ts';

/** A server that has been checked, with people who are signed in. */
export interface Ready extends Running {
  readonly rows: readonly Row[];
  readonly cookies: readonly string[];
}

/** Waits for a server, signs its people in, and checks that it does its job. */
export async function makeReady(
  running: Running,
  asked: readonly Row[],
  people: number,
): Promise<Ready> {
  await answering(running);
  const { port, server } = running;
  const rows = asked.filter((row) => server.rows.includes(row));
  try {
    await checkServer(port, rows, personName(people));
  } catch (error) {
    throw new Error(`${server.name} does not do its job.`, { cause: error });
  }
  const cookies: string[] = [];
  if (rows.includes('code') || rows.includes('refresh')) {
    for (let index = 0; index < people; index += 1) {
      const browser = new Browser(port);
      await browser.allow(personName(index));
      cookies.push(browser.cookieFor(PATHS.authorize));
    }
  }
  return { ...running, rows, cookies };
}

export class Load {
  readonly #child: ChildProcess = launchLoad();

  async measure(
    { port, pid, cookies, server }: Ready,
    order: Omit<Order, 'port' | 'pid' | 'cookies'>,
  ): Promise<Measured> {
    const answered = once(this.#child, 'message');
    this.#child.send({ ...order, port, pid, cookies } satisfies Order);
    const [{ measured, error }] = await answered;
    if (error !== undefined) throw new Error(`${server.name}, ${order.row}: ${error}`);
    return measured;
  }

  stop(): void {
    this.#child.kill();
  }
}
