// What clients, users and a seed have to be, field by field. Everything that is wrong with what somebody
// has written is found, each at its place, and its type follows from the schema.

import { type Check, isPlainObject } from './checks.ts';
import type { Checked, Problem } from './problems.ts';

/** What a value has to be. `Value` is what is read, with defaults, and `Written` what may be written. */
export interface Schema<Value, Written = Value> {
  /**
   * @param at the path of the value, such as `jwks.keys[0]`; empty for the whole
   * @param problems gets what is wrong
   * @returns the value with its defaults, which is of no use if anything is wrong
   */
  read(value: unknown, at: string, problems: Problem[]): Value;
  /** What stands for a field that is left out; without it, the field has to be there. */
  readonly absent?: () => Value;
  /** It is in the types alone. */
  readonly written?: Written;
}

export type ValueOf<Of> = Of extends Schema<infer Value, unknown> ? Value : never;
export type WrittenOf<Of> = Of extends Schema<unknown, infer Written> ? Written : never;

/** A check of one kind of value: the end of a sentence that begins with the field. */
export const must =
  <Value>(holds: (value: Value) => boolean, problem: string): Check =>
  (value) =>
    holds(value as Value) ? undefined : problem;

/** A value that passes checks; the first that it does not pass says what is wrong. */
export function value<Value>(...checks: readonly Check[]): Schema<Value> {
  return {
    read(given, at, problems) {
      find(given, checks, at, problems);
      return given as Value;
    },
  };
}

export const string = (...checks: readonly Check[]) =>
  value<string>(
    must((given) => typeof given === 'string', 'must be a string'),
    ...checks,
  );

export const trueOrFalse = value<boolean>(
  must((given) => typeof given === 'boolean', 'must be true or false'),
);

/** One of these words. */
export const word = <const Word extends string>(words: readonly Word[], problem: string) =>
  value<Word>(must((given: Word) => words.includes(given), problem));

/** @param checks of the list as a whole */
export function list<Value, Written>(
  of: Schema<Value, Written>,
  ...checks: readonly Check[]
): Schema<Value[], Written[]> {
  const all = [must(Array.isArray, 'must be a list'), ...checks];
  return {
    read(given, at, problems) {
      if (find(given, all, at, problems)) return [];
      // Not `map`, which leaves out the holes of a list.
      return Array.from(given as unknown[], (one, index) =>
        readPart(of, one, `${at}[${index}]`, problems),
      );
    },
  };
}

/**
 * An object with a value for each of any number of names.
 *
 * @param checks of the object as a whole, once all of its values are right
 */
export function record<Value, Written>(
  name: Check,
  of: Schema<Value, Written>,
  ...checks: readonly Check[]
): Schema<Record<string, Value>, Record<string, Written>> {
  return {
    read(given, at, problems) {
      if (find(given, [object], at, problems)) return {};
      const before = problems.length;
      const read = Object.entries(given as object).map(([key, one]) => {
        const place = placeIn(at, key);
        if (!find(key, [name], place, problems))
          return [key, readPart(of, one, place, problems)] as const;
        return [key, one as Value] as const;
      });
      if (problems.length === before) find(given, checks, at, problems);
      return Object.fromEntries(read);
    },
  };
}

type AnySchema = Schema<unknown, unknown>;
type AnyFields = Readonly<Record<string, AnySchema>>;

/** Fields that may be `undefined` may be left out. */
type Optionally<Of> = {
  [Name in keyof Of as undefined extends Of[Name] ? never : Name]: Of[Name];
} & { [Name in keyof Of as undefined extends Of[Name] ? Name : never]?: Of[Name] };

type Plain<Of> = { [Name in keyof Of]: Of[Name] };
type ValuesOf<Of> = Plain<Optionally<{ [Name in keyof Of]: ValueOf<Of[Name]> }>>;
type AllWrittenOf<Of> = Plain<Optionally<{ [Name in keyof Of]: WrittenOf<Of[Name]> }>>;

/** An object with these fields and no others. */
export function fields<const Of extends AnyFields>(of: Of): Schema<ValuesOf<Of>, AllWrittenOf<Of>> {
  return {
    read(given, at, problems) {
      if (find(given, [object], at, problems)) return {} as ValuesOf<Of>;
      const all = given as Record<string, unknown>;
      const read = Object.entries(of).flatMap(([name, schema]) => {
        const one = readPart(schema, all[name], placeIn(at, name), problems);
        return one === undefined ? [] : [[name, one] as const];
      });
      const unknown = Object.keys(all).filter((name) => !Object.hasOwn(of, name));
      if (unknown.length > 0) {
        problems.push({ field: at, problem: `has an unknown field: ${unknown.join(', ')}` });
      }
      return Object.fromEntries(read) as ValuesOf<Of>;
    },
  };
}

/** Reads what may not be there. */
function readPart<Value>(
  { read, absent }: Schema<Value, unknown>,
  given: unknown,
  at: string,
  problems: Problem[],
): Value {
  if (given !== undefined) return read(given, at, problems);
  if (absent !== undefined) return absent();
  problems.push({ field: at, problem: 'is missing' });
  return given as Value;
}

/** A field that may be left out. */
export function optional<Value, Written>(
  of: Schema<Value, Written>,
): Schema<Value | undefined, Written | undefined> {
  return { read: of.read, absent: () => undefined };
}

/** A field that may be left out, and then is this. */
export function withDefault<Value, Written>(
  of: Schema<Value, Written>,
  absent: () => NoInfer<Value>,
): Schema<Value, Written | undefined> {
  return { read: of.read, absent };
}

/** These fields, each of which may be left out. */
export function partial(of: AnyFields): AnyFields {
  return Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, optional(schema)]));
}

/** Compares what was written with a schema. */
export function check<Value>(schema: Schema<Value, unknown>, written: unknown): Checked<Value> {
  const problems: Problem[] = [];
  const read = readPart(schema, written, '', problems);
  return problems.length === 0 ? { value: read, problems } : { problems };
}

const object = must(isPlainObject, 'must be an object');

/** @returns whether something is wrong */
function find(given: unknown, checks: readonly Check[], at: string, problems: Problem[]): boolean {
  for (const one of checks) {
    const problem = one(given);
    if (problem === undefined) continue;
    problems.push({ field: at, problem });
    return true;
  }
  return false;
}

const placeIn = (at: string, name: string) => (at === '' ? name : `${at}.${name}`);
