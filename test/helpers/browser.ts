// The browser that the tests drive: found, or installed if that is allowed.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { install, mayInstall } from './debian.ts';

/** Chromium without what it needs for a screen: the same engine, and half the time for each page. */
const SHELL = '/usr/bin/chromium-headless-shell';

const PLACES = [
  process.env['CHROME_PATH'],
  SHELL,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const find = () => PLACES.find((place) => place !== undefined && existsSync(place));

/** Installs a browser if the best one is missing and this process may; says so plainly if it may not. */
export function provideBrowser(): void {
  if (process.env['CHROME_PATH'] !== undefined || existsSync(SHELL)) return;
  for (const name of mayInstall() ? ['chromium-headless-shell', 'chromium'] : []) {
    if (name === 'chromium' && find() !== undefined) return;
    if (install('the browser tests', name)) return;
  }
  if (find() === undefined) {
    process.stdout.write(
      'No Chromium or Chrome found, so the browser tests are skipped. Install one, or set CHROME_PATH.\n',
    );
  }
}

/** Why the browser tests cannot run, for node:test's `skip`; on CI that is a failure instead. */
export function browserMissing(): string | false {
  if (process.env['TEST_FAST']) return 'needs a browser';
  if (find() !== undefined) return false;
  if (process.env['CI']) throw new Error('The browser tests need Chromium, and there is none.');
  return 'no Chromium or Chrome found';
}

/** A headless browser that makes no connections of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: find()!,
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
    ],
  });
}
