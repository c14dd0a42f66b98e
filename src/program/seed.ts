// SEED_FILE: a person's own scopes, resources, clients and users, as JSON.

import { dirname } from 'node:path';
import type { ClientMetadata } from '../clients/metadata.ts';
import { accessTokenFormat, isAbsolute, text } from '../clients/metadata-values.ts';
import type { Resource } from '../oauth/access-tokens.ts';
import { grantTypes } from '../oauth/grants/all.ts';
import { OperatorError } from '../operator-error.ts';
import { languageOf, languages, type Text } from '../pages/words/languages.ts';
import { isPlainObject } from '../protocol/checks.ts';
import type { Problem } from '../protocol/problems.ts';
import {
  check,
  fields,
  list,
  must,
  optional,
  record,
  type Schema,
  type ValueOf,
  value,
  withDefault,
} from '../protocol/schema.ts';
import { isScopeToken } from '../protocol/scope.ts';
import { type Entries, readEntries } from '../registry/entries.ts';
import type { UserEntry } from '../registry/user-entries.ts';
import { parseJson, readText, UnreadableFile } from '../text-file.ts';
import { withValues } from './seed-values.ts';
import type { Env } from './variables.ts';

const WORDS = `must be a string, or one for each language: { "en": "...", "de": "..." }; the languages are ${languages.join(', ')}`;

/** The tags that are of no language of the pages. */
function strangers(words: unknown): string[] {
  return Object.keys(Object(words)).filter((tag) => languageOf(tag) === undefined);
}

/** The words of a scope, by the tags of their languages. */
const inLanguages = record(
  () => undefined,
  text,
  (given) => {
    const unknown = strangers(given);
    if (unknown.length === 0) return undefined;
    return `has an unknown language: ${unknown.join(', ')}; the languages are ${languages.join(', ')}`;
  },
  must((given: object) => {
    const tags = Object.keys(given);
    return new Set(tags.map(languageOf)).size === tags.length;
  }, 'has a language twice: a region makes no difference'),
);

/** What the consent page says of a scope, in one language or in several. */
const words: Schema<string | Record<string, string>> = {
  read(given, at, problems) {
    if (typeof given === 'string') return text.read(given, at, problems);
    const texts = isPlainObject(given) ? Object.values(given) : [];
    if (texts.length > 0 && texts.every((one) => typeof one === 'string')) {
      return inLanguages.read(given, at, problems);
    }
    problems.push({ field: at, problem: WORDS });
    return '';
  },
};

const anything = value<unknown>();

/** The file as a whole. Clients and users are checked one by one. */
const seedFile = fields({
  scopes: withDefault(
    record(must(isScopeToken, 'is not a scope (RFC 6749 section 3.3)'), words),
    () => ({}),
  ),
  // RFC 8707
  resources: withDefault(
    record(isAbsolute, fields({ access_token_format: optional(accessTokenFormat) })),
    () => ({}),
  ),
  clients: withDefault(list(anything), () => []),
  users: withDefault(list(anything), () => []),
});

/** The content of a seed file, checked. */
export interface Seed {
  /** As `authorizationServer` takes them. */
  readonly scopes: Readonly<Record<string, Text>>;
  /** As `authorizationServer` takes them. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** With their secrets in the clear. */
  readonly clients: readonly ClientMetadata[];
  /** With their passwords in the clear. */
  readonly users: readonly UserEntry[];
}

/** A seed cannot be used; the message says why, in a line for each entry and field that is wrong. */
export class SeedError extends OperatorError {}

/** There is no such file, or it is not text. */
export class UnreadableSeed extends SeedError {}

/**
 * Reads a seed file.
 *
 * @param path of the file
 * @param options `production` says whether clients are held to the rules of production: https except
 *   on loopback, and secrets of 32 characters or more. They are not if it is left out. `grantTypes` are
 *   the names of further grant types that a client may be registered for, those of the option `grants`.
 *   `env` has the variables that the file names; it is that of the process if it is left out.
 * @throws UnreadableSeed if the file cannot be read
 * @throws SeedError if anything in it is wrong
 */
export async function readSeed(
  path: string,
  {
    production = false,
    grantTypes: further = [],
    env = process.env,
  }: {
    readonly production?: boolean;
    readonly grantTypes?: readonly string[];
    readonly env?: Env;
  } = {},
): Promise<Seed> {
  let json: string;
  try {
    json = readText(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new UnreadableSeed(`${path} ${error.message}`);
  }
  return parseSeed(path, json, production, further, env);
}

/**
 * Checks what a seed file says.
 *
 * @param name the path of the file, for the message, and for those that the file names
 * @param json its text
 * @param production whether clients are held to the rules of production, as `readSeed` says
 * @param further grant types, likewise
 * @param env likewise
 * @throws SeedError with a line for every entry and field that is wrong
 */
export function parseSeed(
  name: string,
  json: string,
  production = false,
  further: readonly string[] = [],
  env: Env = process.env,
): Seed {
  const { content, problems, ...hiding } = withValues(contentOf(name, json), env, dirname(name));
  // What stands in the place of a missing value would be another problem.
  if (problems.length > 0) throw unusable(name, problems.map(lineOf));
  const file = check(seedFile, content);
  const { clients, users, scopes, resources } = entriesOf(content);
  const rules = { grantTypes: [...grantTypes, ...further], scopes, resources, production };
  const read = readEntries({ clients, users }, rules, hiding);
  const declared = file.problems.map(({ field, problem }) =>
    lineOf({ field, problem: hiding.hide(field, problem) }),
  );
  const lines = [...declared, ...read.lines];
  if (lines.length > 0) throw unusable(name, lines);
  return { ...declaredIn(file.value!), ...read.entries };
}

function declaredIn({ scopes, resources }: ValueOf<typeof seedFile>): Omit<Seed, keyof Entries> {
  const all = Object.entries(resources).map(
    ([uri, { access_token_format: accessTokenFormat }]) => [uri, { accessTokenFormat }] as const,
  );
  return { scopes, resources: Object.fromEntries(all) };
}

const lineOf = ({ field, problem }: Problem) => `${field || 'the file'} ${problem}`;

function unusable(name: string, lines: readonly string[]): SeedError {
  return new SeedError(`${name} cannot be used:\n${lines.map((line) => `  - ${line}`).join('\n')}`);
}

/** @throws SeedError if it is not JSON */
function contentOf(name: string, json: string): unknown {
  try {
    return parseJson(json);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new SeedError(`${name} ${error.message}`);
  }
}

/** What is in a file that may not be right: the entries of its lists, and the names it explains. */
function entriesOf(content: unknown) {
  const { clients, users, scopes, resources } = Object(content);
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const names = (value: unknown) => Object.keys(Object(value));
  return {
    clients: list(clients),
    users: list(users),
    scopes: names(scopes),
    resources: names(resources),
  };
}
