// People who sign in with this server to apps whose libraries nobody here wrote. Each app is as its
// library's documentation has it, and shows who the person is by what the library tells it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Express } from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { quickHash } from '../helpers/passwords.ts';
import { choose, follow, heading, newTab, read, signIn } from '../helpers/person.ts';
import * as authCore from '../openid-clients/auth-core.ts';
import * as expressOpenidConnect from '../openid-clients/express-openid-connect.ts';
import * as oauth4webapi from '../openid-clients/oauth4webapi.ts';
import * as openidClient from '../openid-clients/openid-client.ts';
import * as passportOpenidconnect from '../openid-clients/passport-openidconnect.ts';
import type { Registration } from '../openid-clients/web-app.ts';

const SECRET = 'a-secret-of-32-characters-or-more';

interface Kind {
  readonly createApp: (registration: Registration) => Express | Promise<Express>;
  /** What is not as with most of them in the client's record. */
  readonly client?: object;
  readonly secret?: string;
  readonly callback?: string;
  /** Whether the library refreshes tokens. */
  readonly refreshes?: true;
  /** Whether the person is asked each time: on loopback any app can call itself a public client. */
  readonly isAlwaysAsked?: true;
  /** Whether the app knows the person by a `sub` that no other app knows. */
  readonly isPairwise?: true;
}

const { publicKey, privateKey } = await generateKeyPair('ES256');
const signing = {
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [await exportJWK(publicKey)] },
};

const KINDS: Readonly<Record<string, Kind>> = {
  'openid-client': {
    createApp: openidClient.createApp,
    // What the library does if it gets a secret and nothing else.
    client: { token_endpoint_auth_method: 'client_secret_post' },
    secret: SECRET,
    refreshes: true,
  },
  'openid-client, as a public client, and ID tokens by Ed25519': {
    createApp: (registration) =>
      openidClient.createApp(registration, { id_token_signed_response_alg: 'Ed25519' }),
    client: { token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'Ed25519' },
    refreshes: true,
    isAlwaysAsked: true,
  },
  'oauth4webapi, with private_key_jwt, the claims parameter and a sub of its own': {
    createApp: oauth4webapi.createApp,
    client: {
      ...signing,
      subject_type: 'pairwise',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'ES256',
    },
    refreshes: true,
    isPairwise: true,
  },
  'passport-openidconnect, by the ID token alone': {
    createApp: (registration) => passportOpenidconnect.createApp(registration, 'ID token'),
    client: {
      token_endpoint_auth_method: 'client_secret_post',
      require_pkce: false,
      id_token_claims: true,
    },
    secret: SECRET,
  },
  'passport-openidconnect, by UserInfo': {
    createApp: (registration) => passportOpenidconnect.createApp(registration, 'UserInfo'),
    client: { token_endpoint_auth_method: 'client_secret_post', require_pkce: false },
    secret: SECRET,
  },
  'express-openid-connect, by the ID token alone': {
    createApp: (registration) => expressOpenidConnect.createApp(registration, 'query', 'ID token'),
    client: { token_endpoint_auth_method: 'client_secret_basic', id_token_claims: true },
    secret: SECRET,
    refreshes: true,
  },
  'express-openid-connect, by UserInfo, with form_post and private_key_jwt': {
    createApp: (registration) =>
      expressOpenidConnect.createApp(registration, 'form_post', 'UserInfo'),
    client: signing,
    refreshes: true,
  },
  '@auth/core, by the ID token alone': {
    createApp: authCore.createApp,
    client: { token_endpoint_auth_method: 'client_secret_basic', id_token_claims: true },
    secret: SECRET,
    callback: `/auth/callback/${authCore.PROVIDER}`,
  },
};

const ALICE = {
  username: 'alice',
  id: 'id-of-alice',
  name: 'Alice Liddell',
  email: 'alice@wonderland.example',
};

/** Each app listens before the server starts, for its redirect URI is in the seed. */
const listeners = await Promise.all(
  Object.entries(KINDS).map(async ([name, kind], index) => {
    const { server, origin } = await openServer();
    // On `localhost`, where the server is `127.0.0.1`: to a browser these are two sites.
    return {
      ...kind,
      name,
      server,
      clientId: `app-${index}`,
      origin: origin.replace('127.0.0.1', 'localhost'),
    };
  }),
);

const server = await startServer(
  {},
  {
    seed: {
      scopes: {},
      clients: listeners.map(({ clientId, origin, client, secret, callback = '/callback' }) => ({
        client_id: clientId,
        client_secret: secret,
        client_name: 'The app',
        redirect_uris: [`${origin}${callback}`],
        grant_types: ['authorization_code', 'refresh_token'],
        ...client,
      })),
      users: [{ ...ALICE, password_hash: quickHash('wonderland') }],
    },
  },
);

for (const { createApp, clientId, origin, secret, server: listener } of listeners) {
  const { issuer } = server;
  const registration = { origin, issuer, clientId, clientSecret: secret, privateKey };
  listener.on('request', await createApp(registration));
}

/** One browser for all of them: a person is a tab with cookies of its own. */
let browser: Browser;
before(async () => {
  if (browserMissing() === false) browser = await launchBrowser();
});
after(() => browser?.close());

/** A person who is signed in nowhere, on the app's page; `shown` is what they see of the server. */
async function arrive(origin: string): Promise<{ page: Page; shown: string[] }> {
  const page = await newTab(browser);
  const shown: string[] = [];
  page.on('response', (response) => {
    const url = new URL(response.url());
    if (url.origin === server.origin && response.request().isNavigationRequest())
      shown.push(url.pathname);
  });
  await page.goto(origin);
  return { page, shown };
}

/**
 * The app says who is signed in.
 *
 * @returns the `sub`
 */
async function assertGreeted(page: Page): Promise<string> {
  await page.getByRole('heading', { level: 1, name: /^(Hello, |Sign-in failed)/ }).waitFor();
  assert.equal(await read(page, 'h1'), `Hello, ${ALICE.name}`, await read(page, 'body'));
  assert.equal(await read(page, '#email'), ALICE.email);
  return read(page, '#sub');
}

describe('OpenID Connect, in a browser', { skip: browserMissing() }, () => {
  for (const { name, origin, refreshes, isAlwaysAsked, isPairwise } of listeners) {
    it(`signs a person in to an app with ${name}`, async () => {
      const { page, shown } = await arrive(origin);

      await page.goto(`${origin}/sign-in?prompt=none`);
      await heading(page, 'Sign-in failed');
      assert.equal(await read(page, '#error'), 'login_required', await read(page, 'body'));
      assert.deepEqual(shown, ['/oauth/authorize'], 'nothing of the server was shown');

      await page.goto(origin);
      await follow(page, 'Sign in');
      await heading(page, 'Sign in');
      assert.match(await read(page), /to continue to\s+The app/);
      await signIn(page);
      await heading(page, 'Let The app know who you are?');
      assert.match(await read(page), /alice@wonderland\.example/);
      await choose(page, 'Allow');
      const sub = await assertGreeted(page);
      assert.equal(sub !== ALICE.id, isPairwise ?? false, sub);

      shown.length = 0;
      await page.goto(`${origin}/sign-in`);
      if (isAlwaysAsked) await choose(page, 'Allow');
      assert.equal(await assertGreeted(page), sub);
      if (!isAlwaysAsked) assert.deepEqual(shown, ['/oauth/authorize'], 'there was no question');

      await page.goto(`${origin}/sign-in?prompt=login`);
      await heading(page, 'Sign in');
      await signIn(page);
      if (isAlwaysAsked) await choose(page, 'Allow');
      assert.equal(await assertGreeted(page), sub);

      if (!refreshes) return;
      // Access while the person is away is asked for each time.
      await page.goto(`${origin}/sign-in?scope=openid+profile+email+offline_access`);
      await choose(page, 'Allow');
      assert.equal(await assertGreeted(page), sub);
      const first = await read(page, '#accessToken');
      await page.goto(`${origin}/refresh`);
      assert.equal(await assertGreeted(page), sub);
      const second = await read(page, '#accessToken');
      assert.ok(first.length > 20 && second.length > 20);
      assert.notEqual(second, first);
    });
  }

  it('tells express-openid-connect, which asks for the implicit flow by default, that there is none', async () => {
    const { origin } = listeners.find(({ name }) => name.includes('form_post'))!;
    const { page } = await arrive(origin);
    await page.goto(`${origin}/sign-in?response_type=id_token`);
    await heading(page, 'Sign-in failed');
    assert.equal(await read(page, '#error'), 'unsupported_response_type');
  });
});
