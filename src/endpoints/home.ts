// The home page: what this server is, and what to try.

import { Router } from 'express';
import type { Context, Room } from '../context.ts';
import { OAuthError } from '../errors.ts';
import { methods } from '../http/methods.ts';
import { markAsPage } from '../http/render.ts';
import { csrfToken } from '../http/session.ts';
import { demoAuthorizeUrl, demoCommands } from './demo.ts';

export function home(context: Context): Room {
  const { issuer, demo, render, browser, currentUser } = context;
  const routes = Router();

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
        csrfToken: user && csrfToken(req),
        endpoints: [
          {
            method: 'GET',
            path: '/oauth/authorize',
            what: 'A client sends a person here to sign in and allow access',
          },
          { method: 'POST', path: '/oauth/token', what: 'A client gets its tokens here' },
          { method: 'GET', path: '/login', what: 'Sign in' },
          { method: 'GET', path: '/logout', what: 'Sign out' },
          { method: 'GET', path: '/secret', what: 'A protected resource: needs an access token' },
        ],
        demo: demo && {
          ...demo,
          commands: demoCommands(context),
          tryUrl: demoAuthorizeUrl(context),
        },
      });
    });

  // The last room: whatever nobody answered.
  routes.use((req, res) => {
    if (req.accepts(['json', 'html']) === 'html') markAsPage(res);
    throw new OAuthError('invalid_request', 'There is nothing at this URL.', { status: 404 });
  });
  return { routes, metadata: {} };
}
