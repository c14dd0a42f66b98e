// RFC 7009: token revocation.

import type { Request, Response } from 'express';
import { authMetadata } from '../clients/authenticate.ts';
import { callerOf } from '../clients/caller.ts';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';

export function revoke({
  site,
  store,
  oauth,
  events,
}: Pick<Context, 'site' | 'store' | 'oauth' | 'events'>): Endpoint {
  const { authenticateClient, issuing } = oauth;
  const routes = new Routes();

  routes
    .all(
      PATHS.revoke,
      jsonHeaders,
      cors('POST'),
      methods('POST'),
      form,
      authenticateClient({ token: 16 * 1024 }),
      async (_req: Request, res: Response) => {
        const { client, params } = callerOf(res)!;
        const value = params.get('token');
        if (value === undefined) {
          throw new OAuthError('invalid_request', 'The parameter token is missing.');
        }
        // Section 2.1 lets a server look further than the hint, so there is no need of one.
        const refreshToken = await issuing.refreshTokens.find(value);
        const accessToken = refreshToken ? undefined : await issuing.findAccessToken(value);
        const owner = refreshToken?.token.clientId ?? accessToken?.clientId;
        if (owner !== undefined && owner !== client.id) {
          throw new OAuthError(
            'invalid_grant',
            'The token was issued to another client, and is left alone.',
          );
        }
        if (refreshToken !== undefined) {
          await store.grants.end(refreshToken.grant.id);
        } else if (accessToken !== undefined) {
          await store.accessTokens.revoke(accessToken.hash, accessToken.expiresAt);
        }
        if (owner !== undefined) events.emit('token_revoked', { clientId: client.id });
        // Section 2.2: a token nobody knows is as good as revoked. Some clients want JSON back.
        sendJson(res, {});
      },
    )
    .onError(reportRefusals(events, PATHS.revoke));
  return {
    routes,
    metadata: {
      revocation_endpoint: `${site.issuer}${PATHS.revoke}`,
      ...authMetadata('revocation_endpoint'),
    },
  };
}
