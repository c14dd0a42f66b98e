// The tokens in a session: how they are renewed, and how they are given back.

import type { Request } from 'express';
import { SignInIsOver, Unavailable } from './problems.ts';
import type { Settings } from './settings.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

declare module 'express-session' {
  interface SessionData {
    tokens: Tokens;
  }
}

/**
 * Another access token in place of one that was refused.
 *
 * @throws SignInIsOver where the person has to sign in again
 */
export function renew(req: Request, refused: string, settings: Settings): Promise<string> {
  return inTurn(req.sessionID, async () => {
    // A page that was loaded at the same time may have renewed it since this one read the session.
    const stored = await readTokens(req);
    if (stored === undefined) throw new SignInIsOver();
    if (stored.accessToken !== refused) return stored.accessToken;
    if (stored.refreshToken === undefined) return isOver(req);

    const answer = await post(settings, 'token', {
      grant_type: 'refresh_token',
      refresh_token: stored.refreshToken,
    });
    const body = await answer.json();
    if (body.error === 'invalid_grant') return isOver(req);
    if (!answer.ok) throw new Error(`${body.error}: ${body.error_description}`);
    // The refresh token is spent: from now on the new one counts.
    req.session.tokens = {
      accessToken: body.access_token,
      refreshToken: body.refresh_token ?? stored.refreshToken,
    };
    await save(req);
    return body.access_token;
  });
}

/** Ends the session, and the tokens in it: revoking the refresh token takes the others along. */
export function end(req: Request, settings: Settings): Promise<void> {
  const { accessToken, refreshToken } = req.session.tokens ?? {};
  const token = refreshToken ?? accessToken;
  return inTurn(req.sessionID, async () => {
    await destroy(req);
    if (token === undefined) return;
    // The person is signed out here, whether or not the server could be told.
    await post(settings, 'revoke', { token }).catch(() => {});
  });
}

/** What a session's next change has to wait for. */
const turns = new Map<string, Promise<unknown>>();

/** Lets the changes of one session happen one after another. */
function inTurn<T>(sessionId: string, change: () => Promise<T>): Promise<T> {
  const turn = (turns.get(sessionId) ?? Promise.resolve()).then(change, change);
  turns.set(sessionId, turn);
  const clear = () => {
    if (turns.get(sessionId) === turn) turns.delete(sessionId);
  };
  turn.then(clear, clear);
  return turn;
}

async function post(
  { issuer, clientId, clientSecret }: Settings,
  endpoint: string,
  form: Record<string, string>,
): Promise<Response> {
  try {
    const answer = await fetch(`${issuer}/oauth/${endpoint}`, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: clientId, client_secret: clientSecret }),
      signal: AbortSignal.timeout(5000),
    });
    if (answer.status < 500) return answer;
    throw new Error(`It answered with ${answer.status}.`);
  } catch (cause) {
    throw new Unavailable('The authorization server does not answer.', { cause });
  }
}

/** What the store has now. This request's own copy stays as it is, and so is not written back. */
function readTokens(req: Request): Promise<Tokens | undefined> {
  return new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error, stored) =>
      error ? reject(error) : resolve(stored?.tokens),
    );
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
