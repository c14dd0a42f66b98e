// The login page.

import type { Request, Response } from 'express';
import { MAX_HANDLE, type PendingRequests } from '../authorization/pending-requests.ts';
import type { KnownClients } from '../clients/known-clients.ts';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import type { Site } from '../http/site.ts';
import { withQuery } from '../http/with-query.ts';
import { beginForm, type FormProblem, tooManyTries } from '../pages/form-problem.ts';
import { setUiLocales, wordsFor } from '../pages/language.ts';
import type { Render } from '../pages/render.ts';
import { vouchedName } from '../pages/shown-client.ts';
import type { Key } from '../pages/words/words.ts';
import { readUserCode } from '../protocol/user-code.ts';
import { takeFlash } from '../sign-in/flash.ts';
import { csrfToken } from '../sign-in/own-forms.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import { deviceUrl, removeAppUrl } from '../sign-in/people.ts';

const QUERY_PARAMS = {
  ...{ continue: MAX_HANDLE, prompt: 256, to: 256 },
  ...{ user_code: 256, client_id: 256 },
};
const FORM_PARAMS = { continue: MAX_HANDLE, csrf_token: 256, username: 256, password: 1024 };

export function login(
  { site, clients, events, pages }: Pick<Context, 'site' | 'clients' | 'events' | 'pages'>,
  people: OwnPeople,
  pendingRequests: PendingRequests,
): Endpoint {
  const { path } = site;
  const { browser, render } = pages;
  const parts: Parts = { site, path, clients, render, people, pendingRequests };
  const routes = new Routes();

  routes
    .route(PATHS.login)
    .all(browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req, QUERY_PARAMS);
      const handle = params.get('continue');
      if (handle !== undefined) return showLogin(parts, req, res, handle);
      const user = await people.current(req);
      if (user === undefined || params.get('prompt') === 'login') return showLogin(parts, req, res);
      const next = destination(people, path, req);
      if (next !== undefined) return redirect(res, next.url);
      const title = wordsFor(res)('signedIn.title');
      return render(res, 'signed-in', { title, user, csrfToken: await csrfToken(req) });
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      const handle = params.get('continue');
      const username = params.get('username');
      const again = (status: number, text: FormProblem['text']) =>
        showLogin(parts, req, res, handle, username, { status, text });

      if (!people.isLoginForm(req, params)) {
        const problem = req.headers.cookie === undefined ? 'login.noCookie' : 'login.outOfDate';
        return again(403, (t) => t(problem));
      }
      if (params.problems.size > 0) return again(400, (t) => t('login.invalid'));
      const password = params.get('password');
      if (username === undefined || password === undefined) {
        return again(400, (t) => t('login.missing'));
      }
      const attempt = await people.tryPassword(req, username, password);
      const address = addressOf(req);
      if (attempt.outcome === 'limited') {
        events.emit('login_limited', { address });
        return showLogin(
          parts,
          req,
          res,
          handle,
          username,
          tooManyTries('login.tooMany', attempt.retryAfter),
        );
      }
      const { user } = attempt;
      if (attempt.outcome === 'wrong') {
        events.emit('login_failed', { ...(user && { userId: user.id }), address });
        return again(400, (t) => t('login.wrong'));
      }
      if (attempt.outcome === 'disabled') {
        events.emit('login_failed', { userId: attempt.user.id, address, reason: 'disabled' });
        return again(403, (t) => t('login.disabled'));
      }
      await people.signIn(req, res, attempt.user);
      events.emit('login_succeeded', { userId: attempt.user.id, address });
      return redirect(res, nextUrl(parts, req, handle));
    });

  return { routes };
}

/** What the login page is made with. */
interface Parts {
  readonly site: Site;
  readonly path: string;
  readonly clients: KnownClients;
  readonly render: Render;
  readonly people: OwnPeople;
  readonly pendingRequests: PendingRequests;
}

async function showLogin(
  parts: Parts,
  req: Request,
  res: Response,
  handle?: string,
  username?: string,
  problem?: FormProblem,
): Promise<void> {
  const { site, path, render, people } = parts;
  const { request, client } = await signInFor(parts, req, handle, problem);
  setUiLocales(res, request?.uiLocales);
  const next = handle === undefined ? destination(people, path, req) : undefined;
  const plainUrl = next?.loginUrl ?? `${path}${PATHS.login}`;
  // HEAD shows nobody the notice, so it stays for the page.
  const notice = req.method === 'GET' ? takeFlash(req, res, site) : undefined;
  const t = wordsFor(res);
  render(res, 'login', {
    title: beginForm(res, t, t('login.title'), problem),
    // With the request in its URL, a reload of a page with an error does not lose it.
    action: handle === undefined ? plainUrl : people.loginUrl(handle),
    csrfToken: people.loginToken(req, res),
    continue: handle,
    ...(handle !== undefined && { homeUrl: undefined }),
    clientName: client && vouchedName(client),
    purpose: next && t(next.purpose),
    username: username ?? request?.loginHint ?? '',
    error: problem?.text(t),
    notice: notice?.name === 'password_reset' ? t('resetPassword.set') : undefined,
  });
}

/** What the person signs in for. If there were too many attempts, the store is asked for nothing. */
async function signInFor(
  { clients, pendingRequests }: Parts,
  req: Request,
  handle: string | undefined,
  problem: FormProblem | undefined,
) {
  if (handle === undefined) return {};
  if (problem?.status === 429) return { request: pendingRequests.peek(handle) };
  const { request } = await pendingRequests.find(handle);
  return { request, client: await clients.find(request.clientId, req) };
}

/** Where a person whom no client sent goes after signing in. */
interface Destination {
  readonly url: string;
  /** Of the login page that leads to it. */
  readonly loginUrl: string;
  /** What the login page says that the person signs in for. */
  readonly purpose: Key;
}

function destination(people: OwnPeople, path: string, req: Request): Destination | undefined {
  const params = queryParams(req, QUERY_PARAMS);
  switch (params.get('to')) {
    case 'account':
      return {
        url: `${path}${PATHS.account}`,
        loginUrl: people.accountLoginUrl,
        purpose: 'login.toAccount',
      };
    case 'password':
      return {
        url: `${path}${PATHS.password}`,
        loginUrl: people.passwordLoginUrl,
        purpose: 'login.toPassword',
      };
    case 'remove_app': {
      const clientId = params.get('client_id');
      return {
        url: removeAppUrl(path, clientId),
        loginUrl: people.removeAppLoginUrl(clientId),
        purpose: 'login.toRemoveApp',
      };
    }
    case 'device': {
      const userCode = readUserCode(params.get('user_code') ?? '');
      return {
        url: deviceUrl(path, userCode),
        loginUrl: people.deviceLoginUrl(userCode),
        purpose: 'login.toDevice',
      };
    }
    default:
      return undefined;
  }
}

/** The URL that a person goes on to after the sign-in. */
function nextUrl({ people, path }: Parts, req: Request, handle: string | undefined): string {
  if (handle !== undefined) return withQuery(`${path}${PATHS.authorize}`, { continue: handle });
  return destination(people, path, req)?.url ?? `${path}${PATHS.login}`;
}
