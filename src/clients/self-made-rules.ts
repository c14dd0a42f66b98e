// What a client that nobody here vouches for may say of itself, and what is refused to it alone.

import { type Problem, those } from '../protocol/problems.ts';
import { redirectUriProblem, schemeProblem } from '../protocol/redirect-uri.ts';
import { isOpenIdScope, parseScope } from '../protocol/scope.ts';
import type { ClientEntry } from './metadata.ts';
import type { ClientRules } from './metadata-rules.ts';

/** What a server offers such clients; its grant types and scopes are those that they may have. */
export interface SelfMadeRules extends ClientRules {
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
export const FIELDS = [
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'redirect_uris',
  'application_type',
  'grant_types',
  'response_types',
  'scope',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'introspection_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'require_auth_time',
  'initiate_login_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
] as const satisfies readonly (keyof ClientEntry)[];

/** What a stranger has said by these members. */
export type Said = { readonly [Field in (typeof FIELDS)[number]]?: unknown };

/** Fewer than our own clients may have: whoever sends them may be anybody. */
const MAX_URIS = 50;

/** Characters. */
const MAX_URL = 1024;

/**
 * What a stranger may not do, though our own clients may.
 */
export function selfMadeProblems(said: Said, rules: SelfMadeRules): Problem[] {
  const {
    grant_types: grants,
    response_types: types,
    scope,
    token_endpoint_auth_method: method,
  } = said;
  const kept = isStrings(grants) ? grants.filter((one) => isUsable(one, method, rules)) : [];
  const words = typeof scope === 'string' ? parseScope(scope) : [];
  return [
    ...those(
      [
        isStrings(grants) && kept.length === 0,
        'grant_types',
        `has none that this client may have here, which are ${rules.grantTypes.join(', ')}`,
      ],
      [
        kept.length > 0 && kept.every((one) => one === 'refresh_token'),
        'grant_types',
        'has refresh_token alone, and a refresh token comes from another grant type: name that, too',
      ],
      [
        isStrings(types) && types.length > 0 && !types.includes('code'),
        'response_types',
        'has no code, which is the one that this server has',
      ],
      [
        // Where a person is asked, it gets what it would get without. Otherwise, nobody would notice that
        // this is more than it wanted.
        kept.includes('client_credentials') &&
          rules.decided?.scope === undefined &&
          words.length > 0 &&
          !words.some((word) => isKnownScope(word, rules)),
        'scope',
        'has no word that this client may have here: leave it out to get all that it may have',
      ],
    ),
    ...(['redirect_uris', 'post_logout_redirect_uris'] as const).flatMap((field) =>
      uriProblems(field, said[field]),
    ),
    ...Object.entries(said).flatMap(([field, value]) =>
      field.endsWith('_uri') && typeof value === 'string' ? urlProblems(field, value) : [],
    ),
  ];
}

function urlProblems(field: string, value: string): Problem[] {
  return those([value.length > MAX_URL, field, `is longer than ${MAX_URL} characters`]);
}

/** Nobody here has looked at a stranger's URIs, so they are held to the rules of production at all times. */
function uriProblems(field: string, uris: unknown): Problem[] {
  if (!isStrings(uris)) return [];
  if (uris.length > MAX_URIS) return [{ field, problem: `has more than ${MAX_URIS}` }];
  return uris.flatMap((uri, position) => {
    const problem = uri.includes('*')
      ? 'has a *, and there are no wildcards: register each URI as it is'
      : (redirectUriProblem(uri, true) ?? schemeProblem(uri));
    return those([problem !== undefined, `${field}[${position}]`, `${problem}: ${uri}`]);
  });
}

/** OAuth Client ID Metadata Document, section 4: a document names itself, and has no shared secret. */
export function documentProblems(
  members: Record<string, unknown>,
  { clientId }: SelfMadeRules,
): Problem[] {
  const isThere = (name: string) => members[name] !== undefined;
  const method = members['token_endpoint_auth_method'];
  return those(
    [
      members['client_id'] !== clientId,
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

/** Whether a client that authenticates by a method may use a grant type. */
export function isUsable(grant: string, method: unknown, { grantTypes }: SelfMadeRules): boolean {
  if (method === 'none' && grant === 'client_credentials') return false;
  return grantTypes.includes(grant);
}

/** Whether such a client may have a scope. */
export function isKnownScope(word: string, { scopes }: SelfMadeRules): boolean {
  return isOpenIdScope(word) || scopes.includes(word);
}

export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
