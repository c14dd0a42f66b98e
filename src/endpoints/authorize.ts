// RFC 6749 section 3.1: the authorization endpoint.
//
// GET takes a client's request, checks it, and shows the consent form to a person who is signed
// in; POST takes the decision. Between the two the browser carries the request along, sealed, so what
// is approved is what was shown, whatever the form says. What happens next with a request is decided
// in authorization/interaction.ts.
//
// A client may send its request by POST, too (OpenID Connect Core section 3.1.2.1). Such a request comes
// from the client's site, so it has no cookie of ours (SameSite=Lax). It is checked and sealed, and the
// browser is sent back with it by GET, as if it had waited.

import type { Request, Response } from 'express';
import { type Approvals, createApprovals } from '../authorization/approval.ts';
import { askBeforeConsent, type BeforeConsent, visitUrl } from '../authorization/before-consent.ts';
import { isConsented, refusalTarget } from '../authorization/consent.ts';
import { askConsent } from '../authorization/consent-page.ts';
import { mayDecide, nextStep, type Presence, wantedAcr } from '../authorization/interaction.ts';
import {
  MAX_HANDLE,
  type PendingRequests,
  signInIsOver,
} from '../authorization/pending-requests.ts';
import { createVisits, type Visit, type Visits } from '../authorization/visit.ts';
import type { Context, Endpoint, Metadata } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { begun, oncePer } from '../http/ahead.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, type Params, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { withQuery } from '../http/with-query.ts';
import type { Library } from '../oauth/library.ts';
import { sendResponse } from '../pages/authorization-response.ts';
import { languages } from '../pages/words/languages.ts';
import { AUTHORIZATION_PARAMS } from '../protocol/authorization-request.ts';
import { type AuthorizationResponse, RESPONSE_MODES } from '../protocol/redirect-target.ts';
import { OPENID_SCOPES } from '../protocol/scope.ts';
import { DISPLAYS } from '../protocol/sign-in-parameters.ts';
import { isOwnForm } from '../sign-in/own-forms.ts';
import { BY_PASSWORD } from '../sign-in/own-people.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { holderOf } from '../sign-in/session-holder.ts';

/** A new request, or one that waits. */
const REQUEST_PARAMS = { ...AUTHORIZATION_PARAMS, continue: MAX_HANDLE };
/** A new request, or a decision. */
const FORM_PARAMS = { ...REQUEST_PARAMS, csrf_token: 256, decision: 256 };

export function authorize(
  context: Context,
  library: Library,
  pendingRequests: PendingRequests,
  beforeConsent?: BeforeConsent,
): Endpoint {
  const visits = createVisits(context, pendingRequests);
  const approvals = createApprovals(context, library, pendingRequests);
  const parts: Parts = { ...context, visits, approvals, pendingRequests, beforeConsent };
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

function metadataOf({ site, clients, pages, people }: Context): Metadata {
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

/** What a request is taken further with. */
interface Parts extends Context {
  readonly visits: Visits;
  readonly approvals: Approvals;
  readonly pendingRequests: PendingRequests;
  readonly beforeConsent: BeforeConsent | undefined;
}

/** Takes what a person has decided about a request that waits. */
async function decide(parts: Parts, params: Params, req: Request, res: Response): Promise<void> {
  const { people, visits, approvals } = parts;
  params.assertSound();
  const handle = params.get('continue');
  if (handle === undefined) {
    throw new OAuthError(
      'invalid_request',
      'The form neither is an authorization request, with a client_id, nor says which request it decides.',
    );
  }
  const visit = await visits.resume(handle, res);
  const user = await people.current(req);
  // A decision counts only if the person is signed in as the request wants it.
  if (user === undefined || !mayDecide(await presenceOf(parts, visit, user))) {
    return proceed(parts, visit, req, res);
  }
  // Nobody was asked, and nobody is (OpenID Connect Core section 3.1.2.1).
  if (visit.request.prompt.includes('none')) return proceed(parts, visit, req, res);
  if (!isOwnForm(req, params, handle, user.id)) {
    return askConsent(parts, visit, handle, user, req, res, 'consent.outOfDate');
  }
  switch (params.get('decision')) {
    case 'allow': {
      // Asked again: more may be wanted now than when the form was shown.
      const place = await findPlace(parts, visit, user, req);
      if (place !== undefined) return sendToApp(parts, visit, place, res);
      return sendApproval(parts, visit, await approvals.allow(visit, user), res);
    }
    case 'deny':
      return approvals.deny(visit, user);
    default:
      return askConsent(parts, visit, handle, user, req, res, 'consent.choose');
  }
}

/** Takes the next step with a request. */
async function proceed(parts: Parts, visit: Visit, req: Request, res: Response): Promise<void> {
  const { store, people, visits, approvals, pendingRequests } = parts;
  // Who the session says it is may be another by now, or may have to sign in again. What that person
  // has allowed is looked up meanwhile all the same.
  const claimed = people.areOurs ? holderOf(req).part()?.user?.id : undefined;
  const askedAhead = claimed === undefined ? undefined : begun(isConsented(store, visit, claimed));
  const user = await people.current(req);
  const consented =
    user !== undefined &&
    (await (user.id === claimed ? askedAhead! : isConsented(store, visit, user.id)));
  const presence = await presenceOf(parts, visit, user);
  // Signing in comes before anything at the app.
  const place = mayDecide(presence) ? await findPlace(parts, visit, user!, req) : undefined;
  const isWantedFirst = place !== undefined;
  const next = nextStep({ ...presence, isConsented: consented, isWantedFirst });
  switch (next.step) {
    case 'sign_in': {
      const { handle } = pendingRequests.sentToLogin(visits.wait(visit));
      const wanted = wantedAcr(visit.request);
      return redirect(res, people.loginUrl(handle, next.again ? 'login' : undefined, wanted));
    }
    case 'visit_app':
      return sendToApp(parts, visit, place!, res);
    case 'approve':
      return sendApproval(parts, visit, await approvals.approve(visit, user!), res);
    case 'ask':
      // What was allowed has been taken back since: this request brings nothing of it back.
      if (visit.pending?.settled !== undefined) throw signInIsOver();
      return askConsent(parts, visit, visits.wait(visit).handle, user!, req, res);
    case 'refuse':
      throw new OAuthError(next.error, next.description, {
        target: await refusalTarget(store, visit, user?.id),
      });
  }
}

/**
 * Sends the browser to the client with what was approved. If the session has ended meanwhile, the request
 * begins anew instead: whoever is signed in to the browser by then goes on, and otherwise signs in.
 */
function sendApproval(
  parts: Parts,
  { client, request, target }: Visit,
  response: AuthorizationResponse | undefined,
  res: Response,
): void {
  if (response === undefined) sendToPending(parts, { client, request, target }, res);
  else sendResponse(res, response, parts.pages.render);
}

/** Where in the app around us a person has to go first. */
async function findPlace(
  { beforeConsent }: Parts,
  { client, request }: Visit,
  user: SignedIn,
  req: Request,
): Promise<string | undefined> {
  return beforeConsent && askBeforeConsent(beforeConsent, req, { user, client, request });
}

/** Makes a request one that waits, and has the browser come back with it by GET. */
function sendToPending({ site, visits }: Parts, visit: Visit, res: Response): void {
  const { handle } = visits.wait(visit);
  redirect(res, withQuery(`${site.path}${PATHS.authorize}`, { continue: handle }));
}

function sendToApp(
  { site, visits, pendingRequests }: Parts,
  visit: Visit,
  place: string,
  res: Response,
): void {
  const path = `${site.path}${PATHS.authorize}`;
  redirect(res, visitUrl(pendingRequests, visits.wait(visit), place, path));
}

async function presenceOf(
  { people, oauth }: Parts,
  { client, request, pending }: Visit,
  user: SignedIn | undefined,
): Promise<Presence> {
  const { subjects } = request;
  const isOther =
    user !== undefined &&
    subjects !== undefined &&
    !subjects.includes(await oauth.subjects.subjectFor(client, user.id));
  return {
    client,
    request,
    user,
    isOther,
    askedAt: pending?.createdAt ?? Date.now(),
    sentToLogin: pending?.sentToLogin ?? false,
    ownLogin: people.areOurs,
  };
}
