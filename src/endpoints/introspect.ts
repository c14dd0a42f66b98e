// RFC 7662: token introspection, with the signed answer of RFC 9701.

import { type Request, type Response, Router } from 'express';
import { authMetadata } from '../clients/authenticate.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { form, type Params } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { isPublicClient } from '../protocol/client.ts';
import { signJwt } from '../protocol/jwt.ts';
import { isSameResource, remainingResources } from '../protocol/resource.ts';
import { formatScope, remainingScope } from '../protocol/scope.ts';
import type { Client, Grant, RefreshToken } from '../types.ts';

/** RFC 9701 section 4: the media type, and without its prefix the type of the JWT (section 5). */
const JWT_MEDIA_TYPE = 'application/token-introspection+jwt';

const INACTIVE = { active: false } as const;

interface Found {
  readonly token: RefreshToken;
  readonly grant: Grant;
}

export function introspect({
  site,
  store,
  oauth,
}: Pick<Context, 'site' | 'store' | 'oauth'>): Endpoint {
  const { issuer } = site;
  const { authenticateClient, issuing, keys, resourcesOf } = oauth;
  const routes = Router();

  routes.all(
    PATHS.introspect,
    jsonHeaders,
    methods('POST'),
    form,
    authenticateClient({ token: 16 * 1024 }),
    async (req: Request, res: Response) => {
      const { client, params } = res.locals as { client: Client; params: Params };
      if (isPublicClient(client)) {
        throw new OAuthError(
          'unauthorized_client',
          'Introspection is for clients that authenticate.',
        );
      }
      const value = params.get('token');
      if (value === undefined) {
        throw new OAuthError('invalid_request', 'The parameter token is missing.');
      }
      const answer = await describe(value, client);
      res.vary('Accept');
      if (req.accepts(['application/json', JWT_MEDIA_TYPE]) !== JWT_MEDIA_TYPE)
        return res.json(answer);
      const jwt = signJwt(await keys.own(), 'token-introspection+jwt', {
        iss: issuer,
        aud: client.id,
        iat: Math.floor(Date.now() / 1000),
        token_introspection: answer,
      });
      return res.type(JWT_MEDIA_TYPE).send(jwt);
    },
  );
  return {
    routes,
    metadata: {
      introspection_endpoint: `${issuer}${PATHS.introspect}`,
      ...authMetadata('introspection_endpoint', 'none'),
      introspection_signing_alg_values_supported: [keys.alg],
    },
  };

  /** Section 2.2; of a token that is not for this client's eyes it says what it says of none. */
  async function describe(value: string, client: Client): Promise<Record<string, unknown>> {
    const accessToken = await issuing.findAccessToken(value);
    if (accessToken !== undefined) {
      const { clientId, userId, grantId, scope, audience, issuedAt, expiresAt, hash, jti } =
        accessToken;
      if (clientId !== client.id && !isMeantFor(client, audience)) return INACTIVE;
      const [user, grant] = await Promise.all([
        userId === undefined ? undefined : store.users.find(userId),
        grantId === undefined ? undefined : store.grants.find(grantId, Date.now()),
      ]);
      return {
        active: true,
        iss: issuer,
        aud: audience.length === 1 ? audience[0] : audience,
        sub: userId ?? clientId,
        ...(user && { username: user.username }),
        client_id: clientId,
        scope: formatScope(scope),
        token_type: 'Bearer',
        iat: Math.floor(issuedAt / 1000),
        exp: Math.ceil(expiresAt / 1000),
        ...authTimeOf(grant),
        jti: jti ?? hash,
      };
    }
    const refreshToken = await issuing.refreshTokens.find(value);
    if (refreshToken === undefined || refreshToken.token.rotatedAt !== undefined) return INACTIVE;
    const { token, grant } = refreshToken;
    // No resource server ever sees a refresh token.
    if (token.clientId !== client.id) return INACTIVE;
    const scope = scopeNow(refreshToken, client);
    if (scope === undefined) return INACTIVE;
    return {
      active: true,
      iss: issuer,
      sub: grant.userId,
      client_id: token.clientId,
      scope: formatScope(scope),
      exp: Math.ceil(token.expiresAt / 1000),
      ...authTimeOf(grant),
    };
  }

  /**
   * The scope of what a refresh token would be exchanged for, by the client's record as it is now;
   * `undefined` if the exchange would be refused.
   */
  function scopeNow({ token, grant }: Found, client: Client): string[] | undefined {
    if (!client.grants.includes('refresh_token')) return undefined;
    try {
      remainingResources(grant.resource, resourcesOf(client));
      return remainingScope(token.scope, client.scope);
    } catch (error) {
      if (error instanceof OAuthError) return undefined;
      throw error;
    }
  }
}

/** RFC 9068 section 2.2.1: when the person signed in, where that is known. */
function authTimeOf(grant: Grant | undefined): { auth_time?: number } {
  return grant?.authTime === undefined ? {} : { auth_time: Math.floor(grant.authTime / 1000) };
}

/** Whether a client is the server of a resource that the token is for. */
function isMeantFor(client: Client, audience: readonly string[]): boolean {
  return audience.some((name) => client.introspects?.some((own) => isSameResource(own, name)));
}
