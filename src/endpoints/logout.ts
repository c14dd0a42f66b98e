// The logout page: it asks, signs the person out, and says what came of that.

import type { Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { allowFrames, allowOwnScripts } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { originsOf } from '../logout/front-channel.ts';
import { createOutcomes, MOMENT, type Outcome } from '../logout/outcome.ts';
import { setUiLocales, wordsFor } from '../pages/language.ts';
import { redirectHost } from '../protocol/redirect-uri.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';
import type { SigningOut } from './signing-out.ts';

export function logout(
  { site, store, pages }: Pick<Context, 'site' | 'store' | 'pages'>,
  people: OwnPeople,
  { signOut }: SigningOut,
): Endpoint {
  const { browser, render } = pages;
  const outcomes = createOutcomes(store, site.issuer);

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
      const outcome = handle === undefined ? undefined : await outcomes.find(handle);
      if (outcome !== undefined) prepareFor(outcome, res);
      return render(res, 'signed-out', {
        title: wordsFor(res)('signedOut.title'),
        outcome,
        returnsTo: outcome?.target && redirectHost(outcome.target),
      });
    })
    .post(form, async (req, res) => {
      const user = await people.current(req);
      // Nobody else's page may sign a person out; the person is asked once more instead.
      if (user !== undefined && isOwnForm(req, formParams(req, { csrf_token: 256 }))) {
        return signOut(req, res, user);
      }
      return redirect(res, `${site.path}${PATHS.logout}`);
    });

  return {
    routes,
    metadata: {
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    },
  };
}

/** The language of the page about an outcome, and what this page may do that others may not. */
function prepareFor({ target, frames, uiLocales, isInProgress }: Outcome, res: Response): void {
  setUiLocales(res, uiLocales);
  if (target !== undefined) allowOwnScripts(res);
  // Once, and without a script: at first the page says that clients are being told.
  else if (isInProgress) res.setHeader('Refresh', MOMENT / 1000);
  if (frames.length > 0) allowFrames(res, originsOf(frames));
}
