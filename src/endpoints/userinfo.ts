// OpenID Connect Core section 5.3: tells a client what it may know of the person of its access token.

import type { Request, Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { send, sendJson } from '../http/answer.ts';
import { cors } from '../http/cors.ts';
import { form } from '../http/form-body.ts';
import { jsonHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { formParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { hasBodyOf } from '../http/request-headers.ts';
import { Routes } from '../http/routes.ts';
import { createUserInfo } from '../oauth/user-info.ts';
import { createChallenge, readBearerToken } from '../protocol/bearer.ts';
import { CLAIMS } from '../protocol/claims.ts';
import { idTokenAlgorithms, MAX_JWT } from '../protocol/jwt.ts';

export function userinfo({
  site,
  store,
  oauth,
}: Pick<Context, 'site' | 'store' | 'oauth'>): Endpoint {
  const { issuer } = site;
  const challenge = createChallenge({ realm: issuer, scope: ['openid'] });
  const answerTo = createUserInfo({ ...oauth, issuer, store });
  const routes = new Routes();
  routes.all(
    PATHS.userinfo,
    jsonHeaders,
    cors('GET', 'POST'),
    methods('GET', 'HEAD', 'POST'),
    form,
    async (req: Request, res: Response) => {
      const value = presentedToken(req);
      if (value === undefined) throw challenge();
      const answer = await answerTo(value).catch((error: unknown) => {
        throw error instanceof OAuthError ? challenge(error) : error;
      });
      if ('jwt' in answer) send(res, 'application/jwt', answer.jwt);
      else sendJson(res, answer.claims);
    },
  );
  return {
    routes,
    metadata: {
      userinfo_endpoint: `${issuer}${PATHS.userinfo}`,
      userinfo_signing_alg_values_supported: idTokenAlgorithms,
      id_token_signing_alg_values_supported: idTokenAlgorithms,
      subject_types_supported: ['public', 'pairwise'],
      claim_types_supported: ['normal'],
      claims_supported: CLAIMS,
    },
  };

  /** @throws OAuthError `invalid_request` if a token is malformed, in the URL, or sent twice */
  function presentedToken(req: Request): string | undefined {
    try {
      const inHeader = readBearerToken(req);
      const inBody = tokenInBody(req);
      if (inHeader === undefined || inBody === undefined) return inHeader ?? inBody;
      throw new OAuthError(
        'invalid_request',
        'The access token is there twice: send it in the header Authorization, or in the form.',
      );
    } catch (error) {
      throw error instanceof OAuthError ? challenge(error) : error;
    }
  }
}

/** RFC 6750 section 2.2: the body of a POST may carry the token. */
function tokenInBody(req: Request): string | undefined {
  if (req.method !== 'POST' || !hasBodyOf(req, 'application/x-www-form-urlencoded'))
    return undefined;
  const params = formParams(req, { access_token: MAX_JWT });
  params.assertSound('access_token');
  return params.get('access_token');
}
