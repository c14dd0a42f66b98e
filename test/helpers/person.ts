// What a person does and sees in a browser.

import assert from 'node:assert/strict';
import { after } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { en } from '../../src/pages/words/en.ts';
import type { Words } from '../../src/pages/words/words.ts';

/** A tab of a browser that nobody has used before; it closes when the test ends. */
export async function newTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Waits for the page with this heading, until all of it is there and what is to have the focus has it. */
export async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.waitForLoadState();
  // A page is drawn first, and gets its focus a moment later.
  await page.locator(':focus, html:not(:has([autofocus]))').first().waitFor({ state: 'attached' });
}

export async function signIn(
  page: Page,
  username = 'alice',
  password = 'wonderland',
  words: Words = en,
): Promise<void> {
  // Who types sooner takes the focus from the page, of which the browser complains.
  await page.locator(':focus').waitFor();
  await page.getByLabel(words['login.username']).fill(username);
  await page.getByLabel(words['login.password']).fill(password);
  await page.getByRole('button', { name: words['login.submit'] }).click();
}

/** The same at a login page in any language. */
export async function typeIn(page: Page): Promise<void> {
  // Who types sooner takes the focus from the page, of which the browser complains.
  await page.locator(':focus').waitFor();
  await page.locator('#username').fill('alice');
  await page.locator('#password').fill('wonderland');
  await page.keyboard.press('Enter');
}

/** Signs in without the pages, to come to one behind them: to draw two more takes longer than all else. */
export async function signInAside(
  page: Page,
  issuer: string,
  username = 'alice',
  password = 'wonderland',
): Promise<void> {
  // It has the cookies of the browser.
  const { request } = page.context();
  const form = await (await request.get(`${issuer}/login`)).text();
  const [, csrf_token = ''] = /name="csrf_token" value="([^"]+)"/.exec(form) ?? [];
  const sent = { form: { csrf_token, username, password }, maxRedirects: 0 };
  const answer = await request.post(`${issuer}/login`, sent);
  assert.equal(answer.status(), 303, await answer.text());
}

export function choose(page: Page, name: 'Allow' | 'Cancel', words: Words = en): Promise<void> {
  const label = words[name === 'Allow' ? 'consent.allow' : 'common.cancel'];
  return page.getByRole('button', { name: label, exact: true }).click();
}

export function follow(page: Page, name: string): Promise<void> {
  return page.getByRole('link', { name, exact: true }).click();
}

/** What is to be read at the first place that matches, as it is laid out. */
export function read(page: Page, selector = 'main'): Promise<string> {
  return page.locator(selector).first().innerText();
}

/** The id of what has the focus, or the name of its element. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName || '');
}

/** Presses a key until something has the focus. */
export async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const isThere = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted),
      selector,
    );
    if (isThere) return;
  }
  assert.fail(`${key} does not lead to ${selector}`);
}
