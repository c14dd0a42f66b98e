// The login page.

import { type Request, type Response, Router } from 'express';
import type { Context, Room } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { knowsAccount, markDevice } from '../http/device.ts';
import { methods } from '../http/methods.ts';
import { form, formParams, queryParams } from '../http/params.ts';
import { findPending } from '../http/pending.ts';
import { addressOf, countAttempt } from '../http/rate-limit.ts';
import { csrfToken, isOwnForm, signIn } from '../http/session.ts';
import { verifyPassword } from '../protocol/passwords.ts';
import { sha256 } from '../protocol/secrets.ts';
import type { User } from '../types.ts';

export function login(context: Context): Room {
  const { path, store, events, render, browser, currentUser, loginUrl, limits, demo } = context;
  const routes = Router();

  routes
    .route('/login')
    .all(browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const params = queryParams(req);
      const handle = params.get('continue');
      if (handle !== undefined) return show(req, res, handle);
      const user = await currentUser(req);
      if (user === undefined || params.get('prompt') === 'login') return show(req, res);
      return render(res, 'signed-in', {
        title: 'Signed in',
        user,
        csrfToken: await csrfToken(req),
      });
    })
    .post(form, async (req, res) => {
      const params = formParams(req);
      const handle = params.get('continue');
      const username = params.get('username');
      const again = (error: string, status = 400) =>
        show(req, res, handle, { username, error, status });

      if (!isOwnForm(req, params)) {
        return again(
          req.headers.cookie === undefined
            ? 'Your browser did not send our cookie. Please allow cookies for this site and try again.'
            : 'This page was out of date. Please sign in again.',
          403,
        );
      }
      if (params.problems.size > 0)
        return again('The username or password is not valid. Please check both.');
      const password = params.get('password');
      if (username === undefined || password === undefined) {
        return again('Please enter your username and your password.');
      }
      const user = await attempt(req, username, password);
      if (user instanceof OAuthError) {
        res.set(user.headers);
        return again(user.status === 429 ? tooMany(user) : user.message, user.status);
      }
      await signIn(req, user.id);
      markDevice(res, context, username);
      events.emit('login_succeeded', { userId: user.id, address: addressOf(req) });
      return res.redirect(
        303,
        handle === undefined
          ? `${path}/login`
          : `${path}/oauth/authorize?continue=${encodeURIComponent(handle)}`,
      );
    });

  return { routes, metadata: {} };

  /** The user who gave the right password, or why not. */
  async function attempt(
    req: Request,
    username: string,
    password: string,
  ): Promise<User | OAuthError> {
    const address = addressOf(req);
    const account = sha256(username);
    const perAccount = { key: `login:${account}:${address}`, max: limits.loginsPerAccount };
    const perAddress = { key: `login:${address}`, max: limits.loginsPerAddress };
    // Whoever guesses from many addresses meets this one. The owner does not, on a browser that
    // has signed in before.
    const everywhere = { key: `login:${account}`, max: limits.loginsPerAccount * 10 };
    const quotas = knowsAccount(req, context, username)
      ? [perAccount, perAddress]
      : [perAccount, perAddress, everywhere];
    try {
      const giveBack = await countAttempt(store, limits, quotas);
      const user = await store.users.findByUsername(username);
      if ((await verifyPassword(user?.passwordHash, password)) && user !== undefined) {
        await giveBack();
        return user;
      }
      events.emit('login_failed', { ...(user && { userId: user.id }), address });
      return new OAuthError('access_denied', 'The username or the password is not right.', {
        status: 400,
      });
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      events.emit('login_limited', { address });
      return error;
    }
  }

  async function show(
    req: Request,
    res: Response,
    handle?: string,
    {
      username,
      error,
      status = 200,
    }: { username?: string | undefined; error?: string; status?: number } = {},
  ): Promise<void> {
    const pending = handle === undefined ? undefined : await findPending(store, handle);
    const client = pending && (await store.clients.find(pending.request.clientId));
    res.status(status);
    render(res, 'login', {
      title: error === undefined ? 'Sign in' : 'Error: Sign in',
      // With the request in its URL, a reload of a page with an error does not lose it.
      action: handle === undefined ? `${path}/login` : loginUrl(handle),
      csrfToken: await csrfToken(req),
      continue: handle,
      clientName: client?.name,
      username: username ?? pending?.request.loginHint ?? '',
      error,
      demo: demo?.users[0],
    });
  }
}

function tooMany(error: OAuthError): string {
  const minutes = Math.ceil(Number(error.headers['Retry-After']) / 60);
  return `Too many attempts. Please try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}
