// RFC 6749 section 3.1: the authorization endpoint.
//
// GET takes a client's request, checks it, and shows the consent form to a person who is signed
// in; POST takes the decision. Between the two the browser carries the request along, sealed, so what
// is approved is what was shown, whatever the form says. What happens next with a request is decided
// in authorization/interaction.ts, and done in authorization/proceed.ts.
//
// A client may send its request by POST, too (OpenID Connect Core section 3.1.2.1). Such a request comes
// from the client's site, so it has no cookie of ours (SameSite=Lax). It is checked and sealed, and the
// browser is sent back with it by GET, as if it had waited.

import type { Request } from 'express';
import { createApprovals } from '../authorization/approval.ts';
import type { BeforeConsent } from '../authorization/before-consent.ts';
import {
  MAX_HANDLE,
  type PendingRequests,
  signInIsOver,
} from '../authorization/pending-requests.ts';
import { decide, proceed, sendToPending, type VisitParts } from '../authorization/proceed.ts';
import { createVisits } from '../authorization/visit.ts';
import type { Context, Endpoint, Metadata } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { oncePer } from '../http/ahead.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, type Params, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import type { Library } from '../oauth/library.ts';
import { languages } from '../pages/words/languages.ts';
import { AUTHORIZATION_PARAMS } from '../protocol/authorization-request.ts';
import { RESPONSE_MODES } from '../protocol/redirect-target.ts';
import { OPENID_SCOPES } from '../protocol/scope.ts';
import { DISPLAYS } from '../protocol/sign-in-parameters.ts';
import { BY_PASSWORD } from '../sign-in/own-people.ts';

/** A new request, or one that waits. */
const REQUEST_PARAMS = { ...AUTHORIZATION_PARAMS, continue: MAX_HANDLE };
/** A new request, or a decision. */
const FORM_PARAMS = { ...REQUEST_PARAMS, csrf_token: 256, decision: 256 };

export function authorize(
  context: Pick<Context, 'site' | 'store' | 'clients' | 'events' | 'oauth' | 'pages' | 'people'>,
  library: Library,
  pendingRequests: PendingRequests,
  beforeConsent?: BeforeConsent,
): Endpoint {
  const visits = createVisits(context, pendingRequests);
  const approvals = createApprovals(context, library, pendingRequests);
  const parts: VisitParts = { ...context, visits, approvals, pendingRequests, beforeConsent };
  const { pages } = context;
  const routes = new Routes();
  const paramsOf = oncePer((req: Request) => queryParams(req, REQUEST_PARAMS));

  routes
    .route(PATHS.authorize)
    .get((req, res, next) => {
      // While the session is looked up; what is wrong with the parameters is said afterwards.
      visits.ahead(paramsOf(req), res);
      next();
    })
    .all(pages.browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = paramsOf(req);
      const handle = params.get('continue');
      if (handle === undefined) return proceed(parts, await visits.begin(params, res), req, res);
      const visit = await visits.resume(handle, res);
      if (visit.pending.settled?.decision !== undefined) throw signInIsOver();
      return proceed(parts, visit, req, res);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      if (isNewRequest(params)) return sendToPending(parts, await visits.begin(params, res), res);
      return decide(parts, params, req, res);
    });

  return { routes, metadata: metadataOf(context) };
}

/**
 * Whether a form is a client's request, and no decision.
 *
 * @throws OAuthError for the person, if it is both
 */
function isNewRequest(params: Params): boolean {
  if (!params.has('client_id')) return false;
  if (!params.has('csrf_token') && !params.has('continue')) return true;
  throw new OAuthError(
    'invalid_request',
    'The form is an authorization request, with a client_id, and a decision about one, with continue or csrf_token: send one of them.',
  );
}

function metadataOf({
  site,
  clients,
  pages,
  people,
}: Pick<Context, 'site' | 'clients' | 'pages' | 'people'>): Metadata {
  return {
    authorization_endpoint: `${site.issuer}${PATHS.authorize}`,
    ...clients.metadata,
    response_types_supported: ['code'],
    response_modes_supported: RESPONSE_MODES,
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    display_values_supported: DISPLAYS,
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    // RFC 9207
    authorization_response_iss_parameter_supported: true,
    scopes_supported: [...new Set([...OPENID_SCOPES, ...Object.keys(pages.scopes)])],
    ui_locales_supported: languages,
    // How people sign in to the app around us, only that can say: by the option `endpoints`.
    ...(people.areOurs && { acr_values_supported: [BY_PASSWORD.acr] }),
  };
}
