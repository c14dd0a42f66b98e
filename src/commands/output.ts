// How commands show what they found: for people as lines and tables, for programs as JSON.

import { styleText } from 'node:util';

type Row = Readonly<Record<string, unknown>>;

/** Rows that are looked at together to find out how wide a column is. */
const SAMPLE = 100;

/**
 * Writes records as they come: as a table, or as an array of JSON. It needs no more memory the more there
 * are.
 *
 * @param columns the fields that a table shows, in their order
 */
export async function writeList(
  records: AsyncIterable<Row>,
  columns: readonly string[],
  { json = false }: { readonly json?: boolean | undefined },
): Promise<void> {
  await (json ? writeArray(records) : writeTable(records, columns));
}

/** Writes one record: a line for each field, or an object of JSON. */
export async function writeRecord(
  record: Row,
  { json = false }: { readonly json?: boolean | undefined },
): Promise<void> {
  if (json) return write(`${JSON.stringify(record, undefined, 2)}\n`);
  const fields = Object.entries(record).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  const lines = fields.map(([name, value]) => `${bold(name.padEnd(width))}  ${cell(value)}\n`);
  await write(lines.join(''));
}

async function writeArray(records: AsyncIterable<Row>): Promise<void> {
  let isFirst = true;
  for await (const record of records) {
    await write(`${isFirst ? '[' : ','}\n  ${JSON.stringify(record)}`);
    isFirst = false;
  }
  await write(isFirst ? '[]\n' : '\n]\n');
}

async function writeTable(records: AsyncIterable<Row>, columns: readonly string[]): Promise<void> {
  let widths: readonly number[] | undefined;
  let sample: string[][] = [];
  const line = (cells: readonly string[]) =>
    `${cells.map((text, at) => (at === cells.length - 1 ? text : text.padEnd(widths![at]!))).join('  ')}\n`;
  const flush = async () => {
    widths ??= columns.map((name, at) =>
      Math.max(name.length, ...sample.map((cells) => cells[at]!.length)),
    );
    const head = bold(line(columns));
    await write(head + sample.map(line).join(''));
    sample = [];
  };
  for await (const record of records) {
    const cells = columns.map((name) => cell(record[name]));
    if (widths !== undefined) await write(line(cells));
    else if (sample.push(cells) === SAMPLE) await flush();
  }
  if (widths === undefined) await flush();
}

/** A value in one line, whose control characters do nothing to a terminal. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = Array.isArray(value)
    ? value.map(String).join(' ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Only in a terminal, and not if NO_COLOR is set. */
function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

/** @returns once the reader has taken it, so that a long list does not pile up here */
export function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once('drain', resolve);
  });
}
