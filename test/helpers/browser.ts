// The browser that the tests drive: found, or installed where that is allowed.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const find = () => PLACES.find((place) => place !== undefined && existsSync(place));

/** Installs Chromium where none is found and this process may; says so plainly where it may not. */
export function provideBrowser(): void {
  if (find() !== undefined) return;
  const say = (line: string) => process.stdout.write(`${line}\n`);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(
      'No Chromium or Chrome found, so the browser tests are skipped. Install one, or set CHROME_PATH.',
    );
    return;
  }
  say('No Chromium found: installing it with apt-get.');
  try {
    execFileSync('apt-get', ['update'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
    });
  } catch (error) {
    say(`Chromium could not be installed: ${(error as Error).message}`);
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
