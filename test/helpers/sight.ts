// Checks that a page is readable for everybody. SCREENSHOTS=<folder> saves a picture of each page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type axe from 'axe-core';
import type { ConsoleMessage, Page } from 'playwright-core';

/** Minified: the browser reads it once for each page. */
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * All rules run; what they found in order is not described, which takes most of the time. A section that
 * is hidden as a whole is nothing to anybody. The result is undefined in a page that has no axe yet.
 */
const RUN =
  "globalThis.axe?.run({ exclude: ['section[hidden]'] }, { resultTypes: ['violations'] }).then(({ violations }) => violations)";

/** What axe has against a page. */
export async function violations(page: Page): Promise<string[]> {
  let found = await page.evaluate<axe.Result[] | undefined>(RUN);
  if (found === undefined) {
    // Half a megabyte: once is enough for a page, and the browser itself reads it faster than a page does.
    const browser = await page.context().newCDPSession(page);
    await browser.send('Runtime.evaluate', { expression: `${AXE};0` });
    await browser.detach();
    found = await page.evaluate<axe.Result[]>(RUN);
  }
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target}: ${failureSummary}`),
  );
}

/** What can be pressed and is less than 44 px high; links within a sentence may be. Runs in a page. */
function findSmallTargets(): string[] {
  return [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
    .filter((target) => target.checkVisibility() && getComputedStyle(target).display !== 'inline')
    .map((target) => ({ target, height: target.getBoundingClientRect().height }))
    .filter(({ height }) => height < 44)
    .map(({ target, height }) => `${target.outerHTML.slice(0, 80)} is ${height} px high`);
}

/** What makes the page scroll sideways, or is cut off by its box. Runs in a page. */
function findCutOff(): string[] {
  const { scrollWidth, clientWidth } = document.scrollingElement!;
  const wide = [...document.querySelectorAll('main *')].filter(
    (element) =>
      element.getBoundingClientRect().right > clientWidth ||
      // A page from right to left has nowhere to scroll but to the left.
      (element.getBoundingClientRect().left < 0 &&
        !element.classList.contains('visually-hidden')) ||
      (getComputedStyle(element).overflowX !== 'visible' &&
        !element.classList.contains('visually-hidden') &&
        element.scrollWidth > element.clientWidth + 1),
  );
  const page = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
  return [...page, ...wide.map((element) => element.outerHTML.slice(0, 120))];
}

export const cutOff = (page: Page): Promise<string[]> => page.evaluate(findCutOff);

/** The same of a page from right to left, which it stays. */
const cutOffFromRightToLeft = (page: Page): Promise<string[]> =>
  page.evaluate(`document.documentElement.dir = 'rtl'; (${findCutOff})()`);

interface Fit {
  readonly headings: number;
  readonly title: string;
  readonly cut: string[];
  readonly small: string[];
}

/** Each question to a page takes milliseconds, so this is one. */
const FIT = `({
  headings: document.querySelectorAll('h1').length,
  title: document.title,
  cut: (${findCutOff})(),
  small: (${findSmallTargets})(),
})`;

/** The browser notes in the console that the page itself came with an error status. */
export function isStatus(message: ConsoleMessage, url: string, status: number): boolean {
  return (
    status !== 200 &&
    message.location().url === url &&
    message
      .text()
      .startsWith(`Failed to load resource: the server responded with a status of ${status}`)
  );
}

const SCREENSHOTS = process.env['SCREENSHOTS'];

/** @param name of the file, in parts */
export async function keepPicture(page: Page, ...name: (string | number)[]): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  const file = `${name.join('-').replaceAll(' ', '-')}.png`;
  await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
}

/**
 * Finds one h1, nothing cut off and targets that are large enough, at the width of a small phone, of a
 * phone, and of a desk.
 *
 * @param name of the pictures, in parts
 * @param site that the title ends with
 * @param look what else is to be seen at a width
 */
export async function assertFits(
  page: Page,
  name: readonly string[],
  site = 'Authorization Server',
  look: (width: number) => Promise<void> = async () => {},
): Promise<void> {
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const { headings, title, cut, small } = await page.evaluate<Fit>(FIT);
    assert.equal(headings, 1, 'exactly one h1');
    assert.match(title, new RegExp(`^\\S.* · ${site}$`));
    assert.deepEqual(cut, [], `wider than ${width}`);
    assert.deepEqual(small, [], `targets at ${width}`);
    await keepPicture(page, ...name, width);
    await look(width);
  }
}

/**
 * The same, and finds nothing for axe to report, in the dark on a phone and light on a desk, and
 * nothing cut off from right to left.
 *
 * @param name of the pictures, in parts
 * @param site that the title ends with
 */
export async function assertLooksRight(
  page: Page,
  name: readonly string[],
  site?: string,
): Promise<void> {
  await assertFits(page, name, site, async (width) => {
    if (width === 320) return;
    const colorScheme = width === 390 ? 'dark' : 'light';
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violations(page), [], `axe, ${colorScheme} at ${width}`);
    await keepPicture(page, ...name, colorScheme, width);
    // None of our languages is written from right to left, and one may be some day.
    const cut = await cutOffFromRightToLeft(page);
    assert.deepEqual(cut, [], `wider than ${width}, from right to left`);
    await keepPicture(page, ...name, 'rtl', width);
    await page.evaluate("document.documentElement.dir = 'ltr'");
  });
}
