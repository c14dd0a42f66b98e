// The logout page.

import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { OwnPeople } from '../sign-in/own-people.ts';

export function logout(
  { site, events, pages }: Pick<Context, 'site' | 'events' | 'pages'>,
  people: OwnPeople,
): Endpoint {
  const { browser, render } = pages;

  const routes = new Routes();

  routes
    .route(PATHS.logout)
    .all(browser, methods('GET', 'HEAD', 'POST'))
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
        await people.signOut(req, res);
        events.emit('logout', { userId: user.id });
      }
      redirect(res, `${site.path}${PATHS.logout}`);
    });

  return { routes, metadata: {} };
}
