// What a person does with the examples in a real browser: from the client application by the
// authorization server to the appointments, and out again. SCREENSHOTS=<folder> keeps a picture of
// each page.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../helpers/browser.ts';
import { type Examples, launchExamples, startExamples, until } from '../helpers/examples.ts';
import { choose, follow, heading, newTab, read, signIn } from '../helpers/person.ts';
import { assertLooksRight, isStatus } from '../helpers/sight.ts';

/** From the app's home page to the appointments, for a person who is not signed in anywhere. */
async function arrive(page: Page, { APP_URL }: Examples, username = 'alice'): Promise<void> {
  await page.goto(APP_URL);
  await follow(page, 'Sign in');
  await signIn(page, username, username === 'alice' ? 'wonderland' : 'caterpillar');
  const allow = page.getByRole('button', { name: 'Allow', exact: true });
  const appointments = page.getByRole('heading', { level: 1, name: 'Appointments' });
  await allow.or(appointments).waitFor();
  // A person who allowed it before is not asked again.
  if (await allow.isVisible()) await allow.click();
  await appointments.waitFor();
}

/** Where the browser would go to sign in; the app waits for the answer from now on. */
async function begin(page: Page, { APP_URL }: Examples): Promise<URL> {
  const answer = await page.request.get(`${APP_URL}/login`, { maxRedirects: 0 });
  return new URL(answer.headers()['location'] ?? '');
}

/** Brings an answer to the sign-in that the app has begun, without a visit to the server. */
async function bring(page: Page, examples: Examples, answer: Record<string, string>) {
  const state = (await begin(page, examples)).searchParams.get('state') ?? '';
  const query = new URLSearchParams({ ...answer, state, iss: examples.ISSUER });
  return page.goto(`${examples.APP_URL}/callback?${query}`);
}

const titles = (page: Page) => page.getByRole('heading', { level: 3 }).allInnerTexts();
const ALICES = ['Tea with the Hatter', 'Croquet with the Queen', 'Quadrille'];

/** When each refresh of tokens happened, in milliseconds. */
function refreshes({ server }: Examples): number[] {
  const lines = server.stdout.split('\n').filter((line) => line.includes('"refresh_token"'));
  return lines.map((line) => JSON.parse(line).time);
}

describe('the examples, in a browser', { skip: browserMissing(), timeout: 240_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  const open = (options?: BrowserContextOptions) => newTab(browser, options);

  for (const VERIFY of ['jwks', 'introspection']) {
    it(`lead by login and consent to the appointments and out again, with VERIFY=${VERIFY}`, async () => {
      const examples = await startExamples({ VERIFY });
      const { APP_URL, ISSUER, RESOURCE } = examples;
      const page = await open();
      await page.goto(APP_URL);
      await heading(page, 'All your appointments, in one place');
      await follow(page, 'Sign in');
      await heading(page, 'Sign in');
      assert.equal(new URL(page.url()).origin, ISSUER);
      assert.match(await read(page), /to continue to\s+Agenda/);
      await signIn(page);

      await heading(page, 'Allow Agenda to use your account?');
      const consent = await read(page);
      assert.match(consent, /See your appointments/);
      assert.match(consent, /See your e-mail address/);
      assert.doesNotMatch(consent, /Make appointments/);
      assert.ok(consent.includes(RESOURCE), 'it says where');
      await choose(page, 'Allow');

      await heading(page, 'Appointments');
      assert.deepEqual(await titles(page), ALICES);
      assert.match(await read(page, '.account'), /Alice Liddell/);
      await follow(page, 'Agenda');
      await heading(page, 'Good day, Alice Liddell');
      assert.match(await read(page), /You are signed in as alice@example\.com/);
      await follow(page, 'See your appointments');
      await heading(page, 'Appointments');

      await page.getByRole('button', { name: 'Sign out' }).click();
      await heading(page, 'You are signed out');
      assert.equal(new URL(page.url()).origin, APP_URL, 'the person came back');
      assert.match(await read(page), /has signed you out as well/);
      assert.match(examples.server.stdout, /token_revoked/, 'and the tokens were given back');
      await page.goBack();
      await heading(page, 'All your appointments, in one place');

      // The server knows the consent, and no longer the person.
      await follow(page, 'Sign in');
      await heading(page, 'Sign in');
      await signIn(page);
      await heading(page, 'Appointments');

      // Who signs out there is signed out here as well.
      await page.goto(`${ISSUER}/logout`);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await heading(page, 'You are signed out');
      await until(examples.server, /"logout_told"/);
      await page.goto(`${APP_URL}/appointments`);
      await heading(page, 'All your appointments, in one place');
      await page.goto(`${APP_URL}/login`);
      await heading(page, 'Sign in');
    });
  }

  describe('with the defaults', () => {
    let examples: Examples;
    before(async () => {
      examples = await launchExamples();
    });
    after(() => examples?.stop());

    it('show each person their own appointments', async () => {
      const page = await open();
      await arrive(page, examples, 'maria');
      assert.deepEqual(await titles(page), []);
      assert.match(await read(page), /Nothing is planned/);
    });

    it('keep both sign-ins in one browser, in cookies that no script can read', async () => {
      const page = await open();
      await arrive(page, examples);
      const cookies = await page.context().cookies();
      const sessions = cookies.filter(({ name }) => /_session(_|$)/.test(name));
      assert.deepEqual(sessions.map(({ name }) => name.replace(/_[\da-f]{8}$/, '')).toSorted(), [
        'agenda_session',
        'oauth_session',
      ]);
      for (const { httpOnly, sameSite } of sessions) {
        assert.deepEqual({ httpOnly, sameSite }, { httpOnly: true, sameSite: 'Lax' });
      }
    });

    it('begin a new session at the sign-in', async () => {
      const page = await open();
      const id = async () => {
        const cookies = await page.context().cookies(examples.APP_URL);
        return cookies.find(({ name }) => name === 'agenda_session')?.value;
      };
      await page.goto(`${examples.APP_URL}/login`);
      const before = await id();
      await arrive(page, examples);
      assert.ok(before);
      assert.notEqual(await id(), before);
    });

    it('lead home from the appointments who is not signed in', async () => {
      const page = await open();
      await page.goto(`${examples.APP_URL}/appointments`);
      await heading(page, 'All your appointments, in one place');
    });

    it('say so where a sign-in was begun at another address, and begin a new one', async () => {
      const page = await open();
      await page.goto(`${examples.APP_URL}/callback?code=stolen&state=made-up`);
      await heading(page, 'This sign-in is over');
      await follow(page, 'Sign in again');
      await heading(page, 'Sign in');
    });

    it('take no ID token with another nonce, and sign nobody in with it', async () => {
      const page = await open();
      const url = await begin(page, examples);
      url.searchParams.set('nonce', 'of-another-sign-in');
      url.searchParams.set('prompt', 'consent');
      await page.goto(url.href);
      await signIn(page);
      await choose(page, 'Allow');
      await heading(page, 'Something went wrong');
      assert.match(examples.app.stderr, /"nonce"/);
      assert.equal(await page.locator('.account').count(), 0, 'nobody is signed in');
    });

    it('show no words of whoever made the URL', async () => {
      const page = await open();
      const answer = await bring(page, examples, {
        error: 'invalid_scope',
        error_description: 'Call 0900 now',
      });
      assert.equal(answer?.status(), 500);
      await heading(page, 'Something went wrong');
      assert.doesNotMatch(await read(page, 'body'), /0900/);
      assert.match(examples.app.stderr, /invalid_scope: Call 0900 now/);
    });
  });

  it('say so where the person chooses Cancel, who may change their mind', async () => {
    const examples = await startExamples();
    const page = await open();
    await page.goto(examples.APP_URL);
    await follow(page, 'Sign in');
    await signIn(page);
    const answer = page.waitForResponse(/\/callback\?/);
    await choose(page, 'Cancel');
    await heading(page, 'You did not allow it');
    assert.equal((await answer).status(), 403);
    assert.match(await read(page), /Agenda may not see your appointments/);
    assert.equal(examples.app.stderr, '', 'nothing failed');
    await follow(page, 'Try again');
    await choose(page, 'Allow');
    await heading(page, 'Appointments');
  });

  for (const VERIFY of ['jwks', 'introspection']) {
    it(`renew an access token that has expired, unnoticed, with VERIFY=${VERIFY}`, async () => {
      const examples = await startExamples({ VERIFY, ACCESS_TOKEN_TTL: '1' });
      const page = await open();
      await arrive(page, examples);
      while (refreshes(examples).length < 1) {
        await page.reload();
        assert.deepEqual(await titles(page), ALICES);
      }
    });
  }

  it('renew it once, however many pages are loaded at the same time', async () => {
    // Without the window a second use of a refresh token would end everything.
    const examples = await startExamples({
      // A JWT counts for some seconds after its end.
      VERIFY: 'introspection',
      ACCESS_TOKEN_TTL: '2',
      REFRESH_RETRY_WINDOW: '0',
    });
    const page = await open();
    await arrive(page, examples);
    while (refreshes(examples).length < 2) {
      const loads = Array.from({ length: 8 }, () =>
        page.request.get(`${examples.APP_URL}/appointments`),
      );
      for (const answer of await Promise.all(loads)) {
        assert.equal(answer.status(), 200);
        assert.match(await answer.text(), /Tea with the Hatter/);
      }
    }
    const [first = 0, second = 0] = refreshes(examples);
    assert.ok(second - first > 500, 'the second was of the next token, not of the same');
    assert.doesNotMatch(examples.server.stdout, /request_refused|refresh_token_reused/);
  });

  it('ask the person to sign in again where the server has forgotten everything', async () => {
    const examples = await startExamples();
    const page = await open();
    await arrive(page, examples);
    await examples.server.stop();
    await examples.again('server');
    // The keys are others now, which the API sees as soon as it may look again.
    await examples.api.stop();
    await examples.again('api');
    const answer = await page.reload();
    assert.equal(answer?.status(), 401);
    await heading(page, 'Please sign in again');
    assert.equal(await page.locator('.account').count(), 0, 'nobody is signed in');
    await follow(page, 'Sign in again');
    await signIn(page);
    await choose(page, 'Allow');
    await heading(page, 'Appointments');
  });

  it('say so while the API is away, and go on when it is back', async () => {
    const examples = await startExamples();
    const page = await open();
    await arrive(page, examples);
    await examples.api.stop();
    assert.equal((await page.reload())?.status(), 503);
    await heading(page, 'Not available just now');
    assert.match(examples.app.stderr, /^The API does not answer\. ECONNREFUSED$/m);
    await examples.again('api');
    await follow(page, 'Try again');
    await heading(page, 'Appointments');
  });

  it('say so while the authorization server is away, and sign nobody out for it', async () => {
    const examples = await startExamples({ VERIFY: 'introspection' });
    const page = await open();
    await arrive(page, examples);
    await examples.server.stop();
    assert.equal((await page.reload())?.status(), 503);
    await heading(page, 'Not available just now');
    await follow(page, 'Agenda');
    await heading(page, 'Good day, Alice Liddell');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
    assert.equal(new URL(page.url()).origin, examples.APP_URL, 'nobody is led to where it is not');
    assert.match(await read(page), /you are still signed in/);
  });

  it('need no script', async () => {
    const examples = await startExamples();
    const page = await open({ javaScriptEnabled: false });
    await arrive(page, examples);
    assert.deepEqual(await titles(page), ALICES);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'You are signed out');
  });

  it('need no mouse', async () => {
    const examples = await startExamples();
    const page = await open();
    const { keyboard } = page;
    /** Tab after Tab, to what is called this; each stop shows that it has the focus. */
    const tabTo = async (name: string) => {
      const order: string[] = [];
      while (order.at(-1) !== name && order.length < 10) {
        await keyboard.press('Tab');
        order.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
        const ring = await page.evaluate(
          () => getComputedStyle(document.activeElement!).outlineStyle,
        );
        assert.equal(ring, 'solid', `${order.at(-1)} shows that it has the focus`);
      }
      return order;
    };
    await page.goto(examples.APP_URL);
    assert.deepEqual(await tabTo('Sign in'), ['Agenda', 'Sign in']);
    await keyboard.press('Enter');
    await heading(page, 'Sign in');
    await keyboard.type('alice');
    await keyboard.press('Tab');
    await keyboard.type('wonderland');
    await keyboard.press('Enter');
    await heading(page, 'Allow Agenda to use your account?');
    await tabTo('Allow');
    await keyboard.press('Enter');
    await heading(page, 'Appointments');
    assert.deepEqual(await tabTo('Sign out'), ['Agenda', 'Sign out']);
    await keyboard.press('Enter');
    await heading(page, 'You are signed out');
    assert.deepEqual(await tabTo('Sign in again'), ['Agenda', 'Sign in again']);
  });
});

interface View {
  readonly name: string;
  /** The status of the page; 200 where absent. */
  readonly status?: number;
  /** From an empty tab to the page. */
  readonly open: (page: Page, examples: Examples) => Promise<unknown>;
}

const VIEWS: readonly View[] = [
  { name: 'home', open: (page, { APP_URL }) => page.goto(APP_URL) },
  {
    name: 'home signed in',
    open: async (page, examples) => {
      await arrive(page, examples);
      await follow(page, 'Agenda');
      await heading(page, 'Good day, Alice Liddell');
    },
  },
  { name: 'appointments', open: (page, examples) => arrive(page, examples) },
  { name: 'no appointments', open: (page, examples) => arrive(page, examples, 'maria') },
  {
    name: 'not allowed',
    status: 403,
    open: async (page, examples) => {
      await bring(page, examples, { error: 'access_denied' });
      await heading(page, 'You did not allow it');
    },
  },
  {
    name: 'sign-in over',
    status: 403,
    open: (page, { APP_URL }) => page.goto(`${APP_URL}/callback?code=stolen&state=made-up`),
  },
  {
    name: 'signed out',
    open: async (page, examples) => {
      await arrive(page, examples);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await heading(page, 'You are signed out');
    },
  },
  {
    name: 'signed out here alone',
    open: (page, { APP_URL }) => page.goto(`${APP_URL}/signed-out`),
  },
  {
    name: 'failure',
    status: 500,
    open: (page, examples) => bring(page, examples, { error: 'server_error' }),
  },
  {
    name: 'not found',
    status: 404,
    open: (page, { APP_URL }) => page.goto(`${APP_URL}/nothing/here`),
  },
  {
    // The last, for the API does not come back.
    name: 'not available',
    status: 503,
    open: async (page, examples) => {
      await arrive(page, examples);
      await examples.api.stop();
      await page.reload();
      await heading(page, 'Not available just now');
    },
  },
];

describe('the pages of the client application', { skip: browserMissing() }, () => {
  let browser: Browser;
  let examples: Examples;
  before(async () => {
    [browser, examples] = await Promise.all([launchBrowser(), launchExamples()]);
  });
  after(() => Promise.all([browser?.close(), examples?.stop()]));

  for (const { name, status = 200, open } of VIEWS) {
    it(`${name}: nothing for axe to find, one h1, nothing cut off, targets large enough`, async () => {
      const page = await newTab(browser);
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        const isOurs = page.url().startsWith(examples.APP_URL);
        if (isOurs && !isStatus(message, page.url(), status)) complaints.push(message.text());
      });
      await open(page, examples);
      await page.waitForLoadState();

      await assertLooksRight(page, [name], 'Agenda');
      assert.deepEqual(complaints, [], 'the console is empty');
    });
  }
});
