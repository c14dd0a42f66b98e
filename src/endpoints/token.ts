// RFC 6749 section 3.2: the token endpoint.

import { Router } from 'express';
import type { Context } from '../context.ts';
import { authenticateClient, reportRefusals } from '../http/client-auth.ts';
import { cors, jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { form } from '../http/params.ts';

export function token(context: Context): Router {
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
  return routes;
}
