// People in a file of comma-separated values (RFC 4180), whose first line has the names of a seed's fields.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { unreadable } from '../text-file.ts';
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
  let isBegun = false;
  const lines = parse({
    skip_empty_lines: true,
    info: true,
    max_record_size: 64 * 1024,
    columns: (header: string[]) => {
      isBegun = true;
      return namesIn(header, fields);
    },
  });
  // The reader is told of an error at either end.
  pipeline(createReadStream(path), decoded, lines, () => {});
  try {
    for await (const { record, info } of lines as AsyncIterable<Line>) {
      yield { place: `line ${info.lines}`, entry: entryOf(record) };
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CsvError) throw new UnreadableImport(reasonOf(error));
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new UnreadableImport('is not text in UTF-8: save it as UTF-8');
    }
    if (code !== undefined) throw new UnreadableImport(unreadable(code));
    throw error;
  }
  if (!isBegun) throw new UnreadableImport('is empty: its first line has the names of fields');
}

const OUT_OF_PLACE =
  'has a quotation mark that is out of place: a field with one in it stands in quotation marks, and has it twice';

/** What the errors of the parser mean. */
const REASONS: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: OUT_OF_PLACE,
  CSV_INVALID_CLOSING_QUOTE: OUT_OF_PLACE,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: OUT_OF_PLACE,
  CSV_QUOTE_NOT_CLOSED: 'has a quotation mark that is never closed',
  CSV_RECORD_INCONSISTENT_COLUMNS: 'has more or fewer fields than its first line names',
  CSV_MAX_RECORD_SIZE:
    'has somebody of more than 64 KiB, perhaps because of a quotation mark that is never closed',
};

/** Without what the parser says: it cites the file, and that may be a password. */
function reasonOf({ code, ...context }: CsvError): string {
  const { lines } = context as { lines?: unknown };
  const reason = REASONS[code] ?? `cannot be read as comma-separated values (${code})`;
  return typeof lines === 'number' ? `${reason} (line ${lines})` : reason;
}

/** Text in UTF-8, without the mark that it may begin with. */
async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  for await (const some of bytes) {
    const text = decoder.decode(some, { stream: true });
    if (isFirst && /^\s*[[{]/.test(text)) {
      throw new UnreadableImport('is JSON, and no file of comma-separated values');
    }
    isFirst = false;
    yield text;
  }
  yield decoder.decode();
}

/** The names of fields in a first line. */
function namesIn(header: readonly string[], fields: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const [first = ''] = names;
  if (names.length === 1 && /[;\t]/.test(first)) {
    throw new UnreadableImport('separates its fields by something other than commas');
  }
  const stranger = names.find((name) => !fields.includes(name));
  if (stranger === '') throw new UnreadableImport('has a field without a name in its first line');
  if (stranger !== undefined) throw new UnknownField(stranger);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UnreadableImport(`has the field ${twice} twice`);
  if (!names.includes('username')) throw new UnreadableImport('has no field username');
  return names;
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
