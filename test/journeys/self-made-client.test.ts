// What a person sees of a client that nobody here vouches for, in a browser.

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { languages } from '../../src/pages/words/languages.ts';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { documentHost, REDIRECT_URI } from '../helpers/documents.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer } from '../helpers/harness.ts';
import { httpsMissing } from '../helpers/https-host.ts';
import { LOGO } from '../helpers/logos.ts';
import { assertLooksRight } from '../helpers/sight.ts';

const skip = browserMissing() || httpsMissing();

describe('a client that is known by its document, in a browser', { skip }, async () => {
  let browser: Browser | undefined;
  after(() => browser?.close());
  const host = await documentHost();
  const server = await startServer({ CLIENT_METADATA_DOCUMENTS: 'on' });
  host.answers['/logo.png'] = (_req, res) => res.end(LOGO);
  const client_id = host.publish('/client.json', {
    redirect_uris: ['http://127.0.0.1/callback', REDIRECT_URI],
    logo_uri: `${host.origin}/logo.png`,
    client_uri: `${host.origin}/`,
  });
  it('is shown with what is proved of it, in each language', async () => {
    browser = await launchBrowser();
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    for (const [index, ui_locales] of languages.entries()) {
      for (const redirect_uri of ['http://127.0.0.1:51234/callback', REDIRECT_URI]) {
        await page.goto(authorizeUrl(server, { client_id, redirect_uri, ui_locales }));
        if (index === 0 && redirect_uri !== REDIRECT_URI) {
          await page.fill('input[name=username]', 'alice');
          await page.fill('input[name=password]', 'wonderland');
          await page.press('input[name=password]', 'Enter');
        }
        const facts = page.locator('.warning dd');
        await facts.first().waitFor();
        const place = new URL(redirect_uri).host;
        assert.deepEqual(await facts.allTextContents(), [host.host, place]);
        await assertLooksRight(page, [
          `consent to a client of a document, ${ui_locales}, ${place}`,
        ]);
      }
    }
    await page.close();
  });
});
