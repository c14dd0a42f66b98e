// The picture of a client, as it is seen in a browser.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { logoHost } from '../helpers/logos.ts';
import { SEED } from '../helpers/seeds.ts';
import { assertLooksRight } from '../helpers/sight.ts';

describe('a client with a picture, in a browser', { skip: browserMissing() }, async () => {
  let browser: Browser | undefined;
  after(() => browser?.close());
  const host = await logoHost();

  /** The consent page, and what stands in the middle of the client's tile. */
  async function open(path: string): Promise<{ page: Page; seen: string; loaded: boolean }> {
    const web = {
      ...SEED.clients[0],
      logo_uri: `${host.origin}${path}`,
      client_uri: 'https://web.example/',
      policy_uri: 'https://web.example/privacy',
      tos_uri: 'https://web.example/terms',
    };
    const server = await startServer({}, { seed: { ...SEED, clients: [web] } });
    browser ??= await launchBrowser();
    const page = await browser.newPage({
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 1000 },
    });
    await page.goto(authorizeUrl(server, { prompt: 'consent' }));
    await page.fill('input[name=username]', 'alice');
    await page.fill('input[name=password]', 'wonderland');
    await page.press('input[name=password]', 'Enter');
    await page.waitForSelector('.tile img', { state: 'attached' });
    await page.waitForLoadState('load');
    const found = await page.evaluate(() => {
      const { left, top, width, height } = document.querySelector('.tile')!.getBoundingClientRect();
      const image = document.querySelector<HTMLImageElement>('.tile img')!;
      const element = document.elementFromPoint(left + width / 2, top + height / 2);
      return { seen: element?.tagName ?? '', loaded: image.naturalWidth > 0 };
    });
    return { page, ...found };
  }

  it('is seen with it, and looks right', async () => {
    const { page, seen, loaded } = await open('/logo');
    assert.deepEqual([seen, loaded], ['IMG', true]);
    await assertLooksRight(page, ['consent with a logo']);
    await page.close();
  });

  it('is seen with its first letter if it cannot be had', async () => {
    const { page, loaded } = await open('/none');
    assert.equal(loaded, false);
    const box = await page.locator('.tile img').boundingBox();
    assert.equal(box?.width ?? 0, 0);
    const [tile, letter] = await page.evaluate(() =>
      ['.tile', '.tile > span'].map((name) => {
        const { top, height } = document.querySelector(name)!.getBoundingClientRect();
        return top + height / 2;
      }),
    );
    assert.ok(Math.abs(tile! - letter!) < 2, 'the letter is in the middle');
    await assertLooksRight(page, ['consent without its logo']);
    await page.close();
  });
});
