// The home page: the way in and out, and in a demo what this server is and what to try.

import type { Context, Endpoint } from '../context.ts';
import type { Guide } from '../demo/demo.ts';
import { methods } from '../http/methods.ts';
import { PATHS } from '../http/paths.ts';
import { Routes } from '../http/routes.ts';
import { wordsFor } from '../pages/language.ts';
import type { Translate } from '../pages/translate.ts';
import { csrfToken } from '../sign-in/own-forms.ts';

/** @param guide what a demo shows to newcomers, if this is one */
export function home(
  { site, pages, people }: Pick<Context, 'site' | 'pages' | 'people'>,
  guide: ((t: Translate) => Guide) | undefined,
): Endpoint {
  const { issuer, path } = site;
  const { browser, render } = pages;
  const routes = new Routes();

  routes
    .route('/')
    .all(browser, methods('GET', 'HEAD'))
    .get(async (req, res) => {
      const user = await people.current(req);
      const t = wordsFor(res);
      const demo = guide?.(t);
      render(res, 'home', {
        title: t('home.title'),
        wide: demo !== undefined,
        issuer,
        user,
        csrfToken: user && (await csrfToken(req)),
        endpoints: demo && endpointsOf(path, t),
        demo,
      });
    });
  return { routes };
}

/** The endpoints as a newcomer meets them, with what each is for. */
function endpointsOf(path: string, t: Translate) {
  return [
    { method: 'GET', path: `${path}${PATHS.authorize}`, what: t('home.authorize') },
    { method: 'POST', path: `${path}${PATHS.token}`, what: t('home.token') },
    { method: 'POST', path: `${path}${PATHS.revoke}`, what: t('home.revoke') },
    { method: 'POST', path: `${path}${PATHS.introspect}`, what: t('home.introspect') },
    { method: 'GET', path: `${path}${PATHS.userinfo}`, what: t('home.userinfo') },
    {
      method: 'POST',
      path: `${path}${PATHS.deviceAuthorization}`,
      what: t('home.deviceAuthorization'),
    },
    { method: 'GET', path: `${path}${PATHS.device}`, what: t('home.device') },
    { method: 'GET', path: `${path}${PATHS.jwks}`, what: t('home.jwks') },
    {
      method: 'GET',
      path: `/.well-known/oauth-authorization-server${path}`,
      what: t('home.discovery'),
    },
    {
      method: 'GET',
      path: `${path}/.well-known/openid-configuration`,
      what: t('home.openidDiscovery'),
    },
    { method: 'GET', path: `${path}${PATHS.login}`, what: t('home.login') },
    { method: 'GET', path: `${path}${PATHS.logout}`, what: t('home.logout') },
    { method: 'GET', path: `${path}${PATHS.account}`, what: t('home.account') },
    { method: 'GET', path: `${path}/secret`, what: t('home.protected') },
  ];
}
