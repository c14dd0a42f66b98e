// RFC 7591 section 2: the metadata of a client that nobody here vouches for, as a stranger sends it
// (Dynamic Client Registration) or publishes it (OAuth Client ID Metadata Document).
//
// A stranger writes for every server there is. So members that mean nothing here are left out, what the
// client could not use is dropped, and the client is told what is left. Everything else is checked like
// our own metadata.

import { isPlainObject } from '../protocol/checks.ts';
import { isLoopback, redirectUriProblem } from '../protocol/redirect-uri.ts';
import { isOpenIdScope, parseScope } from '../protocol/scope.ts';
import { type ClientEntry, type ClientMetadata, readClientMetadata } from './metadata.ts';
import type { ClientRules } from './metadata-rules.ts';
import { type Checked, type Problem, those } from './problems.ts';

/** What a server offers such clients; its grant types and scopes are those that they may have. */
export interface ForeignRules extends ClientRules {
  /** What the client is known by: the id that it is registered under, or the URL of its document. */
  readonly clientId: string;
  /** What somebody here has decided for the client. It overrides what the client says itself. */
  readonly decided?: Partial<ClientEntry> | undefined;
  /** The secret of a client that authenticates by one; a document cannot have any. */
  readonly secretFor?: (
    method: unknown,
  ) => Pick<ClientEntry, 'client_secret' | 'client_secret_hash'>;
}

/**
 * The members that a stranger may send. None of our own is among them: those are for whoever vouches for
 * a client. Nor is `frontchannel_logout_uri`, which would put a stranger's frame into a page of this
 * server.
 */
const FIELDS = [
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'redirect_uris',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'jwks',
  'jwks_uri',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'require_auth_time',
  'initiate_login_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
] as const satisfies readonly (keyof ClientEntry)[];

/** The fields that a client may set itself; all others are for whoever vouches for it. */
export const foreignFields: readonly string[] = FIELDS;

type Said = { readonly [Field in (typeof FIELDS)[number]]?: unknown };

/** Fewer than our own clients may have: whoever sends them may be anybody. */
const MOST_URIS = 50;

/** Characters. */
const LONGEST_URL = 1024;

const APPLICATION_TYPES = ['web', 'native'];

/**
 * Checks a stranger's metadata.
 *
 * A member that is `null` or an empty string counts as absent, and so does every member that this server
 * does not know, such as a name in another language (`client_name#de`). Grant types, response types and
 * scopes that the client cannot have are dropped, unless nothing would be left, and keys that it does not
 * authenticate with. Without `token_endpoint_auth_method` a registered client gets a secret, and one that is
 * known by a document is public. If `application_type` is `native`, a client on loopback may use any port
 * (RFC 8252 section 7.3).
 *
 * @param plain as it comes from JSON
 * @param from where it came from: a document names itself, and has no secret
 */
export function readForeignMetadata(
  plain: unknown,
  rules: ForeignRules,
  from: 'registration' | 'document',
): Checked<ClientMetadata> {
  if (!isPlainObject(plain)) return { problems: [{ field: '', problem: 'must be an object' }] };
  const said = saidIn(plain);
  const strange = [
    ...(from === 'document' ? documentProblems(plain, rules) : []),
    ...foreignProblems(plain, said, rules),
  ];
  const { value, problems } = readClientMetadata(entryOf(plain, said, rules, from), rules);
  const all = withoutTwice([...strange, ...problems]);
  if (value === undefined || all.length > 0) return { problems: all };
  return { value: { ...value, client_id: rules.clientId }, problems: [] };
}

/** The part of it that means something here. */
function saidIn(plain: Record<string, unknown>): Said {
  const known = FIELDS.map((name) => [name, plain[name]] as const);
  return Object.fromEntries(
    known.filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/** The same as an entry of ours, without what the client could not use. What is of a wrong type stays. */
function entryOf(
  plain: Record<string, unknown>,
  said: Said,
  rules: ForeignRules,
  from: 'registration' | 'document',
): Record<string, unknown> {
  const { decided = {}, secretFor } = rules;
  const named = decided.token_endpoint_auth_method ?? said.token_endpoint_auth_method;
  const isForSecret = typeof named === 'string' && named.startsWith('client_secret');
  // A document's own check names this problem, once.
  const method = from === 'document' && (named === undefined || isForSecret) ? 'none' : named;
  const hasSecret = method !== 'none' && method !== 'private_key_jwt';
  const entry: Record<string, unknown> = {
    ...said,
    token_endpoint_auth_method: method,
    ...(isStrings(said.grant_types) && {
      grant_types: said.grant_types.filter((grant) => isUsable(grant, method, rules)),
    }),
    ...(isStrings(said.response_types) && {
      response_types: said.response_types.filter((type) => type === 'code'),
    }),
    ...(typeof said.scope === 'string' && {
      scope: parseScope(said.scope)
        .filter((word) => isKnownScope(word, rules))
        .join(' '),
    }),
    ...(isPlainObject(said.jwks) && { jwks: { keys: keysOf(said.jwks['keys']) } }),
    ...(plain['application_type'] === 'native' &&
      isStrings(said.redirect_uris) &&
      said.redirect_uris.some(isLoopback) && { allow_any_loopback_port: true }),
    ...decided,
    // Some clients send a URL, which the id of one of our own clients may not be.
    client_id: 'foreign',
    ...(hasSecret && secretFor?.(method)),
  };
  // They may be for what this server does not do, such as encryption.
  if (method !== 'private_key_jwt') {
    if (isPlainObject(entry['jwks'])) entry['jwks'] = undefined;
    if (typeof entry['jwks_uri'] === 'string') entry['jwks_uri'] = undefined;
  }
  return entry;
}

function isUsable(grant: string, method: unknown, { grantTypes }: ForeignRules): boolean {
  if (method === 'none' && grant === 'client_credentials') return false;
  return grantTypes.includes(grant);
}

function isKnownScope(word: string, { scopes }: ForeignRules): boolean {
  return isOpenIdScope(word) || scopes.includes(word);
}

/** Keys with members that are as flat as RFC 7517 and RFC 7518 have them, so that none is a deep object. */
function keysOf(keys: unknown): unknown {
  if (!Array.isArray(keys)) return keys;
  const isFlat = (value: unknown) =>
    !isPlainObject(value) && (!Array.isArray(value) || isStrings(value));
  return keys.map((key) =>
    isPlainObject(key)
      ? Object.fromEntries(Object.entries(key).filter(([, value]) => isFlat(value)))
      : key,
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What a stranger may not do, though our own clients may. */
function foreignProblems(
  plain: Record<string, unknown>,
  said: Said,
  rules: ForeignRules,
): Problem[] {
  const {
    grant_types: grants,
    response_types: types,
    scope,
    token_endpoint_auth_method: method,
  } = said;
  const kept = isStrings(grants) ? grants.filter((one) => isUsable(one, method, rules)) : [];
  const words = typeof scope === 'string' ? parseScope(scope) : [];
  const type = plain['application_type'];
  return [
    ...those(
      [
        isStrings(grants) && kept.length === 0,
        'grant_types',
        `has none that this client may have here, which are ${rules.grantTypes.join(', ')}`,
      ],
      [
        isStrings(types) && types.length > 0 && !types.includes('code'),
        'response_types',
        'has no code, which is the one that this server has',
      ],
      [
        words.length > 0 && !words.some((word) => isKnownScope(word, rules)),
        'scope',
        'has no word that this client may have here: leave it out to get all that it may have',
      ],
      [
        type !== undefined && type !== null && !APPLICATION_TYPES.includes(type as string),
        'application_type',
        `must be ${APPLICATION_TYPES.join(' or ')}`,
      ],
    ),
    ...(['redirect_uris', 'post_logout_redirect_uris'] as const).flatMap((field) =>
      uriProblems(field, said[field]),
    ),
    ...Object.entries(said).flatMap(([field, value]) =>
      those([
        field.endsWith('_uri') && typeof value === 'string' && value.length > LONGEST_URL,
        field,
        `is longer than ${LONGEST_URL} characters`,
      ]),
    ),
  ];
}

/** Nobody here has looked at a stranger's URIs, so they are held to the rules of production at all times. */
function uriProblems(field: string, uris: unknown): Problem[] {
  if (!isStrings(uris)) return [];
  if (uris.length > MOST_URIS) return [{ field, problem: `has more than ${MOST_URIS}` }];
  return uris.flatMap((uri, position) => {
    const problem = uri.includes('*')
      ? 'has a *, and there are no wildcards: register each URI as it is'
      : redirectUriProblem(uri, true);
    return those([problem !== undefined, `${field}[${position}]`, `${problem}: ${uri}`]);
  });
}

/** OAuth Client ID Metadata Document, section 4: a document names itself, and has no shared secret. */
function documentProblems(plain: Record<string, unknown>, { clientId }: ForeignRules): Problem[] {
  const isThere = (name: string) => plain[name] !== undefined && plain[name] !== null;
  const method = plain['token_endpoint_auth_method'];
  return those(
    [
      plain['client_id'] !== clientId,
      'client_id',
      'is not, letter for letter, the URL that the document was fetched from',
    ],
    [
      isThere('client_secret'),
      'client_secret',
      'is there, and everybody can read it: leave it out',
    ],
    [
      isThere('client_secret_expires_at'),
      'client_secret_expires_at',
      'is there, but the client cannot have a secret: leave it out',
    ],
    [
      typeof method === 'string' && method.startsWith('client_secret'),
      'token_endpoint_auth_method',
      'is for a secret, which a document cannot have: it must be none or private_key_jwt',
    ],
  );
}

/** One problem is enough for each field: two rules may find the same one. */
function withoutTwice(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ field }) => !seen.has(field) && seen.add(field));
}
