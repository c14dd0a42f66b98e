// The browser that the tests drive.

import { after } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from './chromium.ts';

/** Why the browser tests cannot run, for node:test's `skip`; on CI that is a failure instead. */
export function browserMissing(): string | false {
  if (process.env['TEST_FAST']) return 'needs a browser';
  if (findBrowser() !== undefined) return false;
  if (process.env['CI']) throw new Error('The browser tests need Chromium, and there is none.');
  return 'no Chromium or Chrome found';
}

let launched: Promise<Browser> | undefined;
const ends: (() => Promise<void>)[] = [];
after(() => Promise.all(ends.map((end) => end())));

/**
 * A headless browser that makes no connections of its own. There is one for all files of a process, as to
 * start one takes a second: to close it closes its tabs.
 */
export function launchBrowser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

/** The same of a person who has set text to twice its size. There is one for each call. */
export function launchWithLargeText(): Promise<Browser> {
  return launch(['--blink-settings=defaultFontSize=32']);
}

async function launch(further: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findBrowser()!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Each tab is a person of its own, and a process for each would be a third of what it costs.
      '--renderer-process-limit=1',
      ...further,
    ],
  });
  const close = browser.close.bind(browser);
  ends.push(() => close());
  browser.close = async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  };
  return browser;
}
