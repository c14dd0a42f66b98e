// The page on which a person changes the password.
//
// A session is over with the password that opened it (sign-in/session.ts), so whoever changes theirs
// is signed out everywhere, and here signed in anew.

import type { Request, Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { tooManyAttempts } from '../errors.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { beginForm } from '../pages/form-problem.ts';
import { wordsFor } from '../pages/language.ts';
import type { Translate } from '../pages/translate.ts';
import { MIN_PASSWORD_LENGTH } from '../protocol/passwords.ts';
import { leaveFlash } from '../sign-in/flash.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import {
  PASSWORD_PARAMS,
  type PasswordChange,
  PasswordChanges,
} from '../sign-in/password-change.ts';
import type { User } from '../types.ts';

/** What is wrong, in words, and with which field. */
interface Problem {
  readonly status: number;
  readonly text: string;
  readonly field?: 'current' | 'new' | 'again';
  /** Seconds. */
  readonly retryAfter?: number;
}

export function password(
  context: Pick<Context, 'site' | 'store' | 'events' | 'pages' | 'sessionEnds'>,
  people: OwnPeople,
): Endpoint {
  const { site, store, events, pages } = context;
  const { path } = site;
  const changes = new PasswordChanges(context, people);
  const routes = new Routes();

  routes
    .route(PATHS.password)
    .all(pages.browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const user = await ownUser(req);
      if (user === undefined) return redirect(res, people.passwordLoginUrl);
      if (user.passwordHash === undefined) return redirect(res, `${path}${PATHS.account}`);
      return show(pages, req, res, user);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, PASSWORD_PARAMS);
      const user = await ownUser(req);
      if (user === undefined || !isOwnForm(req, params, ...formAbout(user))) {
        const before = await changes.changedAMomentAgo(req, params);
        if (before?.outcome === 'limited') throw tooManyAttempts(before.retryAfter);
        if (before !== undefined) return finish(req, res, before.user);
        if (user === undefined) return redirect(res, people.passwordLoginUrl);
        const text = wordsFor(res)('account.outOfDate');
        return show(pages, req, res, user, { status: 403, text });
      }
      const change = await changes.change(req, params, user);
      if (change.outcome === 'changed') return finish(req, res, change.user);
      if (change.outcome === 'disabled') return redirect(res, people.passwordLoginUrl);
      if (change.outcome === 'limited') events.emit('login_limited', { address: addressOf(req) });
      return show(pages, req, res, user, problemOf(change, wordsFor(res)));
    });

  return { routes };

  async function ownUser(req: Request): Promise<User | undefined> {
    const signedIn = await people.current(req);
    return signedIn && store.users.find(signedIn.id);
  }

  async function finish(req: Request, res: Response, user: User): Promise<void> {
    const sid = await people.signIn(req, res, user, true);
    await changes.endOpenedBefore(user.id, sid);
    await leaveFlash(req, res, site, { name: 'password_changed' });
    redirect(res, `${path}${PATHS.account}`);
  }
}

async function show(
  { render }: Context['pages'],
  req: Request,
  res: Response,
  user: User,
  problem?: Problem,
): Promise<void> {
  const t = wordsFor(res);
  render(res, 'password', {
    title: beginForm(res, t, t('account.password.title'), problem),
    user: { name: user.name, username: user.username },
    csrfToken: await csrfToken(req, ...formAbout(user)),
    minLength: MIN_PASSWORD_LENGTH,
    problem,
  });
}

const FIELDS = {
  unusable: 'new',
  short: 'new',
  easy: 'new',
  same: 'new',
  differ: 'again',
  wrong: 'current',
} as const;

/** Why the password was not changed. */
function problemOf(
  change: Exclude<PasswordChange, { outcome: 'changed' | 'disabled' }>,
  t: Translate,
): Problem {
  if (change.outcome === 'limited') {
    const { retryAfter } = change;
    const text = t.count('account.password.tooMany', Math.ceil(retryAfter / 60));
    return { status: 429, text, retryAfter };
  }
  const { problem } = change;
  const text = t(`account.password.${problem}`, { count: MIN_PASSWORD_LENGTH });
  return { status: 400, text, ...(problem !== 'meanwhile' && { field: FIELDS[problem] }) };
}

function formAbout(user: User): string[] {
  return ['password', user.id];
}
