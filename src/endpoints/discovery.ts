// RFC 8414: authorization server metadata.

import { type RequestHandler, Router } from 'express';
import type { Endpoint } from '../context.ts';
import { sendJson } from '../http/answer.ts';
import { cors, publicHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import type { Site } from '../http/site.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';

/** Seconds that a client may keep the document. */
const MAX_AGE = 3600;

/** @param endpoints each says what it adds, so the document tells of nothing that is not there */
export function discovery({ issuer, path }: Site, endpoints: readonly Endpoint[]): Endpoint {
  const all = Object.assign({ issuer }, ...endpoints.map((endpoint) => endpoint.metadata));
  // Section 3.2: a list with nothing in it is left out.
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
  // Section 3.1: the issuer's path stands behind the well-known one. Many clients look for it in
  // front, and that is answered too.
  routes.all(`${WELL_KNOWN}${path}`, answer);
  routes.all(WELL_KNOWN, underItsPath, answer);
  return { routes, metadata: {} };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
