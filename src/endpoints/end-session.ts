// OpenID Connect RP-Initiated Logout 1.0: the end_session_endpoint.
//
// A client sends a person here who signs out of it. If it proves which session it means, the person is
// signed out; otherwise they are asked, because anybody can make a link to this endpoint. A client may
// send its request by POST, too. That comes without a cookie of ours (SameSite=Lax), so it is checked
// and sealed, and the browser comes back with it by GET.

import type { Request, Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { asOAuthError } from '../http/json-error.ts';
import { methods } from '../http/methods.ts';
import { formParams, type Params, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { withQuery } from '../http/with-query.ts';
import {
  createLogoutRequests,
  LOGOUT_PARAMS,
  type LogoutVisit,
  MAX_LOGOUT_HANDLE,
} from '../logout/logout-requests.ts';
import { setUiLocales, wordsFor } from '../pages/language.ts';
import { onwardTo } from '../pages/onward.ts';
import { shownClient } from '../pages/shown-client.ts';
import { isVouchedFor } from '../protocol/client.ts';
import { redirectHost } from '../protocol/redirect-uri.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import type { BrowserSignOut } from './browser-sign-out.ts';

/** The parameters of a new request, or of one that waits. */
const REQUEST_PARAMS = { ...LOGOUT_PARAMS, continue: MAX_LOGOUT_HANDLE };
/** The parameters of the form: those of the request, and the decision of the person. */
const FORM_PARAMS = { ...REQUEST_PARAMS, csrf_token: 256, decision: 256 };

/** What was wrong with a decision: the status of the answer, and the words. */
const OUT_OF_DATE = { status: 403, key: 'consent.outOfDate' } as const;
const UNDECIDED = { status: 400, key: 'consent.choose' } as const;

/**
 * @param key 32 bytes, for requests that the browser carries
 * @param way how people are signed out: here, or at a page of the app around this server
 */
export function endSession(
  {
    site,
    store,
    oauth,
    pages,
    people,
  }: Pick<Context, 'site' | 'store' | 'oauth' | 'pages' | 'people'>,
  key: Buffer,
  way: BrowserSignOut | { readonly logoutUrl: string },
): Endpoint {
  const requests = createLogoutRequests({ store, ...oauth }, key);
  const url = `${site.path}${PATHS.endSession}`;
  const routes = new Routes();

  routes
    .route(PATHS.endSession)
    .all(pages.browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req, REQUEST_PARAMS);
      const handle = params.get('continue');
      const visit = handle === undefined ? await begin(params, res) : await resume(handle, res);
      return proceed(visit, req, res);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      if (params.has('continue')) return decide(params, req, res);
      const visit = await begin(params, res);
      return redirect(res, withQuery(url, { continue: requests.handleOf(visit) }));
    })
    .onError((thrown, req, _res, next) => {
      const error = asOAuthError(thrown);
      // An error that is not the request's fault keeps its own words.
      if (error === undefined || error.status >= 500 || error.status === 429) return next(thrown);
      const show = (isSignedIn: boolean) =>
        next(error.shownAs(isSignedIn ? 'signOut' : 'nothingToSignOut'));
      // A POST from a client comes without our cookie, so nobody knows whether somebody is signed in.
      if (req.method === 'POST') return show(true);
      people.current(req).then(
        (person) => show(person !== undefined),
        () => show(true),
      );
    });

  return { routes, metadata: { end_session_endpoint: `${site.issuer}${PATHS.endSession}` } };

  function begin(params: Params, res: Response): Promise<LogoutVisit> {
    setUiLocales(res, params.get('ui_locales'));
    return requests.begin(params);
  }

  async function resume(handle: string, res: Response): Promise<LogoutVisit> {
    const visit = await requests.resume(handle);
    setUiLocales(res, visit.request.uiLocales);
    return visit;
  }

  async function proceed(visit: LogoutVisit, req: Request, res: Response): Promise<void> {
    const person = await people.current(req);
    // A person who comes back from the app's page was asked there, and may have stayed signed in. A client
    // that nobody here vouches for may have made the way back for somebody else, who was asked nothing.
    const isBack = visit.request.isBack && visit.client && isVouchedFor(visit.client);
    if (person === undefined || isBack) return goOn(visit, req, res);
    if (await requests.isProven(visit, person)) return signOut(visit, person, req, res);
    return ask(visit, person, req, res);
  }

  /** Acts on what a person has decided. */
  async function decide(params: Params, req: Request, res: Response): Promise<void> {
    params.assertSound();
    const handle = params.get('continue')!;
    const visit = await resume(handle, res);
    const person = await people.current(req);
    if (person === undefined) return goOn(visit, req, res);
    if (!isOwnForm(req, params, ...formAbout(handle, person))) {
      return ask(visit, person, req, res, OUT_OF_DATE);
    }
    switch (params.get('decision')) {
      case 'sign_out':
        return signOut(visit, person, req, res);
      case 'stay':
        // Back to where the person came from: the app has signed them out.
        return redirect(res, visit.target ?? `${site.path}${PATHS.account}`);
      default:
        return ask(visit, person, req, res, UNDECIDED);
    }
  }

  async function signOut(
    visit: LogoutVisit,
    person: SignedIn,
    req: Request,
    res: Response,
  ): Promise<void> {
    const { client, target, request } = visit;
    if ('signOut' in way) {
      const by = { clientId: client?.id, target, uiLocales: request.uiLocales };
      return way.signOut(req, res, person, by);
    }
    if (target === undefined) return redirect(res, way.logoutUrl);
    const back = withQuery(url, { continue: requests.handleOf(visit, true) });
    return redirect(res, withQuery(way.logoutUrl, { return_to: back }));
  }

  /**
   * Sends on a person who does not have to be signed out. The maker of the link has proved nothing, so to a
   * client that nobody here vouches for the person goes by a link of their own (RP-Initiated Logout section
   * 3, RFC 9700 section 4.11.2).
   */
  async function goOn(
    { client, target, request }: LogoutVisit,
    req: Request,
    res: Response,
  ): Promise<void> {
    const isProved = client !== undefined && isVouchedFor(client);
    if ('signOut' in way) {
      // They may have been signed out by this very request, a click before.
      const next = await way.after(req, target);
      return isProved || next !== target ? redirect(res, next) : offer(res, next);
    }
    if (target === undefined) return redirect(res, way.logoutUrl);
    if (isProved) return redirect(res, target);
    return request.isBack ? offer(res, target) : redirect(res, way.logoutUrl);
  }

  /** The page of those who are signed out, with a link to go on by. */
  function offer(res: Response, target: string): void {
    pages.render(res, 'signed-out', {
      title: wordsFor(res)('signedOut.title'),
      signInUrl: people.accountLoginUrl,
      onward: onwardTo(target, false),
    });
  }

  async function ask(
    visit: LogoutVisit,
    { id, name, username }: SignedIn,
    req: Request,
    res: Response,
    problem?: typeof OUT_OF_DATE | typeof UNDECIDED,
  ): Promise<void> {
    const { client, request } = visit;
    const t = wordsFor(res);
    const title =
      client === undefined
        ? t('endSession.title')
        : t('endSession.titleFor', { client: client.name });
    const handle = requests.handleOf(visit);
    const choices = { cancel: t('endSession.stay'), allow: t('common.signOut') };
    res.statusCode = problem?.status ?? 200;
    pages.render(res, 'end-session', {
      homeUrl: undefined,
      title: problem === undefined ? title : t('common.errorTitle', { title }),
      csrfToken: await csrfToken(req, ...formAbout(handle, { id })),
      handle,
      client: client && shownClient(client, site),
      user: { name, username },
      returnsTo: request.redirectUri && redirectHost(request.redirectUri),
      error: problem && t(problem.key, choices),
    });
  }
}

/** What the form is bound to, besides the session. */
function formAbout(handle: string, { id }: Pick<SignedIn, 'id'>): string[] {
  return ['end session', handle, id];
}
