// An app with passport-openidconnect. It has neither discovery nor PKCE, sends its secret in the body,
// and verifies no signature. By default it reads the ID token alone.

import type { Express } from 'express';
import { Passport } from 'passport';
import OpenIDConnectStrategy from 'passport-openidconnect';
import { appWithSession, failed, type Profile, type Registration, sendHome } from './web-app.ts';

/** @param from where the library takes the person's name and e-mail address from */
export function createApp(
  { origin, issuer, clientId, clientSecret }: Registration,
  from: 'ID token' | 'UserInfo',
): Express {
  const passport = new Passport();
  const strategy = new OpenIDConnectStrategy(
    {
      issuer,
      authorizationURL: `${issuer}/oauth/authorize`,
      tokenURL: `${issuer}/oauth/token`,
      userInfoURL: `${issuer}/oauth/userinfo`,
      clientID: clientId,
      clientSecret: clientSecret!,
      callbackURL: `${origin}/callback`,
      scope: ['profile', 'email'],
      nonce: true,
      maxAge: 3600,
      skipUserProfile: from === 'ID token',
    },
    (_issuer, { id, displayName, emails }, verified) => {
      verified(null, { sub: id, name: displayName, email: emails?.[0]?.value });
    },
  );
  passport.use(strategy);
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  const app = appWithSession();
  app.use(passport.session());
  app.get('/', (req, res) => sendHome(res, req.user as Profile | undefined));
  app.get('/sign-in', (req, res, next) => {
    const { prompt } = req.query as { prompt?: string };
    passport.authenticate('openidconnect', { ...(prompt && { prompt }) })(req, res, next);
  });
  app.get(
    '/callback',
    passport.authenticate('openidconnect', { successRedirect: '/', failWithError: true }),
  );
  app.use(failed);
  return app;
}
