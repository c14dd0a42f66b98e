// A file that a command writes: whole, or not at all.

import { createWriteStream, realpathSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { randomId } from '../protocol/secrets.ts';
import { CommandError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** Hashes and secrets are for the owner alone. */
const OWNER_ALONE = 0o600;

/**
 * Writes a file beside its place, and puts it there once it is whole: until then whoever reads there finds
 * what was there before. Only its owner can read it.
 *
 * @param path of the file, which may be there
 * @param work writes its text
 * @throws CommandError if it cannot be written; what was there before is there still
 */
export async function writeFileBy(
  path: string,
  work: (write: Terminal['write']) => Promise<void>,
): Promise<void> {
  const place = await placeOf(path);
  const beside = `${place}.${randomId()}`;
  const file = createWriteStream(beside, { flags: 'wx', mode: OWNER_ALONE });
  // Whoever writes is told; what comes between two writes is told to the next.
  file.on('error', () => undefined);
  try {
    await work(
      (text) =>
        new Promise((resolve, reject) => {
          file.write(text, (error) => (error ? reject(unwritable(path, error)) : resolve()));
        }),
    );
    file.end();
    await finished(file);
    await rename(beside, place);
  } catch (error) {
    file.destroy();
    await rm(beside, { force: true });
    throw isOfTheSystem(error) ? unwritable(path, error) : error;
  }
}

/** Where the file is, if the path is that of a link. @throws CommandError if something else is there */
async function placeOf(path: string): Promise<string> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return path;
  if (there.isFile()) return realpathSync(path);
  throw new CommandError(`${path} cannot be written: it is there, and is no file.`);
}

const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

const unwritable = (path: string, { code, message }: NodeJS.ErrnoException) =>
  new CommandError(`${path} cannot be written: ${code ?? message}`);
