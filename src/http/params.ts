// Parameters of a request, the only form in which they reach the protocol: strings, each once.

import type { Request } from 'express';
import { OAuthError } from '../errors.ts';
import { formPairs } from './form-body.ts';
import { hasBodyOf } from './request-headers.ts';

/** The parameters that an endpoint reads, each with its longest length in characters. */
export type Lengths = Readonly<Record<string, number>>;

/** RFC 8707 section 2: the one parameter a client may send several times. */
const REPEATABLE = new Set(['resource']);

/**
 * Hints. A malformed one is ignored, so that it keeps nobody from signing in or out (OpenID Connect Core
 * section 3.1.2.1, RP-Initiated Logout section 2).
 */
const HINTS = new Set([
  'acr_values',
  'claims_locales',
  'display',
  'login_hint',
  'logout_hint',
  'ui_locales',
]);

/** What people type or paste, so tabs and line ends around it are removed. */
const TYPED = new Set(['username', 'user_code']);

/**
 * Whether a value says nothing. A scope of nothing but spaces is an empty one: it names no scope, and
 * a client that asks for none gets what the server gives by default (RFC 6749 section 3.3).
 */
function isBlank(name: string, value: string): boolean {
  return value === '' || (name === 'scope' && /^ *$/.test(value));
}

/**
 * The parameters of one request. An empty value counts as absent (RFC 6749 section 3.1). What is
 * wrong with one (sent twice, too long, a control character in it) is in `problems`, and the
 * parameter itself is then absent. If it is not read, or is a hint, the only error is to be sent twice.
 */
export class Params {
  readonly #values = new Map<string, string[]>();
  readonly problems = new Map<string, string>();

  constructor(pairs: Iterable<readonly [string, string]>, lengths: Lengths) {
    const seen = new Set<string>();
    for (const [name, sent] of pairs) {
      const value = TYPED.has(name) ? sent.trim() : sent;
      const isAgain = seen.has(name) && !REPEATABLE.has(name);
      const isRead = Object.hasOwn(lengths, name);
      const problem = isAgain
        ? 'was sent more than once'
        : valueProblem(value, isRead ? lengths[name]! : Number.POSITIVE_INFINITY);
      seen.add(name);
      // Whatever a parameter that means nothing here says, it is ignored (RFC 6749 section 3.1).
      const mayBeIgnored = !isRead || HINTS.has(name);
      if (problem !== undefined && mayBeIgnored && !isAgain) continue;
      if (problem !== undefined) {
        this.problems.set(name, problem);
        this.#values.delete(name);
      } else if (!isBlank(name, value) && !this.problems.has(name)) {
        const values = this.#values.get(name);
        if (values === undefined) this.#values.set(name, [value]);
        else values.push(value);
      }
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Whether a parameter was sent, sound or not. Here, too, an empty value counts as absent. */
  has(name: string): boolean {
    return this.#values.has(name) || this.problems.has(name);
  }

  /** Every value of a parameter that may be sent several times. */
  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /**
   * @param names look only at these; at all if none are given
   * @throws OAuthError `invalid_request` that names the first parameter with a problem
   */
  assertSound(...names: string[]): void {
    for (const [name, problem] of this.problems) {
      if (names.length === 0 || names.includes(name)) {
        throw new OAuthError('invalid_request', `The parameter ${nameToShow(name)} ${problem}.`);
      }
    }
  }
}

function valueProblem(value: string, longest: number): string | undefined {
  if (value.length > longest) return `is too long: it may have ${longest} characters`;
  // It stands for bytes that could not be decoded: passed on, a state would come back changed.
  if (value.includes('\ufffd')) return 'is not UTF-8';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x1f\x7f]/.test(value) ? 'has a control character in it' : undefined;
}

function nameToShow(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : 'with an unusual name';
}

/**
 * The parameters in the query of a request's URL.
 *
 * @param lengths of those that are read; others are ignored, whatever they say
 */
export function queryParams(req: Request, lengths: Lengths): Params {
  const start = req.url.indexOf('?');
  return new Params(start === -1 ? [] : new URLSearchParams(req.url.slice(start)), lengths);
}

/**
 * The parameters of a form body that `form` has read.
 *
 * @param lengths of those that are read; others are ignored, whatever they say
 * @throws OAuthError `invalid_request` if the body is not a form, or too long
 */
export function formParams(req: Request, lengths: Lengths): Params {
  if (!hasBodyOf(req, 'application/x-www-form-urlencoded')) {
    throw new OAuthError(
      'invalid_request',
      'The body must be a form: send Content-Type: application/x-www-form-urlencoded.',
    );
  }
  return new Params(formPairs(req), lengths);
}
