// The home page: what this server is, and what to try.

import { Router } from 'express';
import type { Context, Room } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { pageHeaders } from '../http/headers.ts';
import { methods } from '../http/methods.ts';
import { csrfToken } from '../http/session.ts';
import { demoAuthorizeUrl, demoCommands } from './demo.ts';

export function home(context: Context): Room {
  const { issuer, path, demo, render, browser, currentUser } = context;
  const routes = Router();
  const asPage = pageHeaders(context.https);

  routes
    .route('/')
    .all(browser, methods('GET', 'HEAD'))
    .get(async (req, res) => {
      const user = await currentUser(req);
      render(res, 'home', {
        title: 'Home',
        wide: true,
        issuer,
        user,
        csrfToken: user && (await csrfToken(req)),
        endpoints: [
          {
            method: 'GET',
            path: `${path}/oauth/authorize`,
            what: 'A client sends a person here to sign in and allow access',
          },
          { method: 'POST', path: `${path}/oauth/token`, what: 'A client gets its tokens here' },
          { method: 'POST', path: `${path}/oauth/revoke`, what: 'A client gives a token back' },
          {
            method: 'POST',
            path: `${path}/oauth/introspect`,
            what: 'A resource server asks what a token is worth',
          },
          { method: 'GET', path: `${path}/oauth/jwks`, what: 'The public keys of this server' },
          {
            method: 'GET',
            path: `/.well-known/oauth-authorization-server${path}`,
            what: 'Everything a client needs to know of this server',
          },
          { method: 'GET', path: `${path}/login`, what: 'Sign in' },
          { method: 'GET', path: `${path}/logout`, what: 'Sign out' },
          {
            method: 'GET',
            path: `${path}/secret`,
            what: 'A protected resource: needs an access token',
          },
        ],
        demo: demo && {
          ...demo,
          commands: demoCommands(context),
          tryUrl: demoAuthorizeUrl(context),
        },
      });
    });

  // The last room: whatever nobody answered.
  routes.use((req, res, next) => {
    if (req.accepts(['json', 'html']) === 'html') return asPage(req, res, next);
    next();
  });
  routes.use(() => {
    throw new OAuthError('invalid_request', 'There is nothing at this URL.', {
      status: 404,
      person: {
        heading: 'There is nothing here',
        message: 'The address may be mistyped, or the page may have moved.',
      },
    });
  });
  return { routes, metadata: {} };
}
