// A response by form_post, in a browser: a script sends the form, or a button where no scripts run.

import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { OPENID_SEED, relyingParty, signInUrl } from '../helpers/openid.ts';
import { choose, heading, newTab, signIn } from '../helpers/person.ts';

type Params = Record<string, string | undefined>;

describe('a response by form_post, in a browser', { skip: browserMissing() }, async () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  /** What a client was sent. */
  const received: {
    method: string;
    url: string;
    body: URLSearchParams;
    headers: IncomingHttpHeaders;
  }[] = [];
  const client = createServer(async (req, res) => {
    const { method = '', url = '', headers } = req;
    const body = new URLSearchParams(await text(req));
    if (url.startsWith('/callback')) received.push({ method, url, body, headers });
    const frame =
      url === '/silent'
        ? `<iframe src="${request({ prompt: 'none' }).replaceAll('&', '&amp;')}"></iframe>`
        : '';
    res.setHeader('content-type', 'text/html').end(`<h1>Back at the client</h1>${frame}`);
  });
  await listen(client);
  client.unref();
  after(() => client.close());
  const origin = `http://127.0.0.1:${(client.address() as AddressInfo).port}`;
  const redirect_uri = `${origin}/callback`;
  const own = await startServer(
    {},
    { seed: { ...OPENID_SEED, clients: [relyingParty('rp', { redirect_uris: [redirect_uri] })] } },
  );
  const request = (params: Params = {}) =>
    signInUrl(own, 'rp', { redirect_uri, response_mode: 'form_post', ...params });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'by itself, with scripts' : 'by its button, without scripts';
    it(`goes to the client ${how}`, async () => {
      received.length = 0;
      const page = await newTab(browser, { javaScriptEnabled });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(origin);
      await page.goto(request({ prompt: 'consent' }));
      await signIn(page);
      await choose(page, 'Allow');
      if (!javaScriptEnabled) {
        await heading(page, `You are returning to ${new URL(origin).host}`);
        await page.getByRole('button', { name: 'Continue' }).click();
      }
      await heading(page, 'Back at the client');
      assert.deepEqual(complaints, []);
      assert.equal(received.length, 1);
      const [{ method, url, body, headers }] = received as [(typeof received)[0]];
      assert.equal(method, 'POST');
      assert.equal(url, '/callback');
      assert.equal(headers['content-type'], 'application/x-www-form-urlencoded');
      assert.equal(headers['origin'], own.origin);
      assert.equal(headers['referer'], `${own.origin}/`);
      assert.deepEqual([...body.keys()].sort(), ['code', 'iss', 'state']);
    });
  }

  it('goes to the client in a hidden frame of its own, and in nobody else’s', async () => {
    for (const [at, count] of [
      [origin, 1],
      [origin.replace('127.0.0.1', 'localhost'), 0],
    ] as const) {
      received.length = 0;
      const page = await newTab(browser);
      await page.goto(`${at}/silent`, { waitUntil: 'networkidle' });
      assert.equal(received.length, count, at);
    }
  });

  it('that is an error goes to the client by itself, and Back does not send it again', async () => {
    received.length = 0;
    const page = await newTab(browser);
    await page.goto(`${origin}/start`);
    await page.goto(request({ prompt: 'none' }));
    await heading(page, 'Back at the client');
    assert.equal(received.length, 1);
    assert.equal(received[0]!.body.get('error'), 'login_required');
    await page.goBack();
    assert.equal(page.url(), `${origin}/start`);
    assert.equal(received.length, 1);
  });
});
