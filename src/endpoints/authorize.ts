// RFC 6749 section 3.1: the authorization endpoint.
//
// GET takes a client's request, checks it, and shows the consent form to a person who is signed
// in; POST takes the decision. Between the two the browser carries the request along, sealed, so what
// is approved is what was shown, whatever the form says. What happens next with a request is decided
// in authorization/interaction.ts.

import { type Request, type Response, Router } from 'express';
import { grantTo, issueCode } from '../authorization/approval.ts';
import { consentsTo, isConsented } from '../authorization/consent.ts';
import { askConsent } from '../authorization/consent-page.ts';
import { mustSignIn, nextStep, type Situation } from '../authorization/interaction.ts';
import {
  MAX_HANDLE,
  type PendingRequests,
  signInIsOver,
} from '../authorization/pending-requests.ts';
import { createVisits, type Visit } from '../authorization/visit.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { methods } from '../http/methods.ts';
import { form, formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import type { Library } from '../oauth/library.ts';
import { languages } from '../pages/words/languages.ts';
import { AUTHORIZATION_PARAMS } from '../protocol/authorization-request.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { isOwnForm } from '../sign-in/session.ts';
import type { Grant } from '../types.ts';

/** A new request, or one that waits. */
const REQUEST_PARAMS = { ...AUTHORIZATION_PARAMS, continue: MAX_HANDLE };
const DECISION_PARAMS = { continue: MAX_HANDLE, csrf_token: 256, decision: 256 };

export function authorize(
  context: Context,
  library: Library,
  pendingRequests: PendingRequests,
): Endpoint {
  const { site, store, events, oauth, pages, people } = context;
  const visits = createVisits(context, pendingRequests);
  const routes = Router();

  routes
    .route(PATHS.authorize)
    .all(pages.browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req, REQUEST_PARAMS);
      const handle = params.get('continue');
      if (handle === undefined) return proceed(await visits.begin(params, res), req, res);
      const visit = await visits.resume(handle, res);
      if (visit.pending.settled?.decision !== undefined) throw signInIsOver();
      return proceed(visit, req, res);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, DECISION_PARAMS);
      params.assertSound();
      const handle = params.get('continue');
      if (handle === undefined) {
        throw new OAuthError('invalid_request', 'The form does not say which request it decides.');
      }
      const visit = await visits.resume(handle, res);
      const user = await people.current(req);
      // Whatever was decided: without a sign-in that is recent enough nothing is.
      if (user === undefined || mustSignIn(situationOf(visit, user))) {
        return proceed(visit, req, res);
      }
      if (!isOwnForm(req, params, handle, user.id)) {
        return askConsent(context, visit, handle, user, req, res, 'consent.outOfDate');
      }
      switch (params.get('decision')) {
        case 'allow':
          return allow(visit, user, res);
        case 'deny':
          return deny(visit, user);
        default:
          return askConsent(context, visit, handle, user, req, res, 'consent.choose');
      }
    });

  return {
    routes,
    metadata: {
      authorization_endpoint: `${site.issuer}${PATHS.authorize}`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      // RFC 9207
      authorization_response_iss_parameter_supported: true,
      scopes_supported: Object.keys(pages.scopes),
      ui_locales_supported: languages,
    },
  };

  function situationOf(
    { client, request, pending }: Visit,
    user: SignedIn | undefined,
    consented = false,
  ): Situation {
    return {
      client,
      request,
      user,
      askedAt: pending?.createdAt ?? Date.now(),
      sentToLogin: pending?.sentToLogin ?? false,
      ownLogin: people.areOurs,
      isConsented: consented,
    };
  }

  async function proceed(visit: Visit, req: Request, res: Response): Promise<void> {
    const user = await people.current(req);
    const consented = user !== undefined && (await isConsented(store, visit.request, user.id));
    const next = nextStep(situationOf(visit, user, consented));
    switch (next.step) {
      case 'sign_in': {
        const { handle } = pendingRequests.sentToLogin(visits.wait(visit));
        return redirect(res, people.loginUrl(handle, next.again ? 'login' : undefined));
      }
      case 'approve':
        if (visit.pending) await pendingRequests.settle(visit.pending, user!.id);
        return approve(visit, grantTo(visit, user!), res, true);
      case 'ask':
        // What was allowed has been taken back since: this request brings nothing of it back.
        if (visit.pending?.settled !== undefined) throw signInIsOver();
        return askConsent(context, visit, visits.wait(visit).handle, user!, req, res);
      case 'refuse':
        throw new OAuthError(next.error, next.description, { target: visit.target });
    }
  }

  async function allow(visit: Required<Visit>, user: SignedIn, res: Response): Promise<void> {
    // First of all: what cannot be granted is not remembered either.
    const grant = grantTo(visit, user);
    const consents = consentsTo(visit.request, user.id);
    const isFirst = await pendingRequests.settle(visit.pending, user.id, 'allow', consents);
    return approve(visit, grant, res, !isFirst);
  }

  async function deny({ client, target, pending }: Required<Visit>, user: SignedIn) {
    if (await pendingRequests.settle(pending, user.id, 'deny')) {
      events.emit('consent_denied', { userId: user.id, clientId: client.id });
    }
    throw new OAuthError('access_denied', 'The person did not allow the access.', { target });
  }

  /** @param remembered whether it was allowed before, even if by the same form */
  async function approve(
    visit: Visit,
    grant: Grant,
    res: Response,
    remembered: boolean,
  ): Promise<void> {
    redirect(res, await issueCode(site, library, oauth.issuing, visit, grant));
    const { userId, clientId, scope } = grant;
    events.emit('consent_allowed', { userId, clientId, scope, remembered });
  }
}
