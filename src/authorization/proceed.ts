// Takes an authorization request further: to the login page, to the app around this server, to the consent
// form, or back to the client. interaction.ts decides which of them is next. A person's decision about a
// request that waits is taken here, too.

import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { begun } from '../http/ahead.ts';
import type { Params } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { withQuery } from '../http/with-query.ts';
import { sendResponse } from '../pages/authorization-response.ts';
import type { AuthorizationResponse } from '../protocol/redirect-target.ts';
import { isOwnForm } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { holderOf } from '../sign-in/session-holder.ts';
import type { Approvals } from './approval.ts';
import { askBeforeConsent, type BeforeConsent, visitUrl } from './before-consent.ts';
import { isConsented, refusalTarget } from './consent.ts';
import { askConsent } from './consent-page.ts';
import { mayDecide, nextStep, type Presence, wantedAcr } from './interaction.ts';
import { type PendingRequests, signInIsOver } from './pending-requests.ts';
import type { Visit, Visits } from './visit.ts';

/** What a request is taken further with. */
export interface VisitParts extends Pick<Context, 'site' | 'store' | 'oauth' | 'pages' | 'people'> {
  readonly visits: Visits;
  readonly approvals: Approvals;
  readonly pendingRequests: PendingRequests;
  readonly beforeConsent: BeforeConsent | undefined;
}

/** Takes what a person has decided about a request that waits. */
export async function decide(
  parts: VisitParts,
  params: Params,
  req: Request,
  res: Response,
): Promise<void> {
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
export async function proceed(
  parts: VisitParts,
  visit: Visit,
  req: Request,
  res: Response,
): Promise<void> {
  const { store, people, visits, approvals, pendingRequests } = parts;
  // The person in the session may have changed, or may have to sign in again. Their consents are looked up
  // meanwhile anyway.
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
      // Access was withdrawn meanwhile, so this request must not restore it.
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
  parts: VisitParts,
  { client, request, target }: Visit,
  response: AuthorizationResponse | undefined,
  res: Response,
): void {
  if (response === undefined) sendToPending(parts, { client, request, target }, res);
  else sendResponse(res, response, parts.pages.render);
}

/** Where in the app around us a person has to go first. */
async function findPlace(
  { beforeConsent }: VisitParts,
  { client, request }: Visit,
  user: SignedIn,
  req: Request,
): Promise<string | undefined> {
  return beforeConsent && askBeforeConsent(beforeConsent, req, { user, client, request });
}

/** Makes a request one that waits, and has the browser come back with it by GET. */
export function sendToPending({ site, visits }: VisitParts, visit: Visit, res: Response): void {
  const { handle } = visits.wait(visit);
  redirect(res, withQuery(`${site.path}${PATHS.authorize}`, { continue: handle }));
}

function sendToApp(
  { site, visits, pendingRequests }: VisitParts,
  visit: Visit,
  place: string,
  res: Response,
): void {
  const path = `${site.path}${PATHS.authorize}`;
  redirect(res, visitUrl(pendingRequests, visits.wait(visit), place, path));
}

async function presenceOf(
  { people, oauth }: VisitParts,
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
