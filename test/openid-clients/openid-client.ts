// An app with openid-client: discovery, PKCE, state and nonce, the ID token's signature, UserInfo and
// refresh.

import type { Express, Request } from 'express';
import * as client from 'openid-client';
import { appWithSession, failed, type Registration, sendHome } from './web-app.ts';

/** How old a sign-in may be, in seconds: the library then demands `auth_time`. */
const MAX_AGE = 3600;

/** @param metadata of the client, as it is registered */
export async function createApp(
  { origin, issuer, clientId, clientSecret }: Registration,
  metadata: Partial<client.ClientMetadata> = {},
): Promise<Express> {
  const config = await client.discovery(
    new URL(issuer),
    clientId,
    { ...metadata, ...(clientSecret !== undefined && { client_secret: clientSecret }) },
    // With a secret the library chooses.
    clientSecret === undefined ? client.None() : undefined,
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
  );
  const app = appWithSession();

  app.get('/', (req, res) => sendHome(res, req.session.profile));

  app.get('/sign-in', async (req, res) => {
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    req.session.checks = checks;
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${origin}/callback`,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      state: checks.state,
      nonce: checks.nonce,
      max_age: `${MAX_AGE}`,
      ...(req.query as Record<string, string>),
    });
    res.redirect(url.href);
  });

  app.get('/callback', async (req, res) => {
    const { state, nonce, codeVerifier } = req.session.checks!;
    const tokens = await client.authorizationCodeGrant(config, new URL(req.url, origin), {
      pkceCodeVerifier: codeVerifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      maxAge: MAX_AGE,
    });
    await keep(req, tokens);
    res.redirect('/');
  });

  app.get('/refresh', async (req, res) => {
    await keep(req, await client.refreshTokenGrant(config, req.session.refreshToken!));
    res.redirect('/');
  });

  app.use(failed);
  return app;

  /** Keeps the tokens, and what UserInfo says of the person that the ID token names. */
  async function keep(req: Request, tokens: Awaited<ReturnType<typeof client.refreshTokenGrant>>) {
    const { access_token: accessToken, refresh_token: refreshToken } = tokens;
    const { sub } = tokens.claims()!;
    const { name, email } = await client.fetchUserInfo(config, accessToken, sub);
    req.session.profile = { sub, name, email, accessToken };
    req.session.refreshToken = refreshToken;
  }
}
