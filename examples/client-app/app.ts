// A web app that signs people in with the authorization server, and shows them what an API has for
// them.

import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import session from 'express-session';
import { byDay, fetchAppointments } from './appointments.ts';
import { NOT_FOUND, showProblem } from './problems.ts';
import { authorizationServer } from './server.ts';
import type { Settings } from './settings.ts';
import { begin, finish } from './sign-in.ts';
import { backChannel, isSignedOutThere, signOut } from './sign-out.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export function createApp(settings: Settings): Express {
  const app = express();
  const https = settings.appUrl.startsWith('https:');
  app.disable('x-powered-by');
  app.set('views', here('views')).set('view engine', 'ejs');
  // This app speaks http, so an https URL means a proxy. Without its word for it, express-session
  // would set no cookie, and nobody could sign in.
  app.set('trust proxy', https ? 1 : false);

  app.use(express.static(here('public')), securityHeaders(settings));
  app.use(
    session({
      // Cookies know no ports: on localhost this app and the authorization server would take each
      // other's, had they the same name.
      name: 'agenda_session',
      secret: settings.sessionSecret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: https },
    }),
  );

  const server = authorizationServer(settings);
  app.use((req, res, next) => {
    Object.assign(res.locals, { person: req.session.person, issuer: settings.issuer });
    next();
  });

  app.get('/', (_req, res) => {
    res.render('home', { title: 'Home' });
  });

  app.get('/login', async (req, res) => {
    res.redirect(303, (await begin(req, server, settings)).href);
  });

  app.get('/callback', async (req, res) => {
    await finish(req, server, settings);
    res.redirect(303, '/appointments');
  });

  app.get('/appointments', requiresLogin, async (req, res) => {
    const appointments = await fetchAppointments(req, server, settings);
    res.render('appointments', {
      title: 'Appointments',
      days: byDay(appointments),
      source: new URL(settings.resource).host,
    });
  });

  // A POST, which another site cannot send with our cookie: it is SameSite=Lax.
  app.post('/logout', async (req, res) => {
    res.redirect(303, await signOut(req, server, settings));
  });

  app.get('/signed-out', (req, res) => {
    // Whoever has signed in again meanwhile is not told that they are signed out.
    if (req.session.person !== undefined) return res.redirect(303, '/');
    res.render('signed-out', { title: 'Signed out', everywhere: isSignedOutThere(req) });
  });

  app.post(
    '/backchannel-logout',
    express.urlencoded({ extended: false, limit: '16kb' }),
    backChannel(server, settings),
  );

  app.use((_req, res) => {
    res.status(404).render('message', { title: NOT_FOUND.heading, ...NOT_FOUND });
  });
  app.use(showProblem);
  return app;
}

const requiresLogin: RequestHandler = (req, res, next) => {
  if (req.session.person !== undefined) return next();
  // Home, where the button is. The authorization server may know the person and ask nothing, so to
  // begin a sign-in from here would be to sign in again whoever goes Back after the sign-out.
  res.redirect(303, '/');
};

function securityHeaders({ issuer }: Settings): RequestHandler {
  // The answer to the sign-out's form leads to the server, and browsers hold the whole way against it.
  const forms = `'self' ${new URL(issuer).origin}`;
  const headers = {
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src data:; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    // What is shown here is gone after the sign-out, for the Back button too.
    'Cache-Control': 'no-store',
  };
  return (_req, res, next) => {
    res.set(headers);
    next();
  };
}
