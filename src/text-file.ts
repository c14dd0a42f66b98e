// Files that people edit, on whatever system: a text is read as it was meant.

import { readFileSync } from 'node:fs';

/** A file cannot be read; the message says why, to follow its name. */
export class UnreadableFile extends Error {
  /** As Node names it; absent if the file is there, and is not text. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** What the codes of Node mean that people meet. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions do not allow it',
};

/** What a file is that Node cannot read, to follow its name. @param code as Node names the error */
export function unreadable(code: string): string {
  const meaning = MEANINGS[code];
  return `cannot be read: ${meaning === undefined ? code : `${meaning} (${code})`}`;
}

/**
 * The text of a file: in UTF-8, or in UTF-16 if it begins with the mark of that, as some editors and
 * shells of Windows write it. The mark is not part of the text.
 *
 * @throws UnreadableFile
 */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UnreadableFile(unreadable(code), code);
  }
  return decoded(bytes);
}

/** The same of the bytes of a file. */
export function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('latin1');
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('is not text in UTF-8: save it as UTF-8');
  }
}

/** What the parser cites around a mistake. */
const CITED = /, (?:\.\.\.)?"([\s\S]*)"(?:\.\.\.)? is not valid JSON$/;

/**
 * What a file of JSON says.
 *
 * @throws UnreadableFile if it is not JSON; what the file says is not in the message: that may be a secret
 */
export function parseJson(json: string): unknown {
  // A byte order mark may have come with it (RFC 8259 section 8.1).
  const text = json.replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const [, cited] = CITED.exec(message) ?? [];
    if (cited === undefined) throw new UnreadableFile(`is not JSON: ${message}`);
    const line = text.slice(0, text.indexOf(cited) + cited.length / 2).split('\n').length;
    throw new UnreadableFile(`is not JSON: something in line ${line} is out of place`);
  }
}
