// Every page as people meet it: at the width of a phone and of a desk, in light and in dark, by
// eye, by keyboard and by screen reader. SCREENSHOTS=<folder> keeps a picture of each.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { authorizeUrl, SEED, startServer, type TestServer } from '../harness.ts';
import { choose, follow, heading, newTab, signIn } from './person.ts';
import { startDemo } from './servers.ts';
import { cutOff, isStatus, LOOKS, smallTargets, violations } from './sight.ts';

interface Servers {
  readonly server: TestServer;
  /** The issuer of a server in demo mode. */
  readonly demo: string;
}

interface View {
  readonly name: string;
  /** The status of the page; 200 where absent. */
  readonly status?: number;
  /** From an empty tab to the page. */
  readonly open: (page: Page, servers: Servers) => Promise<unknown>;
}

/** A client and a user with names that no layout expects. */
const LONG = {
  client: {
    client_id: 'long',
    client_secret: 'long-secret',
    client_name: `Donaudampfschifffahrts${'gesellschaft'.repeat(8)}`,
    client_uri: `https://${'a-rather-long-name.'.repeat(8)}example/with/a/path`,
    redirect_uris: [`https://${'a-rather-long-name.'.repeat(8)}example/callback`],
    scope: 'read write admin',
  },
  user: { username: 'a'.repeat(200), password: 'long', name: 'Alice '.repeat(40).trim() },
};

const demoClient = { client_id: 'codecademy', redirect_uri: 'http://localhost:3000/callback' };

/** A signed-in person at a client's request. */
async function consent(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await signIn(page);
  await page.getByRole('button', { name: 'Allow' }).waitFor();
}

const VIEWS: readonly View[] = [
  {
    name: 'login',
    open: (page, { demo }) => page.goto(authorizeUrl({ issuer: demo }, demoClient)),
  },
  {
    name: 'login without a client',
    open: (page, { server }) => page.goto(`${server.issuer}/login`),
  },
  {
    name: 'login with an error',
    status: 400,
    open: async (page, { demo }) => {
      await page.goto(authorizeUrl({ issuer: demo }, demoClient));
      await signIn(page, 'alice', 'wrong');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'consent',
    open: (page, { demo }) =>
      consent(page, authorizeUrl({ issuer: demo }, { ...demoClient, scope: 'read write' })),
  },
  {
    name: 'consent with long names',
    open: async (page, { server }) => {
      const { client, user } = LONG;
      await page.goto(
        authorizeUrl(server, {
          client_id: client.client_id,
          redirect_uri: client.redirect_uris[0],
          scope: client.scope,
        }),
      );
      await signIn(page, user.username, user.password);
      await page.getByRole('button', { name: 'Allow' }).waitFor();
    },
  },
  {
    name: 'consent with an error',
    status: 400,
    open: async (page, { server }) => {
      await consent(page, authorizeUrl(server, { prompt: 'consent' }));
      // As after a sign-in as somebody else in another tab.
      await page.locator('[name=csrf_token]').evaluate((input: HTMLInputElement) => {
        input.value = 'of another session';
      });
      await choose(page, 'Allow');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'signed in',
    open: async (page, { server }) => {
      await page.goto(`${server.issuer}/login`);
      await signIn(page);
      await heading(page, 'You are signed in');
    },
  },
  {
    name: 'signed out',
    open: (page, { server }) => page.goto(`${server.issuer}/logout`),
  },
  {
    name: 'error',
    status: 400,
    open: (page, { server }) => page.goto(authorizeUrl(server, { client_id: 'nobody' })),
  },
  {
    name: 'not found',
    status: 404,
    open: (page, { server }) => page.goto(`${server.issuer}/nothing/here`),
  },
  {
    name: 'home with demo',
    open: (page, { demo }) => page.goto(demo),
  },
  {
    name: 'home signed in',
    open: async (page, { demo }) => {
      await page.goto(`${demo}/login`);
      await signIn(page);
      await heading(page, 'You are signed in');
      await page.goto(demo);
    },
  },
  {
    name: 'home without demo',
    open: (page, { server }) => page.goto(server.issuer),
  },
  {
    name: 'demo callback with a code',
    open: async (page, { demo }) => {
      await page.goto(demo);
      await follow(page, 'Try the sign-in');
      await signIn(page);
      await choose(page, 'Allow');
      await page.waitForURL(`${demo}/demo/callback?**`);
    },
  },
  {
    name: 'demo callback with an error',
    open: async (page, { demo }) => {
      await page.goto(
        authorizeUrl(
          { issuer: demo },
          {
            client_id: 'codecademy',
            redirect_uri: `${demo}/demo/callback`,
            scope: 'admin',
          },
        ),
      );
      await page.waitForURL(`${demo}/demo/callback?**`);
    },
  },
];

const SCREENSHOTS = process.env['SCREENSHOTS'];

describe('the pages, in a browser', { skip: browserMissing() }, async () => {
  const servers = {
    server: await startServer(
      {},
      {
        seed: {
          ...SEED,
          clients: [...SEED.clients, LONG.client],
          users: [...SEED.users, LONG.user],
        },
      },
    ),
    demo: await startDemo(),
  };
  let browser: Browser;
  before(async () => {
    if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  for (const { name, status = 200, open } of VIEWS) {
    it(`${name}: nothing for axe to find, one h1, nothing cut off, targets large enough`, async () => {
      // With motion a colour may still be on its way when axe looks.
      const page = await newTab(browser, { reducedMotion: 'reduce' });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (!isStatus(message, page.url(), status)) complaints.push(message.text());
      });
      await open(page, servers);
      await page.waitForLoadState();

      assert.equal(await page.locator('h1').count(), 1, 'exactly one h1');
      assert.match(await page.title(), /^\S.* · Authorization Server$/);
      await page.evaluate(axe.source);
      for (const { colorScheme, width } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await violations(page), [], `axe, ${colorScheme} at ${width}`);
        assert.deepEqual(await smallTargets(page), [], `targets at ${width}`);
        if (SCREENSHOTS) {
          const file = `${name.replaceAll(' ', '-')}-${colorScheme}-${width}.png`;
          await page.screenshot({ path: join(SCREENSHOTS, file), fullPage: true });
        }
      }
      for (const width of [320, 390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        assert.deepEqual(await cutOff(page), [], `wider than ${width}`);
      }
      assert.deepEqual(complaints, [], 'the console is empty');
    });
  }
});
