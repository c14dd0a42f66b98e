// RFC 9728: protected resource metadata, of what `protect()` guards.

import { type Request, type Response, Router } from 'express';
import type { Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { carried } from '../http/carried.ts';
import { cors } from '../http/cors.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { hostOf } from '../http/request-headers.ts';
import type { Site } from '../http/site.ts';
import type { GuardedResource, GuardedResources } from '../oauth/guarded-resources.ts';

/** Seconds that anybody may keep a document. */
const MAX_AGE = 3600;

export function protectedResource({ issuer }: Site, guarded: GuardedResources): Endpoint {
  const routes = Router();
  const asked = carried<Response, GuardedResource>();
  routes.all(
    // No parameter: Express would decode it, and fail if somebody sends what cannot be decoded.
    /^\/\.well-known\/oauth-protected-resource(?:\/.*)?$/,
    (req, res, next) => {
      const [query = ''] = /\?.*/.exec(req.url) ?? [];
      const found = guarded.at(hostOf(req), req.baseUrl + req.path, query);
      if (found === undefined) return next('route');
      asked.set(res, found);
      next();
    },
    publicHeaders,
    cors('GET'),
    methods('GET', 'HEAD'),
    (_req: Request, res: Response) => {
      const { resource, scope } = asked.get(res)!;
      res.setHeader('Cache-Control', `public, max-age=${MAX_AGE}`);
      sendJson(res, {
        resource,
        authorization_servers: [issuer],
        bearer_methods_supported: ['header'],
        ...(scope.length > 0 && { scopes_supported: scope }),
      });
    },
  );
  return { routes };
}
