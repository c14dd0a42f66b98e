// RFC 7591 section 3.2.1: a client's record in the names of its metadata, as it is told to whoever
// registered it.

import { clientSecretKey, decrypt } from '../protocol/secrets.ts';
import type { Client } from '../types.ts';
import type { ClientEntry } from './metadata.ts';

/** What is known of a client, without its secret. */
export type ClientInformation = Omit<ClientEntry, 'client_secret' | 'client_secret_hash'>;

/** A client as it is registered, without what is a secret or the hash of one. */
export function informationOf(client: Client): ClientInformation {
  const all: ClientInformation = {
    client_id: client.id,
    client_name: client.name,
    client_uri: client.uri,
    redirect_uris: client.redirectUris,
    application_type: client.applicationType,
    grant_types: client.grants,
    response_types: client.grants.includes('authorization_code') ? ['code'] : [],
    scope: client.scope.join(' '),
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    token_endpoint_auth_signing_alg: client.tokenEndpointAuthSigningAlg,
    jwks: client.jwks as ClientEntry['jwks'],
    jwks_uri: client.jwksUri,
    resources: client.resources && [...client.resources],
    introspects: client.introspects && [...client.introspects],
    access_token_format: client.accessTokenFormat,
    require_pkce: client.requirePkce,
    allow_token_endpoint_audience: client.allowTokenEndpointAudience,
    allow_any_loopback_port: client.allowAnyLoopbackPort,
    rotate_refresh_tokens: client.rotateRefreshTokens,
    access_token_ttl: client.accessTokenLifetime,
    refresh_token_ttl: client.refreshTokenLifetime,
    id_token_signed_response_alg: client.idTokenSignedResponseAlg,
    userinfo_signed_response_alg: client.userinfoSignedResponseAlg,
    introspection_signed_response_alg: client.introspectionSignedResponseAlg,
    id_token_ttl: client.idTokenLifetime,
    id_token_claims: client.idTokenClaims,
    subject_type: client.subjectType,
    sector_identifier_uri: client.sectorIdentifierUri,
    default_max_age: client.defaultMaxAge,
    require_auth_time: client.requireAuthTime,
    initiate_login_uri: client.initiateLoginUri,
    logo_uri: client.logoUri,
    policy_uri: client.policyUri,
    tos_uri: client.tosUri,
    post_logout_redirect_uris: client.postLogoutRedirectUris && [...client.postLogoutRedirectUris],
    backchannel_logout_uri: client.backchannelLogoutUri,
    backchannel_logout_session_required: client.backchannelLogoutSessionRequired,
    frontchannel_logout_uri: client.frontchannelLogoutUri,
    frontchannel_logout_session_required: client.frontchannelLogoutSessionRequired,
  };
  // A copy: the record is the store's, and what is told may be changed.
  const known = Object.entries(all).filter(([, value]) => value !== undefined);
  return structuredClone(Object.fromEntries(known)) as ClientInformation;
}

/**
 * The secrets of a client as an entry names them: in the clear if it signs with them, otherwise their
 * hashes.
 *
 * @param secret that of the server
 */
export function secretsOf(
  { encryptedSecrets, secretHashes }: Client,
  secret: string,
): Pick<ClientEntry, 'client_secret' | 'client_secret_hash'> {
  if (secretHashes.length === 0) return {};
  if (encryptedSecrets === undefined) return { client_secret_hash: [...secretHashes] };
  const key = clientSecretKey(secret);
  return { client_secret: encryptedSecrets.map((one) => decrypt(key, one).toString()) };
}
