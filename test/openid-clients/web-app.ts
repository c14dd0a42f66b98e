// What the apps in this folder have in common: what they are told, a session of their own, and plain
// pages. How they sign people in is each library's affair.

import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import session from 'express-session';

/** What an app is told of itself and of the server. */
export interface Registration {
  /** Of the app. Its redirect URI is `/callback` there, unless its library has another path. */
  readonly origin: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a client without one. */
  readonly clientSecret?: string | undefined;
  /** The private key of a client that signs, for ES256. */
  readonly privateKey: CryptoKey;
}

/** Who is signed in to the app, as its library says. */
export interface Profile {
  readonly sub?: string | undefined;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  /** The access token, if the app has it. */
  readonly accessToken?: string | undefined;
}

declare module 'express-session' {
  interface SessionData {
    /** What has to come back from the server, or be sent to it, at the end of a sign-in. */
    checks: { readonly state: string; readonly nonce: string; readonly codeVerifier: string };
    profile: Profile;
    refreshToken: string | undefined;
  }
}

/** An app with `express-session`, which a library may keep its things in. */
export function appWithSession(): Express {
  const app = express();
  app.use(session({ secret: 'of the app', resave: false, saveUninitialized: false }));
  return app;
}

/** The home page: who is signed in, or a link to sign in. */
export function sendHome(res: Response, profile: Profile | undefined): void {
  const { sub, name, email, accessToken } = profile ?? {};
  const known = Object.entries({ sub, email, accessToken })
    .map(([id, value]) => `<dt>${id}</dt><dd id="${id}">${escaped(value ?? '')}</dd>`)
    .join('');
  send(
    res,
    profile === undefined ? 'You are not signed in' : `Hello, ${name}`,
    `<dl>${known}</dl><p><a href="/sign-in">Sign in</a></p>`,
  );
}

/** What a person sees if the sign-in came to nothing. */
export function sendFailure(res: Response, error: string, description = ''): void {
  send(
    res,
    'Sign-in failed',
    `<p id="error">${escaped(error)}</p><p id="description">${escaped(description)}</p>`,
  );
}

/** For the end of an app: an error that a library throws, under the name that OAuth has for it. */
export const failed: ErrorRequestHandler = (thrown, _req, res, _next) => {
  sendFailure(res, thrown.error ?? thrown.code ?? thrown.name, thrown.stack);
};

function send(res: Response, heading: string, body: string): void {
  res.send(
    `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,"><h1>${escaped(heading)}</h1>${body}`,
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
