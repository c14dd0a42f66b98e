// Servers that are ready to be measured, and the load that measures them.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Browser } from './browser.ts';
import { checkServer } from './checks.ts';
import type { Person } from './jobs.ts';
import type { Measured, Order } from './load.ts';
import { answering, launchLoad, type Running } from './running.ts';
import { PATHS, personName, type Row } from './target.ts';

/** Sign-ins at a time; more would have to stand in line for the hashing of passwords. */
const AT_A_TIME = 4;

/** A server that has been checked, with people who are signed in. */
export interface Ready extends Running {
  readonly rows: readonly Row[];
  readonly people: readonly Person[];
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
  const isSigned = rows.includes('code') || rows.includes('refresh');
  const names = Array.from({ length: isSigned ? people : 0 }, (_, index) => personName(index));
  return { ...running, rows, people: await signIn(port, names) };
}

/** Signs people in, a few at a time, and has them allow the client what it asks for. */
async function signIn(port: number, names: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  const left = names.values();
  const some = Array.from({ length: AT_A_TIME }, async () => {
    for (const name of left) {
      const browser = new Browser(port);
      await browser.allow(name);
      people.push({ name, cookie: browser.cookieFor(PATHS.authorize) });
    }
  });
  await Promise.all(some);
  return people;
}

export class Load {
  readonly #child: ChildProcess = launchLoad();

  async measure(
    { port, pid, people, server }: Ready,
    order: Omit<Order, 'port' | 'pid' | 'people'>,
  ): Promise<Measured> {
    const answered = once(this.#child, 'message');
    this.#child.send({ ...order, port, pid, people } satisfies Order);
    const [{ measured, error }] = await answered;
    if (error !== undefined) throw new Error(`${server.name}, ${order.row}: ${error}`);
    return measured;
  }

  stop(): void {
    this.#child.kill();
  }
}
