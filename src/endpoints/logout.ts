// The logout page: it asks, signs the person out, and says how it went.

import type { Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { allowFrames, allowOwnScripts } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { createSignOutReports, MOMENT, type SignOutReport } from '../logout/sign-out-report.ts';
import { setUiLocales, wordsFor } from '../pages/language.ts';
import { onwardTo } from '../pages/onward.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import type { BrowserSignOut } from './browser-sign-out.ts';

export function logout(
  { site, store, pages }: Pick<Context, 'site' | 'store' | 'pages'>,
  people: OwnPeople,
  { signOut, after }: BrowserSignOut,
): Endpoint {
  const { browser, render } = pages;
  const reports = createSignOutReports(store, site.issuer);

  const routes = new Routes();

  routes
    .route(PATHS.logout)
    .all(browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const user = await people.current(req);
      if (user !== undefined) {
        const title = wordsFor(res)('common.signOut');
        return render(res, 'signed-in', { title, user, csrfToken: await csrfToken(req) });
      }
      const handle = queryParams(req, { done: 64 }).get('done');
      const report = handle === undefined ? undefined : await reports.find(handle);
      if (report !== undefined) prepareFor(report, res);
      return render(res, 'signed-out', {
        title: wordsFor(res)('signedOut.title'),
        signInUrl: `${site.path}${PATHS.login}`,
        report,
        onward: report?.target && onwardTo(report.target, true),
      });
    })
    .post(form, async (req, res) => {
      const user = await people.current(req);
      // Nobody else's page may sign a person out; the person is asked once more instead.
      if (user !== undefined && isOwnForm(req, formParams(req, { csrf_token: 256 }))) {
        return signOut(req, res, user);
      }
      return redirect(res, user === undefined ? await after(req) : `${site.path}${PATHS.logout}`);
    });

  return {
    routes,
    metadata: {
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    },
  };
}

/** The language of the page about a report, and what this page may do that others may not. */
function prepareFor(
  { target, frames, uiLocales, isInProgress }: SignOutReport,
  res: Response,
): void {
  setUiLocales(res, uiLocales);
  if (target !== undefined) allowOwnScripts(res);
  // Once, and without a script: at first the page says that clients are being told.
  else if (isInProgress) res.setHeader('Refresh', MOMENT / 1000);
  if (frames.length > 0) allowFrames(res, frames);
}
