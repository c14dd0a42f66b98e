// What a person does on the account page, in two browsers: removes an app, signs the other browser
// out, changes the password.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startClientApp } from '../helpers/client-app.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { choose, focused, follow, heading, newTab, read, signIn } from '../helpers/person.ts';
import { assertLooksRight } from '../helpers/sight.ts';

const NEW_PASSWORD = 'through the looking glass';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1';

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) }).click();

async function changePassword(page: Page, current: string, fresh: string): Promise<void> {
  await page.getByLabel('Current password').fill(current);
  await page.getByLabel('New password', { exact: true }).fill(fresh);
  await page.getByLabel('Confirm the new password').fill(fresh);
  await press(page, 'Change password');
}

/** An entry of a list: that of an app or of a browser. */
const entry = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name }) });

describe('the account page, in a browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  /** A browser that is signed in, at the account page. */
  async function arrive(server: TestServer, options: BrowserContextOptions = {}, path = '') {
    const page = await newTab(browser, options);
    await page.goto(`${server.issuer}/account${path}`);
    await signIn(page);
    await heading(page, 'Your account');
    return page;
  }

  it('shows an app after it was allowed, and removes it: its token fails, and it has to ask', async () => {
    const { origin, server } = await startClientApp();
    const page = await newTab(browser);
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    assert.match(await read(page), /You can remove this access later in your account/);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');

    await page.goto(`${server.issuer}/account`);
    const app = entry(page, 'Notes');
    assert.match(await app.innerText(), /Read your data read\s+Change your data write/);
    await page.getByRole('link', { name: 'Remove access Notes' }).click();
    await heading(page, 'Remove access for Notes?');
    assert.equal(await focused(page), 'BODY', 'a person who hits Enter has decided nothing');
    await follow(page, 'Cancel');
    await heading(page, 'Your account');
    await app.waitFor();
    await page.goto(`${origin}/again`);
    await heading(page, 'Still here');
    await page.goto(`${server.issuer}/account`);

    await page.getByRole('link', { name: 'Remove access Notes' }).click();
    await press(page, 'Remove access');
    const notice = page.getByRole('status');
    assert.equal(await notice.innerText(), 'Notes no longer has access to your account.');
    assert.match(await read(page), /No app has access to your account/);
    await page.reload();
    await heading(page, 'Your account');
    assert.equal(await notice.count(), 0, 'said once');

    await page.goto(`${origin}/again`);
    await heading(page, 'Your access has ended');
    await page.goto(`${origin}/sign-in`);
    await heading(page, 'Allow Notes to use your account?');
    assert.doesNotMatch(await read(page), /You allowed this app before/);
  });

  it('signs another browser out, one by name and then all the rest', async () => {
    const server = await startServer();
    const page = await arrive(server);
    const phone = await arrive(server, { userAgent: IPHONE });
    const third = await arrive(server);
    await page.reload();
    assert.match(await entry(page, 'Safari on iPhone').innerText(), /Last seen\s+just now/);
    await press(page, 'Sign out Safari on iPhone');
    assert.equal(await page.getByRole('status').innerText(), 'That browser is signed out.');
    assert.equal(await entry(page, 'Safari on iPhone').count(), 0);

    await phone.reload();
    await heading(phone, 'Sign in');
    await signIn(phone);
    await heading(phone, 'Your account');

    await press(page, 'Sign out everywhere else');
    const others = await page.getByRole('status').innerText();
    assert.equal(others, 'You are signed out everywhere else.');
    assert.match(await read(page), /You are not signed in anywhere else/);
    for (const other of [phone, third]) {
      await other.reload();
      await heading(other, 'Sign in');
    }
  });

  it('changes the password, which signs the other browser out', async () => {
    const server = await startServer();
    const page = await arrive(server);
    const other = await arrive(server, { userAgent: IPHONE });
    await follow(page, 'Change password');
    await heading(page, 'Change your password');
    assert.equal(await focused(page), 'current-password');
    await changePassword(page, 'looking-glass', NEW_PASSWORD);
    await page.getByRole('alert').waitFor();
    assert.match(await read(page, '[role=alert]'), /current password is incorrect/);
    assert.equal(await focused(page), 'password-error', 'a screen reader starts at the error');
    assert.equal(await page.getByLabel('Current password').inputValue(), '');

    await changePassword(page, 'wonderland', NEW_PASSWORD);
    await heading(page, 'Your account');
    assert.match(await read(page, '[role=status]'), /Your password has been changed/);
    await other.reload();
    await heading(other, 'Sign in');
    await signIn(other);
    await other.getByRole('alert').waitFor();
    await signIn(other, 'alice', NEW_PASSWORD);
    await heading(other, 'Your account');
    await page.reload();
    await heading(page, 'Your account');
  });

  it('changes the password by a double click as by one', async () => {
    const server = await startServer();
    const page = await arrive(server);
    await page.goto(`${server.issuer}/account/password`);
    await page.getByLabel('Current password').fill('wonderland');
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('Confirm the new password').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).dblclick();
    await heading(page, 'Your account');
    assert.match(await read(page, '[role=status]'), /Your password has been changed/);
  });

  it('does not send a new password that is short: the browser says so', async () => {
    const server = await startServer();
    const page = await arrive(server);
    await page.goto(`${server.issuer}/account/password`);
    await changePassword(page, 'wonderland', 'short');
    await heading(page, 'Change your password');
    assert.equal(await focused(page), 'new-password');
  });

  it('needs no script', async () => {
    const { origin, server } = await startClientApp();
    const page = await newTab(browser, { javaScriptEnabled: false });
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    await page.goto(`${server.issuer}/login`);
    await follow(page, 'Your account');
    await page.getByRole('link', { name: 'Remove access Notes' }).click();
    await press(page, 'Remove access');
    assert.match(await read(page, '[role=status]'), /no longer has access/);
    await arrive(server);
    await page.reload();
    await press(page, 'Sign out everywhere else');
    assert.match(await read(page, '[role=status]'), /signed out everywhere else/);
    await follow(page, 'Change password');
    await changePassword(page, 'wonderland', NEW_PASSWORD);
    assert.match(await read(page, '[role=status]'), /Your password has been changed/);
    await press(page, 'Sign out');
    await heading(page, 'You are signed out');
  });

  it('needs no mouse', async () => {
    const { origin, server } = await startClientApp();
    const page = await newTab(browser);
    await page.goto(`${origin}/sign-in`);
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Hello, alice');
    await arrive(server, { userAgent: IPHONE });
    await page.goto(`${server.issuer}/account`);
    const order: string[] = [];
    while (order.at(-1) !== 'Change password' && order.length < 10) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate(() => {
        const { activeElement } = document;
        const labels = activeElement?.getAttribute('aria-labelledby')?.split(' ') ?? [];
        const texts = labels.map((id) => document.getElementById(id)?.textContent?.trim());
        return {
          name: texts.join(' ') || (activeElement?.textContent?.trim() ?? ''),
          outline: getComputedStyle(activeElement!).outlineStyle,
        };
      });
      order.push(name);
      assert.equal(outline, 'solid', `${name} shows that it has the focus`);
    }
    assert.deepEqual(order, [
      `Authorization Server ${new URL(server.issuer).host}`,
      'Sign out',
      'Remove access Notes',
      'Sign out Safari on iPhone',
      'Sign out everywhere else',
      'Change password',
    ]);
    await page.keyboard.press('Enter');
    await heading(page, 'Change your password');
    // What is typed before goes nowhere.
    await page.locator('#current-password:focus').waitFor();
    for (const text of ['wonderland', NEW_PASSWORD, NEW_PASSWORD]) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.getByLabel('Confirm the new password').press('Enter');
    await heading(page, 'Your account');
    const start = page.getByRole('status');
    assert.equal(await start.evaluate((element) => element === document.activeElement), true);
  });

  it('has its sections within reach of whoever has let many apps in', async () => {
    const server = await startServer();
    const { store } = server;
    const web = (await store.clients.find('web'))!;
    for (let n = 0; n < 12; n += 1) {
      await store.clients.save({ ...web, id: `app-${n}`, name: `App ${n}` });
      const scope = Array.from({ length: n === 0 ? 40 : 1 }, (_, of) => `area${of}:manage`);
      await store.consents.add({ userId: 'alice', clientId: `app-${n}`, resource: '', scope });
    }
    const page = await arrive(server, { javaScriptEnabled: false });
    const change = page.getByRole('link', { name: 'Change password' });
    const isSeen = () =>
      change.boundingBox().then((box) => box !== null && box.y >= 0 && box.y < 720);
    assert.equal(await isSeen(), false);
    await page.getByRole('navigation').getByRole('link', { name: 'Password' }).click();
    assert.equal(await isSeen(), true);
    await page.keyboard.press('Tab');
    assert.equal(await change.evaluate((link) => link === document.activeElement), true);

    for (const locale of ['en', 'de', 'zh']) {
      const other = await newTab(browser, { locale, reducedMotion: 'reduce' });
      await other.context().addCookies(await page.context().cookies());
      await other.goto(`${server.issuer}/account`);
      await other.locator('summary').click();
      await assertLooksRight(other, ['account of many apps', locale]);
    }
  });

  it('looks right, with apps and browsers and without, in each of its states', async (t) => {
    for (const locale of ['en', 'de']) {
      await t.test(locale, async () => {
        const server = await startServer();
        const { store } = server;
        const now = Date.now();
        const userId = 'alice';
        const long = `Donaudampfschifffahrts${'gesellschaft'.repeat(8)}`;
        const options = { locale, reducedMotion: 'reduce' as const };
        const page = await newTab(browser, options);
        const look = (name: string) => assertLooksRight(page, [`account ${name}`, locale]);
        const submit = () => page.locator('main form [type=submit]').last().click();

        await page.goto(`${server.issuer}/account`);
        await page.locator('#username').fill(userId);
        await page.locator('#password').fill('wonderland');
        await submit();
        await look('empty');

        await store.clients.save({ ...(await store.clients.find('web'))!, id: long, name: long });
        for (const [clientId, resource, scope, createdAt] of [
          ['web', '', ['read', 'write'], now - 1e10],
          ['spa', 'https://calendar.example.com/a/rather/long/path', ['write'], now - 1e8],
          ['native', '', [], now - 1e7],
          [long, `https://${'x'.repeat(200)}.example`, ['read', 'admin'], now],
        ] as const) {
          await store.consents.add({ userId, clientId, resource, scope, createdAt });
          const id = `grant-${clientId}`;
          const code = { hash: id, grantId: id, clientId, redirectUri: '', scope };
          if (clientId === 'native') continue;
          await store.codes.save(
            { ...code, expiresAt: now + 1e9 },
            {
              ...{ id, clientId, userId, scope, createdAt },
              resource: resource === '' ? [] : [resource],
              expiresAt: now + 1e9,
              lastUsedAt: now - 1e6,
            },
          );
        }
        await arrive(server, { userAgent: IPHONE });
        await arrive(server, { userAgent: 'x' });
        await page.goto(`${server.issuer}/account`);
        await look('full');
        await page.goto(`${server.issuer}/account/remove-app?client_id=${long}`);
        await look('remove with a long name');
        await page.goto(`${server.issuer}/account/remove-app?client_id=web`);
        await look('remove');
        await page.locator('[name=csrf_token]').evaluate((input: HTMLInputElement) => {
          input.value = 'of another session';
        });
        await submit();
        await look('remove with an error');
        await submit();
        await look('with a notice');
        await page.goto(`${server.issuer}/account/password`);
        await look('password');
        await page.locator('#current-password').fill('no');
        await page.locator('#new-password').fill(NEW_PASSWORD);
        await page.locator('#new-password-again').fill(NEW_PASSWORD);
        await submit();
        await look('password with an error');
      });
    }
  });
});
