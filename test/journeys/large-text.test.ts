// What a person sees who has set text to twice its size, on a phone. SCREENSHOTS=<folder> keeps a picture
// of each page.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Language } from '../../src/pages/words/languages.ts';
import { browserMissing, launchWithLargeText } from '../helpers/browser.ts';
import { askForCodes, TV } from '../helpers/devices.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { IDENTITY, KNOWN } from '../helpers/identity.ts';
import { newTab, signInAside } from '../helpers/person.ts';
import { registerClient } from '../helpers/registering.ts';
import { SEED } from '../helpers/seeds.ts';
import { cutOff, keepPicture } from '../helpers/sight.ts';

const BOB = {
  username: 'builder',
  password: 'builder-of-things',
  name: 'Bob Builder',
  email: KNOWN.email,
  ...KNOWN.claims,
};

/** Labels and values that go on over lines of a few letters: less than five ems wide. */
function squeezed(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main :is(dt, dd, th, td)')]
      .filter((cell) => cell.checkVisibility())
      .map((cell) => {
        const { fontSize } = getComputedStyle(cell);
        const words = document.createRange();
        words.selectNodeContents(cell);
        const rects = [...words.getClientRects()];
        const lines = new Set(rects.map(({ top }) => Math.round(top))).size;
        const ems = cell.clientWidth / Number.parseFloat(fontSize);
        return { text: cell.textContent.trim(), lines, ems };
      })
      .filter(({ lines, ems }) => lines > 1 && ems < 5)
      .map(({ text, lines, ems }) => `${text}: ${lines} lines of ${ems.toFixed(1)} em`),
  );
}

describe('with text of twice its size, on a phone', { skip: browserMissing() }, async () => {
  const server = await startServer(
    { REGISTRATION: 'open' },
    { seed: { ...SEED, clients: [...SEED.clients, IDENTITY, TV], users: [...SEED.users, BOB] } },
  );
  const redirect_uri = 'https://a-service-of-somebody.example/callback';
  const notes = { client_name: 'Notes', redirect_uris: [redirect_uri] };
  const { client_id } = JSON.parse((await registerClient(server, notes)).text);
  let browser: Browser;
  before(async () => {
    browser = await launchWithLargeText();
  });
  after(() => browser?.close());

  const bob = async (page: Page, url: string) => {
    await signInAside(page, server.issuer, BOB.username, BOB.password);
    await page.goto(url);
  };
  const identity = { client_id: IDENTITY.client_id, redirect_uri: IDENTITY.redirect_uris[0] };
  const pages: Record<string, (page: Page) => Promise<unknown>> = {
    'consent to an app that nobody vouches for': (page) =>
      bob(page, authorizeUrl(server, { client_id, redirect_uri })),
    'consent with all that is known': (page) =>
      bob(page, authorizeUrl(server, { ...identity, scope: IDENTITY.scope })),
    'device, who asks': async (page) => {
      const { verification_uri_complete } = await askForCodes(server);
      await bob(page, verification_uri_complete);
      await page.locator('form button').first().click();
      await page.locator('.warning').waitFor();
    },
    error: (page) =>
      page.goto(authorizeUrl(server, { redirect_uri: 'https://elsewhere.example/' })),
    account: (page) => bob(page, `${server.issuer}/account`),
  };

  for (const locale of ['de', 'zh'] satisfies Language[]) {
    for (const [name, open] of Object.entries(pages)) {
      it(`${name} is not squeezed, nor cut off: ${locale}`, async () => {
        const page = await newTab(browser, { locale, reducedMotion: 'reduce' });
        await open(page);
        for (const width of [320, 360, 390, 768]) {
          await page.setViewportSize({ width, height: 800 });
          await keepPicture(page, 'large text', name, locale, width);
          assert.deepEqual(await squeezed(page), [], `squeezed at ${width}`);
          assert.deepEqual(await cutOff(page), [], `cut off at ${width}`);
        }
      });
    }
  }
});
