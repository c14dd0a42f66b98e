// What the values of a client's metadata have to be, each by itself.

import { MAX_TTL } from '../protocol/bounds.ts';
import { type Check, isPlainObject } from '../protocol/checks.ts';
import { assertionAlgorithms } from '../protocol/client.ts';
import { COSTLY, isCostly } from '../protocol/costly-key.ts';
import { idTokenAlgorithms } from '../protocol/jwt.ts';
import { withoutDisruptive } from '../protocol/names.ts';
import { isResource } from '../protocol/resource.ts';
import { list, must, type Schema, string, value, word } from '../protocol/schema.ts';
import { isSha256 } from '../protocol/secrets.ts';
import { webUrlProblem } from '../protocol/web-url.ts';

const matches = (pattern: RegExp, problem: string): Check =>
  must((given: string) => pattern.test(given), problem);

/** URL-safe, because many clients do not encode what they send in HTTP Basic. */
export const clientId = string(
  matches(
    /^[\w.~:/@!$'()*,;=-]{1,255}$/,
    'must be 1 to 255 letters, digits and -._~ and the like, without spaces',
  ),
);

const SECRETS =
  'must be a string of 1 to 255 printable ASCII characters without a space at either end, or a list of two';
const HASHES =
  'must be the SHA-256 of a secret in base64url, which has 43 characters, or a list of two';

/**
 * Two URLs with a comma between them, as a list is written elsewhere, are one URL for `URL`, and nobody would
 * notice before it is used. In a query they may be what the URL is about.
 */
const areTwo = (given: string) => /^[^?#]*,https?:\/\//i.test(given);
const oneUrl = must((given: string) => !areTwo(given), 'has two URLs in it, and can have one');
/** Likewise in a list. */
const oneEntry = must(
  (given: string) => !areTwo(given),
  'has two URLs in it: each is an entry of its own (in a command the field is repeated)',
);

/** An absolute URI without a fragment (RFC 8707 section 2). */
export const isAbsolute = must(isResource, 'must be an absolute URI without a fragment');
export const resource = string(isAbsolute, oneEntry);

/** What access tokens are. */
export const accessTokenFormat = word(['opaque', 'jwt'], 'must be opaque or jwt');

const sizeOfText = [
  must((given: string) => given.length > 0, 'must not be empty'),
  must((given: string) => given.length <= 256, 'is too long'),
];

/** A name that people read. */
export const text = string(...sizeOfText);

/** A name that a record may have (`nameProblem` in protocol/names.ts). */
export const name = string(
  ...sizeOfText,
  must(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    (given: string) => !/[\x00-\x1f\x7f]/.test(given) && given.isWellFormed(),
    'has a control character, or half of a character, in it',
  ),
  must(
    (given: string) => withoutDisruptive(given) === given,
    'has a character in it that changes the direction of text, or a control character',
  ),
);

export const isWhole = must(Number.isSafeInteger, 'must be a whole number of seconds');
export const seconds = value<number>(
  isWhole,
  must((given: number) => given > 0, 'must be more than 0'),
  must((given: number) => given <= MAX_TTL, `must be at most ${MAX_TTL}, which is ten years`),
);

export const idTokenAlgorithm = word(idTokenAlgorithms, 'must be RS256, ES256, EdDSA or Ed25519');

const allOfAssertions = Object.values(assertionAlgorithms).flat();

/** Whether it fits the method is a rule for the whole client. */
export const assertionAlgorithm = word(
  allOfAssertions,
  `must be one of ${allOfAssertions.join(', ')}`,
);

/** How the URL of a page begins. */
export const WEB = /^https?:\/\//i;

/** A page that people are sent to, or a picture. */
export const webUrl = url(WEB, 'must be an http or https URL');
/** Outside production it may be http, which the rules for the whole client decide. */
export const httpsUrl = url(WEB, 'must be an https URL');

/** A URL that everybody reads alike. */
export function url(start: RegExp, problem: string, ...checks: readonly Check[]): Schema<string> {
  const isUrl = (given: unknown) =>
    typeof given === 'string' && start.test(given) && URL.canParse(given);
  return value(must(isUrl, problem), webUrlProblem as Check, oneUrl, ...checks);
}

/** For lists that are shown, or searched during a request. */
export const MANY = 'has more than 100';
export const few = must(({ length }: readonly unknown[]) => length <= 100, MANY);

/**
 * The other rules for each are in protocol/client-urls.ts, because they hold for records in a store as well.
 */
export const redirectUris = list(string(oneEntry), few);
/** Likewise for a URL by which a client is told that somebody has signed out. */
export const logoutUri = string(oneUrl);

const keyType = word(['EC', 'RSA', 'OKP'], 'must be EC, RSA or OKP');

/** RFC 7517; a private key has no business in a client's record. */
export const publicKey: Schema<Record<string, unknown>> = {
  read(given, at, problems) {
    if (!isPlainObject(given)) problems.push({ field: at, problem: 'must be an object' });
    else if (given['d'] !== undefined) {
      problems.push({ field: at, problem: 'is a private key: keep it with the client' });
    } else if (isCostly(given)) problems.push({ field: at, problem: COSTLY });
    else keyType.read(given['kty'], `${at}.kty`, problems);
    return { ...(given as object) };
  },
};

/** A list of two is ours: both are valid while a client changes from one to the other. */
function oneOrTwo(
  isOne: (given: string) => boolean,
  problem: string,
): Schema<string[], string | string[] | undefined> {
  const one = value<string>(
    must((given) => typeof given === 'string', problem),
    must(isOne, problem),
  );
  const two = list(
    one,
    must(({ length }: readonly unknown[]) => length === 1 || length === 2, problem),
  );
  return {
    read: (given, at, problems) =>
      Array.isArray(given) ? two.read(given, at, problems) : [one.read(given, at, problems)],
    absent: () => [],
  };
}

/**
 * RFC 6749 appendix A.2 allows spaces. At an end one is a slip of whoever copied the secret, and some
 * clients would not send it.
 */
export const clientSecret = oneOrTwo(
  (given) => /^(?! )[\x20-\x7e]{1,255}(?<! )$/.test(given),
  SECRETS,
);
export const clientSecretHash = oneOrTwo(isSha256, HASHES);
