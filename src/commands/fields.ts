// Fields of a record as an operator types them: client_name=Agenda redirect_uris=https://agenda.example/cb

import { isPlainObject } from '../protocol/checks.ts';
import type { Problem } from '../protocol/problems.ts';
import { shown } from '../protocol/shown.ts';
import { readText, UnreadableFile } from '../text-file.ts';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { Operator } from './operator.ts';

/** What fields a kind of record has. */
export interface Fields {
  readonly names: readonly string[];
  /** One of them as it is typed. */
  readonly example: string;
  /** Those that nobody may type, for other users of the machine see what is typed: how they are given. */
  readonly secret: Readonly<Record<string, string>>;
  /** What is wrong with some of the fields, each by itself. */
  problems(fields: Record<string, unknown>): readonly Problem[];
}

/**
 * The fields that were typed. One that comes several times is a list, one with nothing after its `=` is
 * `null`, and what is not text is written as JSON.
 *
 * @param pairs `name=value`
 * @throws UsageError if there is no such field
 */
export async function readFields(
  pairs: readonly string[],
  fields: Fields,
): Promise<Record<string, unknown>> {
  const given = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`${shown(pair)} is no field=value. An example: ${fields.example}`);
    }
    if (!fields.names.includes(name)) throw await unknown(name, fields);
    if (Object.hasOwn(fields.secret, name)) {
      throw new UsageError(
        `${name} is a secret, and others can see what is typed: ${fields.secret[name]}`,
      );
    }
    given.set(name, [...(given.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...given].map(([name, values]) => [name, meant(name, values, fields)]),
  );
}

/** @throws UsageError if a field says something else than the argument or an option */
export function assertOnce(
  given: Readonly<Record<string, string | undefined>>,
  fields: Record<string, unknown>,
): void {
  for (const [name, value] of Object.entries(given)) {
    const other = fields[name];
    if (value === undefined || other === undefined || other === value) continue;
    throw new UsageError(`${name} is given twice: as ${value} and as ${other ?? 'nothing'}`);
  }
}

/**
 * An object of fields in JSON.
 *
 * @param given the object itself, the path of a file, or `-` for standard input
 * @throws UsageError if it is none, or has a field that there is not
 */
export async function readMetadata(
  given: string,
  fields: Fields,
  { terminal }: Operator,
): Promise<Record<string, unknown>> {
  const value = parsed(await textOf(given, terminal));
  if (!isPlainObject(value)) {
    const what = given === '-' ? 'Standard input' : isInline(given) ? '--metadata' : given;
    throw new UsageError(`${what} is no object of JSON. An example: {"client_name": "Agenda"}`);
  }
  const stranger = Object.keys(value).find((name) => !fields.names.includes(name));
  if (stranger !== undefined) throw await unknown(stranger, fields);
  return value;
}

async function unknown(name: string, { names }: Fields): Promise<UsageError> {
  const near = await didYouMean(name, names);
  return new UsageError(
    `There is no field ${name}.${near || ` The fields are ${names.join(', ')}.`}`,
  );
}

/** The first that the field can be: the text as it is, what it says as JSON, or a list of it. */
function meant(name: string, values: readonly string[], { problems }: Fields): unknown {
  const [first = ''] = values;
  if (values.length > 1) return values;
  if (first === '') return null;
  const candidates = [first, parsed(first), values].filter((value) => value !== undefined);
  const wrong = candidates.map((value) => problems({ [name]: value }).map(({ field }) => field));
  const of = (at: number, isIt: (field: string) => boolean) => !wrong[at]!.some(isIt);
  // Of a list with a wrong entry, the entry is named.
  const sound = candidates.find((_, at) => of(at, (field) => /^\w*/.exec(field)![0] === name));
  return (
    sound ?? candidates.find((_, at) => of(at, (field) => field === name)) ?? parsed(first) ?? first
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isInline = (given: string) => given.trimStart().startsWith('{');

async function textOf(given: string, terminal: Operator['terminal']): Promise<string> {
  if (given === '-') return terminal.readInput();
  if (isInline(given)) return given;
  try {
    return readText(given);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new UsageError(`${given} ${error.message}`);
  }
}
