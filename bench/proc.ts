// What Linux says of a process.

import { readFileSync } from 'node:fs';

export interface Cpu {
  /** Milliseconds, of all threads. */
  readonly user: number;
  readonly system: number;
}

/** Milliseconds of a tick of the kernel's clock, as /proc counts; it is the same on every machine. */
const TICK = 10;

/** The processor time that a process has used since it began; in steps of 10 ms. */
export function cpuOf(pid: number): Cpu {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets, which may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) * TICK, system: Number(fields[12]) * TICK };
}

/** Its resident memory, in MiB. */
export function residentOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
