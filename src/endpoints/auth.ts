// The endpoint of the underlying library's tutorials: the token as the library knows it.
// Demo mode only.

import { Router } from 'express';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { authenticateClient } from '../http/client-auth.ts';
import { cors, jsonHeaders } from '../http/headers.ts';
import { form, type Params } from '../http/params.ts';
import type { Client } from '../types.ts';

export function auth(context: Context): Router {
  const routes = Router();
  // On any method, as the tutorials mount it.
  routes.all(
    '/auth',
    jsonHeaders,
    cors('POST'),
    form,
    authenticateClient(context),
    async (_req, res) => {
      const { client, params } = res.locals as { client: Client; params: Params };
      if (
        params.get('grant_type') === 'refresh_token' ||
        params.get('grant_type') === 'authorization_code'
      ) {
        throw new OAuthError(
          'unsupported_grant_type',
          'This endpoint answers in the form of a tutorial, for client_credentials only. Use /oauth/token.',
        );
      }
      const { accessToken, accessTokenExpiresAt } = await context.oauth.issue(client, params);
      res.json({ accessToken, accessTokenExpiresAt, client: { id: client.id }, user: {} });
    },
  );
  return routes;
}
