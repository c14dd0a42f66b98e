// What a client is told that registers itself, or manages its registration.

import { informationOf } from '../clients/client-information.ts';
import { OAuthError } from '../errors.ts';
import { PATHS } from '../http/paths.ts';
import type { Problem } from '../protocol/problems.ts';
import type { Client, JsonObject } from '../types.ts';

/** RFC 7591 section 3.2.1, without the URL of the registration. */
export type SelfRegistered = JsonObject & { readonly client_id: string };

/** The most problems that an answer names. */
const MAX_TOLD = 10;

/** Longest answer about them, in characters. */
const MAX_TOLD_LENGTH = 2000;

/** What a client is told of its registration: all of it, and what is its own to know. */
export function answerOf(client: Client, token: string, secret?: string): SelfRegistered {
  const { allow_any_loopback_port: _, require_pkce, ...information } = informationOf(client);
  const { registeredAt = 0 } = client;
  return {
    ...(information as JsonObject),
    scope: (client.defaultScope ?? client.scope).join(' '),
    client_id: client.id,
    client_id_issued_at: Math.floor(registeredAt / 1000),
    // RFC 7591 section 2: the default, though this server takes the secret in the body as well.
    token_endpoint_auth_method: client.tokenEndpointAuthMethod ?? 'client_secret_basic',
    ...(!require_pkce && { require_pkce }),
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: token,
  };
}

/** RFC 7591 section 3.2.1: what a client is answered, with the URL at which it manages its registration. */
export function registrationAnswer(issuer: string, client: SelfRegistered) {
  return {
    ...client,
    registration_client_uri: `${issuer}${PATHS.register}/${client.client_id}`,
  };
}

/** RFC 7591 section 3.2.2: the error that names all that is wrong with metadata. */
export function metadataRefusal(problems: readonly Problem[]): OAuthError {
  const told = problems.slice(0, MAX_TOLD).map(({ field, problem }) => `${field} ${problem}`);
  if (problems.length > MAX_TOLD) told.push(`and ${problems.length - MAX_TOLD} problems more`);
  const isUri = problems.some(({ field }) => field.startsWith('redirect_uris'));
  return new OAuthError(
    isUri ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    `The metadata cannot be used: ${told.map((one) => one.trim()).join('; ')}`.slice(
      0,
      MAX_TOLD_LENGTH,
    ),
  );
}
