// RFC 7591 section 2: a client's metadata, read from a plain object and checked.

import { isPlainObject } from '../protocol/checks.ts';
import { authMethods, MAX_KEYS } from '../protocol/client.ts';
import type { Checked, Problem } from '../protocol/problems.ts';
import {
  check,
  fields,
  list,
  must,
  optional,
  partial,
  string,
  trueOrFalse,
  type ValueOf,
  value,
  type WrittenOf,
  withDefault,
  word,
} from '../protocol/schema.ts';
import { parseScope } from '../protocol/scope.ts';
import { type ClientRules, metadataProblems } from './metadata-rules.ts';
import {
  accessTokenFormat,
  assertionAlgorithm,
  clientId,
  clientSecret,
  clientSecretHash,
  few,
  httpsUrl,
  idTokenAlgorithm,
  isWhole,
  logoutUri,
  MANY,
  name,
  publicKey,
  redirectUris,
  resource,
  seconds,
  url,
  WEB,
  webUrl,
} from './metadata-values.ts';

const clientEntry = {
  client_id: clientId,
  client_secret: clientSecret,
  // Ours.
  client_secret_hash: clientSecretHash,
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
  token_endpoint_auth_signing_alg: optional(assertionAlgorithm),
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
  application_type: optional(word(['web', 'native'], 'must be web or native')),
  id_token_signed_response_alg: optional(idTokenAlgorithm),
  userinfo_signed_response_alg: optional(idTokenAlgorithm),
  // RFC 9701 section 6
  introspection_signed_response_alg: optional(idTokenAlgorithm),
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
      WEB,
      'must be an https URL',
      must((given: string) => !given.includes('#'), 'must not have a fragment'),
    ),
  ),
  // OpenID Connect RP-Initiated, Back-Channel and Front-Channel Logout
  post_logout_redirect_uris: optional(redirectUris),
  backchannel_logout_uri: optional(logoutUri),
  backchannel_logout_session_required: optional(trueOrFalse),
  frontchannel_logout_uri: optional(logoutUri),
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

/** A client's metadata as somebody writes it down, with the names of RFC 7591: what has a default may be absent. */
export type ClientEntry = WrittenOf<typeof clientMetadata>;

/** The names of all fields. */
export const clientFields: readonly string[] = Object.keys(clientEntry);

/** RFC 7591 metadata that this server has no use for; a record copied from elsewhere may have it. */
const IGNORED = new Set([
  'contacts',
  'software_id',
  'software_version',
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
