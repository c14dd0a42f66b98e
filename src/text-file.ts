// Files that people edit, on whatever system: a text is read as it was meant.

import { readFileSync } from 'node:fs';

/** A file cannot be read; the message says why, to follow its name. */
export class UnreadableFile extends Error {
  /** As Node names it; absent if the file is there, and is no text. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The text of a file: in UTF-8, or in UTF-16 if it begins with the mark of that, as some editors and
 * shells of Windows write it. The mark is no part of the text.
 *
 * @throws UnreadableFile
 */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UnreadableFile(`cannot be read: ${code}`, code);
  }
  const mark = bytes.subarray(0, 2).toString('latin1');
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('is not text in UTF-8: save it as UTF-8');
  }
}
