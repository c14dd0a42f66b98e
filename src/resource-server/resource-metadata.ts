// RFC 9728: the metadata of an API, which says where tokens for it come from.

import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { OAuthError } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { publicHeaders } from '../http/headers.ts';
import { sendError } from '../http/json-error.ts';
import type { Middleware } from '../http/middleware.ts';
import { metadataUrlOf } from '../protocol/resource.ts';
import { assertMetadataOptions, scopeWords } from './options.ts';

export interface ResourceMetadataOptions {
  /** The authorization server. */
  readonly issuer: string;
  /** The name of this API: an http or https URL. */
  readonly resource: string;
  /** Every scope that its routes ask for: words separated by spaces, or a list of them. */
  readonly scope?: string | readonly string[] | undefined;
}

/** Seconds that anybody may keep the document. */
const MAX_AGE = 3600;

const ONLY_GET = 'This is answered by GET, HEAD only.';

/**
 * Makes middleware that answers for the document which challenges name as `resource_metadata`, and
 * hands on every other request. Mount it at the root of the app, in front of `requireToken()`.
 *
 * @throws TypeError that names the option that is wrong
 */
export function resourceMetadata(options: ResourceMetadataOptions): Middleware {
  assertMetadataOptions(options);
  const { issuer, resource } = options;
  const scope = scopeWords(options.scope);
  const { pathname } = metadataUrlOf(resource)!;
  const document = {
    resource,
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    ...(scope.length > 0 && { scopes_supported: scope }),
  };
  const preflight = cors('GET');

  const answer = (req: Request, res: Response) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      const how = { status: 405, headers: { Allow: 'GET, HEAD' } };
      return sendError(res, new OAuthError('invalid_request', ONLY_GET, how));
    }
    res.setHeader('Cache-Control', `public, max-age=${MAX_AGE}`);
    return sendJson(res, document);
  };

  return (incoming, outgoing, next) => {
    if (pathOf(incoming) !== pathname) return next();
    const [req, res] = [incoming as Request, outgoing as Response];
    return publicHeaders(req, res, () => preflight(req, res, () => answer(req, res)));
  };
}

/** The whole path of a request: Express cuts off what an app or a router is mounted at. */
function pathOf(req: IncomingMessage & { readonly baseUrl?: string }): string {
  const [path = ''] = (req.url ?? '').split('?', 1);
  return `${req.baseUrl ?? ''}${path}`;
}
