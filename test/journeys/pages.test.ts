// Every page as people meet it: in each language, at the width of a phone and of a desk, in light and
// in dark, by eye, by keyboard and by screen reader. SCREENSHOTS=<folder> keeps a picture of each.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accentsOf } from '../../src/pages/colors.ts';
import { languages, words } from '../../src/pages/words/languages.ts';
import type { Words } from '../../src/pages/words/words.ts';
import { hashPassword } from '../../src/protocol/passwords.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { startDemo } from '../helpers/demo.ts';
import { askForCodes, TV } from '../helpers/devices.ts';
import { authorizeUrl } from '../helpers/flows.ts';
import { startServer, type TestServer } from '../helpers/harness.ts';
import { KNOWN } from '../helpers/identity.ts';
import { signedOutPath } from '../helpers/outcomes.ts';
import { choose, heading, newTab, signIn, signInAside, tabTo } from '../helpers/person.ts';
import { SEED } from '../helpers/seeds.ts';
import {
  assertFits,
  assertLooksRight,
  isStatus,
  keepPicture,
  violations,
} from '../helpers/sight.ts';

interface Servers {
  readonly server: TestServer;
  /** The issuer of a server in demo mode. */
  readonly demo: string;
  /** One that fails at its first question to the store. */
  readonly broken: TestServer;
}

interface View {
  readonly name: string;
  /** The status of the page; 200 where absent. */
  readonly status?: number;
  /** From an empty tab to the page; what is read on the way is in these words. */
  readonly open: (page: Page, servers: Servers, words: Words) => Promise<unknown>;
}

/** A client and a user with names that no layout expects. */
const LONG = {
  client: {
    client_id: 'long',
    client_secret: 'long-secret',
    client_name: `Donaudampfschifffahrts${'gesellschaft'.repeat(8)}`,
    client_uri: `https://${'a-rather-long-name.'.repeat(8)}example/with/a/path`,
    redirect_uris: [`https://${'a-rather-long-name.'.repeat(8)}example/callback`],
    post_logout_redirect_uris: [`https://${'a-rather-long-name.'.repeat(8)}example/bye`],
    scope: 'read write admin',
  },
  user: { username: 'a'.repeat(200), password: 'long', name: 'Alice '.repeat(40).trim() },
};

const THREE_SCOPES = {
  client_id: 'three',
  client_secret: 'three-secret',
  client_name: 'Calendar',
  client_uri: 'https://calendar.example',
  redirect_uris: ['https://calendar.example/callback'],
  post_logout_redirect_uris: ['https://calendar.example/bye'],
  scope: 'read write admin',
};

const LONG_TV = {
  ...TV,
  client_id: 'long-tv',
  client_name: LONG.client.client_name,
  client_uri: LONG.client.client_uri,
};

/** A client that only wants to know who somebody is. */
const IDENTITY = {
  client_id: 'identity',
  client_secret: 'identity-secret',
  client_name: 'Guest Book',
  redirect_uris: ['https://identity.example/callback'],
  scope: 'openid profile email address phone groups',
};

/** Somebody of whom all is known. */
const DORA = {
  username: 'dora',
  password: 'explorer',
  name: 'Dora',
  email: `a-${'rather-long-'.repeat(4)}name@example.com`,
  ...KNOWN.claims,
};

const EVE = { id: 'eve', username: 'eve', name: 'Eve' };

/** The page of a link by which somebody sets a new password. */
async function openLink(page: Page, { users }: TestServer, id = 'dora'): Promise<void> {
  const link = await users.createResetLink(id);
  await page.goto(link!.url);
}

async function setPassword(page: Page, words: Words, fresh: string, again = fresh): Promise<void> {
  await page.locator(':focus').waitFor();
  await page.getByLabel(words['account.password.new'], { exact: true }).fill(fresh);
  await page.getByLabel(words['account.password.again']).fill(again);
  await page.getByRole('button', { name: words['resetPassword.submit'] }).click();
}

/** From an empty tab to the question whether to sign out, asked by a client or by nobody known. */
async function askedToSignOut(
  page: Page,
  { issuer }: TestServer,
  client?: { client_id: string; post_logout_redirect_uris: string[] },
  { username, password } = { username: 'alice', password: 'wonderland' },
): Promise<void> {
  await signInAside(page, issuer, username, password);
  const params = client && {
    client_id: client.client_id,
    post_logout_redirect_uri: client.post_logout_redirect_uris[0]!,
  };
  await page.goto(`${issuer}/oauth/end-session?${new URLSearchParams(params)}`);
}

/** What is known of her, as a client asks for it. */
async function consentOfDora(page: Page, { server }: Servers, words: Words): Promise<void> {
  const { client_id, redirect_uris, scope } = IDENTITY;
  const redirect_uri = redirect_uris[0];
  await signInAside(page, server.issuer, DORA.username, DORA.password);
  await page.goto(authorizeUrl(server, { client_id, redirect_uri, scope, prompt: 'consent' }));
  await isConsent(page, words);
}

const demoClient = { client_id: 'codecademy', redirect_uri: 'http://localhost:3000/callback' };

function onConsent(page: Page, words: Words): Promise<void> {
  return page.getByRole('button', { name: words['consent.allow'] }).waitFor();
}

/** The same of a page that is there already; to look for a role takes as long as to draw the page. */
async function isConsent(page: Page, words: Words): Promise<void> {
  const buttons = await page.evaluate(() =>
    [...document.querySelectorAll('main button')].map((button) => button.textContent.trim()),
  );
  assert.ok(buttons.includes(words['consent.allow']), `${buttons}`);
}

/** A signed-in person at a client's request. */
async function consent(page: Page, url: string, words: Words): Promise<void> {
  await signInAside(page, new URL(url).origin);
  await page.goto(url);
  await isConsent(page, words);
}

/** A signed-in person at the page for devices. */
async function enterCode(page: Page, url: string, words: Words): Promise<void> {
  await signInAside(page, new URL(url).origin);
  await page.goto(url);
  await heading(page, words['device.title']);
}

/** The same, where they see which device asks. */
async function reviewDevice(
  page: Page,
  server: TestServer,
  words: Words,
  form: Record<string, string> = {},
): Promise<void> {
  const { user_code } = await askForCodes(server, form);
  await enterCode(page, `${server.issuer}/device`, words);
  await page.getByLabel(words['device.code']).fill(user_code.toLowerCase());
  await page.keyboard.press('Enter');
  await onConsent(page, words);
}

/** Has the script of the next page do nothing, so that the page stays. */
async function withoutScript(page: Page, name: string): Promise<void> {
  const script = { contentType: 'text/javascript', body: '' };
  await page.route(`**/oauth/${name}.js?*`, (route) => route.fulfill(script), { times: 1 });
}

/** Back to a client by a form. */
async function returnByForm(page: Page, url: string, words: Words): Promise<void> {
  await withoutScript(page, 'form-post');
  await page.goto(url);
  await page.getByRole('button', { name: words['formPost.continue'] }).waitFor();
}

const BY_FORM = { response_mode: 'form_post', prompt: 'none' };

const VIEWS: readonly View[] = [
  {
    name: 'form-post',
    open: (page, { server }, words) => returnByForm(page, authorizeUrl(server, BY_FORM), words),
  },
  {
    name: 'form-post, a long host',
    open: (page, { server }, words) => {
      const { client_id, redirect_uris } = LONG.client;
      const params = { ...BY_FORM, client_id, redirect_uri: redirect_uris[0], scope: 'read' };
      return returnByForm(page, authorizeUrl(server, params), words);
    },
  },
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
    open: async (page, { demo }, words) => {
      await page.goto(authorizeUrl({ issuer: demo }, demoClient));
      await signIn(page, 'alice', 'wrong', words);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'consent',
    open: (page, { demo }, words) =>
      consent(page, authorizeUrl({ issuer: demo }, { ...demoClient, scope: 'read write' }), words),
  },
  {
    name: 'consent with long names',
    open: async (page, { server }, words) => {
      const { client, user } = LONG;
      await signInAside(page, server.issuer, user.username, user.password);
      await page.goto(
        authorizeUrl(server, {
          client_id: client.client_id,
          redirect_uri: client.redirect_uris[0],
          scope: client.scope,
          resource: `https://${'a-rather-long-name.'.repeat(8)}example/`,
        }),
      );
      await isConsent(page, words);
    },
  },
  {
    name: 'consent with all that is known of somebody',
    open: consentOfDora,
  },
  {
    name: 'consent with claims that are not known',
    open: (page, { server }, words) => {
      const names = ['given_name', 'email', 'address', 'phone_number', 'updated_at'];
      const claims = { userinfo: Object.fromEntries(names.map((name) => [name, null])) };
      const { client_id, redirect_uris } = IDENTITY;
      const client = { client_id, redirect_uri: redirect_uris[0], scope: 'openid' };
      const url = authorizeUrl(server, { ...client, claims: JSON.stringify(claims) });
      return consent(page, url, words);
    },
  },
  {
    name: 'account with all that an app is told',
    open: async (page, servers, words) => {
      const { server } = servers;
      const scope = IDENTITY.scope.split(' ');
      const app = { userId: 'dora', clientId: IDENTITY.client_id, resource: '' };
      await server.store.consents.add({ ...app, scope });
      await consentOfDora(page, servers, words);
      await page.goto(`${server.issuer}/account`);
      await heading(page, words['account.title']);
    },
  },
  {
    name: 'consent without a scope',
    open: (page, { server }, words) =>
      consent(
        page,
        authorizeUrl(server, {
          client_id: IDENTITY.client_id,
          redirect_uri: IDENTITY.redirect_uris[0],
          scope: undefined,
        }),
        words,
      ),
  },
  {
    name: 'consent to resources without a scope',
    open: (page, { server }, words) =>
      consent(
        page,
        `${authorizeUrl(server, {
          client_id: IDENTITY.client_id,
          redirect_uri: IDENTITY.redirect_uris[0],
          scope: undefined,
          resource: 'https://bank.example/api',
        })}&resource=${encodeURIComponent(`https://${'a-rather-long-name.'.repeat(8)}example/`)}`,
        words,
      ),
  },
  {
    name: 'consent with an error',
    status: 400,
    open: async (page, { server }, words) => {
      await consent(page, authorizeUrl(server, { prompt: 'consent' }), words);
      // As after a sign-in as somebody else in another tab.
      await page.locator('[name=csrf_token]').evaluate((input: HTMLInputElement) => {
        input.value = 'of another session';
      });
      await choose(page, 'Allow', words);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'device',
    open: (page, { server }, words) => enterCode(page, `${server.issuer}/device`, words),
  },
  {
    name: 'device with the code in the URL',
    open: async (page, { server }, words) => {
      const { verification_uri_complete } = await askForCodes(server);
      await enterCode(page, verification_uri_complete, words);
    },
  },
  {
    name: 'device with an error',
    status: 400,
    open: async (page, { server }, words) => {
      await enterCode(page, `${server.issuer}/device?user_code=BCDF-GHJK`, words);
      await page.keyboard.press('Tab');
      await page.getByLabel(words['device.code']).press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'device, who asks',
    open: (page, { server }, words) => reviewDevice(page, server, words),
  },
  {
    name: 'device with long names, who asks',
    open: (page, { server }, words) =>
      reviewDevice(page, server, words, {
        client_id: LONG_TV.client_id,
        resource: `https://${'a-rather-long-name.'.repeat(8)}example/`,
      }),
  },
  {
    name: 'device allowed',
    open: async (page, { server }, words) => {
      await reviewDevice(page, server, words);
      await choose(page, 'Allow', words);
      await heading(page, words['device.allowed.title']);
    },
  },
  {
    name: 'reset-password',
    open: (page, { server }) => openLink(page, server),
  },
  {
    name: 'reset-password with a long name and an error',
    status: 400,
    open: async (page, { server }, words) => {
      await openLink(page, server, LONG.user.username);
      await setPassword(page, words, 'one pass phrase of many', 'another of the same');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'reset-password, over',
    status: 404,
    open: (page, { server }) => page.goto(`${server.issuer}/account/reset-password?token=over`),
  },
  {
    name: 'login with a new password',
    open: async (page, { server }, words) => {
      await server.store.users.save({ ...EVE, passwordHash: await hashPassword('wonderland') });
      await openLink(page, server, EVE.id);
      await setPassword(page, words, 'through the looking glass');
      await heading(page, words['login.heading']);
    },
  },
  {
    name: 'signed in',
    open: async (page, { server }, words) => {
      await page.goto(`${server.issuer}/login`);
      await signIn(page, 'alice', 'wonderland', words);
      await heading(page, words['signedIn.heading']);
    },
  },
  {
    name: 'asked to sign out by a client',
    open: (page, { server }) => askedToSignOut(page, server, THREE_SCOPES),
  },
  {
    name: 'asked to sign out with long names',
    open: (page, { server }) => askedToSignOut(page, server, LONG.client, LONG.user),
  },
  {
    name: 'asked to sign out, with an error',
    status: 403,
    open: async (page, { server }, words) => {
      await askedToSignOut(page, server);
      await page.locator('[name=csrf_token]').evaluate((input: HTMLInputElement) => {
        input.value = 'of another session';
      });
      await page.getByRole('button', { name: words['endSession.stay'] }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'signed out',
    open: (page, { server }) => page.goto(`${server.issuer}/logout`),
  },
  {
    name: 'signed out of apps',
    open: async (page, { server }) => {
      const left = {
        told: ['Agenda', 'Notes'],
        missed: ['Backup'],
        unknown: ['Guest Book'],
        keeping: ['Backup'],
      };
      await page.goto(server.origin + (await signedOutPath(server, left)));
    },
  },
  {
    name: 'signed out of many apps with long names',
    open: async (page, { server }) => {
      const names = [
        'כל הזמן',
        ...Array.from({ length: 99 }, (_, n) => `${LONG.client.client_name} ${n}`),
      ];
      const left = {
        told: names,
        underWay: ['דבר אחד'],
        missed: names,
        unknown: names,
        keeping: names,
      };
      await withoutScript(page, 'signed-out');
      const target = LONG.client.redirect_uris[0];
      await page.goto(server.origin + (await signedOutPath(server, left, { target })));
    },
  },
  {
    name: 'error',
    status: 400,
    open: (page, { server }) => page.goto(authorizeUrl(server, { client_id: 'nobody' })),
  },
  {
    name: 'error with what was sent and what is registered',
    status: 400,
    open: (page, { demo }) =>
      page.goto(
        authorizeUrl(
          { issuer: demo },
          { ...demoClient, redirect_uri: `http://localhost:3000/${'callback'.repeat(50)}` },
        ),
      ),
  },
  {
    name: 'error of a sign-in that is over',
    status: 400,
    open: (page, { server }) => page.goto(`${server.issuer}/login?continue=over`),
  },
  {
    name: 'error of a sign-out',
    status: 400,
    open: (page, { server }) => {
      const params = { client_id: 'three', post_logout_redirect_uri: 'https://elsewhere.example/' };
      return page.goto(`${server.issuer}/oauth/end-session?${new URLSearchParams(params)}`);
    },
  },
  {
    name: 'error of ours',
    status: 500,
    open: (page, { broken }) => page.goto(authorizeUrl(broken)),
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
      await signInAside(page, demo);
      await page.goto(demo);
    },
  },
  {
    name: 'home without demo',
    open: (page, { server }) => page.goto(server.issuer),
  },
  {
    name: 'demo callback with a code',
    open: async (page, { demo }, words) => {
      await page.goto(demo);
      const tryIt = page.getByRole('link', { name: words['home.tryButton'], exact: true });
      // What was allowed for the page before this one is remembered.
      await page.goto(`${await tryIt.getAttribute('href')}&prompt=consent`);
      await signIn(page, 'alice', 'wonderland', words);
      await choose(page, 'Allow', words);
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

describe('the pages, in a browser', { skip: browserMissing() }, async () => {
  const store = memoryStore();
  const servers = {
    server: await startServer(
      {},
      {
        seed: {
          ...SEED,
          clients: [...SEED.clients, LONG.client, IDENTITY, THREE_SCOPES, TV, LONG_TV],
          users: [...SEED.users, LONG.user, DORA],
        },
      },
    ),
    demo: await startDemo(),
    broken: await startServer({}, { store }),
  };
  store.clients.find = async () => {
    throw new Error('of the store');
  };
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  for (const language of languages) {
    describe(`in ${language}`, () => {
      let page: Page;
      let status = 200;
      const complaints: string[] = [];
      before(async () => {
        // With motion a colour may still be on its way when axe looks.
        page = await browser.newPage({ reducedMotion: 'reduce', locale: language });
        page.setDefaultTimeout(20_000);
        page.on('pageerror', (error) => complaints.push(String(error)));
        page.on('console', (message) => {
          if (!isStatus(message, page.url(), status)) complaints.push(message.text());
        });
      });

      for (const view of VIEWS) {
        // Between languages it is widths that change. One stands for all in what costs more to look at.
        const isLookedAtClosely = language === 'en';
        const what = isLookedAtClosely ? 'nothing for axe to find, ' : '';
        it(`${view.name}: ${what}nothing cut off, targets large enough`, async () => {
          await page.context().clearCookies();
          complaints.length = 0;
          status = view.status ?? 200;
          await view.open(page, servers, words[language]);
          await page.waitForLoadState();
          assert.equal(await page.evaluate(() => document.documentElement.lang), language);
          if (isLookedAtClosely) await assertLooksRight(page, [view.name, language]);
          else await assertFits(page, [view.name, language]);
          assert.deepEqual(complaints, [], 'the console is empty');
        });
      }
    });
  }

  describe('the consent page has its buttons above the fold of 1280 x 800', async () => {
    // Two lines each, beside the name of the scope.
    const long = (what: string) =>
      `See ${what}, and whatever else there is to know of it, at any time`;
    const SCOPES = {
      read: long('your profile'),
      write: long('your work'),
      admin: long('the rest'),
    };
    const longWinded = await startServer(
      {},
      { seed: { scopes: SCOPES, clients: [THREE_SCOPES], users: SEED.users } },
    );

    for (const language of languages) {
      it(`with three scopes of two lines each, one of which was allowed before: ${language}`, async () => {
        const page = await newTab(browser, {
          viewport: { width: 1280, height: 800 },
          locale: language,
        });
        const urlFor = (scope: string) =>
          authorizeUrl(longWinded, {
            client_id: THREE_SCOPES.client_id,
            redirect_uri: THREE_SCOPES.redirect_uris[0],
            scope,
          });
        await longWinded.store.consents.withdraw('alice', THREE_SCOPES.client_id);
        await longWinded.store.consents.add({
          userId: 'alice',
          clientId: THREE_SCOPES.client_id,
          resource: '',
          scope: ['read'],
        });
        await consent(page, urlFor('read write admin'), words[language]);
        const allow = page.getByRole('button', { name: words[language]['consent.allow'] });
        const { y, height } = (await allow.boundingBox())!;
        await keepPicture(page, 'consent-fold', language);
        assert.ok(y + height <= 800, `they end at ${y + height}`);
      });
    }
  });

  it('it has them there beside the picture of the client, too', async () => {
    const pictured = {
      ...THREE_SCOPES,
      client_id: 'pictured',
      logo_uri: 'https://calendar.example/logo.png',
    };
    const server = await startServer({}, { seed: { ...SEED, clients: [pictured] } });
    const page = await newTab(browser, { viewport: { width: 1280, height: 800 } });
    const url = authorizeUrl(server, {
      client_id: pictured.client_id,
      redirect_uri: pictured.redirect_uris[0],
      scope: pictured.scope,
    });
    await consent(page, url, words.en);
    const allow = page.getByRole('button', { name: words.en['consent.allow'] });
    const { y, height } = (await allow.boundingBox())!;
    await keepPicture(page, 'consent-pictured', 'en');
    assert.ok(await page.locator('.tile').isVisible());
    assert.ok(y + height <= 800, `they end at ${y + height}`);
  });

  it('it has them there, too, with what is known of the demo’s Alice', async () => {
    const page = await newTab(browser, { viewport: { width: 1280, height: 800 } });
    const scope = 'openid profile email';
    await consent(page, authorizeUrl({ issuer: servers.demo }, { ...demoClient, scope }), words.en);
    await page.getByText('alice@example.com').waitFor();
    const allow = page.getByRole('button', { name: words.en['consent.allow'] });
    const { y, height } = (await allow.boundingBox())!;
    await keepPicture(page, 'consent-alice', 'en');
    assert.ok(y + height <= 800, `they end at ${y + height}`);
  });

  it('a device is let in with the keyboard alone, and without scripts', async () => {
    const { server } = servers;
    const page = await newTab(browser, { javaScriptEnabled: false });
    const { user_code } = await askForCodes(server, { scope: 'read' });
    await enterCode(page, `${server.issuer}/device`, words.en);
    await page.keyboard.type(user_code.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByText(words.en['device.review.warning']).waitFor();
    await tabTo(page, '[name=decision][value=allow]');
    await page.keyboard.press('Enter');
    await heading(page, words.en['device.allowed.title']);
  });

  for (const color of ['#ffcc00', '#000', '#fff', '#7c3aed']) {
    it(`in the colour ${color} of a brand, and with its logo: nothing for axe to find`, async () => {
      const BRAND_LOGO = await logoFile();
      const server = await startServer({ BRAND: 'Tom & Co', BRAND_COLOR: color, BRAND_LOGO });
      const page = await newTab(browser, { reducedMotion: 'reduce' });
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await consent(page, authorizeUrl(server), words.en);
      const { light, dark } = accentsOf(color);
      for (const [view, url] of [
        ['consent', page.url()],
        ['home', server.issuer],
      ] as const) {
        await page.goto(url);
        for (const [colorScheme, { accent }] of Object.entries({ light, dark })) {
          await page.emulateMedia({ colorScheme: colorScheme as 'light' | 'dark' });
          assert.deepEqual(await violations(page), [], `axe, ${colorScheme}`);
          const shown = await page.evaluate(() =>
            getComputedStyle(document.documentElement).getPropertyValue('--accent'),
          );
          assert.equal(shown, accent, colorScheme);
          await keepPicture(page, 'brand', color.slice(1), view, colorScheme);
        }
        const width = await page
          .locator('.logo')
          .evaluate((logo: HTMLImageElement) => logo.naturalWidth);
        assert.equal(width, 20, 'the browser may show the logo');
      }
      assert.deepEqual(complaints, []);
    });
  }
});

async function logoFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'logo-'));
  after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'logo.svg');
  await writeFile(
    path,
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><style>rect{fill:#c33}</style><rect width="20" height="10"/></svg>',
  );
  return path;
}
