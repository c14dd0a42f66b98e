// People in a file of comma-separated values (RFC 4180), whose first line has the names of a seed's fields.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type BroughtUser, UnknownField, UnreadableImport } from './brought.ts';

/** Fields that are lists, with a semicolon between what is in them. */
const LISTS = new Set(['groups']);
/** Fields that are true or false, and those that are objects of JSON. */
const FLAGS = new Set(['email_verified', 'phone_number_verified', 'disabled']);
const OBJECTS = new Set(['address']);
const NUMBERS = new Set(['updated_at']);

/**
 * Reads people one by one: a file may be longer than memory is large.
 *
 * @param path of the file
 * @param fields the names that the first line may have
 * @throws UnreadableImport if the file cannot be read, or a line has too many or too few fields
 * @throws UnknownField
 */
export async function* readCsv(
  path: string,
  fields: readonly string[],
): AsyncGenerator<BroughtUser> {
  const lines = parse({
    bom: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: 64 * 1024,
    columns: (names: string[]) => {
      const stranger = names.find((name) => !fields.includes(name));
      if (stranger !== undefined) throw new UnknownField(stranger);
      return names;
    },
  });
  // Whoever reads is told of an error at either end.
  pipeline(createReadStream(path), lines, () => {});
  try {
    for await (const { record, info } of lines as AsyncIterable<Line>) {
      yield { place: `line ${info.lines}`, entry: entryOf(record) };
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CsvError) throw new UnreadableImport(`cannot be read: ${error.message}`);
    if (code !== undefined) throw new UnreadableImport(`cannot be read: ${code}`);
    throw error;
  }
}

interface Line {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** What the fields of a line say; an empty one says nothing. */
function entryOf(record: Line['record']): Record<string, unknown> {
  const said = Object.entries(record).filter(([, text]) => text !== '');
  return Object.fromEntries(said.map(([name, text]) => [name, valueIn(name, text)]));
}

/** What is not as it should be stays a text, and is refused where fields are checked. */
function valueIn(name: string, text: string): unknown {
  if (LISTS.has(name))
    return text
      .split(';')
      .map((one) => one.trim())
      .filter(Boolean);
  if (FLAGS.has(name) && (text === 'true' || text === 'false')) return text === 'true';
  if (NUMBERS.has(name) && /^\d{1,15}$/.test(text)) return Number(text);
  if (!OBJECTS.has(name)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
