// The page with the choir's terms, in the layout of the server's own pages.

import {
  type Context,
  csrfToken,
  type Endpoint,
  form,
  formParams,
  isOwnForm,
  methods,
  OAuthError,
  queryParams,
  Routes,
  redirect,
} from 'express-authorization-server';

/** The people who have accepted the terms; a real choir keeps them in its database. */
export const accepted = new Set<string>();

const PARAMS = { csrf_token: 256, return_to: 2500 };

/** GET /terms shows the terms, and POST accepts them. */
export function termsEndpoint({ pages, people, site }: Context): Endpoint {
  const routes = new Routes();
  routes
    .route('/terms')
    .all(pages.browser, methods('GET', 'HEAD', 'POST'))
    .get(async (req, res) => {
      pages.render(res, 'terms', {
        title: 'The terms of the choir',
        csrfToken: await csrfToken(req, 'terms'),
        returnTo: queryParams(req, PARAMS).get('return_to'),
      });
    })
    .post(form, async (req, res) => {
      const params = formParams(req, PARAMS);
      const user = await people.current(req);
      if (user === undefined || !isOwnForm(req, params, 'terms')) {
        throw new OAuthError('invalid_request', 'The form is out of date.', { status: 403 });
      }
      accepted.add(user.id);
      const back = params.get('return_to') ?? '';
      // A path of this host, never a URL of somebody else's.
      redirect(res, /^\/(?![/\\])/.test(back) ? back : `${site.path}/account`);
    });
  return { routes };
}
