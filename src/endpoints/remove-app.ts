// Taking an app's access back: a page that says what that means, and its form.

import type { Request, Response } from 'express';
import type { Context, Endpoint } from '../context.ts';
import { form } from '../http/form-body.ts';
import { methods } from '../http/methods.ts';
import { formParams, queryParams } from '../http/params.ts';
import { PATHS } from '../http/paths.ts';
import { redirect } from '../http/redirect.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import { leaveFlash } from '../sign-in/flash.ts';
import { csrfToken, isOwnForm } from '../sign-in/own-forms.ts';
import type { SignedIn } from '../sign-in/people.ts';
import { appsOf, shownApp } from './account.ts';

const PARAMS = { client_id: 256, csrf_token: 256 };

export function removeApp({
  site,
  store,
  events,
  pages,
  people,
  sessionEnds,
}: Pick<Context, 'site' | 'store' | 'events' | 'pages' | 'people' | 'sessionEnds'>): Endpoint {
  const { path } = site;
  const { browser, render } = pages;
  const routes = new Routes();

  routes
    .route(PATHS.removeApp)
    .all(browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      const clientId = queryParams(req, PARAMS).get('client_id');
      const user = await people.current(req);
      if (user === undefined) return redirect(res, people.removeAppLoginUrl(clientId));
      return ask(req, res, user, clientId);
    })
    .post(form, async (req, res) => {
      const params = formParams(req, PARAMS);
      const clientId = params.get('client_id');
      const user = await people.current(req);
      if (user === undefined) return redirect(res, people.removeAppLoginUrl(clientId));
      // A form of ours names an app that was there when the form was shown. If it is sent twice, there
      // is nothing left the second time, and what the next page says is true all the same.
      if (clientId === undefined || !isOwnForm(req, params, ...formAbout(user, clientId))) {
        return ask(req, res, user, clientId, { isOutOfDate: true });
      }
      const { answer: isWithdrawn } = await sessionEnds.around({ userId: user.id, clientId }, () =>
        store.consents.withdraw(user.id, clientId),
      );
      if (isWithdrawn) {
        events.emit('consent_withdrawn', { userId: user.id, clientId });
      }
      await leaveFlash(req, res, site, { name: 'app_removed', clientId });
      return redirect(res, `${path}${PATHS.account}`);
    });

  return { routes };

  async function ask(
    req: Request,
    res: Response,
    user: SignedIn,
    clientId: string | undefined,
    { isOutOfDate = false } = {},
  ): Promise<void> {
    const t = wordsFor(res);
    const apps = await appsOf(store, user.id);
    const found = apps.find((one) => one.clientId === clientId);
    if (found === undefined) return redirect(res, `${path}${PATHS.account}`);
    const app = await shownApp({ site, store, pages }, found, t);
    res.statusCode = isOutOfDate ? 403 : 200;
    return render(res, 'remove-app', {
      title: t('account.remove.title', { client: app.name }),
      app,
      csrfToken: await csrfToken(req, ...formAbout(user, app.clientId)),
      error: isOutOfDate ? t('account.outOfDate') : undefined,
    });
  }
}

function formAbout(user: SignedIn, clientId: string): string[] {
  return ['remove app', user.id, clientId];
}
