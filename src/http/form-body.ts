// The body of a form, in whichever way it reaches us: read here, or by a parser of the app around us.
// The same bytes give the same parameters, unless that parser has thrown the difference away.

import express, { type Request, type RequestHandler } from 'express';
import { OAuthError } from '../errors.ts';
import { isBegun, nothingLeft } from './read-body.ts';
import { hasBodyOf } from './request-headers.ts';

type Pairs = Iterable<readonly [string, string]>;

const FORM = 'application/x-www-form-urlencoded';

/** Longest body of a form, in bytes. */
const MAX_BODY = 64 * 1024;

/** Reads any body of that type: in chunks of unknown length, compressed, in another charset. */
const readText = express.text({ type: FORM, limit: MAX_BODY });

const utf8 = new TextDecoder();

/**
 * Middleware: reads a form body, if nobody has read it yet. If the app around us has read of it, and
 * has left nothing at `req.body`, that is a failure: whoever sent the form can do nothing about it.
 */
export const form: RequestHandler = (req, res, next) => {
  const isRead = isBegun(req);
  if (isRead && (req.body ?? null) === null && hasBodyOf(req, FORM)) {
    next(nothingLeft('a form'));
  } else if (isRead || req.readableEnded || req.body !== undefined || !isPlain(req)) {
    readText(req, res, next);
  } else {
    void readPlain(req).then(next);
  }
};

/** Whether a form is as every client sends it: UTF-8, plain, and of a length that is known and short. */
function isPlain({ headers }: Request): boolean {
  const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = headers;
  return type === FORM && encoding === undefined && Number(length) <= MAX_BODY;
}

/** Reads such a form. Done by express.text, that takes a tenth of a token request. */
async function readPlain(req: Request): Promise<void> {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  // `end` fires in the async context of the connection; awaiting it returns to that of the request, where an
  // app may keep who is asking (AsyncLocalStorage). If the connection is lost before that, nobody is left to
  // be answered.
  await new Promise<void>((end) => req.once('end', end));
  req.body = utf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
}

/**
 * The parameters of a body that is a form, in their order as far as that is known.
 *
 * @throws OAuthError with status 413 or 415, as if the body had been read here
 */
export function formPairs(req: Request): Pairs {
  const body: unknown = req.body;
  const charset = charsetOf(req);
  if (charset !== 'utf-8' && charset !== LATIN_1) {
    throw new OAuthError(
      'invalid_request',
      'The body is in a charset or content encoding that is not supported: send UTF-8.',
      { status: 415 },
    );
  }
  const inUtf8 = (text: string) => (charset === LATIN_1 ? readAgain(text) : text);
  if (typeof body === 'string') return parse(inUtf8(body));
  if (body instanceof URLSearchParams) return parse(`${body}`);
  if (body instanceof Uint8Array) return parse(new TextDecoder().decode(body));
  if (typeof body === 'object' && body !== null) {
    return rebuild(body, req).map((pair) => pair.map(inUtf8) as [string, string]);
  }
  return [];
}

/**
 * A charset that widely used clients name by default, and express.urlencoded takes. A form is UTF-8
 * whatever it says (URL Standard, section 5.1), so what it means is what is sent with no charset.
 */
const LATIN_1 = 'iso-8859-1';

/**
 * The charset that a body names, in lower case. `utf8` is a label of UTF-8, too (Encoding Standard, section
 * 4.2).
 */
function charsetOf(req: Request): string {
  const type = req.headers['content-type'] ?? '';
  const named = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase();
  return named === undefined || named === 'utf8' ? 'utf-8' : named;
}

/** Text that a parser has read as Latin 1, a character for each byte, read as UTF-8. */
function readAgain(text: string): string {
  // It was not read as Latin 1; turning it into bytes would change it.
  if (/[^\0-\xff]/.test(text)) return text;
  return new TextDecoder().decode(Buffer.from(text, 'latin1'));
}

function parse(text: string): URLSearchParams {
  assertShort(Buffer.byteLength(text));
  return new URLSearchParams(text);
}

/** What `express.urlencoded` has left. */
function rebuild(body: object, req: Request): [string, string][] {
  const pairs = Object.entries(body).flatMap(([name, value]) => named(name, value));
  const { 'content-length': length, 'content-encoding': encoding } = req.headers;
  assertShort(
    length !== undefined && encoding === undefined
      ? Number(length)
      : `${new URLSearchParams(pairs)}`.length,
  );
  return pairs;
}

/**
 * The parameters that qs makes one value of. A name that was sent several times is a list. `a[]` and
 * `a[b]` are parameters with those names, which mean nothing here; if they were sent several times,
 * `a[]` cannot be told from `a`.
 */
function named(name: string, value: unknown): [string, string][] {
  if (typeof value === 'string') return [[name, decoded(value)]];
  if (Array.isArray(value)) {
    return value.flatMap((one) =>
      named(value.length === 1 || typeof one !== 'string' ? `${name}[]` : name, one),
    );
  }
  if (typeof value !== 'object' || value === null) return [[name, String(value ?? '')]];
  return Object.entries(value).flatMap(([key, inner]) => named(`${name}[${key}]`, inner));
}

/**
 * A value that qs has decoded, or has left as it was because it is not all percent-encoded UTF-8. In
 * that case it is decoded as ours are: what is wrong with it stays as it is, or shows as U+FFFD.
 */
function decoded(value: string): string {
  try {
    decodeURIComponent(value);
    return value;
  } catch {
    const plain = value.replaceAll('&', '%26').replaceAll('+', '%2B');
    return new URLSearchParams(`value=${plain}`).get('value')!;
  }
}

function assertShort(bytes: number): void {
  if (bytes <= MAX_BODY) return;
  throw new OAuthError('invalid_request', 'The body is too large.', { status: 413 });
}
