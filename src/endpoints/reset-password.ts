// The page of a link by which a person sets a new password, see sign-in/reset-links.ts.
//
// The token is in the query, which no log of ours has, and goes from there into the form. Opening the
// page does not use up the link: link previews open it, too. The form needs no other proof
// of where it comes from, since whoever has the token may set the password.

import type { Request, Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { addressOf } from '../http/rate-limit.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import { MIN_PASSWORD_LENGTH } from '../protocol/passwords.ts';
import { leaveFlash } from '../sign-in/flash.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import type { NewPasswordFault } from '../sign-in/password-change.ts';
import { MAX_TOKEN, type ResetLinks } from '../sign-in/reset-links.ts';
import type { User } from '../types.ts';

const QUERY_PARAMS = { token: MAX_TOKEN };
const FORM_PARAMS = { token: MAX_TOKEN, new_password: 1024, new_password_again: 1024 };

export function resetPassword(
  { site, pages }: Pick<Context, 'site' | 'pages'>,
  people: OwnPeople,
  links: ResetLinks,
): Endpoint {
  const routes = new Routes();

  routes
    .route(PATHS.resetPassword)
    .all(pages.browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const token = queryParams(req, QUERY_PARAMS).get('token') ?? '';
      show(res, token, await links.find(token));
    })
    .post(form, async (req, res) => {
      const params = formParams(req, FORM_PARAMS);
      const token = params.get('token') ?? '';
      const reset = await links.use(token, params, addressOf(req));
      if (reset.outcome === 'set') return finish(req, res);
      if (reset.outcome === 'over') return show(res, token);
      return show(res, token, reset.user, reset.fault);
    });

  return { routes };

  function show(res: Response, token: string, user?: User, fault?: NewPasswordFault): void {
    const t = wordsFor(res);
    if (user === undefined) {
      res.statusCode = 404;
      pages.render(res, 'reset-password', { title: t('resetPassword.over') });
      return;
    }
    const title = t('resetPassword.title');
    if (fault !== undefined) res.statusCode = 400;
    pages.render(res, 'reset-password', {
      title: fault === undefined ? title : t('common.errorTitle', { title }),
      user: { name: user.name, username: user.username },
      token,
      minLength: MIN_PASSWORD_LENGTH,
      problem: fault && {
        text: t(`account.password.${fault}`, { count: MIN_PASSWORD_LENGTH }),
        field: fault === 'differ' ? 'again' : 'new',
      },
    });
  }

  /** Leads to the sign-in, whoever else is signed in to this browser. */
  async function finish(req: Request, res: Response): Promise<void> {
    await leaveFlash(req, res, site, { name: 'password_reset' });
    redirect(res, `${people.accountLoginUrl}&prompt=login`);
  }
}
