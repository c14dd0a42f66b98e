// The endpoint of the underlying library's tutorials: the token as the library knows it.
// Demo mode only.

import type { Request, RequestHandler, Response } from 'express';
import { callerOf } from '../clients/caller.ts';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { Routes } from '../http/routes.ts';

const PATH = '/auth';

export function tutorial({ oauth, events }: Pick<Context, 'oauth' | 'events'>): Endpoint {
  const routes = new Routes();
  // The tutorials mount it for every method; all but POST are told what to do.
  routes
    .all(
      PATH,
      jsonHeaders,
      cors('POST'),
      requirePost,
      form,
      oauth.authenticateClient(oauth.tokenRequests.parameters),
      async (req: Request, res: Response) => {
        const caller = callerOf(res)!;
        const { client, params } = caller;
        const grantType = params.get('grant_type');
        if (grantType === 'authorization_code' || grantType === 'refresh_token') {
          throw new OAuthError(
            'unsupported_grant_type',
            'This endpoint answers in the form of a tutorial, for client_credentials only. Use /oauth/token.',
          );
        }
        const { accessToken, accessTokenExpiresAt } = await oauth.tokenRequests.issue(caller, req);
        sendJson(res, { accessToken, accessTokenExpiresAt, client: { id: client.id }, user: {} });
      },
    )
    .onError(reportRefusals(events, PATH));
  return { routes };
}

const requirePost: RequestHandler = (req, _res, next) => {
  if (req.method === 'POST') return next();
  throw new OAuthError('invalid_request', 'The method must be POST.');
};
