// The rules for a client's metadata that no single field can be held to.

import { clientUrlProblems, isHttp } from '../protocol/client-urls.ts';
import { type Problem, those } from '../protocol/problems.ts';
import { isLoopback } from '../protocol/redirect-uri.ts';
import { isOpenIdScope, parseScope } from '../protocol/scope.ts';
import { hasManySectors } from '../protocol/subject.ts';
import { authenticationProblems } from './authentication-rules.ts';
import { logoutProblems } from './logout-rules.ts';
import type { ClientMetadata } from './metadata.ts';

/** What a server offers its clients, and how strict it is. */
export interface ClientRules {
  /** The grant types it has. */
  readonly grantTypes: readonly string[];
  /** The scopes it has. */
  readonly scopes: readonly string[];
  /** RFC 8707: the resources it has. If there are none, a client may name any. */
  readonly resources: readonly string[];
  /** Whether URLs have to be https, except on loopback, and secrets long. */
  readonly production: boolean;
}

const HTTP = 'is http: use https';

/** The rules, each with the fields that it is about. */
const RULES: readonly {
  readonly about: readonly (keyof ClientMetadata)[];
  readonly problemsOf: (client: ClientMetadata, rules: ClientRules) => Problem[];
}[] = [
  {
    about: [
      'token_endpoint_auth_method',
      'token_endpoint_auth_signing_alg',
      'client_secret',
      'client_secret_hash',
      'jwks',
      'jwks_uri',
      'allow_token_endpoint_audience',
    ],
    problemsOf: authenticationProblems,
  },
  {
    about: [
      'token_endpoint_auth_method',
      'grant_types',
      'redirect_uris',
      'require_pkce',
      'rotate_refresh_tokens',
      'allow_any_loopback_port',
    ],
    problemsOf: grantProblems,
  },
  {
    about: [
      'redirect_uris',
      'jwks_uri',
      'logo_uri',
      'post_logout_redirect_uris',
      'backchannel_logout_uri',
      'frontchannel_logout_uri',
    ],
    // The rules that a client in the store is held to as well.
    problemsOf: (client, { production }) =>
      clientUrlProblems(
        {
          redirectUris: client.redirect_uris,
          jwksUri: client.jwks_uri,
          logoUri: client.logo_uri,
          postLogoutRedirectUris: client.post_logout_redirect_uris,
          backchannelLogoutUri: client.backchannel_logout_uri,
          frontchannelLogoutUri: client.frontchannel_logout_uri,
        },
        production,
      ),
  },
  {
    about: [
      'grant_types',
      'scope',
      'post_logout_redirect_uris',
      'backchannel_logout_uri',
      'backchannel_logout_session_required',
      'frontchannel_logout_uri',
      'frontchannel_logout_session_required',
    ],
    problemsOf: logoutProblems,
  },
  {
    about: ['initiate_login_uri'],
    // The server never visits this one, so a client in the store is not held to the rule.
    problemsOf: ({ initiate_login_uri: uri }, { production }) =>
      those([production && isHttp(uri), 'initiate_login_uri', HTTP]),
  },
  { about: ['scope', 'resources'], problemsOf: accessProblems },
  { about: ['subject_type', 'sector_identifier_uri', 'redirect_uris'], problemsOf: sectorProblems },
];

/**
 * What is wrong with metadata whose fields are right one by one.
 *
 * @param wrong fields that were wrong and got a default; rules about them are skipped
 */
export function metadataProblems(
  client: ClientMetadata,
  rules: ClientRules,
  wrong: ReadonlySet<string> = new Set(),
): Problem[] {
  return RULES.filter(({ about }) => !about.some((field) => wrong.has(field))).flatMap(
    ({ problemsOf }) => problemsOf(client, rules),
  );
}

function grantProblems(client: ClientMetadata, rules: ClientRules): Problem[] {
  const { grant_types: grants, redirect_uris: uris } = client;
  const isPublic = client.token_endpoint_auth_method === 'none';
  return those(
    ...grants.map(
      (grant, index) =>
        [
          !rules.grantTypes.includes(grant),
          `grant_types[${index}]`,
          `must be one of ${rules.grantTypes.join(', ')}`,
        ] as const,
    ),
    [
      isPublic && grants.includes('client_credentials'),
      'grant_types',
      'has client_credentials, which needs a client_secret (RFC 6749 section 4.4)',
    ],
    [
      isPublic && !client.require_pkce,
      'require_pkce',
      'must be true for a public client (RFC 9700 section 2.1.1)',
    ],
    [
      isPublic && client.rotate_refresh_tokens === false,
      'rotate_refresh_tokens',
      'must be true for a public client (RFC 9700 section 2.2.2)',
    ],
    [
      isPublic && client.allow_any_loopback_port === false,
      'allow_any_loopback_port',
      'must be true for a public client (RFC 8252 section 7.3)',
    ],
    [
      client.allow_any_loopback_port === true && !uris.some(isLoopback),
      'allow_any_loopback_port',
      'is there, but no redirect URI is on loopback: http://127.0.0.1, http://[::1] or http://localhost',
    ],
    [
      grants.includes('authorization_code') && uris.length === 0,
      'redirect_uris',
      'is missing: the grant type authorization_code needs one',
    ],
  );
}

function sectorProblems(client: ClientMetadata): Problem[] {
  const { subject_type: type, redirect_uris, sector_identifier_uri } = client;
  const registered = { redirectUris: redirect_uris, sectorIdentifierUri: sector_identifier_uri };
  return those([
    type === 'pairwise' && hasManySectors(registered),
    'sector_identifier_uri',
    'is missing: a pairwise client with redirect URIs of several hosts needs it (OpenID Connect Core section 8.1)',
  ]);
}

function accessProblems(client: ClientMetadata, { scopes, resources }: ClientRules): Problem[] {
  return those(
    ...(client.resources ?? []).map(
      (name) =>
        [
          resources.length > 0 && !resources.includes(name),
          'resources',
          `has ${name}, which "resources" does not list`,
        ] as const,
    ),
    ...parseScope(client.scope ?? '').map(
      (word) =>
        [
          !scopes.includes(word) && !isOpenIdScope(word),
          'scope',
          `has ${word}, which is neither a scope of OpenID Connect nor in "scopes" (of the seed file, or the option)${word.includes(',') ? ': words are separated by spaces' : ''}`,
        ] as const,
    ),
  );
}
