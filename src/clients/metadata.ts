// RFC 7591 section 2: a client's metadata, read from a plain object and checked.

import { z } from 'zod';
import { LONGEST_TTL } from '../protocol/bounds.ts';
import { isPlainObject } from '../protocol/checks.ts';
import { MAX_KEYS } from '../protocol/client.ts';
import { idTokenAlgorithms } from '../protocol/jwt.ts';
import { isResource } from '../protocol/resource.ts';
import { parseScope } from '../protocol/scope.ts';
import { isSha256 } from '../protocol/secrets.ts';
import { authMethods } from './authenticate.ts';
import { type ClientRules, metadataProblems } from './metadata-rules.ts';
import { type Checked, check, type Problem } from './problems.ts';

/** URL-safe, because many clients do not encode what they send in HTTP Basic. */
const clientId = z.string().regex(/^[\w.~:/@!$'()*,;=-]{1,255}$/, {
  error: 'must be 1 to 255 letters, digits and -._~ and the like, without spaces',
});

const SECRETS =
  'must be a string of 1 to 255 printable ASCII characters without spaces, or a list of two';
const clientSecret = z.string().regex(/^[\x21-\x7e]{1,255}$/, SECRETS);

const HASHES =
  'must be the SHA-256 of a secret in base64url, which has 43 characters, or a list of two';
const clientSecretHash = z.string().refine(isSha256, HASHES);

/** An absolute URI without a fragment (RFC 8707 section 2). */
export const resource = z.string().refine(isResource, 'must be an absolute URI without a fragment');

/** What access tokens are. */
export const accessTokenFormat = z.enum(['opaque', 'jwt'], { error: 'must be opaque or jwt' });

/** A name that people read. */
export const text = z
  .string({ error: 'must be a string' })
  .min(1, 'must not be empty')
  .max(256, 'is too long');

/** A name that a record may have: one with either in it is refused (protocol/names.ts). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const name = text.refine((value) => !/[\x00-\x1f\x7f]/.test(value) && value.isWellFormed(), {
  error: 'has a control character, or half of a character, in it',
});

const seconds = z
  .int({ error: 'must be a whole number of seconds' })
  .positive('must be more than 0')
  .max(LONGEST_TTL, `must be ${LONGEST_TTL} at the most, which is ten years`);

const trueOrFalse = z.boolean({ error: 'must be true or false' });

const idTokenAlgorithm = z.enum(idTokenAlgorithms, {
  error: 'must be RS256, ES256, EdDSA or Ed25519',
});

/** A page that people are sent to, or a picture. */
const webUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** For lists that are shown, or searched during a request. */
const MANY = 'has more than 100';

const string = z.string({ error: 'must be a string' });

/**
 * The rules for each are in protocol/client-urls.ts, because they hold for records in a store as well.
 */
const redirectUris = z.array(string).max(100, MANY);

/** RFC 7517; a private key has no business in a client's record. */
const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'RSA', 'OKP'], { error: 'must be EC, RSA or OKP' }) })
  .refine((key) => key['d'] === undefined, 'is a private key: keep it with the client');

/** A list of two is ours: both are valid while a client changes from one to the other. */
function oneOrTwo(kind: z.ZodType<string, string>, error: string) {
  return z
    .union([kind.transform((one) => [one]), z.array(kind).min(1, error).max(2, error)], { error })
    .default([]);
}

const clientMetadata = z.strictObject({
  client_id: clientId,
  client_secret: oneOrTwo(clientSecret, SECRETS),
  // Ours.
  client_secret_hash: oneOrTwo(clientSecretHash, HASHES),
  client_name: name.optional(),
  client_uri: webUrl.optional(),
  logo_uri: webUrl.optional(),
  policy_uri: webUrl.optional(),
  tos_uri: webUrl.optional(),
  redirect_uris: redirectUris.default([]),
  grant_types: z.array(string).default(['authorization_code']),
  response_types: z.array(z.literal('code', { error: 'must be code' })).optional(),
  scope: z
    .string({ error: 'must be a string of words separated by spaces' })
    .refine((value) => parseScope(value).length <= 100, MANY)
    .optional(),
  token_endpoint_auth_method: z
    .enum(authMethods, { error: `must be one of ${authMethods.join(', ')}` })
    .optional(),
  jwks: z
    .strictObject({
      keys: z.array(publicKey).min(1, 'must have a key').max(MAX_KEYS, `has more than ${MAX_KEYS}`),
    })
    .optional(),
  jwks_uri: z.url({ protocol: /^https?$/, error: 'must be an https URL' }).optional(),
  // OpenID Connect Dynamic Client Registration section 2
  id_token_signed_response_alg: idTokenAlgorithm.optional(),
  userinfo_signed_response_alg: idTokenAlgorithm.optional(),
  subject_type: z.enum(['public', 'pairwise'], { error: 'must be public or pairwise' }).optional(),
  sector_identifier_uri: z.url({ protocol: /^https$/, error: 'must be an https URL' }).optional(),
  default_max_age: z
    .int({ error: 'must be a whole number of seconds' })
    .min(0, 'must not be less than 0')
    .optional(),
  require_auth_time: trueOrFalse.optional(),
  initiate_login_uri: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .refine((value) => !value.includes('#'), 'must not have a fragment')
    .optional(),
  // OpenID Connect RP-Initiated, Back-Channel and Front-Channel Logout
  post_logout_redirect_uris: redirectUris.optional(),
  backchannel_logout_uri: string.optional(),
  backchannel_logout_session_required: trueOrFalse.optional(),
  frontchannel_logout_uri: string.optional(),
  frontchannel_logout_session_required: trueOrFalse.optional(),
  // Ours: RFC 7591 has no words for these.
  resources: z.array(resource).max(100, MANY).optional(),
  introspects: z.array(resource).max(100, MANY).optional(),
  access_token_format: accessTokenFormat.optional(),
  require_pkce: trueOrFalse.default(true),
  allow_token_endpoint_audience: trueOrFalse.optional(),
  allow_any_loopback_port: trueOrFalse.optional(),
  rotate_refresh_tokens: trueOrFalse.optional(),
  access_token_ttl: seconds.optional(),
  refresh_token_ttl: seconds.optional(),
  id_token_ttl: seconds.optional(),
  id_token_claims: trueOrFalse.optional(),
});

/** A client's metadata, checked, and with its defaults. */
export type ClientMetadata = z.output<typeof clientMetadata>;

/** The same as it is written down: with the names of RFC 7591, and without what is left out. */
export type ClientEntry = z.input<typeof clientMetadata>;

/** The names of all fields. */
export const clientFields: readonly string[] = Object.keys(clientMetadata.shape);

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
const part = clientMetadata
  .omit({ client_id: true, client_secret: true, client_secret_hash: true })
  .partial();

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
