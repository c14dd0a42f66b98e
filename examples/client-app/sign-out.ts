// How people sign out: here and at the authorization server (OpenID Connect RP-Initiated Logout), and
// here because they did there (OpenID Connect Back-Channel Logout).

import type { Request, RequestHandler } from 'express';
import type { SessionData, Store } from 'express-session';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { ask, type Server } from './server.ts';
import type { Settings } from './settings.ts';
import { end, inTurn } from './tokens.ts';

declare module 'express-session' {
  interface SessionData {
    /** The `state` that comes back after a sign-out. */
    signOut: string;
  }
}

const BACK_CHANNEL_LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

/** Signs the person out here. @returns where the browser has to go */
export async function signOut(req: Request, server: Server, settings: Settings): Promise<string> {
  const here = `${settings.appUrl}/signed-out`;
  const idToken = req.session.tokens?.idToken;
  const answers = await end(req, server);
  // Nobody is led to a server that is away, or that has no such endpoint.
  if (idToken === undefined || !answers) return here;
  const found = await server();
  if (found.serverMetadata().end_session_endpoint === undefined) return here;
  const state = oidc.randomState();
  const url = oidc.buildEndSessionUrl(found, {
    // Who asks, and for which session: without it the server would have to ask the person.
    id_token_hint: idToken,
    post_logout_redirect_uri: here,
    state,
  });
  req.session.signOut = state;
  return url.href;
}

/** Whether the browser comes from the server, after a sign-out that began here. */
export function isSignedOutThere(req: Request): boolean {
  const { signOut } = req.session;
  return signOut !== undefined && req.query['state'] === signOut;
}

/** What the server posts logout tokens to: the sessions that they are about end. */
export function backChannel(server: Server, settings: Settings): RequestHandler {
  const verify = logoutTokens(server, settings);
  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    try {
      await endSessions(req.sessionStore, await verify(req.body?.logout_token));
    } catch (error) {
      // After 400 the server does not try again, after anything else it does.
      if (!(error instanceof errors.JOSEError)) throw error;
      const { message: error_description } = error;
      res.status(400).json({ error: 'invalid_request', error_description });
      return;
    }
    res.status(200).end();
  };
}

/** What has ended: a session of a person, or all that the person has here. */
interface Ended {
  readonly sub?: string | undefined;
  readonly sid?: string | undefined;
}

/** Verifies logout tokens as Back-Channel Logout section 2.6 has it. */
function logoutTokens(server: Server, { issuer, clientId }: Settings) {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  /** When each token that was taken expires, by its `jti`. */
  const taken = new Map<string, number>();

  return async (token: unknown): Promise<Ended> => {
    if (typeof token !== 'string') throw new errors.JWTInvalid('There is no logout_token.');
    const { jwks_uri } = (await server()).serverMetadata();
    keys ??= createRemoteJWKSet(new URL(jwks_uri!), { [customFetch]: ask });
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      // Otherwise an ID token would do, which anybody may have who was signed in.
      typ: 'logout+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['iat', 'exp', 'jti'],
      clockTolerance: 10,
    });
    const problem = problemOf(payload);
    if (problem !== undefined) throw new errors.JWTInvalid(problem);
    const { jti, exp, sub, sid } = payload as JWTPayload & { jti: string; exp: number };
    for (const [id, expiry] of taken) if (expiry < Date.now()) taken.delete(id);
    if (taken.has(jti)) throw new errors.JWTInvalid('The token was taken before.');
    taken.set(jti, (exp + 10) * 1000);
    return { sub, sid: sid as string | undefined };
  };
}

function problemOf({ events, nonce, sub, sid }: JWTPayload): string | undefined {
  const event = (events as Record<string, unknown> | undefined)?.[BACK_CHANNEL_LOGOUT];
  if (typeof event !== 'object' || event === null) return 'The token is about another event.';
  if (nonce !== undefined) return 'A logout token has no nonce.';
  if (sid !== undefined && typeof sid !== 'string') return 'The sid is not a string.';
  if (sub === undefined && sid === undefined) return 'The token names neither sub nor sid.';
  return undefined;
}

async function endSessions(store: Store, { sub, sid }: Ended): Promise<void> {
  for (const [id, { person }] of Object.entries(await readAll(store))) {
    if (person === undefined) continue;
    const isMeant = sid === undefined ? person.id === sub : person.sid === sid;
    // A page that renews its tokens just now would otherwise store the session anew.
    if (isMeant) await inTurn(id, () => destroy(store, id));
  }
}

function readAll(store: Store): Promise<Record<string, SessionData>> {
  return new Promise((resolve, reject) => {
    store.all!((error, sessions = {}) =>
      error ? reject(error) : resolve(sessions as Record<string, SessionData>),
    );
  });
}

function destroy(store: Store, id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    store.destroy(id, (error) => (error ? reject(error) : resolve()));
  });
}
