// An app with oauth4webapi, step by step: a client that signs with its key, ID tokens and UserInfo by
// ES256, each signature checked with the server's keys.

import type { Express, Request } from 'express';
import * as oauth from 'oauth4webapi';
import { appWithSession, failed, type Registration, sendHome } from './web-app.ts';

const insecure = { [oauth.allowInsecureRequests]: true };

/** How old a sign-in may be, in seconds: the library then demands `auth_time`. */
const MAX_AGE = 3600;

/** What is asked for one by one: it is to be in the ID token, and without the scope `email`. */
const CLAIMS = { id_token: { email: { essential: true } } };

export async function createApp({
  origin,
  issuer,
  clientId,
  privateKey,
}: Registration): Promise<Express> {
  const as = await oauth
    .discoveryRequest(new URL(issuer), insecure)
    .then((response) => oauth.processDiscoveryResponse(new URL(issuer), response));
  const client: oauth.Client = {
    client_id: clientId,
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
  };
  const authentication = oauth.PrivateKeyJwt(privateKey);
  const redirectUri = `${origin}/callback`;
  const app = appWithSession();

  app.get('/', (req, res) => sendHome(res, req.session.profile));

  app.get('/sign-in', async (req, res) => {
    const checks = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      codeVerifier: oauth.generateRandomCodeVerifier(),
    };
    req.session.checks = checks;
    const url = new URL(as.authorization_endpoint!);
    url.search = `${new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile',
      claims: JSON.stringify(CLAIMS),
      code_challenge: await oauth.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      state: checks.state,
      nonce: checks.nonce,
      max_age: `${MAX_AGE}`,
      ...(req.query as Record<string, string>),
    })}`;
    res.redirect(url.href);
  });

  app.get('/callback', async (req, res) => {
    const { state, nonce, codeVerifier } = req.session.checks!;
    const params = oauth.validateAuthResponse(as, client, new URL(req.url, origin), state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      params,
      redirectUri,
      codeVerifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      maxAge: MAX_AGE,
      requireIdToken: true,
    });
    await keep(req, tokens, response);
    res.redirect('/');
  });

  app.get('/refresh', async (req, res) => {
    const { refreshToken } = req.session;
    const response = await oauth.refreshTokenGrantRequest(
      as,
      client,
      authentication,
      refreshToken!,
      insecure,
    );
    const tokens = await oauth.processRefreshTokenResponse(as, client, response);
    await keep(req, tokens, response);
    res.redirect('/');
  });

  app.use(failed);
  return app;

  /** Keeps the tokens, and who the person is: the ID token has the address, UserInfo has the name. */
  async function keep(req: Request, tokens: oauth.TokenEndpointResponse, response: Response) {
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    const { access_token: accessToken, refresh_token: refreshToken } = tokens;
    const { sub, email } = oauth.getValidatedIdTokenClaims(tokens)!;
    const info = await oauth.userInfoRequest(as, client, accessToken, insecure);
    const { name } = await oauth.processUserInfoResponse(as, client, sub, info);
    await oauth.validateApplicationLevelSignature(as, info, insecure);
    req.session.profile = { sub, name, email: email as string, accessToken };
    req.session.refreshToken = refreshToken;
  }
}
