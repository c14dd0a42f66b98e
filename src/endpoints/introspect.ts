// RFC 7662: token introspection, with the signed answer of RFC 9701.

import type { Request, Response } from 'express';
import { authMetadata } from '../clients/authenticate.ts';
import { callerOf } from '../clients/caller.ts';
import { reportRefusals } from '../clients/report-refusals.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { send, sendJson, vary } from '../http/answer.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { preferredType } from '../http/request-headers.ts';
import { Routes } from '../http/routes.ts';
import { createIntrospection } from '../oauth/introspection.ts';
import { isPublicClient } from '../protocol/client.ts';
import { idTokenAlgorithms, keyAlgorithm, signJwt } from '../protocol/jwt.ts';

/** RFC 9701 section 4: the media type, and without its prefix the type of the JWT (section 5). */
const JWT_MEDIA_TYPE = 'application/token-introspection+jwt';

export function introspect({
  site,
  oauth,
  events,
}: Pick<Context, 'site' | 'oauth' | 'events'>): Endpoint {
  const { issuer } = site;
  const { authenticateClient, keys } = oauth;
  const introspection = createIntrospection({ ...oauth, issuer, events });
  const routes = new Routes();

  routes
    .all(
      PATHS.introspect,
      jsonHeaders,
      methods('POST'),
      form,
      authenticateClient({ token: 16 * 1024 }, { ahead: introspection.ahead }),
      async (req: Request, res: Response) => {
        const { client, params } = callerOf(res)!;
        if (isPublicClient(client)) {
          throw new OAuthError(
            'unauthorized_client',
            'Introspection is for clients that authenticate.',
          );
        }
        if (params.get('token') === undefined) {
          throw new OAuthError('invalid_request', 'The parameter token is missing.');
        }
        const answer = await introspection.answer(params, client);
        vary(res, 'Accept');
        if (preferredType(req, 'application/json', JWT_MEDIA_TYPE) !== JWT_MEDIA_TYPE)
          return sendJson(res, answer);
        const claims = {
          iss: issuer,
          aud: client.id,
          iat: Math.floor(Date.now() / 1000),
          token_introspection: answer,
        };
        const alg = client.introspectionSignedResponseAlg ?? keys.alg;
        const key = await keys.of(keyAlgorithm(alg));
        const jwt = signJwt(key, 'token-introspection+jwt', claims, alg);
        return send(res, JWT_MEDIA_TYPE, jwt);
      },
    )
    .onError(reportRefusals(events, PATHS.introspect));
  return {
    routes,
    metadata: {
      introspection_endpoint: `${issuer}${PATHS.introspect}`,
      ...authMetadata('introspection_endpoint', 'none'),
      introspection_signing_alg_values_supported: idTokenAlgorithms,
    },
  };
}
