// How people sign in: the authorization code flow, by passport-oauth2.

import { decodeJwt } from 'jose';
import OAuth2Strategy, { type VerifyCallback } from 'passport-oauth2';
import type { Settings } from './settings.ts';
import type { Tokens } from './tokens.ts';

export function createStrategy(settings: Settings): OAuth2Strategy {
  const { issuer, clientId, clientSecret, appUrl, resource } = settings;
  const strategy = new OAuth2Strategy(
    {
      authorizationURL: `${issuer}/oauth/authorize`,
      tokenURL: `${issuer}/oauth/token`,
      clientID: clientId,
      clientSecret,
      callbackURL: `${appUrl}/callback`,
      scope: 'read',
      // Both keep an answer from being slipped into another person's session.
      state: true,
      pkce: true,
    },
    (accessToken: string, refreshToken: string, _profile: unknown, done: VerifyCallback) => {
      // An access token is the API's to read. This client looks for the person's id in it because
      // the server has no OpenID Connect, and because the token came from there a moment ago.
      const { sub } = decodeJwt(accessToken);
      const tokens: Tokens = { accessToken, refreshToken };
      done(null, { id: sub }, tokens);
    },
  );
  // Names the API, so that the token is good for that and nothing else (RFC 8707).
  strategy.authorizationParams = () => ({ resource });
  return strategy;
}
