// An app with express-openid-connect, for the code flow. By default it would ask for an ID token from
// the authorization endpoint, which is the implicit flow. `/logout` there signs out at the server, too, and
// `/backchannel-logout` hears of those who signed out elsewhere.

import express, { type Express } from 'express';
import { auth, type ConfigParams } from 'express-openid-connect';
import session from 'express-session';
import { failed, type Registration, sendHome } from './web-app.ts';

/**
 * @param responseMode how the code comes back
 * @param from what the app reads of the person
 */
export function createApp(
  { origin, issuer, clientId, clientSecret, privateKey }: Registration,
  responseMode: 'query' | 'form_post',
  from: 'ID token' | 'UserInfo',
): Express {
  // With a secret the library sends that by HTTP Basic, and otherwise it signs.
  const authentication: Partial<ConfigParams> =
    clientSecret === undefined ? { clientAssertionSigningKey: privateKey } : { clientSecret };
  const app = express();
  app.use(
    auth({
      issuerBaseURL: issuer,
      baseURL: origin,
      clientID: clientId,
      ...authentication,
      secret: 'a secret of the app, for its cookies',
      authRequired: false,
      authorizationParams: {
        response_type: 'code',
        response_mode: responseMode,
        scope: 'openid profile email',
      },
      routes: { login: false },
      idpLogout: true,
      // Sessions are in cookies: what is kept are the ends of those that the server has told of.
      backchannelLogout: { store: new session.MemoryStore() as never },
    }),
  );
  app.get('/', async (req, res) => {
    const { user, accessToken } = req.oidc;
    if (user === undefined) return sendHome(res, user);
    const { sub, name, email } = from === 'UserInfo' ? await req.oidc.fetchUserInfo() : user;
    return sendHome(res, { sub, name, email, accessToken: accessToken?.access_token });
  });
  app.get('/sign-in', async (req, res) => {
    await res.oidc.login({
      returnTo: '/',
      authorizationParams: req.query as Record<string, string>,
    });
  });
  app.get('/refresh', async (req, res) => {
    await req.oidc.accessToken!.refresh();
    res.redirect('/');
  });
  app.use(failed);
  return app;
}
