// What an error of SQLite means: https://www.sqlite.org/rescode.html

import { StoreUnavailable } from './store.ts';

const BUSY = 5;
const UNAVAILABLE: Readonly<Record<number, string>> = {
  [BUSY]: 'The database is busy: another process holds on to it.',
  6: 'The database is busy.',
  8: 'The database cannot be written: the file or its folder is read-only.',
  10: 'The disk of the database does not work as it should.',
  13: 'The disk of the database is full.',
  14: 'The database file cannot be opened.',
};

/** Read-only, an error of the disk, a full disk. */
const TAKES_NO_WRITES = [8, 10, 13];

function codeOf(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: number };
  // The upper bits only add detail.
  return errcode === undefined ? undefined : errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/** Whether what `asUnavailable` has made of an error means that the database takes no writes now. */
export function isWriteNotTaken(error: unknown): boolean {
  return TAKES_NO_WRITES.includes(codeOf((error as Error).cause) ?? 0);
}

/** The error itself, or a StoreUnavailable with it as its cause, if it is not the fault of the caller. */
export function asUnavailable(error: unknown): unknown {
  const message = UNAVAILABLE[codeOf(error) ?? -1];
  return message === undefined ? error : new StoreUnavailable(message, { cause: error });
}
