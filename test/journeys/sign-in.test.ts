// What a person does in a real browser, from a client and back to it.

import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { de } from '../../src/pages/words/de.ts';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startClientApp } from '../helpers/client-app.ts';
import { choose, focused, follow, heading, newTab, read, signIn } from '../helpers/person.ts';

describe('a sign-in with a client, in a browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  /** A client, a server that nobody has signed in to yet, and a fresh browser on the client's page. */
  async function arrive(options: BrowserContextOptions = {}) {
    const app = await startClientApp();
    const page = await newTab(browser, options);
    await page.goto(app.origin);
    return { ...app, page };
  }

  it('leads by login and consent to a token that opens /secret', async () => {
    const { page } = await arrive();
    await follow(page, 'Sign in');
    await heading(page, 'Sign in');
    assert.match(await read(page), /to continue to\s+Notes/);
    assert.equal(await focused(page), 'username', 'the first field has the focus');
    await signIn(page);

    await heading(page, 'Allow Notes to use your account?');
    const consent = await read(page);
    assert.match(consent, /Alice Liddell/);
    assert.match(consent, /Read your data/);
    assert.match(consent, /Change your data/);
    assert.match(consent, /you return to localhost/);
    assert.equal(await focused(page), 'BODY', 'a person who hits Enter has decided nothing');
    await choose(page, 'Allow');

    await heading(page, 'Hello, alice');
    assert.equal(await read(page, '#scope'), 'read write');
    assert.match(await read(page, '#secret'), /secret area/);
  });

  it('sends forms with their Origin, and no address of a page with a request in it to anybody', async () => {
    const { page, origin } = await arrive();
    const forms: (string | undefined)[] = [];
    const referrers = new Set<string | undefined>();
    let server = '';
    page.on('request', async (request) => {
      const headers = await request.allHeaders();
      const from = new URL(request.url()).origin;
      if (request.method() === 'POST') {
        server = from;
        forms.push(headers['origin']);
      }
      referrers.add(headers['referer']);
    });
    await follow(page, 'Sign in');
    await signIn(page);
    await choose(page, 'Allow');
    await page.waitForURL((url) => url.origin === origin);
    assert.deepEqual(forms, [server, server]);
    for (const referrer of referrers) {
      if (referrer !== undefined) assert.equal(new URL(referrer).search, '', referrer);
    }
  });

  it('denied, ends at the client, which can say so', async () => {
    const { page, origin } = await arrive();
    await follow(page, 'Sign in');
    await signIn(page);
    await choose(page, 'Cancel');
    await heading(page, 'You are not signed in');
    assert.equal(new URL(page.url()).origin, origin);
    assert.match(await read(page, 'body'), /You did not allow Notes/);

    // A person may change their mind: asked again, not signed in again.
    await follow(page, 'Try again');
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
  });

  it('with a wrong password says so, keeps the username, and goes on with the right one', async () => {
    const { page } = await arrive();
    await follow(page, 'Sign in');
    await signIn(page, 'alice', 'looking-glass');
    await page.getByRole('alert').waitFor();
    assert.match(await read(page, '[role=alert]'), /Incorrect username or password/);
    assert.equal(await focused(page), 'login-error', 'a screen reader starts at the error');
    const username = page.getByLabel('Username');
    assert.equal(await username.inputValue(), 'alice');
    assert.equal(await page.getByLabel('Password').inputValue(), '');
    assert.equal(await username.getAttribute('aria-invalid'), 'true');
    assert.equal(await username.getAttribute('aria-describedby'), 'login-error');

    await page.getByLabel('Password').fill('wonderland');
    await page.keyboard.press('Enter');
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
  });

  it('passes by both pages on a second visit', async () => {
    const { page, origin, server } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');

    const shown: string[] = [];
    page.on('response', (response) => {
      const { origin, pathname } = new URL(response.url());
      if (origin === server.origin) shown.push(`${response.status()} ${pathname}`);
    });
    await follow(page, 'Sign in');
    await page.waitForURL(/callback/);
    await heading(page, 'Hello, alice');
    assert.deepEqual(shown, ['303 /oauth/authorize']);
  });

  it('with prompt=consent asks again, though it was allowed before', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    await page.goto(`${origin}/sign-in?prompt=consent`);
    await heading(page, 'Allow Notes to use your account?');
    assert.match(await read(page), /You allowed this app before/);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
  });

  it('with prompt=login asks for the password again', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    await page.goto(`${origin}/sign-in?prompt=login`);
    await heading(page, 'Sign in');
    await signIn(page);
    await heading(page, 'Hello, alice');
  });

  it('asks for consent again where the client wants more than was allowed', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in?scope=read`);
    await signIn(page);
    await heading(page, 'Allow Notes to use your account?');
    assert.doesNotMatch(await read(page), /Change your data/);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    assert.equal(await read(page, '#scope'), 'read');
    await page.goto(`${origin}/sign-in`);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    assert.equal(await read(page, '#scope'), 'read write');
  });

  it('can change to another account on the consent page, and the token is that one’s', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await follow(page, 'Use another account');
    await heading(page, 'Sign in');
    assert.match(await read(page), /to continue to\s+Notes/);
    await signIn(page, 'bob', 'builder');
    await heading(page, 'Allow Notes to use your account?');
    assert.match(await read(page, '.account'), /Bob/);
    await choose(page, 'Allow');
    await heading(page, 'Hello, user-2');
  });

  it('starts at the login page again after a logout', async () => {
    const { page, origin, server } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');

    await page.goto(`${server.issuer}/logout`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    const cookies = await page.context().cookies(server.issuer);
    assert.equal(
      cookies.find(({ name }) => name.startsWith('oauth_session')),
      undefined,
    );

    await page.goto(`${origin}/sign-in`);
    await heading(page, 'Sign in');
  });

  it('arrives after a double click on Allow', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await page.getByRole('button', { name: 'Allow' }).dblclick();
    await heading(page, 'Hello, alice');
  });

  it('arrives after a second click when the answer to the first was lost', async () => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    const first = Promise.withResolvers<void>();
    let clicks = 0;
    await page.route('**/oauth/authorize', async (route) => {
      clicks += 1;
      if (clicks > 1) return route.continue();
      // The server has decided, but the browser never hears of it.
      await route.fetch({ maxRedirects: 0 });
      first.resolve();
    });
    // By coordinates: a locator would wait for the answer.
    const { x, y } = (await page.getByRole('button', { name: 'Allow' }).boundingBox())!;
    await page.mouse.click(x + 9, y + 9);
    await first.promise;
    await page.mouse.click(x + 9, y + 9);
    await heading(page, 'Hello, alice');
    assert.equal(clicks, 2);
  });

  it('explains itself to a person who goes Back after Allow', async (t) => {
    const { page, origin } = await arrive();
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    // As long as it takes to read the client's page.
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
    t.after(() => mock.timers.reset());
    await page.goBack();
    const allow = page.getByRole('button', { name: 'Allow' });
    if (await allow.isVisible()) await allow.click();
    await page.getByRole('heading', { level: 1, name: /sign-in/ }).waitFor();
    assert.match(await read(page), /completed.*start again/is);
  });

  it('needs no script', async () => {
    const { page, origin } = await arrive({ javaScriptEnabled: false });
    await follow(page, 'Sign in');
    await signIn(page, 'alice', 'wrong');
    await page.getByRole('alert').waitFor();
    await signIn(page);
    await follow(page, 'Use another account');
    await signIn(page, 'bob', 'builder');
    await choose(page, 'Allow');
    await heading(page, 'Hello, user-2');
    await page.goto(`${origin}/sign-in?prompt=consent`);
    await choose(page, 'Cancel');
    await heading(page, 'You are not signed in');
  });

  it('is in the language that the client asks for, from the first page to the last', async () => {
    const { page, origin } = await arrive({ javaScriptEnabled: false, locale: 'fr' });
    await page.goto(`${origin}/sign-in?ui_locales=de`);
    await signIn(page, 'alice', 'wrong', de);
    assert.match(await read(page, '[role=alert]'), /Benutzername oder Passwort ist falsch/);
    await signIn(page, 'alice', 'wonderland', de);
    await heading(page, 'Darf Notes Ihr Konto nutzen?');
    await follow(page, 'Konto wechseln');
    await signIn(page, 'bob', 'builder', de);
    await choose(page, 'Allow', de);
    await heading(page, 'Hello, user-2');
  });

  it('needs no mouse', async () => {
    const { page } = await arrive();
    const { keyboard } = page;
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await heading(page, 'Sign in');
    await keyboard.type('alice');
    await keyboard.press('Tab');
    await keyboard.type('wonderland');
    await keyboard.press('Enter');
    await heading(page, 'Allow Notes to use your account?');
    const order: string[] = [];
    while (order.at(-1) !== 'Allow' && order.length < 10) {
      await keyboard.press('Tab');
      order.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
      const ring = await page.evaluate(
        () => getComputedStyle(document.activeElement!).outlineStyle,
      );
      assert.equal(ring, 'solid', `${order.at(-1)} shows that it has the focus`);
    }
    assert.deepEqual(order, [
      'notes.example (opens in a new tab)',
      'Use another account',
      'Cancel',
      'Allow',
    ]);
    await keyboard.press('Enter');
    await heading(page, 'Hello, alice');
  });
});
