// A person who has forgotten the password sets a new one by a link, in a browser without scripts.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startServer } from '../helpers/harness.ts';
import { focused, heading, newTab, read, signIn } from '../helpers/person.ts';

const NEW_PASSWORD = 'through the looking glass';

describe('a link to set a new password, in a browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  it('leads from the link to the account, by keyboard and without scripts', async () => {
    const server = await startServer();
    const alice = await server.store.users.findByUsername('alice');
    const { url } = (await server.users.createResetLink(alice!.id))!;
    const page = await newTab(browser, { javaScriptEnabled: false });
    const referers: (string | undefined)[] = [];
    page.on('request', (request) => referers.push(request.headers()['referer']));
    await page.goto(url);
    await heading(page, 'Set a new password');
    assert.match(
      await read(page),
      /^Set a new password\s+A\s+Alice Liddell\s*alice\s/,
      'whose it is',
    );
    await page.keyboard.type('short');
    await page.keyboard.press('Tab');
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    // The browser itself holds what is too short back.
    assert.equal(page.url(), url);

    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('Confirm the new password').fill('something else altogether');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    assert.match(await read(page, '[role=alert]'), /do not match/);
    assert.equal(new URL(page.url()).search, '', 'the token is no longer in the address bar');
    for (const label of ['New password', 'Confirm the new password']) {
      assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), '');
      await page.getByLabel(label, { exact: true }).fill(NEW_PASSWORD);
    }
    await page.keyboard.press('Enter');

    await heading(page, 'Sign in');
    assert.match(await read(page, '[role=status]'), /Your new password is set/);
    await signIn(page, 'alice', NEW_PASSWORD);
    await heading(page, 'Your account');
    assert.equal(await page.getByRole('status').count(), 0);
    assert.match(await read(page), /Last changed\s+just now/);

    await page.goto(url);
    await heading(page, 'This link does not work');
    assert.equal(await focused(page), 'H1');
    assert.doesNotMatch(await read(page), /alice/i);
    for (const referer of referers) assert.doesNotMatch(referer ?? '', /token/);
  });
});
