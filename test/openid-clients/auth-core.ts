// An app with @auth/core, the core of Auth.js: its routes under /auth, its session in a cookie. It reads
// the ID token alone.

import { Readable } from 'node:stream';
import { Auth, type AuthConfig, skipCSRFCheck } from '@auth/core';
import express, {
  type Express,
  type Request as Incoming,
  type Response as Outgoing,
} from 'express';
import { type Registration, sendFailure, sendHome } from './web-app.ts';

/** Under it the app's redirect URI is `/auth/callback/<PROVIDER>`. */
export const PROVIDER = 'ours';

export function createApp({ origin, issuer, clientId, clientSecret }: Registration): Express {
  /** Why the last sign-in failed: the library tells its log, and the person nothing. */
  let refusal: string | undefined;
  let reason = '';
  const config: AuthConfig = {
    providers: [
      {
        id: PROVIDER,
        name: 'Ours',
        type: 'oidc',
        issuer,
        clientId,
        clientSecret: clientSecret!,
        checks: ['pkce', 'state', 'nonce'],
      },
    ],
    secret: 'a secret of the app, for its cookies',
    trustHost: true,
    basePath: '/auth',
    pages: { signIn: '/failed', error: '/failed' },
    callbacks: {
      // Otherwise the session has an id that the library made up.
      jwt: ({ token, profile }) => ({ ...token, ...(profile?.sub && { sub: profile.sub }) }),
      session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub! } }),
    },
    debug: true,
    logger: {
      error: ({ message }) => {
        reason = message;
      },
      // The only place where it says what the server answered.
      debug: (message, metadata) => {
        if (message === 'OAuthCallbackError') refusal = (metadata as { error: string }).error;
      },
      // That it is told to debug.
      warn: () => {},
    },
  };
  const app = express();

  app.use('/auth', async (req, res) => {
    await answer(res, await Auth(requestOf(req), config));
  });
  app.get('/', async (req, res) => {
    const headers = { cookie: req.headers.cookie ?? '' };
    const answered = await Auth(new Request(`${origin}/auth/session`, { headers }), config);
    const session = (await answered.json()) as { user: { id: string } } | null;
    sendHome(res, session === null ? undefined : { ...session.user, sub: session.user.id });
  });
  // What the packages for frameworks do in their signIn().
  app.get('/sign-in', async (req, res) => {
    const url = new URL(`/auth/signin/${PROVIDER}`, origin);
    url.search = new URL(req.url, origin).search;
    const request = new Request(url, {
      method: 'POST',
      headers: { cookie: req.headers.cookie ?? '' },
      body: new URLSearchParams({ callbackUrl: origin }),
    });
    await answer(res, await Auth(request, { ...config, skipCSRFCheck }));
  });
  app.get('/failed', (_req, res) => sendFailure(res, refusal ?? reason));
  return app;

  function requestOf(req: Incoming): Request {
    const { method } = req;
    const headers = Object.entries(req.headers).map(([name, value]) => [name, String(value)]);
    const body = method === 'POST' ? { body: Readable.toWeb(req), duplex: 'half' } : {};
    const init = { method, headers: Object.fromEntries(headers), ...body };
    return new Request(new URL(req.originalUrl, origin), init as RequestInit);
  }
}

async function answer(res: Outgoing, response: Response): Promise<void> {
  res.status(response.status).setHeaders(response.headers);
  res.send(Buffer.from(await response.arrayBuffer()));
}
