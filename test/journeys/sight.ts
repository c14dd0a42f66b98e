// What a page must not have, whoever looks at it.

import type axe from 'axe-core';
import type { ConsoleMessage, Page } from 'playwright-core';

/** Light and dark, each at the width of a phone and of a desk. */
export const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({ colorScheme, width })),
);

/** What axe has against a page; it has to be given `axe.source` before. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target}: ${failureSummary}`),
  );
}

/** What can be pressed and is less than 44 px high; links within a sentence may be. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]
      .filter((target) => getComputedStyle(target).display !== 'inline')
      .map((target) => ({ target, height: target.getBoundingClientRect().height }))
      .filter(({ height }) => height < 44)
      .map(({ target, height }) => `${target.outerHTML.slice(0, 80)} is ${height} px high`),
  );
}

/** What makes the page scroll sideways, or is cut off by its box. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
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
  });
}

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
