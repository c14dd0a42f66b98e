// How people sign in: the authorization code flow with OpenID Connect, by openid-client.

import type { Request } from 'express';
import * as oidc from 'openid-client';
import { NoSuchSignIn } from './problems.ts';
import type { Server } from './server.ts';
import type { Settings } from './settings.ts';
import { renewSession, tokensOf } from './tokens.ts';

export interface Person {
  /** The server's identifier for the person. It never changes; what it calls them may. */
  readonly id: string;
  /** The server's session that the person signed in with: logout tokens name it. */
  readonly sid: string | undefined;
  readonly name: string;
  readonly email: string | undefined;
}

/** What an answer is recognised by; each is for one sign-in. */
interface SignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

declare module 'express-session' {
  interface SessionData {
    signIn: SignIn;
    person: Person;
  }
}

/** Begins a sign-in. @returns where the browser has to go */
export async function begin(req: Request, server: Server, settings: Settings): Promise<URL> {
  const signIn = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    codeVerifier: oidc.randomPKCECodeVerifier(),
  };
  const url = oidc.buildAuthorizationUrl(await server(), {
    redirect_uri: `${settings.appUrl}/callback`,
    scope: 'openid profile email read',
    // Names the API, so that the access token is good for that and nothing else (RFC 8707).
    resource: settings.resource,
    state: signIn.state,
    nonce: signIn.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(signIn.codeVerifier),
    code_challenge_method: 'S256',
  });
  req.session.signIn = signIn;
  return url;
}

/**
 * Ends it, with the answer that is in the URL: the session is the person's from here on.
 *
 * @throws NoSuchSignIn where this browser has begun none that the answer belongs to
 */
export async function finish(req: Request, server: Server, settings: Settings): Promise<void> {
  const { signIn } = req.session;
  if (signIn === undefined || req.query['state'] !== signIn.state) throw new NoSuchSignIn();
  delete req.session.signIn;
  // The ID token is verified with it: issuer, audience, times and nonce. It comes from the server
  // itself, so its signature need not be (OpenID Connect Core section 3.1.3.7).
  const tokens = await oidc.authorizationCodeGrant(
    await server(),
    new URL(req.originalUrl, settings.appUrl),
    {
      expectedState: signIn.state,
      expectedNonce: signIn.nonce,
      pkceCodeVerifier: signIn.codeVerifier,
      idTokenExpected: true,
    },
  );
  const { sub, sid, name, email } = tokens.claims()!;
  await renewSession(req);
  req.session.person = {
    id: sub,
    sid: sid?.toString(),
    name: String(name ?? sub),
    email: email?.toString(),
  };
  req.session.tokens = tokensOf(tokens);
}
