// How commands show what they have found: for people as lines and tables, for programs as JSON.

import type { Terminal } from './terminal.ts';

type Rows = AsyncIterable<object> | Iterable<object>;

export interface Format {
  /** As JSON, which has everything as it is. */
  readonly json?: boolean | undefined;
}

/** Rows that are looked at together to find out how wide a column is. */
const SAMPLE = 100;

/** The widest that a column gets, in characters; a value that is longer is shown all the same. */
const WIDEST = 60;

/**
 * Writes records as they come: as a table, or as an array of JSON. However many there are, it needs no
 * more memory.
 *
 * @param columns the fields that a table shows, in their order
 */
export async function writeList(
  terminal: Terminal,
  records: Rows,
  columns: readonly string[],
  { json = false }: Format,
): Promise<void> {
  await (json ? writeArray(terminal, records) : writeTable(terminal, records, columns));
}

/** Writes one record: a line for each field, or an object of JSON. */
export async function writeRecord(
  terminal: Terminal,
  record: object,
  { json = false }: Format,
): Promise<void> {
  if (json) return terminal.write(`${JSON.stringify(record, undefined, 2)}\n`);
  const fields = Object.entries(record).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  const lines = fields.map(
    ([name, value]) => `${terminal.bold(name.padEnd(width))}  ${cell(value)}\n`,
  );
  await terminal.write(lines.join(''));
}

/**
 * Writes what was done.
 *
 * @param sentence for people
 * @param record for programs
 */
export async function writeDone(
  terminal: Terminal,
  sentence: string,
  record: object,
  { json = false }: Format,
): Promise<void> {
  await terminal.write(`${json ? JSON.stringify(record, undefined, 2) : harmless(sentence)}\n`);
}

async function writeArray({ write }: Terminal, records: Rows): Promise<void> {
  let isFirst = true;
  for await (const record of records) {
    await write(`${isFirst ? '[' : ','}\n  ${JSON.stringify(record)}`);
    isFirst = false;
  }
  await write(isFirst ? '[]\n' : '\n]\n');
}

async function writeTable(
  { write, bold, tell }: Terminal,
  records: Rows,
  columns: readonly string[],
): Promise<void> {
  const last = columns.length - 1;
  const line = (cells: readonly string[], widths: readonly number[]) =>
    cells.map((text, at) => (at === last ? text : text.padEnd(widths[at]!))).join('  ');
  let widths: readonly number[] | undefined;
  let sample: string[][] = [];
  const writeSample = async () => {
    const widest = columns.map((name, at) =>
      Math.min(WIDEST, Math.max(name.length, ...sample.map((cells) => cells[at]!.length))),
    );
    const lines = sample.map((cells) => `${line(cells, widest)}\n`);
    await write(`${bold(line(columns, widest))}\n${lines.join('')}`);
    sample = [];
    return widest;
  };
  for await (const record of records) {
    const fields: Readonly<Record<string, unknown>> = { ...record };
    const cells = columns.map((name) => cell(fields[name]));
    if (widths !== undefined) await write(`${line(cells, widths)}\n`);
    else if (sample.push(cells) === SAMPLE) widths = await writeSample();
  }
  if (sample.length > 0) await writeSample();
  else if (widths === undefined) tell('There are none.');
}

/** A value in one line. */
export function cell(value: unknown): string {
  return harmless(textOf(value)).replaceAll('\n', '\\u000a');
}

/** A text whose control characters do nothing to a terminal, but for its ends of lines. */
export function harmless(text: string): string {
  return text.replaceAll(
    /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]|\p{Cs}/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
