// What a seed file takes from elsewhere: `${NAME}` from the environment, `${file:/run/secrets/name}` from a
// file, as orchestrators mount secrets. `$${` is `${` itself.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what this is about

import { resolve } from 'node:path';
import type { Problem } from '../clients/problems.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { readText, UnreadableFile } from '../text-file.ts';
import type { Env } from './variables.ts';

/** `$${`, or a reference, or the beginning of one that does not end. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;

const VARIABLE = /^[A-Za-z_]\w*$/;
const FILE = 'file:';

/** What is shorter than this is no secret, and may be a part of any sentence. */
const SHORTEST_SECRET = 4;

export interface SeedValues {
  /** The content, with every value in its place. Where one is missing, the string is as it was. */
  readonly content: unknown;
  readonly problems: readonly Problem[];
  /** A text in which no value stands that came from elsewhere: each is its reference again. */
  hide(text: string): string;
}

/**
 * Puts values in the place of the references to them, in every string of a seed file but the names of
 * fields. A value is not looked through for further references.
 *
 * @param content of the file, as it comes from JSON
 * @param folder that the paths of files are relative to
 */
export function withValues(content: unknown, env: Env, folder: string): SeedValues {
  const problems: Problem[] = [];
  const taken = new Map<string, string>();

  function fetched(name: string): string {
    const value = name.startsWith(FILE)
      ? fromFile(resolve(folder, name.slice(FILE.length)))
      : fromEnvironment(name, env);
    if (value.length >= SHORTEST_SECRET) taken.set(value, `\${${name}}`);
    return value;
  }

  function filled(text: string, field: string): string {
    try {
      return text.replace(REFERENCE, (found, name?: string) => {
        if (found === '$${') return '${';
        if (name === undefined) throw new NoValue(UNREADABLE);
        return fetched(name);
      });
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
      problems.push({ field, problem: error.message });
      return text;
    }
  }

  function walk(value: unknown, field: string): unknown {
    if (typeof value === 'string') return filled(value, field);
    if (Array.isArray(value)) return value.map((one, index) => walk(one, `${field}[${index}]`));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        walk(one, field ? `${field}.${name}` : name),
      ]),
    );
  }

  const answer = walk(content, '');
  // A value may be a part of another one.
  const longestFirst = [...taken].sort(([one], [other]) => other.length - one.length);
  const hide = (text: string) =>
    longestFirst.reduce((left, [value, name]) => left.replaceAll(value, () => name), text);
  return { content: answer, problems, hide };
}

/** The content as somebody writes it who means every `${` in it literally. */
export function withoutReferences(content: object): object {
  return JSON.parse(JSON.stringify(content), (_name, value) =>
    typeof value === 'string' ? value.replaceAll('${', () => '$${') : value,
  );
}

/** A reference has no value; the message ends a sentence that begins with the field. */
class NoValue extends Error {}

const UNREADABLE =
  'has ${ in it, and no name follows: write ${NAME} for a variable of the environment, ${file:/path} for a file, and $${ for ${ itself';

function fromEnvironment(name: string, env: Env): string {
  if (!VARIABLE.test(name)) throw new NoValue(UNREADABLE);
  const value = env[name];
  if (value === undefined || value === '') {
    throw new NoValue(`takes its value from ${name}, which is not set in the environment`);
  }
  return value;
}

function fromFile(path: string): string {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new NoValue(`takes its value from ${path}, which ${error.message}`);
  }
  // Editors and echo end a file with a line break, which is no part of a secret.
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new NoValue(`takes its value from ${path}, which is empty`);
  return value;
}
