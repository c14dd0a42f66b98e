// The logout page.

import { Router } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { methods } from '../http/methods.ts';
import { form, formParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { wordsFor } from '../pages/language.ts';
import { csrfToken, isOwnForm, signOut } from '../sign-in/session.ts';

export function logout({ path, https, events, render, browser, people }: Context): Endpoint {
  const routes = Router();

  routes
    .route(PATHS.logout)
    .all(browser, methods('GET', 'POST'))
    .get(async (req, res) => {
      const user = await people.current(req);
      const t = wordsFor(res);
      if (user === undefined) return render(res, 'signed-out', { title: t('signedOut.title') });
      const title = t('common.signOut');
      return render(res, 'signed-in', { title, user, csrfToken: await csrfToken(req) });
    })
    .post(form, async (req, res) => {
      const user = await people.current(req);
      // Nobody else's page may sign a person out; the person is asked once more instead.
      if (user !== undefined && isOwnForm(req, formParams(req, { csrf_token: 256 }))) {
        await signOut(req, res, https);
        events.emit('logout', { userId: user.id });
      }
      redirect(res, `${path}${PATHS.logout}`);
    });

  return { routes, metadata: {} };
}
