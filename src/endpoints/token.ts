// RFC 6749 section 3.2: the token endpoint.

import { Router } from 'express';
import type { Context, Room } from '../context.ts';
import { authenticateClient, authMethods, reportRefusals } from '../http/client-auth.ts';
import { cors, jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { form } from '../http/params.ts';
import { grantTypes } from '../oauth.ts';

export function token(context: Context): Room {
  const routes = Router();
  routes.all(
    '/oauth/token',
    jsonHeaders,
    cors('POST'),
    methods('POST'),
    form,
    authenticateClient(context),
    context.oauth.token(),
    reportRefusals(context.events),
  );
  return {
    routes,
    metadata: {
      token_endpoint: `${context.issuer}/oauth/token`,
      token_endpoint_auth_methods_supported: authMethods,
      grant_types_supported: grantTypes,
    },
  };
}
