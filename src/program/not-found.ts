// What no other route has answered.

import { Router } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { pageHeaders } from '../http/headers.ts';
import { preferredType } from '../http/request-headers.ts';

/** The last of all endpoints: a page or JSON that says that there is nothing. */
export function notFound({ site }: Pick<Context, 'site'>): Endpoint {
  const routes = Router();
  const asPage = pageHeaders(site.https);
  routes.use((req, res, next) => {
    if (preferredType(req, 'json', 'html') === 'html') return asPage(req, res, next);
    next();
  });
  routes.use(() => {
    throw new OAuthError('invalid_request', 'There is nothing at this URL.', {
      status: 404,
      person: 'notFound',
    });
  });
  return { routes };
}
