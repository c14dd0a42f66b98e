// An app that is a page and nothing else, by the library that most of them have, as it comes from npm.
// The page is at another origin than the server, so the browser asks the server about all that it sends.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { openServer, startServer } from '../helpers/harness.ts';
import { choose, newTab, signIn } from '../helpers/person.ts';
import { SEED } from '../helpers/seeds.ts';

const ALICE = { ...SEED.users[0], email: 'alice@example.com' };

async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../openid-clients/oidc-client-ts.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]!.text;
}

describe('a page with oidc-client-ts', { skip: browserMissing() }, async () => {
  const { server: listener, origin } = await openServer();
  const page = origin.replace('127.0.0.1', 'localhost');
  const client = {
    client_id: 'page',
    client_name: 'A Page',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [`${page}/callback`],
    post_logout_redirect_uris: [`${page}/signed-out`],
  };
  const server = await startServer({}, { seed: { clients: [client], users: [ALICE] } });
  const app = express();
  const bundled = await script();
  app.get('/page.js', (_req, res) => void res.type('js').send(bundled));
  app.get(
    ['/', '/callback', '/signed-out'],
    (_req, res) =>
      void res.type('html').send(
        `<!doctype html><html lang="en" data-authority="${server.issuer}" data-client-id="page">
        <title>A page</title><output></output>
        ${['sign in', 'renew', 'revoke', 'sign out'].map((one) => `<button value="${one}">${one}</button>`).join('')}
        <script type="module" src="/page.js"></script></html>`,
      ),
  );
  listener.on('request', app);

  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  const press = (tab: Page, name: string) => tab.getByRole('button', { name, exact: true }).click();
  const says = async (tab: Page, expected: string) => {
    await tab.waitForFunction(() => document.querySelector('output')?.textContent);
    assert.equal(await tab.locator('output').textContent(), expected);
  };

  it('signs a person in, renews, revokes and signs out, with no server of its own', async () => {
    const tab = await newTab(browser);
    await tab.goto(page);
    await press(tab, 'sign in');
    await signIn(tab);
    await choose(tab, 'Allow');
    await says(tab, 'Alice Liddell, alice@example.com');
    await press(tab, 'renew');
    await says(tab, 'renewed for Alice Liddell');
    await press(tab, 'revoke');
    await says(tab, 'revoked');
    assert.equal((await server.store.grants.listByUser('alice', Date.now())).length, 0);
    await press(tab, 'sign out');
    await says(tab, 'signed out');
    await tab.goto(`${server.issuer}/login`);
    assert.equal(await tab.getByLabel('Password').count(), 1, 'nobody is signed in');
  });
});
