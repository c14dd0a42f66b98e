// How one of several processes says why it cannot start: the process that started it tells the person.

import cluster from 'node:cluster';

/** What such a process sends: the reason. */
export interface Complaint {
  readonly complaint: string;
}

/**
 * Tells the process that started this one why it ends.
 *
 * @returns whether there is such a process
 */
export function reportToSupervisor(complaint: string): boolean {
  if (!cluster.isWorker) return false;
  process.send?.({ complaint } satisfies Complaint);
  return true;
}
