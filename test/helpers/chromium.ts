// Chromium, or a browser made of it: found, or installed if that is allowed.

import { existsSync } from 'node:fs';
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

/** The program of the best browser there is, if there is one. */
export const findBrowser = () => PLACES.find((place) => place !== undefined && existsSync(place));

/** Installs a browser if the best one is missing and this process may; says so plainly if it may not. */
export function provideBrowser(): void {
  if (process.env['CHROME_PATH'] !== undefined || existsSync(SHELL)) return;
  for (const name of mayInstall() ? ['chromium-headless-shell', 'chromium'] : []) {
    if (name === 'chromium' && findBrowser() !== undefined) return;
    if (install('the browser tests', name)) return;
  }
  if (findBrowser() === undefined) {
    process.stdout.write(
      'No Chromium or Chrome found, so the browser tests are skipped. Install one, or set CHROME_PATH.\n',
    );
  }
}
