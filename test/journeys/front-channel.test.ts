// The frames of the signed-out page, in a browser: apps sign the person out in them.

import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { listen, startServer } from '../helpers/harness.ts';
import { OPENID_SEED, relyingParty, signInUrl } from '../helpers/openid.ts';
import { signedOutPath } from '../helpers/outcomes.ts';
import { choose, heading, newTab, signIn } from '../helpers/person.ts';

describe('frames that sign a person out, in a browser', { skip: browserMissing() }, async () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  const asked: URL[] = [];
  const unanswered: ServerResponse[] = [];
  /** An app with a session of its own, in a cookie. */
  const app = createServer((req, res) => {
    const url = new URL(req.url!, 'http://app.example');
    asked.push(url);
    const cookie = (value: string) => res.setHeader('set-cookie', `app=${value}; HttpOnly; Path=/`);
    if (url.pathname === '/callback') cookie('alice');
    if (url.pathname === '/out') cookie('; Max-Age=0');
    if (url.pathname === '/never') return void unanswered.push(res);
    if (url.pathname === '/favicon.ico') return void res.end();
    const script = url.pathname === '/escape' ? `<script>top.location = '/caught'</script>` : '';
    if (url.pathname === '/file') res.setHeader('content-disposition', 'attachment');
    const who = req.headers.cookie?.includes('app=alice') ? 'Hello Alice' : 'Please sign in';
    res.setHeader('content-type', 'text/html').end(`<h1>${who}</h1>${script}`);
  });
  await listen(app);
  app.unref();
  after(() => {
    for (const res of unanswered) res.end();
    app.close();
  });
  const origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const redirect_uri = `${origin}/callback`;
  const server = await startServer(
    {},
    {
      seed: {
        ...OPENID_SEED,
        clients: [
          relyingParty('framed', {
            redirect_uris: [redirect_uri],
            frontchannel_logout_uri: `${origin}/out`,
          }),
          ...OPENID_SEED.clients,
        ],
      },
    },
  );
  /** The URL of a signed-out page with these frames, which goes on to the app. */
  const leaving = async (...paths: string[]) => {
    const frames = paths.map((path) => `${origin}${path}`);
    const onward = { frames, target: `${origin}/bye?state=1` };
    return server.origin + (await signedOutPath(server, { unknown: ['The app'] }, onward));
  };
  const asks = (path: string) => asked.filter(({ pathname }) => pathname === path);

  it('clear the cookie of an app, which is told issuer and session', async () => {
    asked.length = 0;
    const page = await newTab(browser);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(signInUrl(server, 'framed', { redirect_uri }));
    await signIn(page);
    await choose(page, 'Allow');
    await page.waitForURL(`${redirect_uri}?**`);
    await page.goto(origin);
    await heading(page, 'Hello Alice');

    await page.goto(`${server.issuer}/logout`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    assert.equal(await page.locator('iframe').isVisible(), false);
    await page.goto(origin);
    await heading(page, 'Please sign in');
    const [{ searchParams }] = asks('/out') as [URL];
    assert.deepEqual([...searchParams.keys()], ['iss', 'sid']);
    assert.equal(searchParams.get('iss'), server.issuer);
    assert.match(searchParams.get('sid')!, /^[\w-]{43}$/);
    assert.deepEqual(complaints, []);
  });

  it('are loaded before the page goes on by itself, and Back does not come to it', async () => {
    asked.length = 0;
    const page = await newTab(browser);
    await page.goto(`${origin}/start`);
    await page.goto(await leaving('/out?a', '/out?b'));
    await page.waitForURL(`${origin}/bye?state=1`);
    assert.equal(asks('/out').length, 2);
    await page.goBack();
    assert.equal(page.url(), `${origin}/start`);
  });

  it('hold the page for five seconds if one of them never answers', async () => {
    const page = await newTab(browser);
    await page.clock.install();
    await page.goto(await leaving('/out', '/never'), { waitUntil: 'commit' });
    await page.getByRole('link', { name: 'Continue to' }).waitFor();
    await page.clock.runFor(4900);
    assert.match(page.url(), /\/logout\?done=/);
    await page.clock.runFor(200);
    await page.waitForURL(`${origin}/bye?state=1`);
  });

  it('come with a link for browsers that run no scripts', async () => {
    asked.length = 0;
    const page = await newTab(browser, { javaScriptEnabled: false });
    await page.goto(await leaving('/out'));
    assert.equal(asks('/out').length, 1);
    await page.getByRole('link', { name: `Continue to ${new URL(origin).host}` }).click();
    await page.waitForURL(`${origin}/bye?state=1`);
  });

  it('cannot take the page elsewhere, and leave no file behind', async () => {
    asked.length = 0;
    const page = await newTab(browser);
    const files: string[] = [];
    page.on('download', (download) => files.push(download.url()));
    const frames = [`${origin}/escape`, `${origin}/file`];
    const path = await signedOutPath(server, {}, { frames });
    await page.goto(server.origin + path);
    await heading(page, 'You are signed out');
    assert.equal(page.url(), server.origin + path);
    assert.deepEqual([asks('/escape').length, asks('/caught').length], [1, 0]);
    assert.deepEqual([asks('/file').length, files.length], [1, 0]);
  });
});
