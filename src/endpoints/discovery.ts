// RFC 8414 and OpenID Connect Discovery: one document on this server for clients, at the paths of both.

import { type RequestHandler, Router } from 'express';
import type { Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import type { Site } from '../http/site.ts';

const WELL_KNOWN = [
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
] as const;

/** Seconds that a client may keep the document. */
const MAX_AGE = 3600;

/** @param endpoints each says what it adds, so the document tells of nothing that is not there */
export function discovery({ issuer, path }: Site, endpoints: readonly Endpoint[]): Endpoint {
  const all = Object.assign({ issuer }, ...endpoints.map((endpoint) => endpoint.metadata));
  // RFC 8414 section 3.2: a list with nothing in it is left out.
  const metadata = Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value)));
  const routes = Router();
  const answer: RequestHandler[] = [
    publicHeaders,
    cors('GET'),
    methods('GET', 'HEAD'),
    (_req, res) => {
      res.setHeader('Cache-Control', `public, max-age=${MAX_AGE}`);
      sendJson(res, metadata);
    },
  ];
  const underItsPath: RequestHandler = (req, _res, next) => {
    next(req.baseUrl === path ? undefined : 'route');
  };
  // RFC 8414 section 3.1 has the issuer's path behind the well-known one, and OpenID Connect Discovery
  // section 4 in front. Many clients look for either document in the other place.
  for (const wellKnown of WELL_KNOWN) {
    routes.all(`${wellKnown}${path}`, answer);
    routes.all(wellKnown, underItsPath, answer);
  }
  return { routes };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
