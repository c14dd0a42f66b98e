// RFC 7592: the client configuration endpoint, at which a client that registered itself reads, replaces and
// ends its registration.

import { type Request, type Response, Router } from 'express';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { invalidToken, OAuthError } from '../errors.ts';
import { sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { jsonHeaders } from '../http/headers.ts';
import { readJson } from '../http/json-body.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { createChallenge, readBearerToken } from '../protocol/bearer.ts';
import { registrationAnswer } from '../registry/registration-answers.ts';
import type { SelfRegistration } from '../registry/self-registration.ts';
import type { RegistrationLimit } from './registration-limit.ts';

export function clientConfiguration(
  { site, events }: Pick<Context, 'site' | 'events'>,
  registration: SelfRegistration,
  limit: RegistrationLimit,
): Endpoint {
  const { issuer } = site;
  const challenge = createChallenge({ realm: issuer, scope: [] });
  const routes = Router();

  // Express is not asked to decode the rest of the path, because it fails if that is not percent-encoded
  // UTF-8. Our ids need no encoding.
  routes.use(
    PATHS.register,
    jsonHeaders,
    cors('GET', 'PUT', 'DELETE'),
    methods('GET', 'HEAD', 'PUT', 'DELETE'),
    async (req: Request, res: Response) => {
      const id = req.path.slice(1);
      const client = await known(id, req, res);
      // Section 2: which of the two is wrong is not told.
      if (client === undefined) throw challenge(invalidToken());
      if (client !== true) return sendJson(res, registrationAnswer(issuer, client));
      res.statusCode = 204;
      res.end();
    },
    reportRefusals(events, PATHS.register),
  );

  /** The result of a request; `undefined` if the token is not the client's. */
  async function known(id: string, req: Request, res: Response) {
    const token = tokenOf(req);
    if (req.method === 'GET' || req.method === 'HEAD') return registration.find(id, token);
    const happened = { clientId: id, address: addressOf(req) };
    if (req.method === 'DELETE') {
      const removed = await registration.remove(id, token);
      if (removed) events.emit('client_removed', happened);
      return removed;
    }
    // A caller without a token is told so, whatever else it sends.
    if ((await registration.find(id, token)) === undefined) return undefined;
    const plain = await readJson(req, res);
    const client = await registration.replace(id, token, plain, () => limit.count(req));
    if (client !== undefined) events.emit('client_changed', happened);
    return client;
  }

  /** @throws OAuthError if there is none, or it is malformed */
  function tokenOf(req: Request): string {
    try {
      const token = readBearerToken(req);
      if (token !== undefined) return token;
    } catch (error) {
      throw error instanceof OAuthError ? challenge(error) : error;
    }
    throw challenge();
  }

  return { routes };
}
