// RFC 6749 section 3.2: the token endpoint.

import type { Request, Response } from 'express';
import { authMetadata } from '../clients/authenticate.ts';
import { callerOf } from '../clients/caller.ts';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import { tokenResponse } from '../oauth/token-requests.ts';

export function token({
  site,
  oauth,
  events,
}: Pick<Context, 'site' | 'oauth' | 'events'>): Endpoint {
  const routes = new Routes();
  routes
    .all(
      PATHS.token,
      jsonHeaders,
      cors('POST'),
      methods('POST'),
      form,
      oauth.authenticateClient(oauth.tokenRequests.parameters, oauth.tokenRequests),
      async (req: Request, res: Response) => {
        const token = await oauth.tokenRequests.issue(callerOf(res)!, req);
        sendJson(res, tokenResponse(token));
      },
    )
    .onError(reportRefusals(events, PATHS.token));
  return {
    routes,
    metadata: {
      token_endpoint: `${site.issuer}${PATHS.token}`,
      ...authMetadata('token_endpoint'),
      grant_types_supported: oauth.tokenRequests.grantTypes,
    },
  };
}
