// The tokens in a session: how they are renewed, and how they are given back.

import type { Request } from 'express';
import * as oidc from 'openid-client';
import { SignInIsOver } from './problems.ts';
import type { Server } from './server.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** By which the server knows at the sign-out who asks for it. */
  readonly idToken: string | undefined;
}

declare module 'express-session' {
  interface SessionData {
    tokens: Tokens;
  }
}

/** What is kept of an answer with tokens. @param before those that it takes the place of */
export function tokensOf(answer: oidc.TokenEndpointResponse, before?: Tokens): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken,
    idToken: answer.id_token ?? before?.idToken,
  };
}

/**
 * Another access token in place of one that was refused.
 *
 * @throws SignInIsOver where the person has to sign in again
 */
export function renew(req: Request, refused: string, server: Server): Promise<string> {
  return inTurn(req.sessionID, async () => {
    // A page that was loaded at the same time may have renewed it since this one read the session.
    const stored = await readTokens(req);
    if (stored === undefined) throw new SignInIsOver();
    if (stored.accessToken !== refused) return stored.accessToken;
    if (stored.refreshToken === undefined) return isOver(req);
    try {
      const answer = await oidc.refreshTokenGrant(await server(), stored.refreshToken);
      // The refresh token is spent: from now on the new one counts.
      req.session.tokens = tokensOf(answer, stored);
    } catch (error) {
      const { error: code } = error as Partial<oidc.ResponseBodyError>;
      if (code === 'invalid_grant') return isOver(req);
      throw error;
    }
    await save(req);
    return req.session.tokens.accessToken;
  });
}

/**
 * Ends the session, and the tokens in it: revoking the refresh token takes the others along. The
 * request has a new session, with nothing in it.
 *
 * @returns whether the server could be told; the person is signed out here in any case
 */
export function end(req: Request, server: Server): Promise<boolean> {
  const { accessToken, refreshToken } = req.session.tokens ?? {};
  const token = refreshToken ?? accessToken;
  return inTurn(req.sessionID, async () => {
    await renewSession(req);
    if (token === undefined) return true;
    return server()
      .then((found) => oidc.tokenRevocation(found, token))
      .then(
        () => true,
        () => false,
      );
  });
}

/** What a session's next change has to wait for. */
const turns = new Map<string, Promise<unknown>>();

/** Lets the changes of one session happen one after another. */
export function inTurn<T>(sessionId: string, change: () => Promise<T>): Promise<T> {
  const turn = (turns.get(sessionId) ?? Promise.resolve()).then(change, change);
  turns.set(sessionId, turn);
  const clear = () => {
    if (turns.get(sessionId) === turn) turns.delete(sessionId);
  };
  turn.then(clear, clear);
  return turn;
}

/** What the store has now. This request's own copy stays as it is, and so is not written back. */
function readTokens(req: Request): Promise<Tokens | undefined> {
  return new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error, stored) =>
      error ? reject(error) : resolve(stored?.tokens),
    );
  });
}

/** With an id that nobody can know from before. */
export function renewSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}

async function isOver(req: Request): Promise<never> {
  await destroy(req);
  throw new SignInIsOver();
}

function save(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

function destroy(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error) => (error ? reject(error) : resolve()));
  });
}
