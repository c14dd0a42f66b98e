// RFC 7517 section 5: the public keys of this server.

import type { Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import type { Site } from '../http/site.ts';
import type { Keys } from '../oauth/keys.ts';

export function jwks({ issuer }: Site, keys: Keys): Endpoint {
  const routes = new Routes();
  routes.all(PATHS.jwks, publicHeaders, cors('GET'), methods('GET', 'HEAD'), async (_req, res) => {
    const set = await keys.jwks();
    res.setHeader('Cache-Control', `public, max-age=${keys.maxAge}`);
    sendJson(res, set);
  });
  return { routes, metadata: { jwks_uri: `${issuer}${PATHS.jwks}` } };
}
