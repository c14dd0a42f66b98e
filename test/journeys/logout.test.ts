// Signing out, in a browser with two apps: Agenda of the examples, which uses openid-client and jose, and one
// with express-openid-connect.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { generateKeyPair } from 'jose';
import type { Browser, Page } from 'playwright-core';
import * as agenda from '../../examples/client-app/app.ts';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { quickHash } from '../helpers/passwords.ts';
import { choose, follow, heading, newTab, read, signIn } from '../helpers/person.ts';
import * as expressOpenidConnect from '../openid-clients/express-openid-connect.ts';

const SECRET = 'a-secret-of-32-characters-or-more';

/** On `localhost`, where the server is `127.0.0.1`: to a browser these are two sites. */
async function openApp() {
  const { server: listener, origin } = await openServer();
  return { listener, origin: origin.replace('127.0.0.1', 'localhost') };
}

const [AGENDA, SHELF] = [await openApp(), await openApp()];

/** What Agenda shows comes from here. */
const api = await openServer();
api.server.on('request', (_req, res) => res.end('{"appointments":[]}'));
const RESOURCE = `${api.origin}/api`;

const server = await startServer(
  {},
  {
    seed: {
      scopes: { read: 'See your appointments' },
      resources: { [RESOURCE]: {} },
      clients: [
        {
          client_id: 'agenda',
          client_secret: SECRET,
          client_name: 'Agenda',
          redirect_uris: [`${AGENDA.origin}/callback`],
          post_logout_redirect_uris: [`${AGENDA.origin}/signed-out`],
          backchannel_logout_uri: `${AGENDA.origin}/backchannel-logout`,
          grant_types: ['authorization_code', 'refresh_token'],
          scope: 'openid profile email read',
          id_token_claims: true,
          token_endpoint_auth_method: 'client_secret_post',
        },
        {
          client_id: 'shelf',
          client_secret: SECRET,
          client_name: 'Shelf',
          redirect_uris: [`${SHELF.origin}/callback`],
          post_logout_redirect_uris: [SHELF.origin],
          backchannel_logout_uri: `${SHELF.origin}/backchannel-logout`,
          grant_types: ['authorization_code', 'refresh_token'],
          scope: 'openid profile email',
          id_token_claims: true,
          token_endpoint_auth_method: 'client_secret_basic',
        },
      ],
      users: [
        {
          username: 'alice',
          id: 'id-of-alice',
          name: 'Alice Liddell',
          password_hash: quickHash('wonderland'),
        },
      ],
    },
  },
);

const { issuer } = server;
AGENDA.listener.on(
  'request',
  agenda.createApp({
    host: '127.0.0.1',
    port: 0,
    appUrl: AGENDA.origin,
    issuer,
    resource: RESOURCE,
    clientId: 'agenda',
    clientSecret: SECRET,
    sessionSecret: 'a secret of Agenda, for its cookies',
  }),
);
SHELF.listener.on(
  'request',
  expressOpenidConnect.createApp(
    {
      origin: SHELF.origin,
      issuer,
      clientId: 'shelf',
      clientSecret: SECRET,
      privateKey: (await generateKeyPair('ES256')).privateKey,
    },
    'query',
    'ID token',
  ),
);

let browser: Browser;
before(async () => {
  if (browserMissing() === false) browser = await launchBrowser();
});
after(() => browser?.close());

/** An app, as a person sees it. */
interface App {
  readonly origin: string;
  /** What begins a sign-in. */
  readonly signIn: string;
  /** Where the page of a person who is signed in begins with this. */
  readonly greeting: RegExp;
  /** And that of one who is not. */
  readonly home: string;
}

const agendaApp: App = {
  origin: AGENDA.origin,
  signIn: '/login',
  greeting: /^Good day, /,
  home: 'All your appointments, in one place',
};
const shelfApp: App = {
  origin: SHELF.origin,
  signIn: '/sign-in',
  greeting: /^Hello, /,
  home: 'You are not signed in',
};

/** Signs in to an app, and at the server if need be. */
async function enter(page: Page, app: App): Promise<void> {
  await page.goto(`${app.origin}${app.signIn}`);
  const allow = page.getByRole('button', { name: 'Allow', exact: true });
  const password = page.getByLabel('Password');
  const arrived = page.getByRole('heading', { level: 1, name: /^(Hello, |Appointments$)/ });
  await password.or(allow).or(arrived).first().waitFor();
  if (await password.isVisible()) {
    await signIn(page);
    await allow.or(arrived).first().waitFor();
  }
  if (await allow.isVisible()) await choose(page, 'Allow');
  await arrived.waitFor();
  await assertSignedIn(page, app);
}

async function assertSignedIn(page: Page, { origin, greeting }: App): Promise<void> {
  await page.goto(origin);
  assert.match(await read(page, 'h1'), greeting);
}

/** The next page of the app is that for those who are not signed in, and a sign-in takes the password. */
async function assertSignedOut(page: Page, { origin, home, signIn }: App): Promise<void> {
  await page.goto(origin);
  assert.equal(await read(page, 'h1'), home);
  await page.goto(`${origin}${signIn}`);
  await heading(page, 'Sign in');
}

/** Somebody in a browser of their own who is signed in to both. */
async function arrive(): Promise<Page> {
  const page = await newTab(browser);
  await enter(page, agendaApp);
  await enter(page, shelfApp);
  return page;
}

/** Resolves when this client has been told of the next sign-out. */
async function told(client: string): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  for (;;) {
    const [{ clientId }] = await once(server.events, 'logout_told', { signal });
    if (clientId === client) return;
  }
}

describe('signing out, in a browser with two apps', { skip: browserMissing() }, () => {
  it('of Agenda signs out of the server, and the other app asks for a sign-in at its next page', async () => {
    const page = await arrive();
    const isTold = told('shelf');
    await page.goto(AGENDA.origin);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    assert.equal(new URL(page.url()).origin, AGENDA.origin, 'the person came back');
    assert.match(await read(page), /has signed you out as well/);
    await isTold;
    await assertSignedOut(page, shelfApp);
    await assertSignedOut(page, agendaApp);
  });

  it('of an app with express-openid-connect does the same for Agenda', async () => {
    const page = await arrive();
    const isTold = told('agenda');
    await page.goto(`${SHELF.origin}/logout`);
    await heading(page, 'You are not signed in');
    assert.equal(page.url(), `${SHELF.origin}/`, 'the person came back');
    await isTold;
    await assertSignedOut(page, agendaApp);
    await assertSignedOut(page, shelfApp);
  });

  it('of the server signs out of both, and says of which', async () => {
    const page = await arrive();
    const areTold = Promise.all([told('agenda'), told('shelf')]);
    await page.goto(`${issuer}/logout`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    assert.match(await read(page), /Agenda/);
    assert.match(await read(page), /Shelf/);
    await areTold;
    await assertSignedOut(page, agendaApp);
    await assertSignedOut(page, shelfApp);
  });

  it('in one browser leaves Agenda in another as it is', async () => {
    const [here, elsewhere] = [await arrive(), await newTab(browser)];
    await enter(elsewhere, agendaApp);
    const isTold = told('agenda');
    await here.goto(`${issuer}/logout`);
    await here.getByRole('button', { name: 'Sign out' }).click();
    await heading(here, 'You are signed out');
    await isTold;
    await assertSignedOut(here, agendaApp);
    await assertSignedIn(elsewhere, agendaApp);
  });

  it('elsewhere, at the account page, signs the other browser out of its apps', async () => {
    const [here, elsewhere] = [await newTab(browser), await arrive()];
    await enter(here, agendaApp);
    const isTold = told('shelf');
    await here.goto(`${issuer}/account`);
    await here.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await isTold;
    // Browsers of earlier tests are signed out of Agenda as well, and nobody knows which is the first.
    do await elsewhere.goto(AGENDA.origin);
    while ((await read(elsewhere, 'h1')) !== agendaApp.home);
    await assertSignedOut(elsewhere, agendaApp);
    await assertSignedOut(elsewhere, shelfApp);
    await assertSignedIn(here, agendaApp);
  });

  it('of Agenda without a session at the server comes back without a question', async () => {
    const page = await newTab(browser);
    await enter(page, agendaApp);
    const cookies = await page.context().cookies(issuer);
    for (const { name } of cookies) {
      if (name.startsWith('oauth_session')) await page.context().clearCookies({ name });
    }
    await page.goto(AGENDA.origin);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    assert.equal(new URL(page.url()).origin, AGENDA.origin);
  });

  it('of Agenda tells nobody a state that somebody made up', async () => {
    const page = await newTab(browser);
    await page.goto(`${AGENDA.origin}/signed-out?state=made-up`);
    await heading(page, 'You are signed out');
    assert.match(await read(page), /you are still signed in/);
    await follow(page, 'Sign out there as well');
    assert.equal(page.url(), `${issuer}/logout`);
  });
});
