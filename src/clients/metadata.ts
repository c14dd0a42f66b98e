// RFC 7591 section 2: a client's metadata, read from a plain object and checked.

import { LONGEST_TTL } from '../protocol/bounds.ts';
import { type Check, isPlainObject } from '../protocol/checks.ts';
import { MAX_KEYS } from '../protocol/client.ts';
import { idTokenAlgorithms } from '../protocol/jwt.ts';
import { isResource } from '../protocol/resource.ts';
import { parseScope } from '../protocol/scope.ts';
import { isSha256 } from '../protocol/secrets.ts';
import { authMethods } from './authenticate.ts';
import { type ClientRules, metadataProblems } from './metadata-rules.ts';
import type { Checked, Problem } from './problems.ts';
import {
  check,
  fields,
  list,
  must,
  optional,
  partial,
  type Schema,
  string,
  trueOrFalse,
  type ValueOf,
  value,
  type WrittenOf,
  withDefault,
  word,
} from './schema.ts';

const matches = (pattern: RegExp, problem: string): Check =>
  must((given: string) => pattern.test(given), problem);

/** URL-safe, because many clients do not encode what they send in HTTP Basic. */
const clientId = string(
  matches(
    /^[\w.~:/@!$'()*,;=-]{1,255}$/,
    'must be 1 to 255 letters, digits and -._~ and the like, without spaces',
  ),
);

const SECRETS =
  'must be a string of 1 to 255 printable ASCII characters without spaces, or a list of two';
const HASHES =
  'must be the SHA-256 of a secret in base64url, which has 43 characters, or a list of two';

/** An absolute URI without a fragment (RFC 8707 section 2). */
export const isAbsolute = must(isResource, 'must be an absolute URI without a fragment');
const resource = string(isAbsolute);

/** What access tokens are. */
export const accessTokenFormat = word(['opaque', 'jwt'], 'must be opaque or jwt');

const sizeOfText = [
  must((given: string) => given.length > 0, 'must not be empty'),
  must((given: string) => given.length <= 256, 'is too long'),
];

/** A name that people read. */
export const text = string(...sizeOfText);

/** A name that a record may have: one with either in it is refused (protocol/names.ts). */
export const name = string(
  ...sizeOfText,
  must(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    (given: string) => !/[\x00-\x1f\x7f]/.test(given) && given.isWellFormed(),
    'has a control character, or half of a character, in it',
  ),
);

const isWhole = must(Number.isSafeInteger, 'must be a whole number of seconds');
const seconds = value<number>(
  isWhole,
  must((given: number) => given > 0, 'must be more than 0'),
  must(
    (given: number) => given <= LONGEST_TTL,
    `must be ${LONGEST_TTL} at the most, which is ten years`,
  ),
);

const idTokenAlgorithm = word(idTokenAlgorithms, 'must be RS256, ES256, EdDSA or Ed25519');

/** A page that people are sent to, or a picture. */
const webUrl = url(/^https?:\/\//i, 'must be an http or https URL');
const httpsUrl = url(/^https?:\/\//i, 'must be an https URL');

/** A URL as it is written; the parser would ignore spaces around it, and want no slashes. */
function url(start: RegExp, problem: string, ...checks: readonly Check[]): Schema<string> {
  const isUrl = (given: unknown) =>
    typeof given === 'string' && start.test(given) && !/\s/.test(given) && URL.canParse(given);
  return value(must(isUrl, problem), ...checks);
}

/** For lists that are shown, or searched during a request. */
const MANY = 'has more than 100';
const few = must(({ length }: readonly unknown[]) => length <= 100, MANY);

/**
 * The rules for each are in protocol/client-urls.ts, because they hold for records in a store as well.
 */
const redirectUris = list(string(), few);

const keyType = word(['EC', 'RSA', 'OKP'], 'must be EC, RSA or OKP');

/** RFC 7517; a private key has no business in a client's record. */
const publicKey: Schema<Record<string, unknown>> = {
  read(given, at, problems) {
    if (!isPlainObject(given)) problems.push({ field: at, problem: 'must be an object' });
    else if (given['d'] !== undefined) {
      problems.push({ field: at, problem: 'is a private key: keep it with the client' });
    } else keyType.read(given['kty'], `${at}.kty`, problems);
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

const clientEntry = {
  client_id: clientId,
  client_secret: oneOrTwo((given) => /^[\x21-\x7e]{1,255}$/.test(given), SECRETS),
  // Ours.
  client_secret_hash: oneOrTwo(isSha256, HASHES),
  client_name: optional(name),
  client_uri: optional(webUrl),
  logo_uri: optional(webUrl),
  policy_uri: optional(webUrl),
  tos_uri: optional(webUrl),
  redirect_uris: withDefault(redirectUris, () => []),
  grant_types: withDefault(list(string()), () => ['authorization_code']),
  response_types: optional(list(word(['code'], 'must be code'))),
  scope: optional(
    value<string>(
      must((given) => typeof given === 'string', 'must be a string of words separated by spaces'),
      must((given: string) => parseScope(given).length <= 100, MANY),
    ),
  ),
  token_endpoint_auth_method: optional(
    word(authMethods, `must be one of ${authMethods.join(', ')}`),
  ),
  jwks: optional(
    fields({
      keys: list(
        publicKey,
        must(({ length }: readonly unknown[]) => length > 0, 'must have a key'),
        must(({ length }: readonly unknown[]) => length <= MAX_KEYS, `has more than ${MAX_KEYS}`),
      ),
    }),
  ),
  jwks_uri: optional(httpsUrl),
  // OpenID Connect Dynamic Client Registration section 2
  id_token_signed_response_alg: optional(idTokenAlgorithm),
  userinfo_signed_response_alg: optional(idTokenAlgorithm),
  subject_type: optional(word(['public', 'pairwise'], 'must be public or pairwise')),
  sector_identifier_uri: optional(url(/^https:\/\//i, 'must be an https URL')),
  default_max_age: optional(
    value<number>(
      isWhole,
      must((given: number) => given >= 0, 'must not be less than 0'),
    ),
  ),
  require_auth_time: optional(trueOrFalse),
  initiate_login_uri: optional(
    url(
      /^https?:\/\//i,
      'must be an https URL',
      must((given: string) => !given.includes('#'), 'must not have a fragment'),
    ),
  ),
  // OpenID Connect RP-Initiated, Back-Channel and Front-Channel Logout
  post_logout_redirect_uris: optional(redirectUris),
  backchannel_logout_uri: optional(string()),
  backchannel_logout_session_required: optional(trueOrFalse),
  frontchannel_logout_uri: optional(string()),
  frontchannel_logout_session_required: optional(trueOrFalse),
  // Ours: RFC 7591 has no words for these.
  resources: optional(list(resource, few)),
  introspects: optional(list(resource, few)),
  access_token_format: optional(accessTokenFormat),
  require_pkce: withDefault(trueOrFalse, () => true),
  allow_token_endpoint_audience: optional(trueOrFalse),
  allow_any_loopback_port: optional(trueOrFalse),
  rotate_refresh_tokens: optional(trueOrFalse),
  access_token_ttl: optional(seconds),
  refresh_token_ttl: optional(seconds),
  id_token_ttl: optional(seconds),
  id_token_claims: optional(trueOrFalse),
};

const clientMetadata = fields(clientEntry);

/** A client's metadata, checked, and with its defaults. */
export type ClientMetadata = ValueOf<typeof clientMetadata>;

/** The same as it is written down: with the names of RFC 7591, and without what is left out. */
export type ClientEntry = WrittenOf<typeof clientMetadata>;

/** The names of all fields. */
export const clientFields: readonly string[] = Object.keys(clientEntry);

/** RFC 7591 metadata that this server has no use for; a record copied from elsewhere may have it. */
const IGNORED = new Set([
  'contacts',
  'software_id',
  'software_version',
  'application_type',
  'client_id_issued_at',
  'client_secret_expires_at',
]);

/**
 * Checks a client's metadata.
 *
 * @param plain the metadata, as it comes from JSON. RFC 7591 metadata that means nothing to this
 *   server is left out, and any other unknown field is a problem.
 */
export function readClientMetadata(plain: unknown, rules: ClientRules): Checked<ClientMetadata> {
  const given = withoutIgnored(plain);
  const checked = check(clientMetadata, given);
  if (!isPlainObject(given)) return checked;
  const wrong = new Set(checked.problems.map(({ field }) => /^\w*/.exec(field)![0]));
  const sound = checked.value ?? check(clientMetadata, withoutWrong(given, wrong)).value;
  if (sound === undefined) return checked;
  const problems = [...checked.problems, ...metadataProblems(sound, rules, wrong)];
  return problems.length === 0 ? checked : { problems };
}

/** What may be decided for a client in advance: everything but its id and its secret. */
const {
  client_id: _id,
  client_secret: _secret,
  client_secret_hash: _hash,
  ...decidable
} = clientEntry;
const part = fields(partial(decidable));

/** What is wrong with a part of a client's metadata, field by field. */
export function partProblems(plain: unknown): readonly Problem[] {
  return check(part, plain).problems;
}

/** What is left of metadata without the fields that are wrong, so that the rest can be judged. */
function withoutWrong(plain: object, wrong: ReadonlySet<string>): unknown {
  const fields = Object.entries(plain);
  const known = fields.filter(([name]) => clientFields.includes(name) && !wrong.has(name));
  return { client_id: 'unnamed', ...Object.fromEntries(known) };
}

function withoutIgnored(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return plain;
  return Object.fromEntries(Object.entries(plain).filter(([name]) => !IGNORED.has(name)));
}
