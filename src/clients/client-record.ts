// The record that a store keeps of a client, from its metadata.

import { OPENID_SCOPES, parseScope } from '../protocol/scope.ts';
import { clientSecretKey, encrypt, sha256 } from '../protocol/secrets.ts';
import type { Client } from '../types.ts';
import type { ClientMetadata } from './metadata.ts';
import type { SelfMadeRules } from './self-made-rules.ts';

/**
 * The record of a client.
 *
 * @param scopes the server's own; the client may have them, and those of OpenID Connect, if its metadata has
 *   no scope
 * @param secret that of the server; only a client with the method client_secret_jwt needs it
 * @throws TypeError if such a client comes without the server's secret
 */
export function toClient(
  metadata: ClientMetadata,
  scopes: readonly string[],
  secret?: string,
): Client {
  const { client_id: id, client_secret: secrets, token_endpoint_auth_method: method } = metadata;
  return {
    id,
    name: metadata.client_name ?? id,
    uri: metadata.client_uri,
    tokenEndpointAuthMethod: method,
    tokenEndpointAuthSigningAlg: metadata.token_endpoint_auth_signing_alg,
    secretHashes: [...secrets.map(sha256), ...metadata.client_secret_hash],
    encryptedSecrets:
      method === 'client_secret_jwt' ? encryptedSecrets(metadata, secret) : undefined,
    jwks: metadata.jwks,
    jwksUri: metadata.jwks_uri,
    allowTokenEndpointAudience: metadata.allow_token_endpoint_audience,
    redirectUris: metadata.redirect_uris,
    applicationType: metadata.application_type,
    grants: metadata.grant_types,
    scope: metadata.scope === undefined ? allScopes(metadata, scopes) : parseScope(metadata.scope),
    requirePkce: metadata.require_pkce,
    allowAnyLoopbackPort: metadata.allow_any_loopback_port,
    rotateRefreshTokens: metadata.rotate_refresh_tokens,
    resources: metadata.resources,
    introspects: metadata.introspects,
    accessTokenFormat: metadata.access_token_format,
    accessTokenLifetime: metadata.access_token_ttl,
    refreshTokenLifetime: metadata.refresh_token_ttl,
    idTokenSignedResponseAlg: metadata.id_token_signed_response_alg,
    userinfoSignedResponseAlg: metadata.userinfo_signed_response_alg,
    introspectionSignedResponseAlg: metadata.introspection_signed_response_alg,
    idTokenLifetime: metadata.id_token_ttl,
    idTokenClaims: metadata.id_token_claims,
    subjectType: metadata.subject_type,
    sectorIdentifierUri: metadata.sector_identifier_uri,
    defaultMaxAge: metadata.default_max_age,
    requireAuthTime: metadata.require_auth_time,
    initiateLoginUri: metadata.initiate_login_uri,
    logoUri: metadata.logo_uri,
    policyUri: metadata.policy_uri,
    tosUri: metadata.tos_uri,
    postLogoutRedirectUris: metadata.post_logout_redirect_uris,
    backchannelLogoutUri: metadata.backchannel_logout_uri,
    backchannelLogoutSessionRequired: metadata.backchannel_logout_session_required,
    frontchannelLogoutUri: metadata.frontchannel_logout_uri,
    frontchannelLogoutSessionRequired: metadata.frontchannel_logout_session_required,
  };
}

/**
 * The record of a client that nobody here has registered. What it says of its scope is what it gets if it
 * asks for none, and binds it no further: an assistant (MCP) names there what its first tool needs, and asks
 * its person for more once another tool needs that.
 */
export function toSelfMadeClient(
  metadata: ClientMetadata,
  { scopes, decided }: Pick<SelfMadeRules, 'scopes' | 'decided'>,
  secret?: string,
): Client {
  const client = toClient(metadata, scopes, secret);
  if (metadata.scope === undefined || decided?.scope !== undefined) return client;
  return { ...client, scope: allScopes(metadata, scopes), defaultScope: client.scope };
}

/** All scopes that there are; `offline_access` is only for a client that gets refresh tokens. */
function allScopes({ grant_types }: ClientMetadata, scopes: readonly string[]): string[] {
  const known = new Set([...scopes, ...OPENID_SCOPES]);
  if (!grant_types.includes('refresh_token')) known.delete('offline_access');
  return [...known];
}

function encryptedSecrets(client: ClientMetadata, secret: string | undefined): string[] {
  if (secret === undefined) {
    throw new TypeError(
      `The client ${client.client_id} signs with its secret, which is encrypted with the server's: pass the server's secret as well.`,
    );
  }
  return client.client_secret.map((text) => encrypt(clientSecretKey(secret), text));
}
