// The login page.

import { type Request, type Response, Router } from 'express';
import { MAX_HANDLE, type PendingRequests } from '../authorization/pending-requests.ts';
import type { Context, Endpoint } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { methods } from '../http/methods.ts';
import { form, formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { setUiLocales, type Translate, wordsFor } from '../pages/language.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import { csrfToken } from '../sign-in/session.ts';
import type { User } from '../types.ts';

const QUERY_PARAMS = { continue: MAX_HANDLE, prompt: 256, to: 256 };
const FORM_PARAMS = { continue: MAX_HANDLE, csrf_token: 256, username: 256, password: 1024 };

/** What is wrong, once it is known in which language to say it. */
type Problem = (t: Translate) => string;

export function login(
  { site, store, events, pages }: Pick<Context, 'site' | 'store' | 'events' | 'pages'>,
  people: OwnPeople,
  pendingRequests: PendingRequests,
): Endpoint {
  const { path } = site;
  const { browser, render } = pages;
  const routes = Router();

  routes
    .route(PATHS.login)
    .all(browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req, QUERY_PARAMS);
      const handle = params.get('continue');
      if (handle !== undefined) return show(req, res, handle);
      const user = await people.current(req);
      if (user === undefined || params.get('prompt') === 'login') return show(req, res);
      if (isForAccount(req)) return redirect(res, `${path}${PATHS.account}`);
      const title = wordsFor(res)('signedIn.title');
      return render(res, 'signed-in', { title, user, csrfToken: await csrfToken(req) });
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      const handle = params.get('continue');
      const username = params.get('username');
      const again = (problem: Problem, status = 400) =>
        show(req, res, handle, { username, problem, status });

      if (!people.isLoginForm(req, params)) {
        const problem = req.headers.cookie === undefined ? 'login.noCookie' : 'login.outOfDate';
        return again((t) => t(problem), 403);
      }
      if (params.problems.size > 0) return again((t) => t('login.invalid'));
      const password = params.get('password');
      if (username === undefined || password === undefined) {
        return again((t) => t('login.missing'));
      }
      const user = await attempt(req, username, password);
      if (user instanceof OAuthError) {
        res.set(user.headers);
        return again(user.status === 429 ? tooMany(user) : (t) => t('login.wrong'), user.status);
      }
      await people.signIn(req, res, user);
      events.emit('login_succeeded', { userId: user.id, address: addressOf(req) });
      if (handle === undefined) {
        return redirect(
          res,
          isForAccount(req) ? `${path}${PATHS.account}` : `${path}${PATHS.login}`,
        );
      }
      return redirect(res, `${path}${PATHS.authorize}?continue=${encodeURIComponent(handle)}`);
    });

  return { routes, metadata: {} };

  /** The user who gave the right password, or why not. */
  async function attempt(
    req: Request,
    username: string,
    password: string,
  ): Promise<User | OAuthError> {
    const address = addressOf(req);
    try {
      const { isRight, user } = await people.tryPassword(req, username, password);
      if (isRight) return user;
      events.emit('login_failed', { ...(user && { userId: user.id }), address });
      return new OAuthError('access_denied', 'The username or the password is not right.', {
        status: 400,
      });
    } catch (error) {
      if (!(error instanceof OAuthError) || error.status !== 429) throw error;
      events.emit('login_limited', { address });
      return error;
    }
  }

  /** What the person signs in for. To refuse too many attempts the store is asked for nothing. */
  async function asked(handle: string | undefined, status: number) {
    if (handle === undefined) return {};
    if (status === 429) return { request: pendingRequests.peek(handle) };
    const { request } = await pendingRequests.find(handle);
    return { request, client: await store.clients.find(request.clientId) };
  }

  async function show(
    req: Request,
    res: Response,
    handle?: string,
    {
      username,
      problem,
      status = 200,
    }: { username?: string | undefined; problem?: Problem; status?: number } = {},
  ): Promise<void> {
    const { request, client } = await asked(handle, status);
    setUiLocales(res, request?.uiLocales);
    const plainUrl = isForAccount(req) ? people.accountLoginUrl : `${path}${PATHS.login}`;
    const t = wordsFor(res);
    const title = t('login.title');
    res.status(status);
    render(res, 'login', {
      title: problem === undefined ? title : t('common.errorTitle', { title }),
      // With the request in its URL, a reload of a page with an error does not lose it.
      action: handle === undefined ? plainUrl : people.loginUrl(handle),
      csrfToken: people.loginToken(req, res),
      continue: handle,
      ...(handle !== undefined && { homeUrl: undefined }),
      clientName: client?.name,
      username: username ?? request?.loginHint ?? '',
      error: problem?.(t),
    });
  }
}

/** Whether the person is on the way to the account page: the one place to go to but an app. */
function isForAccount(req: Request): boolean {
  return queryParams(req, QUERY_PARAMS).get('to') === 'account';
}

function tooMany(error: OAuthError): Problem {
  const minutes = Math.ceil(Number(error.headers['Retry-After']) / 60);
  return (t) => t.count('login.tooMany', minutes);
}
