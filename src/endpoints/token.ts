// RFC 6749 section 3.2: the token endpoint.

import { Router } from 'express';
import { authMetadata, reportRefusals } from '../clients/authenticate.ts';
import type { Context, Room } from '../context.ts';
import { cors, jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { form } from '../http/params.ts';
import { grantTypes } from '../oauth/library.ts';

export function token(context: Context): Room {
  const routes = Router();
  routes.all(
    '/oauth/token',
    jsonHeaders,
    cors('POST'),
    methods('POST'),
    form,
    context.authenticateClient,
    context.oauth.token(),
    reportRefusals(context.events),
  );
  return {
    routes,
    metadata: {
      token_endpoint: `${context.issuer}/oauth/token`,
      ...authMetadata('token_endpoint'),
      grant_types_supported: grantTypes,
    },
  };
}
