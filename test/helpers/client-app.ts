// A sample client: a small web app that signs people in with the server and calls /secret for them.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import express, { type Response } from 'express';
import session from 'express-session';
import { authorizeUrl, getSecret, pkce, requestToken } from './flows.ts';
import { listen, startServer, type TestServer } from './harness.ts';
import { SEED } from './seeds.ts';

declare module 'express-session' {
  interface SessionData {
    /** The code verifier of each sign-in under way, by its state. */
    verifiers: Record<string, string>;
    /** The access token of the last sign-in. */
    token: string;
  }
}

export interface ClientApp {
  /** On `localhost`, where the server is `127.0.0.1`: to a browser these are two sites. */
  readonly origin: string;
  readonly server: TestServer;
}

const CLIENT_ID = 'notes';
const CLIENT_SECRET = 'notes-secret';

/** Starts the app, and a server that knows it; both stop when the test ends. */
export async function startClientApp(): Promise<ClientApp> {
  const listener = createServer();
  await listen(listener);
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const origin = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  const server = await startServer(
    {},
    {
      seed: {
        ...SEED,
        clients: [
          {
            client_id: CLIENT_ID,
            client_secret: CLIENT_SECRET,
            client_name: 'Notes',
            client_uri: 'https://notes.example/',
            redirect_uris: [redirectUri],
            grant_types: ['authorization_code', 'refresh_token'],
            scope: 'read write',
          },
        ],
      },
    },
  );

  const app = express();
  app.use(
    session({ name: 'notes', secret: 'of the app', resave: false, saveUninitialized: false }),
  );

  app.get('/', (_req, res) => {
    show(res, 'Notes', '<p><a href="/sign-in">Sign in</a></p>');
  });

  // What stands in the query goes along, `prompt` for one.
  app.get('/sign-in', (req, res) => {
    const { verifier, challenge } = pkce();
    const state = pkce().verifier;
    req.session.verifiers = { ...req.session.verifiers, [state]: verifier };
    const url = authorizeUrl(server, {
      client_id: CLIENT_ID,
      redirect_uri: redirectUri,
      scope: 'read write',
      state,
      code_challenge: challenge,
      ...(req.query as Record<string, string>),
    });
    res.redirect(url);
  });

  app.get('/callback', async (req, res) => {
    const { code, state, iss, error, error_description } = req.query as Record<string, string>;
    const { [state ?? '']: verifier, ...others } = req.session.verifiers ?? {};
    if (verifier === undefined || iss !== server.issuer) {
      return show(res, 'Not a sign-in of ours', '<p>It was finished before, or never begun.</p>');
    }
    req.session.verifiers = others;
    if (error === 'access_denied') {
      return show(
        res,
        'You are not signed in',
        '<p>You did not allow Notes to use your account. <a href="/sign-in">Try again</a></p>',
      );
    }
    if (code === undefined)
      return show(res, 'Sign-in failed', `<p>${error}: ${error_description}</p>`);
    const token = await requestToken(
      server,
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      },
      `${CLIENT_ID}:${CLIENT_SECRET}`,
    );
    if (token.status !== 200) return show(res, 'No token', `<pre>${token.text}</pre>`);
    req.session.token = token.json.access_token;
    const { secret, sub, scope } = (await getSecret(server, token.json.access_token)).json;
    return show(
      res,
      `Hello, ${sub}`,
      `<p id="scope">${scope}</p><p id="secret">${secret}</p><p><a href="/sign-in">Sign in</a></p>`,
    );
  });

  app.get('/again', async (req, res) => {
    const { status } = await getSecret(server, req.session.token ?? '');
    show(res, status === 200 ? 'Still here' : 'Your access has ended', '');
  });

  listener.on('request', app);
  return { origin, server };
}

function show(res: Response, heading: string, body: string): void {
  res.send(
    `<!doctype html><html lang="en"><title>Notes</title><link rel="icon" href="data:,"><h1>${heading}</h1>${body}`,
  );
}
