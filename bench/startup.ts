// --startup: how long a server takes from nothing to its first answer, what that costs, and how much
// memory it then has while nobody asks for anything.

import { setTimeout as wait } from 'node:timers/promises';
import type { Options } from './options.ts';
import { cpuOf, residentOf } from './proc.ts';
import { conditions, median, say, table, writeJson } from './report.ts';
import { answering, launch, REFERENCE, SERVERS, type Server, writeSeed } from './running.ts';

const PORT = 4900;
const IDLE_SECONDS = 2;

interface Start {
  readonly round: number;
  readonly name: string;
  /** Until the first token request is answered: milliseconds, and those of the processor. */
  readonly time: number;
  readonly cpu: number;
  /** MiB, two seconds later. */
  readonly memory: number;
}

async function measureStart(server: Server, round: number, folder: string): Promise<Start> {
  const begin = performance.now();
  const running = launch(server, PORT, folder);
  try {
    await answering(running);
    const time = performance.now() - begin;
    const { user, system } = cpuOf(running.pid);
    await wait(IDLE_SECONDS * 1000);
    return { round, name: server.name, time, cpu: user + system, memory: residentOf(running.pid) };
  } finally {
    await running.stop();
  }
}

/** Starts each server in turn, round by round. */
export async function measureStartup(options: Options, folder: string): Promise<void> {
  await writeSeed(folder, 0);
  const chosen = SERVERS.filter(({ name }) => options.only?.includes(name) ?? true);
  const starts: Start[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const server of chosen) starts.push(await measureStart(server, round, folder));
  }
  const all = chosen.map(({ name }) => {
    const own = starts.filter((start) => start.name === name);
    const reference = starts.filter((start) => start.name === REFERENCE);
    const ratios = own.flatMap(({ round, time }) => {
      const other = reference.find((start) => start.round === round);
      return other === undefined ? [] : [time / other.time];
    });
    return {
      name,
      time: median(own.map(({ time }) => time)),
      ratio: ratios.length === 0 ? undefined : median(ratios),
      cpu: median(own.map(({ cpu }) => cpu)),
      memory: median(own.map(({ memory }) => memory)),
    };
  });
  say(conditions(options));
  say();
  table(
    ['Server', 'first token after ms', 'ratio', 'CPU ms', 'idle MiB'],
    all.map(({ name, time, ratio, cpu, memory }) => [
      name,
      time.toFixed(0),
      ratio?.toFixed(2) ?? '',
      cpu.toFixed(0),
      memory.toFixed(0),
    ]),
  );
  writeJson('startup', options, { medians: all, starts });
}
