// What a seed file takes from elsewhere: `${NAME}` from the environment, `${file:/run/secrets/name}` from a
// file, as orchestrators mount secrets. `$${` is `${` itself.

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what this is about

import { resolve } from 'node:path';
import { isPlainObject } from '../protocol/checks.ts';
import type { Problem } from '../protocol/problems.ts';
import type { Hiding } from '../registry/entries.ts';
import { readText, UnreadableFile } from '../text-file.ts';
import type { Env } from './variables.ts';

/** `$${`, or a reference, or the beginning of one that does not end. */
const REFERENCE = /\$\$\{|\$\{([^{}]*)\}|\$\{/g;

const VARIABLE = /^[A-Za-z_]\w*$/;
const FILE = 'file:';

/** Where a problem quotes what is wrong: at its end, or after its first word. */
const QUOTED = /(?<=: ).*$|(?<=^has (?:the scheme )?)\S+(?=, which )/s;

/** No problem quotes them, and any word of one may be the value. */
const NEVER_QUOTED = /\.(client_secret|client_secret_hash|password|password_hash)\b/;

interface SeedValues extends Hiding {
  /** The content, with every value in its place. Where one is missing, the string is as it was. */
  readonly content: unknown;
  readonly problems: readonly Problem[];
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
  /** The values, and their references, by the field that they are in. */
  const taken = new Map<string, Map<string, string>>();

  function fetched(name: string, field: string): string {
    const value = name.startsWith(FILE)
      ? fromFile(resolve(folder, name.slice(FILE.length)))
      : fromEnvironment(name, env);
    taken.set(field, (taken.get(field) ?? new Map()).set(value, `\${${name}}`));
    return value;
  }

  function filled(text: string, field: string): string {
    try {
      return text.replace(REFERENCE, (found, name?: string) => {
        if (found === '$${') return '${';
        if (name === undefined) throw new NoValue(UNREADABLE);
        return fetched(name, field);
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

  /** Those in a field, or in what is below it. A value may be a part of another one. */
  function within(field: string): [value: string, reference: string][] {
    const isIn = (one: string) => one === field || /^[.[]/.test(one.slice(field.length));
    return [...taken]
      .filter(([one]) => one.startsWith(field) && isIn(one))
      .flatMap(([, values]) => [...values])
      .sort(([one], [other]) => other.length - one.length);
  }

  function quoted(field: string, text: string): string {
    const values = within(field);
    const hidden = values.reduce((left, [value, name]) => left.replaceAll(value, () => name), text);
    if (hidden !== text) return hidden;
    return values.find(([value]) => value.includes(text))?.[1] ?? text;
  }

  return {
    content: walk(content, ''),
    problems,
    quoted,
    hide: (field, problem) =>
      NEVER_QUOTED.test(field) ? problem : problem.replace(QUOTED, (text) => quoted(field, text)),
  };
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
  // Editors and echo end a file with a line break, which is not part of a secret.
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new NoValue(`takes its value from ${path}, which is empty`);
  return value;
}
