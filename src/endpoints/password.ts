// Changing the password.
//
// A session is over with the password that opened it (sign-in/session.ts), so whoever changes theirs is
// signed out everywhere, and here signed in anew.

import { type Request, type Response, Router } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { tooManyAttempts } from '../errors.ts';
import { methods } from '../http/methods.ts';
import { form, formParams, type Params } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { type Translate, wordsFor } from '../pages/language.ts';
import { hashPassword, MIN_PASSWORD_LENGTH, newPasswordProblem } from '../protocol/passwords.ts';
import { sha256 } from '../protocol/secrets.ts';
import { leaveFlash } from '../sign-in/flash.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import { csrfToken, isOpenTo, isOwnForm } from '../sign-in/session.ts';
import { inLine } from '../sign-in/waiting-line.ts';
import type { User } from '../types.ts';

const PARAMS = {
  csrf_token: 256,
  current_password: 1024,
  new_password: 1024,
  new_password_again: 1024,
};

/** Milliseconds in which the form may come again, by a double click. */
const REPEAT_WINDOW = 10_000;

/** What is wrong, in words, and with which field. */
interface Problem {
  readonly field?: 'current' | 'new' | 'again';
  readonly text: string;
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
}

export function password(
  { site, store, events, pages }: Pick<Context, 'site' | 'store' | 'events' | 'pages'>,
  people: OwnPeople,
): Endpoint {
  const { path, https } = site;
  const { browser, render } = pages;
  const routes = Router();

  routes
    .route('/account/password')
    .all(browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const user = await ownUser(req);
      if (user === undefined) return redirect(res, people.accountLoginUrl);
      if (user.passwordHash === undefined) return redirect(res, `${path}${PATHS.account}`);
      return show(req, res, user);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, PARAMS);
      const user = await ownUser(req);
      if (user === undefined || !isOwnForm(req, params, ...subject(user))) {
        const changed = await changedAMomentAgo(req, params);
        if (changed !== undefined) return finish(req, res, changed);
        if (user === undefined) return redirect(res, people.accountLoginUrl);
        const text = wordsFor(res)('account.outOfDate');
        return show(req, res, user, { text, status: 403 });
      }
      const outcome = await change(req, params, user, wordsFor(res));
      if ('text' in outcome) return show(req, res, user, outcome);
      return finish(req, res, outcome);
    });

  return { routes, metadata: {} };

  async function ownUser(req: Request): Promise<User | undefined> {
    const signedIn = await people.current(req);
    return signedIn && store.users.find(signedIn.id);
  }

  /** Changes the password; answers the user as they are now, or why not. */
  async function change(
    req: Request,
    params: Params,
    { username, name, email = '' }: User,
    t: Translate,
  ): Promise<User | Problem> {
    const [current, fresh, again] = ['current_password', 'new_password', 'new_password_again'].map(
      (field) => params.get(field),
    );
    if (params.problems.has('new_password')) {
      return { field: 'new', text: t('account.password.unusable') };
    }
    // What costs nothing comes first; a slip there is no wrong guess.
    const problem = newPasswordProblem(fresh ?? '', [username, name, email]);
    if (problem === 'short') {
      return { field: 'new', text: t('account.password.short', { count: MIN_PASSWORD_LENGTH }) };
    }
    if (problem === 'easy') return { field: 'new', text: t('account.password.easy') };
    if (fresh !== again) return { field: 'again', text: t('account.password.differ') };

    const attempt = await people.tryPassword(req, username, current ?? '');
    const address = addressOf(req);
    switch (attempt.outcome) {
      case 'limited': {
        events.emit('login_limited', { address });
        return tooMany(attempt.retryAfter, t);
      }
      case 'wrong': {
        const changed = await changedAMomentAgo(req, params);
        if (changed !== undefined) return changed;
        events.emit('password_refused', { userId: attempt.user?.id ?? '', address });
        return { field: 'current', text: t('account.password.wrong') };
      }
      case 'right':
        if (fresh === current) return { field: 'new', text: t('account.password.same') };
        return replace(req, params, attempt.user, fresh!, t);
    }
  }

  /** @param user with the hash that was checked */
  async function replace(
    req: Request,
    params: Params,
    user: User,
    fresh: string,
    t: Translate,
  ): Promise<User | Problem> {
    const now = Date.now();
    const passwordHash = await inLine(true, () => hashPassword(fresh));
    // Kept first: whoever finds the password changed, by this very form, is to find this too.
    await store.requests.save(formKey(params), {
      data: JSON.stringify({ username: user.username }),
      expiresAt: now + REPEAT_WINDOW,
    });
    if (await store.users.changePassword(user.id, user.passwordHash!, passwordHash, now)) {
      events.emit('password_changed', { userId: user.id });
      return { ...user, passwordHash, passwordChangedAt: now };
    }
    const changed = await changedAMomentAgo(req, params);
    return changed ?? { text: t('account.password.meanwhile') };
  }

  /**
   * The user, where this very form has changed the password a moment ago to what it says again. The
   * session it was sent from is gone then, and the browser may have lost the answer that said so.
   */
  async function changedAMomentAgo(req: Request, params: Params): Promise<User | undefined> {
    const fresh = params.get('new_password');
    const found = await store.requests.find(formKey(params), Date.now());
    if (found === undefined || fresh === undefined) return undefined;
    const { username } = JSON.parse(found.data);
    // Else a page of somebody who has just changed theirs could sign a visitor in to their account:
    // this cookie comes with no form of another site.
    if (!people.hasSignedIn(req, username)) return undefined;
    const attempt = await people.tryPassword(req, username, fresh);
    if (attempt.outcome === 'limited') throw tooManyAttempts(attempt.retryAfter);
    return attempt.outcome === 'right' ? attempt.user : undefined;
  }

  /**
   * Ends what was opened with another password than the person has now. By the password and not by
   * the session: of two clicks that are answered at once, neither signs the other out.
   */
  async function endOpenedBefore(userId: string): Promise<void> {
    const user = await store.users.find(userId);
    const now = Date.now();
    const sessions = await store.sessions.listByUser(userId, now);
    const over = sessions.filter((session) => user === undefined || !isOpenTo(user, session));
    await Promise.all(over.map(({ hash }) => store.sessions.end(hash, userId, now)));
  }

  async function finish(req: Request, res: Response, user: User): Promise<void> {
    await people.signIn(req, res, user);
    await endOpenedBefore(user.id);
    await leaveFlash(req, res, https, { name: 'password_changed' });
    redirect(res, `${path}${PATHS.account}`);
  }

  async function show(req: Request, res: Response, user: User, problem?: Problem): Promise<void> {
    const t = wordsFor(res);
    const title = t('account.password.title');
    res.status(problem === undefined ? 200 : (problem.status ?? 400));
    if (problem?.retryAfter !== undefined) res.set('Retry-After', String(problem.retryAfter));
    render(res, 'password', {
      title: problem === undefined ? title : t('common.errorTitle', { title }),
      user: { name: user.name, username: user.username },
      csrfToken: await csrfToken(req, ...subject(user)),
      minLength: MIN_PASSWORD_LENGTH,
      problem,
    });
  }
}

/** @param retryAfter seconds */
function tooMany(retryAfter: number, t: Translate): Problem {
  const text = t.count('account.password.tooMany', Math.ceil(retryAfter / 60));
  return { text, status: 429, retryAfter };
}

function subject(user: User): string[] {
  return ['password', user.id];
}

/** Nobody knows the token of a form but the page it is on. */
function formKey(params: Params): string {
  return sha256(`password form ${params.get('csrf_token') ?? ''}`);
}
