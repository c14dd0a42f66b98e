// RFC 7517 section 5: the public keys of this server.

import { Router } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { cors } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';

export function jwks({ issuer, keys }: Context): Endpoint {
  const routes = Router();
  routes.all(PATHS.jwks, cors('GET'), methods('GET', 'HEAD'), async (_req, res) => {
    const set = await keys.jwks();
    res.set('Cache-Control', `public, max-age=${keys.maxAge}`).json(set);
  });
  return { routes, metadata: { jwks_uri: `${issuer}${PATHS.jwks}` } };
}
