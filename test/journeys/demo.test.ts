// What a newcomer does: starts the server in demo mode, opens its home page and tries things.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startDemo } from '../helpers/demo.ts';
import { choose, follow, heading, newTab, read, signIn } from '../helpers/person.ts';

/** Runs a command as a person would paste it into a terminal. */
async function run(command: string): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --silent --noproxy '*'`]);
  return JSON.parse(stdout);
}

describe('the home page of the demo, in a browser', { skip: browserMissing() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  /** A new server, and a browser at its home page. */
  async function arrive() {
    const issuer = await startDemo();
    const page = await newTab(browser);
    await page.goto(issuer);
    return { issuer, page };
  }

  it('leads by Try the sign-in to a code, and the command shown there to tokens', async () => {
    const { issuer, page } = await arrive();
    await follow(page, 'Try the sign-in');
    // What to type stands on the page.
    const [username = '', password = ''] = await page.locator('.hint code').allInnerTexts();
    await signIn(page, username, password);
    await choose(page, 'Allow');
    await page.waitForURL(`${issuer}/demo/callback?**`);

    const { access_token, refresh_token, token_type, scope } = await run(
      await read(page, '.command'),
    );
    assert.deepEqual({ token_type, scope }, { token_type: 'Bearer', scope: 'read' });
    assert.ok(refresh_token);
    const { sub } = await run(`curl ${issuer}/secret -H "Authorization: Bearer ${access_token}"`);
    assert.equal(sub, username);

    // "Run it a second time."
    const { error } = await run(await read(page, '.command'));
    assert.equal(error, 'invalid_grant');

    await follow(page, 'Try the sign-in again');
    await page.waitForURL(`${issuer}/demo/callback?**`);
    await follow(page, 'Home');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
  });

  it('shows what a response by form_post brings, and a command that works', async () => {
    const { issuer, page } = await arrive();
    const request = await page.getByRole('link', { name: 'Try the sign-in' }).getAttribute('href');
    await page.goto(new URL(`${request}&response_mode=form_post`, issuer).href);
    const [username = '', password = ''] = await page.locator('.hint code').allInnerTexts();
    await signIn(page, username, password);
    await choose(page, 'Allow');
    await page.waitForURL(`${issuer}/demo/callback`);
    const { access_token } = await run(await read(page, '.command'));
    assert.ok(access_token);
  });

  it('has commands that one click selects, and that are not broken between -u and its value', async () => {
    const { page } = await arrive();
    await page.setViewportSize({ width: 320, height: 800 });
    const command = page.locator('.command').first();
    await command.click();
    const selected = await page.evaluate(() => getSelection()?.toString().trim());
    assert.equal(selected, (await command.innerText()).trim());
    const option = page.locator('.command-option', { hasText: '-u ' }).first();
    assert.match(await option.innerText(), /^-u \S+$/);
    assert.equal(await option.evaluate((element) => element.getClientRects().length), 1);
  });

  it('shows commands that work as they stand', async () => {
    const { page } = await arrive();
    const [getToken = '', useIt = ''] = await page.locator('.command').allInnerTexts();
    const { access_token = '' } = await run(getToken);
    const { client_id, secret } = await run(useIt.replace('<token>', access_token));
    assert.equal(client_id, 'codecademy');
    assert.ok(secret);
  });

  it('says at the demo’s client that the person chose Cancel', async () => {
    const { page } = await arrive();
    await follow(page, 'Try the sign-in');
    await signIn(page);
    await choose(page, 'Cancel');
    await heading(page, 'You are back at the app, without a code');
    assert.match(await read(page, '.facts'), /error\s+access_denied/);
    assert.equal(await page.locator('.command').count(), 0);
  });
});
