// Parameters of a request, the only form in which they reach the protocol: strings, each once.

import express, { type Request, type RequestHandler } from 'express';
import { MAX_HANDLE } from '../authorization/pending-requests.ts';
import { OAuthError } from '../errors.ts';

/** Longest value of a parameter that means something here, in characters. */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  client_id: 256,
  client_secret: 256,
  grant_type: 256,
  code: 256,
  code_verifier: 128,
  redirect_uri: 2048,
  refresh_token: 256,
  scope: 2048,
  resource: 2048,
  response_type: 256,
  response_mode: 256,
  state: 2048,
  code_challenge: 128,
  code_challenge_method: 256,
  prompt: 256,
  max_age: 256,
  login_hint: 256,
  ui_locales: 256,
  // A request, sealed.
  continue: MAX_HANDLE,
  csrf_token: 256,
  decision: 256,
  username: 256,
  password: 1024,
  current_password: 1024,
  new_password: 1024,
  new_password_again: 1024,
  session: 256,
  // JWTs
  token: 16 * 1024,
  client_assertion: 16 * 1024,
};

/** Longest body of a form, in bytes. */
const MAX_BODY = 64 * 1024;

/** RFC 8707 section 2: the one parameter a client may send several times. */
const REPEATABLE = new Set(['resource']);

/**
 * Whether a value says nothing. A scope of nothing but spaces is an empty one: it names no scope, and
 * a client that asks for none gets what the server gives by default (RFC 6749 section 3.3).
 */
function isBlank(name: string, value: unknown): boolean {
  return value === '' || (name === 'scope' && typeof value === 'string' && /^ *$/.test(value));
}

/**
 * The parameters of one request. An empty value counts as absent (RFC 6749 section 3.1). What is
 * wrong with one (sent twice, too long, a control character in it) stands in `problems`, and the
 * parameter itself is then absent.
 */
export class Params {
  readonly #values = new Map<string, string[]>();
  readonly problems = new Map<string, string>();

  constructor(pairs: Iterable<readonly [string, unknown]>) {
    const seen = new Set<string>();
    for (const [name, value] of pairs) {
      const problem =
        seen.has(name) && !REPEATABLE.has(name)
          ? 'was sent more than once'
          : valueProblem(name, value);
      seen.add(name);
      if (problem !== undefined) {
        this.problems.set(name, problem);
        this.#values.delete(name);
      } else if (!isBlank(name, value) && !this.problems.has(name)) {
        const values = this.#values.get(name);
        if (values === undefined) this.#values.set(name, [value as string]);
        else values.push(value as string);
      }
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** Every value of a parameter that may be sent several times. */
  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The parameters as a plain object, for the underlying library. */
  toObject(): Record<string, string> {
    return Object.fromEntries([...this.#values].map(([name, [value = '']]) => [name, value]));
  }

  /**
   * @param names look only at these; at all where none are given
   * @throws OAuthError `invalid_request` that names the first parameter with a problem
   */
  assertSound(...names: string[]): void {
    for (const [name, problem] of this.problems) {
      if (names.length === 0 || names.includes(name)) {
        throw new OAuthError('invalid_request', `The parameter ${shown(name)} ${problem}.`);
      }
    }
  }
}

function valueProblem(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) return 'was sent more than once';
  if (typeof value !== 'string') return 'is not a string';
  // One that means nothing here is ignored, whatever its length (RFC 6749 section 3.1).
  const longest = Object.hasOwn(MAX_LENGTH, name) ? MAX_LENGTH[name]! : value.length;
  if (value.length > longest) return `is too long: it may have ${longest} characters`;
  // What stands for bytes that could not be decoded; passed on, a state would come back changed.
  if (value.includes('\ufffd')) return 'is not UTF-8';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x1f\x7f]/.test(value) ? 'has a control character in it' : undefined;
}

function shown(name: string): string {
  return /^[\w.-]{1,64}$/.test(name) ? name : 'with an unusual name';
}

/** The parameters in the query of a request's URL. */
export function queryParams(req: Request): Params {
  const start = req.url.indexOf('?');
  return new Params(start === -1 ? [] : new URLSearchParams(req.url.slice(start)));
}

const readText = express.text({ type: 'application/x-www-form-urlencoded', limit: MAX_BODY });

/** Middleware: reads a form body. A body an app around this one has parsed already is taken as it is. */
export const form: RequestHandler = (req, res, next) => readText(req, res, next);

/**
 * The parameters of a form body that `form` has read.
 *
 * @throws OAuthError `invalid_request` where the body is no form
 */
export function formParams(req: Request): Params {
  const body: unknown = req.body;
  if (!req.is('application/x-www-form-urlencoded')) {
    throw new OAuthError(
      'invalid_request',
      'The body must be a form: send Content-Type: application/x-www-form-urlencoded.',
    );
  }
  if (typeof body === 'string') return new Params(new URLSearchParams(body));
  return new Params(typeof body === 'object' && body !== null ? Object.entries(body) : []);
}
