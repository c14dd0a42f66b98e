// Checks of values of which nothing is known, such as those that a program in JavaScript gives.

import { shown } from './shown.ts';

/** What is wrong with a value, as the end of the sentence "it ...", or `undefined`. */
export type Check = (value: unknown) => string | undefined;

export const isA =
  (kind: 'string' | 'boolean' | 'function'): Check =>
  (value) =>
    typeof value === kind ? undefined : `is not a ${kind}`;

export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string) ? undefined : `is not one of ${words.join(', ')}`;

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

/** @param check of each of them */
export const listOf =
  (what: string, check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return `is not a list of ${what}`;
    for (const one of value) {
      const problem = check(one);
      if (problem !== undefined) return `has ${shown(one)} in it, which ${problem}`;
    }
    return undefined;
  };

/** Whether a value is what JSON calls an object: neither `null` nor a list. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a problem already names a part of the object, so that "is an object, which" would add nothing. */
const namesPart = (value: unknown, problem: string) =>
  shown(value) === 'an object' && problem.includes(', which ');

/** An object with these parts and no others; each may be left out. */
export const partsOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!isPlainObject(value)) return 'is not an object';
    for (const [name, part] of Object.entries(value)) {
      if (!Object.hasOwn(checks, name)) {
        return `has ${name}, which is none of ${Object.keys(checks).join(', ')}`;
      }
      const problem = part === undefined ? undefined : checks[name]!(part);
      if (problem !== undefined) {
        return namesPart(part, problem)
          ? `has the ${name}, and that ${problem}`
          : `has the ${name} ${shown(part)}, which ${problem}`;
      }
    }
    return undefined;
  };

/** An object with a value for each of any number of names. */
export const mapOf =
  (isName: (name: string) => boolean, what: string, check: Check): Check =>
  (value) => {
    if (!isPlainObject(value)) return 'is not an object';
    for (const [name, one] of Object.entries(value)) {
      if (!isName(name)) return `has the name ${shown(name)} in it, which is no ${what}`;
      const problem = check(one);
      if (problem !== undefined) return `has ${shown(one)} for ${name}, which ${problem}`;
    }
    return undefined;
  };

/** Options whose values are not shown. */
const SECRETS = ['secret', 'clientSecret'];

/**
 * Checks the options of a function. One that is `undefined` counts as left out.
 *
 * @param whose the function, as a program calls it: `protect()`
 * @throws TypeError that names the option and its value
 */
export function assertOptions(
  whose: string,
  checks: Readonly<Record<string, Check>>,
  options: unknown,
): void {
  if (!isPlainObject(options)) {
    throw new TypeError(`${whose} takes an object of options, and was given ${shown(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) {
      throw new TypeError(
        `${whose} has no option ${name}. Its options are ${Object.keys(checks).join(', ')}.`,
      );
    }
    const problem = value === undefined ? undefined : checks[name]!(value);
    if (problem === undefined) continue;
    const isSaid = SECRETS.includes(name) || namesPart(value, problem);
    const what = isSaid ? '' : `is ${shown(value)}, which `;
    throw new TypeError(`The option ${name} of ${whose} ${what}${problem}.`);
  }
}
