// RFC 7662 section 2.2: what a client is told about a token.

import { OAuthError } from '../errors.ts';
import type { Events } from '../events.ts';
import { lookedUpOnce } from '../http/ahead.ts';
import type { Params } from '../http/params.ts';
import type { RefreshToken } from '../issued.ts';
import { authenticationClaims } from '../protocol/authentication-context.ts';
import { isSameResource, remainingResources } from '../protocol/resource.ts';
import { formatScope, remainingScope } from '../protocol/scope.ts';
import { isPairwise, subjectOf } from '../protocol/subject.ts';
import type { FoundWithPerson } from '../store/store-grants.ts';
import type { Client, Grant } from '../types.ts';
import type { Issuing } from './issuing.ts';
import type { PresentedRefreshToken } from './refresh-tokens.ts';

const INACTIVE = { active: false } as const;

interface Parts {
  readonly issuer: string;
  readonly issuing: Issuing;
  readonly events: Events;
  readonly resourcesOf: (client: Client) => readonly string[] | undefined;
}

/** What tells clients about the parameter `token` of a request. */
export function createIntrospection(parts: Parts) {
  const { issuing } = parts;
  const tokenIn = (params: Params) => params.get('token') ?? '';
  const find = lookedUpOnce((params: Params) => issuing.findWithPerson(tokenIn(params)));
  return {
    /** Begins to look the token up while the client is looked up, unless it is one to be verified. */
    ahead(params: Params): void {
      const token = tokenIn(params);
      if (token !== '' && issuing.isOpaque(token)) void find(params);
    },

    /**
     * What is told about the token. Of one that this client may not see, the answer is that of an unknown
     * one.
     */
    async answer(params: Params, client: Client): Promise<Record<string, unknown>> {
      const found = await find(params);
      return found === undefined
        ? describeRefreshToken(parts, await issuing.refreshTokens.find(tokenIn(params)), client)
        : describeAccessToken(parts, found, client);
    },
  };
}

function describeRefreshToken(
  { issuer, resourcesOf }: Parts,
  found: PresentedRefreshToken | undefined,
  client: Client,
): Record<string, unknown> {
  if (found === undefined || found.isUsed) return INACTIVE;
  const { token, grant } = found;
  // No resource server ever sees a refresh token.
  if (token.clientId !== client.id) return INACTIVE;
  const scope = scopeNow(token, grant, client, resourcesOf(client));
  if (scope === undefined) return INACTIVE;
  return {
    active: true,
    iss: issuer,
    sub: subjectOf(grant),
    client_id: token.clientId,
    scope: formatScope(scope),
    exp: Math.ceil(token.expiresAt / 1000),
    ...authenticationClaims(grant),
  };
}

function describeAccessToken(
  { issuer, events }: Parts,
  { token, grant, user }: FoundWithPerson,
  client: Client,
): Record<string, unknown> {
  const { clientId, scope, audience, issuedAt, expiresAt, hash, jti, claims } = token;
  const isApi = isMeantFor(client, audience);
  if (clientId !== client.id && !isApi) {
    events.emit('introspection_refused', { clientId: client.id, audience });
    return INACTIVE;
  }
  return {
    ...(claims !== undefined && JSON.parse(claims)),
    active: true,
    iss: issuer,
    aud: audience.length === 1 ? audience[0] : audience,
    sub: grant === undefined ? clientId : subjectOf(grant),
    // From the username, two pairwise clients would learn that it is the same person. The client that the
    // token was issued to is told what the person has allowed it to know (OpenID Connect Core section 5.4).
    ...(user &&
      !isPairwise(grant) &&
      (isApi || scope.includes('profile')) && { username: user.username }),
    client_id: clientId,
    scope: formatScope(scope),
    token_type: 'Bearer',
    iat: Math.floor(issuedAt / 1000),
    exp: Math.ceil(expiresAt / 1000),
    ...authenticationClaims(grant),
    jti: jti ?? hash,
  };
}

/**
 * The scope of what a refresh token would be exchanged for, by the client's record as it is now;
 * `undefined` if the exchange would be refused.
 */
function scopeNow(
  token: RefreshToken,
  grant: Grant,
  client: Client,
  resources: readonly string[] | undefined,
): string[] | undefined {
  if (!client.grants.includes('refresh_token')) return undefined;
  try {
    remainingResources(grant.resource, resources);
    return remainingScope(token.scope, client.scope);
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
}

/** Whether a client is the server of a resource that the token is for. */
function isMeantFor(client: Client, audience: readonly string[]): boolean {
  return audience.some((name) => client.introspects?.some((own) => isSameResource(own, name)));
}
