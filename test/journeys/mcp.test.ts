// Assistants that meet an MCP server they have never seen: from its bare 401 to what a tool answers, by
// the SDKs as they come from npm, in a browser.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { createApp } from '../../examples/mcp-server/one-app.ts';
import { memoryStore } from '../../src/index.ts';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { documentHost } from '../helpers/documents.ts';
import { openServer } from '../helpers/harness.ts';
import { httpsMissing } from '../helpers/https-host.ts';
import { choose, newTab, read, signIn } from '../helpers/person.ts';

const SDKS = { 1: '@modelcontextprotocol/sdk', 2: '@modelcontextprotocol/client' } as const;

type Version = keyof typeof SDKS;

/** The page of test/mcp-clients, as a bundler makes it. */
async function scriptOf(version: Version): Promise<string> {
  const entry = fileURLToPath(new URL(`../mcp-clients/sdk-${version}.ts`, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // A browser reads it anew for each page that it comes to.
    minify: true,
    write: false,
  });
  return outputFiles[0]!.text;
}

const PAGE = `<!doctype html><html lang="en"><title>A page</title><output></output>
  <button value='["list_appointments", {}]'>List</button>
  <button value='["make_appointment",
    {"title": "Lobster quadrille", "place": "Shore", "starts": "2030-01-01T10:00:00Z"}]'>Make</button>
  <script type="module" src="/page.js"></script></html>`;

/** The page's own site: on `localhost`, where the server is `127.0.0.1`, so it is another to a browser. */
async function serveClient(version: Version): Promise<string> {
  const [{ server, origin }, script] = await Promise.all([openServer(), scriptOf(version)]);
  const app = express();
  app.get('/page.js', (_req, res) => void res.type('js').send(script));
  app.get(['/', '/callback'], (_req, res) => void res.type('html').send(PAGE));
  server.on('request', app);
  return origin.replace('127.0.0.1', 'localhost');
}

/** Waits until a tool has answered. */
async function shown(page: Page, expected: RegExp): Promise<string> {
  await page.waitForFunction(() => document.querySelector('output')?.textContent);
  const text = await read(page, 'output');
  assert.match(text, expected);
  return text;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Makes the page's access token one that no server knows. */
const spoilToken = (page: Page) =>
  page.evaluate(() => {
    const tokens = JSON.parse(sessionStorage.getItem('tokens') ?? '{}');
    sessionStorage.setItem('tokens', JSON.stringify({ ...tokens, access_token: 'spoilt' }));
  });

const clientOf = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(sessionStorage.getItem('client') ?? '{}').client_id);

const TEA = /Tea with the Hatter, Under the tree/;

const skip = browserMissing() || httpsMissing();

for (const version of [1, 2] as const) {
  describe(`a page with ${SDKS[version]}, in a browser`, { skip }, async () => {
    const client = await serveClient(version);
    const { server, origin: issuer } = await openServer();
    const redirect = {
      redirect_uris: [`${client}/callback`],
      token_endpoint_auth_method: 'none' as const,
    };
    const documents = await documentHost();
    // With no port, for a program on its person's machine does not know which one will be free.
    const document = documents.publish('/page.json', {
      client_name: 'A Page',
      redirect_uris: ['http://localhost/callback'],
    });
    const store = memoryStore();
    const app = createApp(issuer, {
      store,
      allowInternalUrls: true,
      clients: [
        {
          ...redirect,
          client_id: 'page',
          grant_types: ['authorization_code', 'refresh_token'],
          // Version 2 asks for offline_access as well.
          scope: 'read write',
        },
        { ...redirect, client_id: 'once', grant_types: ['authorization_code'] },
      ],
    });
    server.on('request', app);

    let browser: Browser;
    before(async () => {
      browser = await launchBrowser();
    });
    after(() => browser?.close());

    /** Opens the page in a browser that nobody has used, and comes back signed in. */
    const connect = async (how: Record<string, string>): Promise<Page> => {
      const page = await newTab(browser);
      const query = new URLSearchParams({ server: `${issuer}/mcp`, ...how });
      await page.goto(`${client}/?${query}`);
      await signIn(page);
      await choose(page, 'Allow');
      await shown(page, /^Connected\.$/);
      return page;
    };

    for (const [how, settings] of Object.entries({
      'as a client that somebody has registered': { client_id: 'page' },
      'by the document at its id': { document },
      'by registration': {},
    })) {
      it(`gets from a 401 to what a tool answers, ${how}`, async () => {
        const page = await connect(settings);
        await press(page, 'List');
        await shown(page, TEA);
      });
    }

    for (const [how, settings] of Object.entries({
      'by the document at its id': { document },
      'by registration': {},
    })) {
      it(`begins anew once the server has forgotten it, ${how}`, async () => {
        const page = await connect(settings);
        const clientId = await clientOf(page);
        await store.clients.remove(clientId);
        await spoilToken(page);
        await press(page, 'List');
        await choose(page, 'Allow');
        await shown(page, TEA);
        assert.ok(await store.clients.find(await clientOf(page)));
      });
    }

    it('refreshes when its token has expired, and the person sees nothing of it', async () => {
      const page = await connect({ client_id: 'page' });
      await spoilToken(page);
      await press(page, 'List');
      await shown(page, TEA);
      assert.equal(new URL(page.url()).origin, client);
    });

    // The first version refreshes instead of asking, if it can.
    for (const [how, settings] of Object.entries({
      'as a client that somebody has registered': { client_id: version === 1 ? 'once' : 'page' },
      ...(version === 2 && {
        'by the document at its id': { document },
        // It has named what its first request needed, and nothing else.
        'by registration': {},
      }),
    })) {
      it(`asks the person for more once a tool needs more, and keeps what it had, ${how}`, async () => {
        const page = await connect(settings as Record<string, string>);
        await press(page, 'Make');
        await choose(page, 'Allow');
        await shown(page, /^Lobster quadrille is in the agenda\.$/);
        await press(page, 'List');
        await shown(page, TEA);
      });
    }
  });
}
