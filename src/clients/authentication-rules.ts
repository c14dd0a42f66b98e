// The rules for how a client authenticates (RFC 7591 section 2, RFC 7523).

import { algorithmsOf } from '../protocol/client.ts';
import { type Problem, those } from '../protocol/problems.ts';
import { isShortSecret } from '../protocol/secrets.ts';
import type { ClientMetadata } from './metadata.ts';
import type { ClientRules } from './metadata-rules.ts';

/** What is wrong with how a client authenticates: its method, its secrets and its keys. */
export function authenticationProblems(
  client: ClientMetadata,
  { production }: ClientRules,
): Problem[] {
  const method = client.token_endpoint_auth_method;
  const hasHash = client.client_secret_hash.length > 0;
  const hasSecret = client.client_secret.length > 0 || hasHash;
  const given = hasHash ? 'client_secret_hash' : 'client_secret';
  const isShort = client.client_secret.some(isShortSecret);
  const hasKeys = client.jwks !== undefined || client.jwks_uri !== undefined;
  const needsKeys = method === 'private_key_jwt';
  const isHmac = method === 'client_secret_jwt';
  const isPublic = method === 'none';
  const alg = client.token_endpoint_auth_signing_alg;
  const algorithms = algorithmsOf(method);
  return those(
    [needsKeys && !hasKeys, 'jwks', 'is missing: private_key_jwt needs it, or jwks_uri'],
    [needsKeys && hasSecret, given, 'must be left out: the client signs with its private key'],
    [
      !needsKeys && !isPublic && !hasSecret,
      'client_secret',
      'is missing; for a public client say "token_endpoint_auth_method": "none"',
    ],
    [
      !needsKeys && hasKeys,
      'jwks',
      'is there, but "token_endpoint_auth_method" is not "private_key_jwt"',
    ],
    [
      client.allow_token_endpoint_audience === true && !needsKeys && !isHmac,
      'allow_token_endpoint_audience',
      'is there, but the client does not sign',
    ],
    [
      alg !== undefined && algorithms === undefined,
      'token_endpoint_auth_signing_alg',
      'is there, but the client does not sign',
    ],
    [
      alg !== undefined && algorithms?.includes(alg) === false,
      'token_endpoint_auth_signing_alg',
      `must be one of ${algorithms?.join(', ')} for ${method}`,
    ],
    [
      client.jwks !== undefined && client.jwks_uri !== undefined,
      'jwks_uri',
      'is there beside jwks: give one of them (RFC 7591 section 2)',
    ],
    [
      isShort && isHmac,
      'client_secret',
      'must have 32 characters or more to sign with (RFC 7518 section 3.2)',
    ],
    [
      isShort && !isHmac && production,
      'client_secret',
      `is too short for production: make one of 32 random characters or more, with node -p "crypto.randomBytes(32).toString('base64url')"`,
    ],
    [hasSecret && isPublic, given, 'is there, but "token_endpoint_auth_method" is "none"'],
    [
      hasHash && client.client_secret.length > 0,
      'client_secret_hash',
      'is there beside client_secret: give one of them',
    ],
    [
      hasHash && isHmac,
      'client_secret_hash',
      'is there, but client_secret_jwt needs the secret itself',
    ],
  );
}
