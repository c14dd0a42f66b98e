// What is wrong with a plain object, such as a part of a JSON file or the body of a request: a
// sentence for each field.

import type { z } from 'zod';

export interface Problem {
  /** By its path: `redirect_uris[0]`, `jwks.keys[0].kty`; empty for the object as a whole. */
  readonly field: string;
  /** The end of a sentence that begins with the field. */
  readonly problem: string;
}

export interface Checked<Value> {
  /** The object with its defaults; absent if there are problems. */
  readonly value?: Value;
  readonly problems: readonly Problem[];
}

/** Compares a plain object with a schema. */
export function check<Value>(schema: z.ZodType<Value>, plain: unknown): Checked<Value> {
  const { data, error } = schema.safeParse(plain);
  if (error === undefined) return { value: data, problems: [] };
  const problems = error.issues.map((issue) => ({
    field: nameOf(issue.path),
    problem: sentence(issue, valueAt(plain, issue.path)),
  }));
  return { problems };
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(plain: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | null)?.[key], plain);
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has an unknown field: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_type':
      if (value === undefined) return 'is missing';
      // The schema has no words of its own for this.
      return issue.message.startsWith('Invalid input')
        ? `must be ${({ array: 'a list', string: 'a string' } as Record<string, string>)[issue.expected] ?? 'an object'}`
        : issue.message;
    default:
      return issue.message;
  }
}

/** The problems in a table, in which each row begins with whether the problem is there. */
export function those(
  ...rows: readonly (readonly [boolean, field: string, problem: string])[]
): Problem[] {
  return rows.filter(([applies]) => applies).map(([, field, problem]) => ({ field, problem }));
}
