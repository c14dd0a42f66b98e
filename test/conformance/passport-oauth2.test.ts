// passport-oauth2 in a web app with express-session: the commonest client on Express.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy, { type StrategyOptions, type VerifyCallback } from 'passport-oauth2';
import { getSecret } from '../helpers/flows.ts';
import { listen, startServer } from '../helpers/harness.ts';
import type { Answer } from '../helpers/http.ts';
import { Person } from '../helpers/http-person.ts';
import { SEED } from '../helpers/seeds.ts';

/** What the app's callback answers once passport is through. */
interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly params: { readonly scope: string; readonly expires_in: number };
}

const listener = createServer();
await listen(listener);
const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
after(() => {
  listener.closeAllConnections();
  listener.close();
});

const callback = (name: string) =>
  `${origin}/${name}/callback${name === 'legacy' ? '?tenant=1' : ''}`;

const server = await startServer(
  {},
  {
    seed: {
      ...SEED,
      clients: SEED.clients.map((client) =>
        ['web', 'spa', 'legacy'].includes(client.client_id)
          ? { ...client, redirect_uris: [callback(client.client_id)] }
          : client,
      ),
    },
  },
);

const STRATEGIES: Record<string, Partial<StrategyOptions>> = {
  web: { clientSecret: 'web-secret', pkce: true, scope: ['read', 'write'] },
  spa: { pkce: true, scope: 'read' },
  legacy: { clientSecret: 'legacy-secret', scope: 'read' },
  // The same client with a setting that is not right.
  'web-wrong-secret': { clientID: 'web', clientSecret: 'wrong', pkce: true },
  'web-too-much': { clientID: 'web', clientSecret: 'web-secret', pkce: true, scope: 'admin' },
  'web-no-pkce': { clientID: 'web', clientSecret: 'web-secret' },
};

const app = express();
app.use(session({ secret: 'of the app', resave: false, saveUninitialized: false }));
for (const [name, options] of Object.entries(STRATEGIES)) {
  const clientID = options.clientID ?? name;
  passport.use(
    name,
    new OAuth2Strategy(
      {
        authorizationURL: `${server.issuer}/oauth/authorize`,
        tokenURL: `${server.issuer}/oauth/token`,
        callbackURL: callback(clientID),
        clientID,
        // A public client has none; the library sends the parameter all the same.
        clientSecret: '',
        state: true,
        ...options,
      },
      (
        accessToken: string,
        refreshToken: string,
        params: object,
        _profile: unknown,
        done: VerifyCallback,
      ) => done(null, { accessToken, refreshToken, params }),
    ),
  );
  app.get(`/${name}`, passport.authenticate(name, { session: false }));
  app.get(`/${name}/callback`, passport.authenticate(name, { session: false }), (req, res) => {
    res.json(req.user);
  });
}
app.use(((error: Error & { code?: string }, _req, res, _next) => {
  res.status(500).json({ name: error.name, code: error.code, message: error.message });
}) satisfies ErrorRequestHandler);
listener.on('request', app);

/** From the app to the server and, after the decision, back; answers with the app's last page. */
async function signInWith(
  name: string,
  {
    decision = 'allow',
    username = 'alice',
    password = 'wonderland',
    tamper = (back: URL) => back,
  } = {},
): Promise<Answer> {
  const atApp = new Person({ origin, issuer: origin });
  const atServer = new Person(server);
  const leaving = await atApp.open(`${origin}/${name}`);
  assert.equal(leaving.status, 302, leaving.text);
  let page = await atServer.visit(leaving.location);
  if (page.text.includes('name="password"')) {
    page = await atServer.signIn(page, username, password);
  }
  if (page.text.includes('name="decision"')) page = await atServer.submit(page, { decision });
  // The strategies that share a client share its callback; each has its own route in the app.
  const back = new URL(page.location.replace(/\/[a-z]+\/callback/, `/${name}/callback`));
  return atApp.open(tamper(back).href);
}

describe('RFC 6749 section 4.1 with RFC 7636, the authorization code, by passport-oauth2', () => {
  it('a confidential client with pkce and state signs the person in', async () => {
    const answer = await signInWith('web');
    assert.equal(answer.status, 200, answer.text);
    const { accessToken, refreshToken, params }: SignedIn = answer.json;
    assert.ok(refreshToken);
    assert.equal(params.scope, 'read write');
    assert.equal(params.expires_in, 3600);
    const { client_id, sub } = (await getSecret(server, accessToken)).json;
    assert.deepEqual({ client_id, sub }, { client_id: 'web', sub: 'alice' });
  });

  it('a public client, which has no secret to send, signs the person in', async () => {
    const answer = await signInWith('spa');
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await getSecret(server, answer.json.accessToken)).json.client_id, 'spa');
  });

  it('an old client without pkce, and with a query in its redirect URI, does as well', async () => {
    const answer = await signInWith('legacy', {
      tamper: (back) => {
        assert.equal(back.searchParams.get('tenant'), '1');
        return back;
      },
    });
    assert.equal(answer.status, 200, answer.text);
    const { accessToken, refreshToken }: SignedIn = answer.json;
    assert.equal(refreshToken, undefined, 'it is not registered for refresh tokens');
    assert.equal((await getSecret(server, accessToken)).status, 200);
  });

  it('a state that is not the one the app sent is refused by the app', async () => {
    const answer = await signInWith('web', {
      tamper: (back) => {
        back.searchParams.set('state', 'another');
        return back;
      },
    });
    assert.equal(answer.status, 403);
  });

  it('a code that is not the one the server sent is invalid_grant', async () => {
    const answer = await signInWith('web', {
      tamper: (back) => {
        back.searchParams.set('code', 'another');
        return back;
      },
    });
    assert.equal(answer.status, 500);
    assert.deepEqual(
      { name: answer.json.name, code: answer.json.code },
      { name: 'TokenError', code: 'invalid_grant' },
    );
  });
});

describe('RFC 6749 section 2.3.1, client authentication, by passport-oauth2', () => {
  it('a wrong secret is invalid_client, with a sentence for its developer', async () => {
    const answer = await signInWith('web-wrong-secret');
    assert.equal(answer.json.code, 'invalid_client');
    assert.match(answer.json.message, /secret/);
  });
});

describe('RFC 6749 section 4.1.2.1, errors sent back to the client, by passport-oauth2', () => {
  it('a person who chooses Cancel is not signed in, and nothing fails', async () => {
    // bob has not allowed it before, so there is a page to choose on.
    const answer = await signInWith('web', {
      decision: 'deny',
      username: 'bob',
      password: 'builder',
    });
    assert.equal(answer.status, 401);
  });

  it('a scope the client is not registered for is invalid_scope', async () => {
    const answer = await signInWith('web-too-much');
    assert.deepEqual(
      { name: answer.json.name, code: answer.json.code },
      { name: 'AuthorizationError', code: 'invalid_scope' },
    );
  });

  it('a client that has to send a code_challenge and does not is invalid_request', async () => {
    const answer = await signInWith('web-no-pkce');
    assert.equal(answer.json.code, 'invalid_request');
    assert.match(answer.json.message, /code_challenge/);
  });
});
